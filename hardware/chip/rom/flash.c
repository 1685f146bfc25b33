/* Flash, from the ROM's side. What the flash chip takes is waited for, as the ROM waits. */
#include "rom.h"
#include "../soc/devices.h"

/* The structure that describes the flash chip: id, size, block, sector, page, status bits. */
enum { CHIP_SIZE = 4 };
/* 40 MHz, two bits at a time: 16 ticks a byte of the peripherals' clock; a command in front of each 64 bytes. */
enum { READ_BYTE_TICKS = 8, READ_COMMAND_TICKS = 100, PIECE = 64, PROGRAM_PIECE = 32 };

enum { OK = 0, FAILED = 1 };

static bool within(Chip* chip, uint32_t address, uint32_t size)
{
	uint32_t room = chipRead(chip, chipRead(chip, ROM_FLASH_CHIP) + CHIP_SIZE);
	return address <= room && size <= room - address;
}

/* SPIRead(address, to, size): words. */
static void spiReadWords(Chip* chip)
{
	uint32_t address = answerArgument(chip, 0), to = answerArgument(chip, 1), size = answerArgument(chip, 2);
	if (!within(chip, address, size)) {
		answerReturn(chip, FAILED);
		return;
	}
	for (uint32_t i = 0; i < size; i += 4) {
		uint8_t bytes[4];
		flashRead(&chip->flash, address + i, bytes, sizeof(bytes));
		cpuWrite(&chip->cpu, to + i, bytes, sizeof(bytes));
	}
	chipSpend(chip, (uint64_t)size * READ_BYTE_TICKS + (uint64_t)(size / PIECE + 1) * READ_COMMAND_TICKS);
	answerReturn(chip, OK);
}

static void cut(Chip* chip)
{
	chipEnd(chip, END_POWER_CUT, "the power went in change %llu of the flash", (unsigned long long)chip->flash.changes);
}

/* SPIWrite(address, from, size): the ROM programs 32 bytes at a time. */
static void spiWriteWords(Chip* chip)
{
	uint32_t address = answerArgument(chip, 0), from = answerArgument(chip, 1), size = answerArgument(chip, 2);
	if (!within(chip, address, size)) {
		answerReturn(chip, FAILED);
		return;
	}
	while (size) {
		uint8_t bytes[PROGRAM_PIECE];
		uint32_t piece = size < PROGRAM_PIECE ? size : PROGRAM_PIECE, inPage = FLASH_PAGE - address % FLASH_PAGE;
		if (piece > inPage)
			piece = inPage;
		for (uint32_t i = 0; i < piece; i++)
			bytes[i] = chipReadByte(chip, from + i);
		if (!flashProgram(&chip->flash, address, bytes, piece)) {
			cut(chip);
			return;
		}
		cpuForget(&chip->cpu, FLASH_BASE + address, piece);
		chipSpend(chip, (uint64_t)FLASH_PROGRAM_US * TICKS_PER_US);
		address += piece;
		from += piece;
		size -= piece;
	}
	answerReturn(chip, OK);
}

static void erase(Chip* chip, uint32_t address, uint32_t size)
{
	if (!within(chip, address, size)) {
		answerReturn(chip, FAILED);
		return;
	}
	for (uint32_t at = 0; at < size; at += FLASH_SECTOR) {
		if (!flashErase(&chip->flash, address + at)) {
			cut(chip);
			return;
		}
		chipSpend(chip, (uint64_t)FLASH_ERASE_US * TICKS_PER_US);
	}
	cpuForget(&chip->cpu, FLASH_BASE + address, size);
	answerReturn(chip, OK);
}

static void eraseSector(Chip* chip) { erase(chip, answerArgument(chip, 0) * FLASH_SECTOR, FLASH_SECTOR); }
static void eraseBlock(Chip* chip) { erase(chip, answerArgument(chip, 0) * 0x10000, 0x10000); }
static void nothing(Chip* chip) { answerReturn(chip, OK); }

static void readStatus(Chip* chip)
{
	chipWrite(chip, answerArgument(chip, 1), 0);
	answerReturn(chip, OK);
}

const RomFunction romFlash[] = {
	{ 0x40004b1c, "SPIRead", spiReadWords }, { 0x40004a4c, "SPIWrite", spiWriteWords },
	{ 0x40004a00, "SPIEraseSector", eraseSector }, { 0x400049b4, "SPIEraseBlock", eraseBlock },
	{ 0x400043c8, "SPI_read_status", readStatus }, { 0x40004400, "SPI_write_status", nothing },
	{ 0x4000443c, "SPI_write_enable", nothing }, { 0x4000448c, "Wait_SPI_Idle", nothing },
	{ 0x40004878, "SPIUnlock", nothing }, { 0x400048a8, "SPILock", nothing }, { 0x40004644, "spi_flash_attach", nothing },
	{ 0x400048ec, "SPIReadModeCnfig", nothing }, { 0x40004c2c, "SPIParamCfg", nothing },
	{ 0x40003f58, "SelectSpiFunction", nothing },
	{ 0x40004678, "Cache_Read_Enable", nothing }, { 0x400047f0, "Cache_Read_Disable", nothing },
	{ 0, NULL, NULL }
};
