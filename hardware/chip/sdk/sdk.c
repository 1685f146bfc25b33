#include "sdk.h"
#include <string.h>
#include "../soc/answers.h"
#include "../soc/devices.h"

/* Free heap and stretches are looked at, at each turn of the event loop. */
static void measureTurn(Chip* chip)
{
	Measures* measures = &chip->measures;
	uint64_t now = chipTicks(chip);
	uint64_t busy = (now - measures->turnAt) - (measures->idleTicks - measures->idleAtTurn);
	if (measures->turns && busy > measures->longestTurn) {
		measures->longestTurn = busy;
		measures->longestTurnAt = now;
	}
	measures->turnAt = now;
	measures->idleAtTurn = measures->idleTicks;
	measures->turns++;
}

bool sdkTurn(Chip* chip)
{
	measureTurn(chip);
	if (!chip->radio || chip->radio->busy)
		return false;
	return stationTurn(chip) || scanTurn(chip) || framesTurn(chip);
}

void sdkAlarm(Chip* chip, int alarm)
{
	if (!chip->radio)
		return;
	if (alarm == ALARM_SOFT_WATCHDOG) {
		chip->radio->timerDue = true;
		sdkWake(chip);
	}
	else
		stationAlarm(chip);
}

void sdkWake(Chip* chip)
{
	cpuInterrupt(&chip->cpu, INT_RADIO, true);
}

uint32_t sdkSymbol(Chip* chip, const char* name)
{
	uint32_t address = symbolAddress(&chip->symbols, name);
	if (!address)
		chipEnd(chip, END_REFUSED, "the firmware has no %s: it is not one of the SDK's", name);
	return address;
}

void sdkReset(Chip* chip)
{
	Radio* radio = chip->radio;
	if (!radio)
		return;
	AccessPoint point = radio->point;
	memset(radio, 0, sizeof(*radio));
	radio->point = point;
}

/* Arduino's core runs the application on a stack of its own: g_cont, between eight words and two. */
static void findStack(Chip* chip)
{
	uint32_t cont = symbolAddress(&chip->symbols, "g_cont"), size = symbolSize(&chip->symbols, "g_cont");
	if (cont && size > 40) {
		chip->dynamicLow = cont + 32;
		chip->dynamicHigh = cont + size - 8;
	}
}

void sdkInit(Chip* chip, Radio* radio)
{
	/* Only firmware with NONOS in it has a radio to answer for. */
	if (!symbolAddress(&chip->symbols, "g_ic"))
		return;
	chip->radio = radio;
	findStack(chip);
	const CpuRegion buffers = { .name = "the radio's buffers", .base = RADIO_BASE, .size = sizeof(radio->buffers),
		.allow = ALLOW_DATA, .memory = radio->buffers };
	cpuMap(&chip->cpu, &buffers);
	startInit(chip);
	stationInit(chip);
	framesInit(chip);
	scanInit(chip);
	heapInit(chip);
}
