/* The RTC: its counter, its 768 bytes of memory, and what it knows of the last reset. All of it outlives a reset; power off
   clears it. */
#include <string.h>
#include "devices.h"

enum { CONTROL = 0x700, SLEEP_CONTROL = 0x708, STATE = 0x714, WAKE_CAUSE = 0x718, COUNTER = 0x71c, SCRATCH = 0x730, MEMORY = 0x1000 };
enum { SOFTWARE_RESET = 1u << 31, SLEEP_NOW = 1u << 20 };

void rtcReset(Chip* chip, ResetReason reason)
{
	if (reason == RESET_POWER_ON) {
		memset(chip->rtcMemory, 0, sizeof(chip->rtcMemory));
		memset(&chip->io[0x700 / 4], 0, 0x100);
	}
	if (reason == RESET_PIN)
		chip->io[SCRATCH / 4] = 0;			/* NONOS tells by it that this was no restart of its own */
	chip->io[STATE / 4] = reason;
	chip->io[WAKE_CAUSE / 4] = 0;
	chip->io[SLEEP_CONTROL / 4] = 0;
}

uint32_t rtcRead(Chip* chip, uint32_t offset)
{
	if (offset >= MEMORY)
		return chip->rtcMemory[(offset - MEMORY) / 4];
	if (offset == COUNTER)
		return (uint32_t)(chipTicks(chip) / RTC_TICK);
	return chip->io[offset / 4];
}

void rtcWrite(Chip* chip, uint32_t offset, uint32_t value)
{
	if (offset >= MEMORY) {
		chip->rtcMemory[(offset - MEMORY) / 4] = value;
		return;
	}
	chip->io[offset / 4] = value;
	if (offset == CONTROL && (value & SOFTWARE_RESET))
		chipEnd(chip, END_RESTART, "the firmware resets the chip");
	else if (offset == SLEEP_CONTROL && (value & SLEEP_NOW))
		chipEnd(chip, END_DEEP_SLEEP, "deep sleep");
}
