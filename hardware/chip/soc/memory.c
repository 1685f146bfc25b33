#include "memory.h"
#include "devices.h"

enum { SPI0 = 0x200, GPIO = 0x300, TIMERS = 0x600, RTC = 0x700, GPIO16_OUT = 0x768, GPIO16_ENABLE = 0x774, GPIO16_IN = 0x78c,
	WATCHDOG = 0x900, UART1 = 0xf00, RTC_MEMORY = 0x1000, RTC_MEMORY_END = 0x1300 };

static bool isPin(uint32_t offset)
{
	return offset == GPIO16_OUT || offset == GPIO16_ENABLE || offset == GPIO16_IN;
}

static uint32_t readRegister(Chip* chip, uint32_t offset)
{
	if (offset >= RTC_MEMORY && offset < RTC_MEMORY_END)
		return rtcRead(chip, offset);
	switch (offset & ~0xffu) {
		case 0: return uartRead(chip, 0, offset);
		case SPI0: return spiRead(chip, offset);
		case GPIO: return gpioRead(chip, offset);
		case TIMERS: return timersRead(chip, offset);
		case RTC: return isPin(offset) ? gpioRead(chip, offset) : rtcRead(chip, offset);
		case WATCHDOG: return watchdogRead(chip, offset);
		case UART1: return uartRead(chip, 1, offset - UART1);
		default: return chip->io[offset / 4];
	}
}

static void writeRegister(Chip* chip, uint32_t offset, uint32_t value)
{
	if (offset >= RTC_MEMORY && offset < RTC_MEMORY_END) {
		rtcWrite(chip, offset, value);
		return;
	}
	switch (offset & ~0xffu) {
		case 0: uartWrite(chip, 0, offset, value); break;
		case SPI0: spiWrite(chip, offset, value); break;
		case GPIO: gpioWrite(chip, offset, value); break;
		case TIMERS: timersWrite(chip, offset, value); break;
		case RTC:
			if (isPin(offset))
				gpioWrite(chip, offset, value);
			else
				rtcWrite(chip, offset, value);
			break;
		case WATCHDOG: watchdogWrite(chip, offset, value); break;
		case UART1: uartWrite(chip, 1, offset - UART1, value); break;
		default: chip->io[offset / 4] = value;
	}
}

/* Registers are words; a part of one is read from it, and written as the whole. */
static uint32_t part(uint32_t word, uint32_t address, unsigned size)
{
	return (size == 4) ? word : (word >> (8 * (address & 3))) & ((1u << (8 * size)) - 1);
}

static uint32_t merged(uint32_t word, uint32_t address, unsigned size, uint32_t value)
{
	if (size == 4)
		return value;
	uint32_t mask = ((1u << (8 * size)) - 1) << (8 * (address & 3));
	return (word & ~mask) | ((value << (8 * (address & 3))) & mask);
}

static int ioRead(void* context, uint32_t address, unsigned size, uint32_t* value)
{
	*value = part(readRegister(context, (address - IO_BASE) & ~3u), address, size);
	return CPU_OK;
}

static int ioWrite(void* context, uint32_t address, unsigned size, uint32_t value)
{
	Chip* chip = context;
	uint32_t offset = (address - IO_BASE) & ~3u;
	writeRegister(chip, offset, merged(chip->io[offset / 4], address, size, value));
	return CPU_OK;
}

static int dportReadRegister(void* context, uint32_t address, unsigned size, uint32_t* value)
{
	*value = part(dportRead(context, (address - DPORT_BASE) & ~3u), address, size);
	return CPU_OK;
}

static int dportWriteRegister(void* context, uint32_t address, unsigned size, uint32_t value)
{
	Chip* chip = context;
	uint32_t offset = (address - DPORT_BASE) & ~3u;
	dportWrite(chip, offset, merged(chip->dport[offset / 4], address, size, value));
	return CPU_OK;
}

void memoryInit(Chip* chip)
{
	const CpuRegion regions[] = {
		{ .name = "registers (dport)", .base = DPORT_BASE, .size = DPORT_BYTES, .allow = ALLOW_DATA, .context = chip,
			.read = dportReadRegister, .write = dportWriteRegister },
		{ .name = "RAM", .base = DRAM_BASE, .size = DRAM_BYTES, .allow = ALLOW_DATA, .memory = chip->dram },
		{ .name = "ROM", .base = ROM_BASE, .size = ROM_BYTES, .allow = ALLOW_READ | ALLOW_EXECUTE, .memory = chip->rom },
		{ .name = "IRAM", .base = IRAM_BASE, .size = IRAM_BYTES, .allow = ALLOW_READ | ALLOW_WRITE | ALLOW_EXECUTE,
			.memory = chip->iram },
		{ .name = "flash", .base = FLASH_BASE, .size = FLASH_WINDOW, .allow = ALLOW_READ | ALLOW_EXECUTE | REGION_CACHED,
			.memory = chip->flash.bytes },
		{ .name = "registers", .base = IO_BASE, .size = IO_BYTES, .allow = ALLOW_DATA, .context = chip, .read = ioRead,
			.write = ioWrite },
	};
	for (unsigned i = 0; i < sizeof(regions) / sizeof(*regions); i++)
		if (!cpuMap(&chip->cpu, &regions[i]))
			chipEnd(chip, END_REFUSED, "no room for %s", regions[i].name);
}
