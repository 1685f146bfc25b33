/* The address space: regions, and what of them can be reached without asking anybody. */
#ifndef MEMORY_H
#define MEMORY_H
#include <string.h>
#include "cpu.h"

static inline CpuRegion* memoryRegion(Cpu* cpu, uint32_t address)
{
	return &cpu->regions[cpu->page[address / CPU_PAGE]];
}

/* Find out what of each region is direct: what the owner, or WDTLB, has changed takes effect. */
void memoryRefresh(Cpu* cpu);

/* Accesses that are not direct. The cause of an exception, or CPU_OK. */
int memoryLoadSlowly(Cpu* cpu, uint32_t address, unsigned size, uint32_t* value);
int memoryStoreSlowly(Cpu* cpu, uint32_t address, unsigned size, uint32_t value);

/* Fetch the instruction at pc, of which the lower bytes are the first. The cause of an exception, or CPU_OK. */
int memoryFetch(Cpu* cpu, uint32_t pc, uint32_t* word);

/* The same for people to read: no exception; 0 if there is none. */
uint32_t memoryInstruction(Cpu* cpu, uint32_t pc);

/* Read or write little-endian memory, whatever the desk's order of bytes. */
static inline uint32_t memoryGet(const uint8_t* at, unsigned size)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint32_t word;
	uint16_t half;
	switch (size) {
		case 4: memcpy(&word, at, 4); return word;
		case 2: memcpy(&half, at, 2); return half;
	}
	return *at;
#else
	uint32_t value = 0;
	while (size--)
		value = value << 8 | at[size];
	return value;
#endif
}

static inline void memoryPut(uint8_t* at, unsigned size, uint32_t value)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	switch (size) {
		case 4: memcpy(at, &value, 4); break;
		case 2: memcpy(at, &(uint16_t){ (uint16_t)value }, 2); break;
		default: *at = (uint8_t)value;
	}
#else
	for (; size--; value >>= 8)
		*at++ = (uint8_t)value;
#endif
}

/* A load of size bytes, which is a constant where this is called. */
static inline int memoryLoad(Cpu* cpu, uint32_t address, unsigned size, uint32_t* value)
{
	const CpuRegion* region = memoryRegion(cpu, address);
	uint32_t offset = address - region->base, needed = (size == 4) ? ALLOW_READ : ALLOW_READ_PARTS;
	if (!(region->direct & needed) || offset >= region->size || (address & (size - 1)))
		return memoryLoadSlowly(cpu, address, size, value);
	*value = memoryGet(region->memory + offset, size);
	return CPU_OK;
}

static inline int memoryStore(Cpu* cpu, uint32_t address, unsigned size, uint32_t value)
{
	const CpuRegion* region = memoryRegion(cpu, address);
	uint32_t offset = address - region->base, needed = (size == 4) ? ALLOW_WRITE : ALLOW_WRITE_PARTS;
	bool code = address - cpu->codeLow < cpu->codeHigh - cpu->codeLow;
	if (!(region->direct & needed) || offset >= region->size || (address & (size - 1)) || code)
		return memoryStoreSlowly(cpu, address, size, value);
	memoryPut(region->memory + offset, size, value);
	return CPU_OK;
}
#endif
