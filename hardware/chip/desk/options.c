#include "options.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Associating takes a second or two on the chip; here it is short, and can be told. What the radio takes of the heap beside
   what NONOS's own code takes here: README. */
enum { STEP_MS = 300, RSSI = -61, DEFAULT_HEAP = 768, MEGABYTE = 1 << 20 };

static bool setText(char* to, size_t size, const char* from)
{
	return (size_t)snprintf(to, size, "%s", from) < size;
}

/* "25:40123": a port, and where it leads */
static bool setForward(Forward* forwards, int* count, bool toPoint, const char* value)
{
	unsigned port, to;
	if (*count == MOST_PORTS || sscanf(value, "%u:%u", &port, &to) != 2 || port > 65535 || to > 65535)
		return false;
	forwards[(*count)++] = (Forward){ toPoint, (uint16_t)port, (uint16_t)to };
	return true;
}

static bool set(Options* options, const char* name, const char* value)
{
	AccessPoint* point = &options->point;
	if (!strcmp(name, "elf")) options->elf = value;
	else if (!strcmp(name, "image")) options->image = value;
	else if (!strcmp(name, "flash")) options->flash = value;
	else if (!strcmp(name, "rom")) options->rom = value;
	else if (!strcmp(name, "flash-size")) options->flashSize = (uint32_t)strtoul(value, NULL, 0);
	else if (!strcmp(name, "pace")) options->free = !strcmp(value, "free");
	else if (!strcmp(name, "costs")) options->oneCycle = !strcmp(value, "none");
	else if (!strcmp(name, "faults")) options->faultsGoOn = !strcmp(value, "go-on");
	else if (!strcmp(name, "cut")) options->cutAt = strtoull(value, NULL, 0);
	else if (!strcmp(name, "cut-share")) options->cutShare = (uint32_t)strtoul(value, NULL, 0);
	else if (!strcmp(name, "ssid")) return setText(point->ssid, sizeof(point->ssid), value);
	else if (!strcmp(name, "password")) {
		point->anyPassword = false;
		return setText(point->password, sizeof(point->password), value);
	}
	else if (!strcmp(name, "wifi")) point->present = strcmp(value, "off") != 0;
	else if (!strcmp(name, "step-ms")) point->stepMs = (uint32_t)strtoul(value, NULL, 0);
	else if (!strcmp(name, "radio-heap")) point->heap = (uint32_t)strtoul(value, NULL, 0);
	else if (!strcmp(name, "lives")) options->manyLives = !strcmp(value, "many");
	else if (!strcmp(name, "port")) return setForward(options->redirects, &options->redirectCount, false, value);
	else if (!strcmp(name, "forward")) return setForward(options->forwards, &options->forwardCount, false, value);
	else if (!strcmp(name, "forward-point")) return setForward(options->forwards, &options->forwardCount, true, value);
	else return false;
	return true;
}

bool optionsRead(Options* options, int count, char** arguments)
{
	static const uint8_t mac[6] = { 0x5c, 0xcf, 0x7f, 0x00, 0x00, 0x02 };
	*options = (Options){ .flashSize = 4 * MEGABYTE, .cutShare = 128, .point = { .anyPassword = true, .present = true,
		.rssi = RSSI, .stepMs = STEP_MS, .heap = DEFAULT_HEAP } };
	memcpy(options->mac, mac, sizeof(mac));
	for (int i = 1; i < count; i++) {
		char name[40];
		const char* value = strchr(arguments[i], '=');
		if (strncmp(arguments[i], "--", 2) || !value || (size_t)(value - arguments[i] - 2) >= sizeof(name)) {
			fprintf(stderr, "chip: --name=value expected, not \"%s\"\n", arguments[i]);
			return false;
		}
		snprintf(name, sizeof(name), "%.*s", (int)(value - arguments[i] - 2), arguments[i] + 2);
		if (!set(options, name, value + 1)) {
			fprintf(stderr, "chip: \"%s\" is unknown, or its value too long\n", arguments[i]);
			return false;
		}
	}
	if (options->flashSize < 0x80000 || (options->flashSize & (options->flashSize - 1)) || options->flashSize > 16 * MEGABYTE) {
		fprintf(stderr, "chip: a flash of %u bytes is not to be had\n", options->flashSize);
		return false;
	}
	return true;
}
