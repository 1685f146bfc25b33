/* Memory and strings. A byte that cannot be read or written alone (flash, IRAM) traps here as it would in the ROM's loops:
   these functions are for RAM. */
#include <string.h>
#include "rom.h"

/* What the ROM's loops take, on average: so much a call, and a byte (tests/hardware/chip/rom.test.ts measures it with a dump).
   Where all is aligned it works by words. */
enum { CALL = 20, ALIGNED_BYTE = 1, BYTE = 2, MOVED_BYTE = 6, TEXT_BYTE = 5 };

static uint32_t argument(Chip* chip, int index) { return chip->cpu.a[2 + index]; }

static void done(Chip* chip, uint32_t result, uint32_t bytes, uint32_t each)
{
	answerSpend(chip, CALL + bytes * each);
	answerReturn(chip, result);
}

/* Memory that can be read and written by bytes, or NULL: then the access is raised as an exception. */
static uint8_t* ram(Chip* chip, uint32_t address, uint32_t size)
{
	if (!size)
		return chip->dram;
	const CpuRegion* region = cpuRegion(&chip->cpu, address);
	if (!region || !region->memory || !(region->allow & ALLOW_READ_PARTS) || size > region->size ||
		address - region->base > region->size - size)
		return NULL;
	return region->memory + (address - region->base);
}

/* Words can be read and written in flash and IRAM too. */
static bool readable(Chip* chip, uint32_t address, uint32_t size)
{
	return ram(chip, address, size) || (!((address | size) & 3) && cpuRegion(&chip->cpu, address));
}

static bool writable(Chip* chip, uint32_t address, uint32_t size)
{
	return ram(chip, address, size) || (!((address | size) & 3) && address >= IRAM_BASE && size <= IRAM_BYTES &&
		address - IRAM_BASE <= IRAM_BYTES - size);
}

static void refuse(Chip* chip, uint32_t address, bool write)
{
	CpuCause none = write ? CAUSE_STORE_PROHIBITED : CAUSE_LOAD_PROHIBITED;
	cpuRaise(&chip->cpu, cpuRegion(&chip->cpu, address) ? CAUSE_LOAD_STORE_ERROR : none, address);
	if (!chip->faultsGoOn)
		romFault(chip);
}

static void copyBytes(Chip* chip, uint32_t each)
{
	uint32_t to = argument(chip, 0), from = argument(chip, 1), size = argument(chip, 2);
	uint8_t* bytes = ram(chip, to, size);
	if (!readable(chip, from, size))
		refuse(chip, from, false);
	else if (!writable(chip, to, size))
		refuse(chip, to, true);
	else {
		const uint8_t* source = ram(chip, from, size);
		if (bytes && source)
			memmove(bytes, source, size);
		else
			for (uint32_t i = 0; i < size; i += 4)
				chipWrite(chip, to + i, chipRead(chip, from + i));
		done(chip, to, size, ((to | from) & 3) ? each : ALIGNED_BYTE);
	}
}

static void copy(Chip* chip) { copyBytes(chip, BYTE); }
static void move(Chip* chip) { copyBytes(chip, MOVED_BYTE); }

static void set(Chip* chip)
{
	uint32_t to = argument(chip, 0), value = argument(chip, 1) & 0xff, size = argument(chip, 2);
	uint8_t* bytes = ram(chip, to, size);
	if (!writable(chip, to, size))
		refuse(chip, to, true);
	else {
		if (bytes)
			memset(bytes, (int)value, size);
		else
			for (uint32_t i = 0; i < size; i += 4)
				chipWrite(chip, to + i, value * 0x01010101u);
		done(chip, to, size, ALIGNED_BYTE);
	}
}

static void zero(Chip* chip)
{
	chip->cpu.a[4] = argument(chip, 1);
	chip->cpu.a[3] = 0;
	set(chip);
}

static void compare(Chip* chip)
{
	uint32_t left = argument(chip, 0), right = argument(chip, 1), size = argument(chip, 2);
	if (!readable(chip, left, size))
		refuse(chip, left, false);
	else if (!readable(chip, right, size))
		refuse(chip, right, false);
	else {
		uint32_t i = 0;
		int difference = 0;
		for (; i < size && !difference; i++)
			difference = chipReadByte(chip, left + i) - chipReadByte(chip, right + i);
		done(chip, (uint32_t)difference, i, BYTE);
	}
}

/* Strings end within a megabyte, or are none. */
enum { LONGEST = 1 << 20 };

static uint32_t lengthOf(Chip* chip, uint32_t text, uint32_t most)
{
	uint32_t length = 0;
	while (length < most && chipReadByte(chip, text + length))
		length++;
	return length;
}

/* Whether a string can be read byte by byte, as the ROM does. */
static bool isText(Chip* chip, uint32_t address)
{
	if (ram(chip, address, 1))
		return true;
	/* the ROM reads words that are aligned, so what begins at a word may be anywhere */
	if (!(address & 3) && cpuRegion(&chip->cpu, address))
		return true;
	refuse(chip, address, false);
	return false;
}

static void length(Chip* chip)
{
	if (isText(chip, argument(chip, 0))) {
		uint32_t result = lengthOf(chip, argument(chip, 0), LONGEST);
		done(chip, result, result, BYTE);
	}
}

static void compareTexts(Chip* chip, uint32_t most)
{
	uint32_t left = argument(chip, 0), right = argument(chip, 1), i = 0;
	if (!isText(chip, left) || !isText(chip, right))
		return;
	int difference = 0;
	for (; i < most && !difference; i++) {
		uint8_t byte = chipReadByte(chip, left + i);
		difference = byte - chipReadByte(chip, right + i);
		if (!byte)
			break;
	}
	done(chip, (uint32_t)difference, i, BYTE);
}

static void compareText(Chip* chip) { compareTexts(chip, LONGEST); }
static void compareTextOf(Chip* chip) { compareTexts(chip, argument(chip, 2)); }

static void copyText(Chip* chip)
{
	uint32_t to = argument(chip, 0), from = argument(chip, 1);
	if (!isText(chip, from))
		return;
	uint32_t size = lengthOf(chip, from, LONGEST) + 1;
	uint8_t* bytes = ram(chip, to, size);
	if (!bytes) {
		refuse(chip, to, true);
		return;
	}
	for (uint32_t i = 0; i < size; i++)
		bytes[i] = chipReadByte(chip, from + i);
	done(chip, to, size, TEXT_BYTE);
}

static void copyTextOf(Chip* chip)
{
	uint32_t to = argument(chip, 0), from = argument(chip, 1), most = argument(chip, 2);
	uint8_t* bytes = ram(chip, to, most);
	if (!isText(chip, from))
		return;
	if (!bytes) {
		refuse(chip, to, true);
		return;
	}
	uint32_t size = lengthOf(chip, from, most);
	memset(bytes, 0, most);
	for (uint32_t i = 0; i < size; i++)
		bytes[i] = chipReadByte(chip, from + i);
	done(chip, to, most, TEXT_BYTE);
}

static void find(Chip* chip)
{
	uint32_t text = argument(chip, 0), what = argument(chip, 1);
	if (!isText(chip, text) || !isText(chip, what))
		return;
	uint32_t size = lengthOf(chip, what, LONGEST), end = lengthOf(chip, text, LONGEST);
	for (uint32_t at = 0; at + size <= end; at++) {
		uint32_t i = 0;
		while (i < size && chipReadByte(chip, text + at + i) == chipReadByte(chip, what + i))
			i++;
		if (i == size) {
			done(chip, text + at, at + size, TEXT_BYTE);
			return;
		}
	}
	done(chip, 0, end, TEXT_BYTE);
}

const RomFunction romMemory[] = {
	{ 0x4000df48, "memcpy", copy }, { 0x400018b4, "ets_memcpy", copy }, { 0x400006c4, "xthal_memcpy", copy },
	{ 0x4000e04c, "memmove", move }, { 0x400018c4, "ets_memmove", move },
	{ 0x4000e190, "memset", set }, { 0x400018a4, "ets_memset", set },
	{ 0x4000de84, "bzero", zero }, { 0x40002ae8, "ets_bzero", zero },
	{ 0x4000dea8, "memcmp", compare }, { 0x400018d4, "ets_memcmp", compare },
	{ 0x4000bf4c, "strlen", length }, { 0x40002ac8, "ets_strlen", length },
	{ 0x4000bdc8, "strcmp", compareText }, { 0x40002aa8, "ets_strcmp", compareText },
	{ 0x4000bfa8, "strncmp", compareTextOf }, { 0x40002ab8, "ets_strncmp", compareTextOf },
	{ 0x4000bec8, "strcpy", copyText }, { 0x40002a88, "ets_strcpy", copyText },
	{ 0x4000c0a0, "strncpy", copyTextOf }, { 0x40002a98, "ets_strncpy", copyTextOf },
	{ 0x4000e1e0, "strstr", find }, { 0x40002ad8, "ets_strstr", find },
	{ 0, NULL, NULL }
};
