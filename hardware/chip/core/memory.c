/* The address space. */
#include "memory.h"
#include "attributes.h"
#include "costs.h"
#include "decode.h"

static uint32_t directOf(const Cpu* cpu, const CpuRegion* region)
{
	uint8_t attribute = cpu->dataAttribute[region->base >> 29];
	uint32_t direct = 0;
	if (region->memory && attributeAllows(attribute, ALLOW_READ))
		direct |= region->allow & (ALLOW_READ | ALLOW_READ_PARTS);
	if (region->memory && !region->write && attributeAllows(attribute, ALLOW_WRITE))
		direct |= region->allow & (ALLOW_WRITE | ALLOW_WRITE_PARTS);
	return direct;
}

void memoryRefresh(Cpu* cpu)
{
	uint32_t i;
	for (i = 1; i < CPU_REGIONS; i++)
		if (cpu->regions[i].size)
			cpu->regions[i].direct = directOf(cpu, &cpu->regions[i]);
}

static bool fits(const CpuRegion* region)
{
	uint32_t last = region->base + region->size - 1;
	if (!region->memory && !(region->read && region->write))
		return false;
	return !(region->base % CPU_PAGE) && region->size && !(region->size & 3) && last >= region->base &&
		last >> 29 == region->base >> 29;
}

bool cpuMap(Cpu* cpu, const CpuRegion* region)
{
	uint32_t number = 1, first = region->base / CPU_PAGE, last = (region->base + region->size - 1) / CPU_PAGE, page;
	while (number < CPU_REGIONS && cpu->regions[number].size)
		number++;
	if (number == CPU_REGIONS || !fits(region))
		return false;
	for (page = first; page <= last; page++)
		if (cpu->page[page])
			return false;
	memset(cpu->page + first, (int)number, last - first + 1);
	cpu->regions[number] = *region;
	cpuForget(cpu, region->base, region->size);
	return true;
}

bool cpuUnmap(Cpu* cpu, uint32_t base)
{
	CpuRegion* region = cpuRegion(cpu, base);
	if (!region || region->base != base)
		return false;
	cpuForget(cpu, region->base, region->size);
	memset(cpu->page + base / CPU_PAGE, 0, (region->size - 1) / CPU_PAGE + 1);
	memset(region, 0, sizeof(*region));
	return true;
}

CpuRegion* cpuRegion(Cpu* cpu, uint32_t address)
{
	CpuRegion* region = memoryRegion(cpu, address);
	return (address - region->base < region->size) ? region : NULL;
}

/* Instructions that begin before address can reach into what begins there. */
static void forgetDecoded(Cpu* cpu, uint32_t address, uint32_t size)
{
	uint32_t pc;
	if (size >= CPU_DECODED) {
		memset(cpu->decoded, 0, sizeof(cpu->decoded));
		cpu->codeLow = cpu->codeHigh = 0;
	}
	else
		for (pc = address - 2; pc != address + size; pc++)
			if (cpu->decoded[pc % CPU_DECODED].pc == pc)
				cpu->decoded[pc % CPU_DECODED].operation = OP_NONE;
}

void cpuForget(Cpu* cpu, uint32_t address, uint32_t size)
{
	forgetDecoded(cpu, address, size);
	cacheForget(cpu, address, size);
	memoryRefresh(cpu);
}

static int checkLoad(const Cpu* cpu, const CpuRegion* region, uint32_t address, unsigned size)
{
	if (address & (size - 1))
		return CAUSE_UNALIGNED;
	if (!attributeAllows(cpu->dataAttribute[address >> 29], ALLOW_READ))
		return CAUSE_LOAD_PROHIBITED;
	if (address - region->base >= region->size)
		return CAUSE_LOAD_STORE_ADDRESS;
	return (region->allow & ((size == 4) ? ALLOW_READ : ALLOW_READ_PARTS)) ? CPU_OK : CAUSE_LOAD_STORE_ERROR;
}

int memoryLoadSlowly(Cpu* cpu, uint32_t address, unsigned size, uint32_t* value)
{
	const CpuRegion* region = memoryRegion(cpu, address);
	int cause = checkLoad(cpu, region, address, size);
	if (cause != CPU_OK)
		return cause;
	if (!region->memory)
		return region->read(region->context, address, size, value);
	*value = memoryGet(region->memory + (address - region->base), size);
	return CPU_OK;
}

static int checkStore(const Cpu* cpu, const CpuRegion* region, uint32_t address, unsigned size)
{
	if (address & (size - 1))
		return CAUSE_UNALIGNED;
	if (!attributeAllows(cpu->dataAttribute[address >> 29], ALLOW_WRITE))
		return CAUSE_STORE_PROHIBITED;
	if (address - region->base >= region->size)
		return CAUSE_LOAD_STORE_ADDRESS;
	return (region->allow & ((size == 4) ? ALLOW_WRITE : ALLOW_WRITE_PARTS)) ? CPU_OK : CAUSE_LOAD_STORE_ERROR;
}

int memoryStoreSlowly(Cpu* cpu, uint32_t address, unsigned size, uint32_t value)
{
	const CpuRegion* region = memoryRegion(cpu, address);
	int cause = checkStore(cpu, region, address, size);
	if (cause != CPU_OK)
		return cause;
	if (region->write)
		cause = region->write(region->context, address, size, value);
	else
		memoryPut(region->memory + (address - region->base), size, value);
	if (region->memory)
		forgetDecoded(cpu, address, size);
	return cause;
}

/* Where an instruction is, and how many bytes can be had there. */
static const uint8_t* code(Cpu* cpu, uint32_t pc, uint32_t* left)
{
	const CpuRegion* region = memoryRegion(cpu, pc);
	uint32_t offset = pc - region->base;
	if (offset >= region->size || !region->memory || !(region->allow & ALLOW_EXECUTE))
		return NULL;
	*left = region->size - offset;
	return region->memory + offset;
}

int memoryFetch(Cpu* cpu, uint32_t pc, uint32_t* word)
{
	uint32_t left;
	const uint8_t* at = code(cpu, pc, &left);
	if (!attributeAllows(cpu->fetchAttribute[pc >> 29], ALLOW_EXECUTE))
		return CAUSE_FETCH_PROHIBITED;
	if (!at)
		return cpuRegion(cpu, pc) ? CAUSE_FETCH_ERROR : CAUSE_FETCH_ADDRESS;
	if (left < instructionLength(*at))
		return CAUSE_FETCH_ERROR;
	*word = at[0] | at[1] << 8;
	if (instructionLength(*at) == 3)
		*word |= (uint32_t)at[2] << 16;
	return CPU_OK;
}

uint32_t memoryInstruction(Cpu* cpu, uint32_t pc)
{
	uint32_t word;
	return (memoryFetch(cpu, pc, &word) == CPU_OK) ? word : 0;
}
