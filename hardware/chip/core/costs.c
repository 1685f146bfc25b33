/* The model of what instructions and the flash cache take: README says where the figures come from. */
#include "costs.h"
#include "decode.h"
#include "memory.h"

const CpuCosts cpuCosts = {
	.takenBranch = 2, .jump = 2, .load = 1, .multiply = 1, .exception = 2, .cacheMiss = 304
};
const CpuCosts cpuCosts160 = {
	.takenBranch = 2, .jump = 2, .load = 1, .multiply = 1, .exception = 2, .cacheMiss = 608
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

/* Does an instruction use this register, S, T, R or a0? */
static bool uses(const CpuDecoded* d, uint32_t number)
{
	switch (d->operation) {
		case OP_NOP: case OP_MOVI: case OP_L32R: case OP_J: case OP_CALL0: case OP_SSAI: case OP_RSR: case OP_RSIL:
		case OP_WAITI: case OP_RFE: case OP_RFDE: case OP_RFI: case OP_SYSCALL: case OP_SIMCALL: case OP_BREAK:
		case OP_BREAK_N: case OP_ILLEGAL:
			return false;
		case OP_RET:
			return number == 0;
		case OP_ABS: case OP_NEG: case OP_EXTUI: case OP_SRA: case OP_SRAI: case OP_SRL: case OP_SRLI: case OP_WSR:
		case OP_XSR:
			return number == d->t;
		case OP_ADDI: case OP_MOVE: case OP_NSA: case OP_NSAU: case OP_SLL: case OP_SLLI: case OP_SSA8B: case OP_SSA8L:
		case OP_SSL: case OP_SSR: case OP_JX: case OP_CALLX0: case OP_L8UI: case OP_L16UI: case OP_L16SI: case OP_L32I:
		case OP_BBCI: case OP_BBSI: case OP_BEQZ: case OP_BNEZ: case OP_BLTZ: case OP_BGEZ: case OP_BEQI: case OP_BNEI:
		case OP_BLTI: case OP_BGEI: case OP_BLTUI: case OP_BGEUI:
			return number == d->s;
		case OP_MOVEQZ: case OP_MOVNEZ: case OP_MOVLTZ: case OP_MOVGEZ:
			return number == d->s || number == d->t || number == d->r;
	}
	return number == d->s || number == d->t;
}

void chargeLate(Cpu* cpu, const CpuDecoded* d)
{
	if (uses(d, cpu->late))
		cpu->cycles += cpu->lateBy;
	cpu->late = NO_REGISTER;
}

void chargeLoad(Cpu* cpu, uint32_t address, uint32_t to)
{
	const CpuRegion* region = memoryRegion(cpu, address);
	cpu->cycles += region->readWait;
	late(cpu, to, cpu->costs->load);
	if (region->allow & REGION_CACHED)
		lookUp(cpu, address);
}

void chargeStore(Cpu* cpu, uint32_t address)
{
	cpu->cycles += memoryRegion(cpu, address)->writeWait;
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
