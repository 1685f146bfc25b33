/* Pins. An input that nothing drives reads 1: boards pull the pins up, and so does the chip where it is told to. */
#include "devices.h"

enum {
	OUT = 0x300, OUT_SET = 0x304, OUT_CLEAR = 0x308, ENABLE = 0x30c, ENABLE_SET = 0x310, ENABLE_CLEAR = 0x314, IN = 0x318,
	STATUS = 0x31c, STATUS_SET = 0x320, STATUS_CLEAR = 0x324, PIN = 0x328,
	RTC_OUT = 0x768, RTC_ENABLE = 0x774, RTC_IN = 0x78c
};
enum { RISES = 1, FALLS = 2, CHANGES = 3, IS_LOW = 4, IS_HIGH = 5 };
enum { GPIO16 = 16, PINS = 16, ALL = 0xffff };

void gpioReset(Chip* chip)
{
	uint32_t external = chip->gpio.external;
	chip->gpio = (Gpio){ .external = external, .shown = chip->gpio.shown };
	chip->io[RTC_OUT / 4] = chip->io[RTC_ENABLE / 4] = 0;
	gpioShow(chip);
}

static uint32_t levels(const Chip* chip)
{
	const Gpio* gpio = &chip->gpio;
	return ((gpio->external & ~gpio->enable) | (gpio->out & gpio->enable)) & ALL;
}

static void raise(Chip* chip)
{
	cpuInterrupt(&chip->cpu, INT_GPIO, (chip->gpio.status & ALL) != 0);
}

/* What a pin's new level means to who waits for it. */
static void notice(Chip* chip, uint32_t before)
{
	uint32_t now = levels(chip), changed = before ^ now;
	for (int pin = 0; pin < PINS; pin++) {
		uint32_t type = (chip->gpio.pin[pin] >> 7) & 7, bit = 1u << pin;
		bool high = now & bit, edge = changed & bit;
		if ((edge && ((type == RISES && high) || (type == FALLS && !high) || type == CHANGES)) || (type == IS_LOW && !high) ||
			(type == IS_HIGH && high))
			chip->gpio.status |= bit;
	}
	raise(chip);
}

void gpioSetInput(Chip* chip, int pin, int level)
{
	uint32_t before = levels(chip), bit = 1u << pin;
	chip->gpio.external = level ? (chip->gpio.external | bit) : (chip->gpio.external & ~bit);
	notice(chip, before);
}

void gpioShow(Chip* chip)
{
	Gpio* gpio = &chip->gpio;
	uint32_t driven = (gpio->enable & ALL) | ((chip->io[RTC_ENABLE / 4] & 1) << GPIO16);
	uint32_t out = (gpio->out & ALL) | ((chip->io[RTC_OUT / 4] & 1) << GPIO16);
	uint32_t now = (out & driven) | ~driven;
	uint32_t changed = now ^ gpio->shown;
	gpio->shown = now;
	for (int pin = 0; pin <= GPIO16; pin++)
		if ((changed & (1u << pin)) && chip->host.pin)
			chip->host.pin(chip->host.context, pin, (now >> pin) & 1);
}

uint32_t gpioRead(Chip* chip, uint32_t offset)
{
	Gpio* gpio = &chip->gpio;
	switch (offset) {
		case OUT: return gpio->out;
		case ENABLE: return gpio->enable;
		case IN: return levels(chip);
		case STATUS: return gpio->status;
		case RTC_IN: return (chip->io[RTC_ENABLE / 4] & 1) ? chip->io[RTC_OUT / 4] & 1 : (gpio->external >> GPIO16) & 1;
		default:
			if (offset >= PIN && offset < PIN + 4 * PINS)
				return gpio->pin[(offset - PIN) / 4];
			return chip->io[offset / 4];
	}
}

void gpioWrite(Chip* chip, uint32_t offset, uint32_t value)
{
	Gpio* gpio = &chip->gpio;
	uint32_t before = levels(chip);
	switch (offset) {
		case OUT: gpio->out = value; break;
		case OUT_SET: gpio->out |= value; break;
		case OUT_CLEAR: gpio->out &= ~value; break;
		case ENABLE: gpio->enable = value; break;
		case ENABLE_SET: gpio->enable |= value; break;
		case ENABLE_CLEAR: gpio->enable &= ~value; break;
		case STATUS: gpio->status = value; break;
		case STATUS_SET: gpio->status |= value; break;
		case STATUS_CLEAR: gpio->status &= ~value; break;
		default:
			if (offset >= PIN && offset < PIN + 4 * PINS)
				gpio->pin[(offset - PIN) / 4] = value;
			else
				chip->io[offset / 4] = value;
	}
	notice(chip, before);
	gpioShow(chip);
}
