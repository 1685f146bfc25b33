/* FRC1 counts 23 bits down from its load value, FRC2 32 bits up to its alarm. Both run on the peripherals' clock, divided. */
#include "devices.h"

enum {
	FRC1_LOAD = 0x600, FRC1_COUNT = 0x604, FRC1_CONTROL = 0x608, FRC1_CLEAR = 0x60c,
	FRC2_LOAD = 0x620, FRC2_COUNT = 0x624, FRC2_CONTROL = 0x628, FRC2_CLEAR = 0x62c, FRC2_ALARM = 0x630
};
enum { ENABLE = 1 << 7, RELOAD = 1 << 6, FRC1_MASK = 0x7fffff };

void timersReset(Chip* chip)
{
	chip->frc1 = chip->frc2 = (Timer){ .since = chipTicks(chip) };
	chipSetAlarm(chip, ALARM_FRC1, NEVER);
	chipSetAlarm(chip, ALARM_FRC2, NEVER);
}

static uint32_t divisor(const Timer* timer)
{
	switch (timer->control & 0xc) {
		case 4: return 16;
		case 8: return 256;
		default: return 1;
	}
}

static uint64_t elapsed(Chip* chip, const Timer* timer)
{
	return (timer->control & ENABLE) ? (chipTicks(chip) - timer->since) / divisor(timer) : 0;
}

static uint32_t frc1Count(Chip* chip)
{
	return (chip->frc1.load - (uint32_t)elapsed(chip, &chip->frc1)) & FRC1_MASK;
}

static uint32_t frc2Count(Chip* chip)
{
	return chip->frc2.load + (uint32_t)elapsed(chip, &chip->frc2);
}

/* When FRC1 passes zero. */
static void armFRC1(Chip* chip)
{
	Timer* timer = &chip->frc1;
	uint64_t count = (timer->load & FRC1_MASK) + 1;
	chipSetAlarm(chip, ALARM_FRC1, (timer->control & ENABLE) ? timer->since + count * divisor(timer) : NEVER);
}

/* When FRC2 equals its alarm: a whole round away where it does now, or has just. */
static void armFRC2(Chip* chip)
{
	Timer* timer = &chip->frc2;
	uint32_t distance = timer->alarm - frc2Count(chip);
	uint64_t at = timer->since + (elapsed(chip, timer) + (distance ? distance : UINT64_C(1) << 32)) * divisor(timer);
	chipSetAlarm(chip, ALARM_FRC2, (timer->control & ENABLE) ? at : NEVER);
}

void timersAlarm(Chip* chip, Alarm alarm)
{
	if (alarm == ALARM_FRC1) {
		chip->frc1.since = chipTicks(chip);
		if (!(chip->frc1.control & RELOAD))
			chip->frc1.load = FRC1_MASK;
		armFRC1(chip);
		if (dportEdge(chip, EDGE_FRC1))
			raiseEdge(chip, INT_FRC1);
	}
	else {
		armFRC2(chip);
		if (dportEdge(chip, EDGE_FRC2))
			raiseEdge(chip, INT_FRC2);
	}
}

uint32_t timersRead(Chip* chip, uint32_t offset)
{
	switch (offset) {
		case FRC1_LOAD: return chip->frc1.load;
		case FRC1_COUNT: return frc1Count(chip);
		case FRC1_CONTROL: return chip->frc1.control;
		case FRC2_LOAD: return chip->frc2.load;
		case FRC2_COUNT: return frc2Count(chip);
		case FRC2_CONTROL: return chip->frc2.control;
		case FRC2_ALARM: return chip->frc2.alarm;
		default: return chip->io[offset / 4];
	}
}

/* The counter goes on from where it is, at another pace. */
static void setControl(Chip* chip, Timer* timer, uint32_t count, uint32_t value)
{
	timer->load = count;
	timer->since = chipTicks(chip);
	timer->control = value;
}

void timersWrite(Chip* chip, uint32_t offset, uint32_t value)
{
	Timer* frc1 = &chip->frc1;
	Timer* frc2 = &chip->frc2;
	switch (offset) {
		case FRC1_LOAD:
			frc1->load = value & FRC1_MASK;
			frc1->since = chipTicks(chip);
			armFRC1(chip);
			break;
		case FRC1_CONTROL:
			setControl(chip, frc1, frc1Count(chip), value);
			armFRC1(chip);
			break;
		case FRC2_LOAD:
			frc2->load = value;
			frc2->since = chipTicks(chip);
			armFRC2(chip);
			break;
		case FRC2_CONTROL:
			setControl(chip, frc2, frc2Count(chip), value);
			armFRC2(chip);
			break;
		case FRC2_ALARM:
			frc2->alarm = value;
			armFRC2(chip);
			break;
		default:
			chip->io[offset / 4] = value;
	}
}
