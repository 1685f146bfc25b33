#include <string.h>
#include "devices.h"

enum { EDGES = 0x04, CACHE = 0x0c, CLOCK = 0x14, EFUSE = 0x50, MICROSECONDS = 0x20c00, RANDOM = 0x20e44 };
enum { CACHE_FLUSH = 1, CACHE_FLUSHED = 2 };
enum { EFUSE_8266 = 1 << 15, EFUSE_WITH_OUI = 1 << 12 };

/* The address is in efuse: the maker's part in the fourth word, the rest from the first word's end on. */
static void setMAC(Chip* chip)
{
	const uint8_t* mac = chip->mac;
	uint32_t* efuse = &chip->dport[EFUSE / 4];
	efuse[0] = (uint32_t)mac[5] << 24;
	efuse[1] = 0x02000000u | (uint32_t)mac[3] << 8 | mac[4];
	efuse[2] = EFUSE_8266 | EFUSE_WITH_OUI;
	efuse[3] = (uint32_t)mac[0] << 16 | (uint32_t)mac[1] << 8 | mac[2];
}

void dportReset(Chip* chip)
{
	memset(chip->dport, 0, sizeof(chip->dport));
	setMAC(chip);
}

bool dportEdge(const Chip* chip, uint32_t edge)
{
	return chip->dport[EDGES / 4] & edge;
}

void raiseEdge(Chip* chip, unsigned interrupt)
{
	cpuInterrupt(&chip->cpu, interrupt, true);
	cpuInterrupt(&chip->cpu, interrupt, false);
}

static uint32_t randomWord(Chip* chip)
{
	if (chip->host.random)
		return chip->host.random(chip->host.context);
	return chip->dport[RANDOM / 4] = chip->dport[RANDOM / 4] * 1664525u + 1013904223u;
}

uint32_t dportRead(Chip* chip, uint32_t offset)
{
	switch (offset) {
		case MICROSECONDS: return (uint32_t)(chipTicks(chip) / TICKS_PER_US);
		case RANDOM: return randomWord(chip);
		case CACHE: {
			uint32_t value = chip->dport[CACHE / 4];
			return (value & CACHE_FLUSH) ? value | CACHE_FLUSHED : value & ~(uint32_t)CACHE_FLUSHED;
		}
		default: return chip->dport[offset / 4];
	}
}

void dportWrite(Chip* chip, uint32_t offset, uint32_t value)
{
	chip->dport[offset / 4] = value;
	if (offset == CLOCK)
		chipSetFrequency(chip, (value & 1) ? 160 : 80);
}
