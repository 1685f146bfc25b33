/* The model of what instructions and the flash cache take: README says where the figures come from. */
#include "costs.h"
#include "memory.h"

const CpuCosts cpuCosts = {
	.takenBranch = 2, .jump = 2, .load = 1, .store = 0, .multiply = 1, .exception = 8, .cacheMiss = 180
};

void chargeException(Cpu* cpu)
{
	if (cpu->costs)
		cpu->cycles += cpu->costs->exception;
}

static uint32_t* set(Cpu* cpu, uint32_t line)
{
	return cpu->cacheTags[line / CACHE_LINE % CACHE_SETS];
}

/* The least recently used line of a set makes room for the new one; a set's ways stand in the order of their use. */
static void lookUp(Cpu* cpu, uint32_t address)
{
	uint32_t line = address & ~(CACHE_LINE - 1u), tag = line + 1, way = 0;
	uint32_t* tags = set(cpu, line);
	if (tags[0] == tag) {
		cpu->cacheHits++;
		return;
	}
	while (way < CACHE_WAYS - 1 && tags[way] != tag)
		way++;
	if (tags[way] == tag)
		cpu->cacheHits++;
	else {
		cpu->cacheMisses++;
		cpu->cycles += cpu->costs->cacheMiss;
	}
	for (; way; way--)
		tags[way] = tags[way - 1];
	tags[0] = tag;
}

void chargeLoad(Cpu* cpu, uint32_t address)
{
	const CpuRegion* region = memoryRegion(cpu, address);
	cpu->cycles += cpu->costs->load + region->readWait;
	if (region->allow & REGION_CACHED)
		lookUp(cpu, address);
}

void chargeStore(Cpu* cpu, uint32_t address)
{
	cpu->cycles += cpu->costs->store + memoryRegion(cpu, address)->writeWait;
}

void chargeFetch(Cpu* cpu, uint32_t pc, uint32_t next)
{
	bool cached = memoryRegion(cpu, pc)->allow & REGION_CACHED;
	if (cached && !inLine(cpu->fetchLine, pc))
		lookUp(cpu, pc);
	if (cached && !inLine(pc, next - 1))
		lookUp(cpu, next - 1);
	cpu->fetchLine = (next - 1) & ~(CACHE_LINE - 1u);
}

void cacheForget(Cpu* cpu, uint32_t address, uint32_t size)
{
	uint32_t* tag = cpu->cacheTags[0];
	uint32_t i, low = address & ~(CACHE_LINE - 1u), last = (size > UINT32_MAX - address) ? UINT32_MAX : address + size;
	for (i = 0; i < CACHE_SETS * CACHE_WAYS; i++)
		if (tag[i] > low && tag[i] <= last)
			tag[i] = 0;
	cpu->fetchLine = 1;		/* no line: execution's next is looked up */
}
