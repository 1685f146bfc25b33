#include "symbols.h"
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name is said of an address only so far behind it. */
enum { REACH = 0x4000 };

static int byAddress(const void* left, const void* right)
{
	uint32_t a = ((const Symbol*)left)->address, b = ((const Symbol*)right)->address;
	return (a > b) - (a < b);
}

static int isUseful(const Elf32_Sym* symbol, const char* name)
{
	int type = ELF32_ST_TYPE(symbol->st_info);
	return name[0] && name[0] != '.' && type != STT_FILE && type != STT_SECTION && symbol->st_value >= 0x3ff00000 &&
		symbol->st_value < 0x41000000;
}

static const Elf32_Shdr* section(const uint8_t* elf, size_t size, unsigned index)
{
	const Elf32_Ehdr* header = (const Elf32_Ehdr*)elf;
	size_t at = header->e_shoff + (size_t)index * sizeof(Elf32_Shdr);
	if (index >= header->e_shnum || at + sizeof(Elf32_Shdr) > size || at % 4)
		return NULL;
	const Elf32_Shdr* found = (const Elf32_Shdr*)(elf + at);
	return (found->sh_offset <= size && found->sh_size <= size - found->sh_offset) ? found : NULL;
}

int symbolsRead(Symbols* symbols, const uint8_t* elf, size_t size)
{
	const Elf32_Ehdr* header = (const Elf32_Ehdr*)elf;
	const Elf32_Shdr* table = NULL;
	for (unsigned i = 0; i < header->e_shnum && !table; i++) {
		const Elf32_Shdr* found = section(elf, size, i);
		if (found && found->sh_type == SHT_SYMTAB && found->sh_offset % 4 == 0)
			table = found;
	}
	const Elf32_Shdr* strings = table ? section(elf, size, table->sh_link) : NULL;
	if (!strings || !strings->sh_size || elf[strings->sh_offset + strings->sh_size - 1])
		return 0;
	const Elf32_Sym* all = (const Elf32_Sym*)(elf + table->sh_offset);
	int count = (int)(table->sh_size / sizeof(Elf32_Sym));
	symbols->list = calloc(count ? count : 1, sizeof(Symbol));
	if (!symbols->list)
		return 0;
	for (int i = 0; i < count; i++) {
		if (all[i].st_name >= strings->sh_size)
			continue;
		const char* name = (const char*)elf + strings->sh_offset + all[i].st_name;
		if (isUseful(&all[i], name))
			symbols->list[symbols->count++] = (Symbol){ all[i].st_value, all[i].st_size, name };
	}
	qsort(symbols->list, symbols->count, sizeof(Symbol), byAddress);
	return 1;
}

void symbolsFree(Symbols* symbols)
{
	free(symbols->list);
	*symbols = (Symbols){ NULL, 0 };
}

static const Symbol* byName(const Symbols* symbols, const char* name)
{
	for (int i = 0; i < symbols->count; i++)
		if (!strcmp(symbols->list[i].name, name))
			return &symbols->list[i];
	return NULL;
}

uint32_t symbolAddress(const Symbols* symbols, const char* name)
{
	const Symbol* symbol = byName(symbols, name);
	return symbol ? symbol->address : 0;
}

uint32_t symbolSize(const Symbols* symbols, const char* name)
{
	const Symbol* symbol = byName(symbols, name);
	return symbol ? symbol->size : 0;
}

void symbolText(const Symbols* symbols, uint32_t address, char* text, size_t size)
{
	int low = 0, high = symbols->count;
	while (low < high) {
		int middle = (low + high) / 2;
		if (symbols->list[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	const Symbol* symbol = low ? &symbols->list[low - 1] : NULL;
	if (!symbol || address - symbol->address >= REACH)
		snprintf(text, size, "0x%08x", address);
	else if (address == symbol->address)
		snprintf(text, size, "%s", symbol->name);
	else
		snprintf(text, size, "%s+0x%x", symbol->name, address - symbol->address);
}
