/* The processor as its owner sees it. */
#include "cpu.h"
#include "costs.h"
#include "decode.h"
#include "exceptions.h"
#include "execute.h"
#include "memory.h"
#include "special.h"

void cpuInit(Cpu* cpu)
{
	memset(cpu, 0, sizeof(*cpu));
	cpu->regions[0].name = "nothing";
	cpu->ccountEvery = 1;
	cpuReset(cpu);
}

void cpuReset(Cpu* cpu)
{
	memset(cpu->a, 0, sizeof(cpu->a));
	memset(cpu->epc, 0, sizeof(cpu->epc));
	memset(cpu->eps, 0, sizeof(cpu->eps));
	memset(cpu->excsave, 0, sizeof(cpu->excsave));
	memset(cpu->fetchAttribute, 2, sizeof(cpu->fetchAttribute));
	memset(cpu->dataAttribute, 2, sizeof(cpu->dataAttribute));
	cpu->sar = cpu->litbase = cpu->depc = cpu->exccause = cpu->excvaddr = cpu->ccompare = cpu->intenable = 0;
	cpu->ibreakenable = cpu->ibreaka = cpu->dbreaka = cpu->dbreakc = cpu->debugcause = cpu->ddr = 0;
	cpu->icount = cpu->icountlevel = cpu->ccountOffset = 0;
	cpu->interrupt = cpu->lines & INTERRUPTS_LEVEL;
	cpu->ps = PS_EXCM | PS_INTLEVEL;
	cpu->vecbase = CPU_RESET_VECBASE;
	cpu->pc = CPU_RESET_PC;
	cpu->late = NO_REGISTER;
	cpu->waiting = cpu->passing = cpu->breaking = false;
	cpu->ccountOffset = 0 - specialCount(cpu);
	specialCompare(cpu);
	cpuForget(cpu, 0, UINT32_MAX);
}

CpuStop cpuRun(Cpu* cpu, uint64_t until)
{
	cpu->until = until;
	cpu->deadline = 0;
	memoryRefresh(cpu);
	return cpu->costs ? executeCounted(cpu) : executePlain(cpu);
}

void cpuPass(Cpu* cpu)
{
	cpu->passing = true;
	cpu->passingAt = cpu->pc;
}

void cpuBreak(Cpu* cpu)
{
	cpu->breaking = true;
	cpu->deadline = 0;
}

static bool spans(CpuRegion* region, uint32_t address, uint32_t size)
{
	return region && region->size - (address - region->base) >= size;
}

/* A device is read by words, each once. */
static bool readDevice(const CpuRegion* region, uint32_t address, uint8_t* bytes, uint32_t size)
{
	uint32_t word = 0;
	bool first = true;
	for (; size; size--, address++, first = false) {
		if ((first || !(address & 3)) && region->read(region->context, address & ~3u, 4, &word) != CPU_OK)
			return false;
		*bytes++ = (uint8_t)(word >> (address & 3) * 8);
	}
	return true;
}

bool cpuRead(Cpu* cpu, uint32_t address, void* to, uint32_t size)
{
	CpuRegion* region = cpuRegion(cpu, address);
	if (!spans(region, address, size))
		return false;
	if (!region->memory)
		return readDevice(region, address, to, size);
	memcpy(to, region->memory + (address - region->base), size);
	return true;
}

bool cpuWrite(Cpu* cpu, uint32_t address, const void* from, uint32_t size)
{
	CpuRegion* region = cpuRegion(cpu, address);
	const uint8_t* bytes = from;
	if (!spans(region, address, size))
		return false;
	if (region->memory) {
		memcpy(region->memory + (address - region->base), bytes, size);
		cpuForget(cpu, address, size);
		return true;
	}
	if ((address | size) & 3)		/* a device is written by words */
		return false;
	for (; size; size -= 4, address += 4, bytes += 4)
		if (region->write(region->context, address, 4, memoryGet(bytes, 4)) != CPU_OK)
			return false;
	return true;
}
