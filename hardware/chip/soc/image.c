#include "image.h"
#include <elf.h>
#include <string.h>

/* The header of an image in flash, as the ROM's loader reads it. */
enum { MAGIC = 0xe9, MOST_SEGMENTS = 16, HEADER_BYTES = 8 };
/* The SDK's: code for flash in front, of this kind, at this place; its bootloader finds the other header behind. */
enum { MAGIC_V2 = 0xea, V2_PLACE = 0x1000, V2_HEADER_BYTES = 16 };
enum { MODE_DIO = 2, SPEED_40_MHZ = 0 };

static bool holds(uint32_t address, uint32_t size, uint32_t base, uint32_t room)
{
	return address >= base && size <= room && address - base <= room - size;
}

static bool fill(Chip* chip, uint32_t address, const uint8_t* from, uint32_t size)
{
	uint8_t* to;
	if (holds(address, size, DRAM_BASE, DRAM_BYTES))
		to = chip->dram + (address - DRAM_BASE);
	else if (holds(address, size, IRAM_BASE, IRAM_BYTES))
		to = chip->iram + (address - IRAM_BASE);
	else
		return false;
	memcpy(to, from, size);
	return true;
}

/* A segment of an ELF's; false: there is no such one, or it is not within the file. */
static bool segmentOf(Chip* chip, unsigned index, Elf32_Phdr* segment)
{
	const Elf32_Ehdr* header = (const Elf32_Ehdr*)chip->elf;
	size_t at = header->e_phoff + (size_t)index * sizeof(*segment);
	if (index >= header->e_phnum || at > chip->elfSize || chip->elfSize - at < sizeof(*segment))
		return false;
	memcpy(segment, chip->elf + at, sizeof(*segment));
	return segment->p_offset <= chip->elfSize && segment->p_filesz <= chip->elfSize - segment->p_offset;
}

static uint8_t sizeCode(uint32_t bytes)
{
	switch (bytes) {
		case 0x80000: return 0;
		case 0x100000: return 2;
		case 0x200000: return 3;
		default: return 4;
	}
}

/* NONOS reads in the flash's first bytes how large it is: what the bootloader there would have. */
static void describeFlash(Chip* chip)
{
	const uint8_t start[4] = { MAGIC, 0, MODE_DIO, (uint8_t)(sizeCode(chip->flash.size) << 4 | SPEED_40_MHZ) };
	if (chip->flash.bytes[0] != MAGIC)
		memcpy(chip->flash.bytes, start, sizeof(start));
}

const char* imageTakeELF(Chip* chip, const uint8_t* elf, size_t size)
{
	Elf32_Phdr segment;
	const Elf32_Ehdr* header = (const Elf32_Ehdr*)elf;
	if (size < sizeof(*header) || memcmp(elf, ELFMAG, SELFMAG) || header->e_ident[EI_CLASS] != ELFCLASS32 ||
		header->e_machine != EM_XTENSA)
		return "it is no ELF for an Xtensa processor";
	if (!symbolsRead(&chip->symbols, elf, size))
		return "it has no symbols";
	chip->elf = elf;
	chip->elfSize = size;
	for (unsigned i = 0; segmentOf(chip, i, &segment); i++)
		if (segment.p_filesz && holds(segment.p_vaddr, segment.p_filesz, FLASH_BASE, FLASH_WINDOW))
			memcpy(chip->flash.bytes + (segment.p_vaddr - FLASH_BASE), elf + segment.p_offset, segment.p_filesz);
	describeFlash(chip);
	return NULL;
}

const char* imageTakeFlash(Chip* chip, const uint8_t* bytes, size_t size)
{
	uint32_t place = 0;
	if (size >= V2_HEADER_BYTES && bytes[0] == MAGIC_V2) {
		place = V2_PLACE;
		describeFlash(chip);
	}
	else if (size < HEADER_BYTES || bytes[0] != MAGIC)
		return "it is no flash image: it begins with neither 0xe9 nor 0xea";
	if (size > chip->flash.size - place)
		return "it is larger than the flash";
	memcpy(chip->flash.bytes + place, bytes, size);
	return NULL;
}

static uint32_t word(const uint8_t* bytes)
{
	return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static uint32_t bootELF(Chip* chip)
{
	Elf32_Phdr segment;
	for (unsigned i = 0; segmentOf(chip, i, &segment); i++) {
		if (!segment.p_filesz || holds(segment.p_vaddr, segment.p_filesz, FLASH_BASE, FLASH_WINDOW))
			continue;
		if (!fill(chip, segment.p_vaddr, chip->elf + segment.p_offset, segment.p_filesz))
			chipEnd(chip, END_REFUSED, "the image wants %u bytes at 0x%08x, where no memory is", segment.p_filesz,
				segment.p_vaddr);
	}
	return ((const Elf32_Ehdr*)chip->elf)->e_entry;
}

/* A header, and segments of an address, a size and bytes; 0: there are none. */
static uint32_t loadSegments(Chip* chip, uint32_t at)
{
	const Flash* flash = &chip->flash;
	uint32_t count = flash->bytes[at + 1], entry = word(flash->bytes + at + 4);
	if (flash->bytes[at] != MAGIC || !count || count > MOST_SEGMENTS)
		return 0;
	at += HEADER_BYTES;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t address = word(flash->bytes + at), size = word(flash->bytes + at + 4);
		at += 8;
		if (size > flash->size - at - 8 || !fill(chip, address, flash->bytes + at, size)) {
			chipEnd(chip, END_REFUSED, "the flash image wants %u bytes at 0x%08x, where no memory is", size, address);
			return 0;
		}
		at += size;
	}
	return entry;
}

/* What is at the beginning of flash, such as a bootloader, which then goes on by itself; or, where nothing is, what the SDK's
   bootloader would load. */
static uint32_t bootFlash(Chip* chip)
{
	const uint8_t* bytes = chip->flash.bytes;
	uint32_t entry = loadSegments(chip, 0);
	if (!entry && bytes[V2_PLACE] == MAGIC_V2) {
		uint32_t size = word(bytes + V2_PLACE + 12);
		if (size < FLASH_WINDOW - V2_PLACE - V2_HEADER_BYTES - HEADER_BYTES)
			entry = loadSegments(chip, V2_PLACE + V2_HEADER_BYTES + size);
	}
	if (!entry)
		chipEnd(chip, END_REFUSED, "there is no firmware in flash");
	return entry;
}

uint32_t imageBoot(Chip* chip)
{
	uint32_t entry = (chip->elf && !chip->bootsFromFlash) ? bootELF(chip) : bootFlash(chip);
	cpuForget(&chip->cpu, IRAM_BASE, IRAM_BYTES);
	return chip->end ? 0 : entry;
}
