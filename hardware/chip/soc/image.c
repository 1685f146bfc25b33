#include "image.h"
#include <elf.h>
#include <string.h>

/* The header of an image in flash, as the ROM's loader reads it. */
enum { MAGIC = 0xe9, MOST_SEGMENTS = 16, HEADER_BYTES = 8 };
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
	/* NONOS reads here how large the flash is */
	const uint8_t start[4] = { MAGIC, 1, MODE_DIO, (uint8_t)(sizeCode(chip->flash.size) << 4 | SPEED_40_MHZ) };
	if (chip->flash.bytes[0] != MAGIC)
		memcpy(chip->flash.bytes, start, sizeof(start));
	return NULL;
}

const char* imageTakeFlash(Chip* chip, const uint8_t* bytes, size_t size)
{
	if (size < HEADER_BYTES || bytes[0] != MAGIC)
		return "it is no flash image: it does not begin with 0xe9";
	if (size > chip->flash.size)
		return "it is larger than the flash";
	memcpy(chip->flash.bytes, bytes, size);
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

/* Segments of an address, a size and bytes follow the header. */
static uint32_t bootFlash(Chip* chip)
{
	const Flash* flash = &chip->flash;
	if (flash->bytes[0] != MAGIC || flash->bytes[1] > MOST_SEGMENTS) {
		chipEnd(chip, END_REFUSED, "there is no firmware in flash: it does not begin with an image's header");
		return 0;
	}
	uint32_t at = HEADER_BYTES;
	for (int i = 0; i < flash->bytes[1]; i++) {
		uint32_t address = word(flash->bytes + at), size = word(flash->bytes + at + 4);
		at += 8;
		if (size > flash->size - at || !fill(chip, address, flash->bytes + at, size)) {
			chipEnd(chip, END_REFUSED, "the flash image wants %u bytes at 0x%08x, where no memory is", size, address);
			return 0;
		}
		at += size;
	}
	return word(flash->bytes + 4);
}

uint32_t imageBoot(Chip* chip)
{
	uint32_t entry = (chip->elf && !chip->bootsFromFlash) ? bootELF(chip) : bootFlash(chip);
	cpuForget(&chip->cpu, IRAM_BASE, IRAM_BYTES);
	return chip->end ? 0 : entry;
}
