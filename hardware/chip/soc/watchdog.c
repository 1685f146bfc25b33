/* The hardware watchdog: two stages of 0.8 ms times a power of 2 each. The first raises an interrupt, the second resets. */
#include "devices.h"

enum { CONTROL = 0x900, STAGE0 = 0x904, STAGE1 = 0x908, FEED = 0x914 };
enum { ENABLE = 1, FED = 0x73, UNIT = 64000 /* ticks: 0.8 ms */ };

static uint64_t stageTicks(uint32_t exponent)
{
	return (uint64_t)UNIT << (exponent & 0xf);
}

static void arm(Chip* chip)
{
	Watchdog* watchdog = &chip->watchdog;
	uint64_t at = watchdog->fedAt + stageTicks(watchdog->stage0);
	if (watchdog->barked)
		at += stageTicks(watchdog->stage1);
	chipSetAlarm(chip, ALARM_WATCHDOG, (watchdog->control & ENABLE) ? at : NEVER);
}

void watchdogReset(Chip* chip)
{
	chip->watchdog = (Watchdog){ 0 };
	chipSetAlarm(chip, ALARM_WATCHDOG, NEVER);
	chipSetAlarm(chip, ALARM_SOFT_WATCHDOG, NEVER);
}

void watchdogFeed(Chip* chip)
{
	chip->watchdog.fedAt = chipTicks(chip);
	chip->watchdog.barked = false;
	arm(chip);
}

void watchdogAlarm(Chip* chip)
{
	Watchdog* watchdog = &chip->watchdog;
	if (!watchdog->barked) {
		watchdog->barked = true;
		arm(chip);
		if (dportEdge(chip, EDGE_WATCHDOG))
			raiseEdge(chip, INT_WATCHDOG);
		return;
	}
	char where[200];
	chipDescribe(chip, where, sizeof(where));
	chip->measures.watchdogBites++;
	chipSetAlarm(chip, ALARM_WATCHDOG, NEVER);
	chipEnd(chip, END_HARDWARE_WATCHDOG, "hardware watchdog: %.1f s without being fed, in %s",
		(double)(stageTicks(watchdog->stage0) + stageTicks(watchdog->stage1)) / TICKS_PER_US / 1e6, where);
}

uint32_t watchdogRead(Chip* chip, uint32_t offset)
{
	return chip->io[offset / 4];
}

void watchdogWrite(Chip* chip, uint32_t offset, uint32_t value)
{
	Watchdog* watchdog = &chip->watchdog;
	chip->io[offset / 4] = value;
	switch (offset) {
		case CONTROL:
			if ((value & ENABLE) && !(watchdog->control & ENABLE))
				watchdog->fedAt = chipTicks(chip);
			watchdog->control = value;
			arm(chip);
			break;
		case STAGE0: watchdog->stage0 = value; arm(chip); break;
		case STAGE1: watchdog->stage1 = value; arm(chip); break;
		case FEED:
			if ((value & 0xff) == FED)
				watchdogFeed(chip);
			break;
	}
}
