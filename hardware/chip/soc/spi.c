/* The flash controller (SPI0), as the ROM and NONOS drive it: a command is done when its bit is written; what the flash chip
   itself takes longer for is told by its status. */
#include <string.h>
#include "devices.h"

enum { COMMAND = 0x200, ADDRESS = 0x204, STATUS = 0x210, BUFFER = 0x240 };
enum {
	READ = 1u << 31, WRITE_ENABLE = 1 << 30, READ_ID = 1 << 28, READ_STATUS = 1 << 27, WRITE_STATUS = 1 << 26,
	PROGRAM = 1 << 25, ERASE_SECTOR = 1 << 24, ERASE_BLOCK = 1 << 23
};
enum { BUSY = 1, WRITE_ENABLED = 2, BLOCK = 0x10000 };

static void cut(Chip* chip)
{
	chipEnd(chip, END_POWER_CUT, "the power went in change %llu of the flash", (unsigned long long)chip->flash.changes);
}

static void busyFor(Chip* chip, uint64_t us)
{
	chip->flashBusyUntil = chipTicks(chip) + us * TICKS_PER_US;
	chip->flashEnabled = 0;
}

static void program(Chip* chip, uint32_t address)
{
	uint32_t size = address >> 24;
	if (size > sizeof(chip->spiWords))
		size = sizeof(chip->spiWords);
	if (!flashProgram(&chip->flash, address & 0xffffff, (const uint8_t*)chip->spiWords, size))
		cut(chip);
	busyFor(chip, FLASH_PROGRAM_US);
	cpuForget(&chip->cpu, FLASH_BASE + (address & 0xffffff), size);
}

static void erase(Chip* chip, uint32_t address, uint32_t size)
{
	for (uint32_t at = 0; at < size; at += FLASH_SECTOR)
		if (!flashErase(&chip->flash, address + at))
			cut(chip);
	busyFor(chip, FLASH_ERASE_US * (size / FLASH_SECTOR));
	cpuForget(&chip->cpu, FLASH_BASE + address, size);
}

static void command(Chip* chip, uint32_t value)
{
	uint32_t address = chip->io[ADDRESS / 4];
	if (value & READ) {
		uint32_t size = (address >> 24) ? address >> 24 : 32;
		flashRead(&chip->flash, address & 0xffffff, (uint8_t*)chip->spiWords, size > 64 ? 64 : size);
	}
	else if (value & READ_ID)
		chip->spiWords[0] = FLASH_ID;
	else if (value & READ_STATUS)
		chip->io[STATUS / 4] = ((chipTicks(chip) < chip->flashBusyUntil) ? BUSY : 0) | chip->flashEnabled;
	else if (value & WRITE_ENABLE)
		chip->flashEnabled = WRITE_ENABLED;
	else if (value & PROGRAM)
		program(chip, address);
	else if (value & ERASE_SECTOR)
		erase(chip, address & 0xfff000, FLASH_SECTOR);
	else if (value & ERASE_BLOCK)
		erase(chip, address & 0xff0000, BLOCK);
}

uint32_t spiRead(Chip* chip, uint32_t offset)
{
	if (offset == COMMAND)
		return 0;
	if (offset >= BUFFER && offset < BUFFER + sizeof(chip->spiWords))
		return chip->spiWords[(offset - BUFFER) / 4];
	return chip->io[offset / 4];
}

void spiWrite(Chip* chip, uint32_t offset, uint32_t value)
{
	if (offset == COMMAND)
		command(chip, value);
	else if (offset >= BUFFER && offset < BUFFER + sizeof(chip->spiWords))
		chip->spiWords[(offset - BUFFER) / 4] = value;
	else
		chip->io[offset / 4] = value;
}
