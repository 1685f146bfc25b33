#include "checks.h"

static const CpuCosts prices = {
	.takenBranch = 100, .jump = 1000, .load = 10000, .multiply = 100000, .exception = 1000000, .cacheMiss = 10000000
};

/* What two instructions, one behind the other, cost beyond their cycles. */
static uint64_t costs(uint32_t first, uint32_t second)
{
	begin();
	cpu.costs = &prices;
	cpu.a[2] = DRAM;
	PUT(IRAM, first, second);
	while (cpu.instructions < 2)
		EQUAL(go(1), CPU_TIME);
	return cpu.cycles - 2;
}

static uint64_t cost(uint32_t instruction)
{
	return costs(NOP, instruction);
}

/* Of what comes a cycle late, to whom it matters. */
static void waiting(void)
{
	EQUAL(costs(L32I(3, 2, 0), NOP), 0);
	EQUAL(costs(L32I(3, 2, 0), ADDI(4, 4, 1)), 0);
	EQUAL(costs(L32I(3, 2, 0), ADDI(3, 4, 1)), 0);
	EQUAL(costs(L32I(3, 2, 0), ADDI(4, 3, 1)), 10000);
	EQUAL(costs(L8UI(3, 2, 0), S32I(3, 2, 0)), 10000);
	EQUAL(costs(L8UI(3, 2, 0), L8UI(4, 2, 0)), 0);
	EQUAL(costs(L32I(0, 2, 0), ADDI(4, 4, 1)), 0);
	EQUAL(costs(L32I(2, 2, 0), BNEZ(2, 0)), 10000);
	EQUAL(costs(MULL(3, 2, 2), MULL(4, 4, 3)), 100000);
	EQUAL(costs(MULL(3, 2, 2), MULL(3, 4, 4)), 0);
}

static void instructions(void)
{
	EQUAL(cost(NOP), 0);
	EQUAL(cost(ADDI(3, 3, 1)), 0);
	EQUAL(cost(BNEZ(3, 0)), 0);
	EQUAL(cost(BNEZ(2, 0)), 100);
	EQUAL(cost(J(0)), 1000);
	EQUAL(cost(RET), 1000);
	EQUAL(cost(L32I(3, 2, 0)), 0);
	EQUAL(cost(S16I(3, 2, 0)), 0);
	EQUAL(cost(MULL(3, 3, 3)), 0);
	begin();
	cpu.costs = &prices;
	cpu.trapCauses = 0;
	PUT(IRAM, SYSCALL);
	EQUAL(go(1), CPU_TIME);
	EQUAL(cpu.cycles, 1 + 1000000);
	begin();							/* without costs: one cycle each */
	PUT(IRAM, MULL(3, 3, 3), L32I(3, 2, 0), J(-6 - 4));
	cpu.a[2] = DRAM;
	EQUAL(go(30), CPU_TIME);
	EQUAL(cpu.instructions, 30);
}

static void waits(void)
{
	begin();
	cpu.costs = &prices;
	cpuRegion(&cpu, DRAM)->readWait = 3;
	cpuRegion(&cpu, DRAM)->writeWait = 4;
	PUT(IRAM, L32I(3, 2, 0), S32I(3, 2, 0));
	cpu.a[2] = DRAM;
	EQUAL(go(5), CPU_TIME);
	EQUAL(cpu.cycles, 2 + 10000 + 3 + 4);
}

/* Code in flash: a line at a time is brought; what was used last stays. */
static void cache(void)
{
	uint32_t i;
	begin();
	cpu.costs = &(CpuCosts){ .cacheMiss = 50 };
	for (i = 0; i < 32; i++)
		PUT(FLASH + i * 3, NOP);
	PUT(FLASH + 96, JX(2));
	cpu.a[2] = cpu.pc = FLASH;
	EQUAL(go(33 + 4 * 50), CPU_TIME);
	EQUAL(cpu.cacheMisses, 4);
	EQUAL(go(33 * 10), CPU_TIME);
	EQUAL(cpu.cacheMisses, 4);
	EQUAL(cpu.cycles, 33 * 11 + 4 * 50);
	cpuForget(&cpu, FLASH + 40, 1);
	EQUAL(go(33 + 50), CPU_TIME);
	EQUAL(cpu.cacheMisses, 5);
}

/* Loads of words 8 KB apart are in one set of four ways: a fifth takes the place of the one not used for longest. */
static void replacement(void)
{
	uint32_t way, at = IRAM;
	begin();
	cpu.costs = &(CpuCosts){ .cacheMiss = 50 };
	for (way = 0; way < 5; way++)
		cpu.a[2 + way] = FLASH + way * CACHE_LINE * CACHE_SETS;
	for (way = 0; way < 4; way++)
		at = PUT(at, L32I(8, 2 + way, 0));
	at = PUT(at, L32I(8, 2, 4), L32I(8, 6, 0), L32I(8, 2, 8), L32I(8, 3, 0));
	EQUAL(go(8 + 6 * 50), CPU_TIME);
	EQUAL(cpu.cacheMisses, 4 + 1 + 1);
	EQUAL(cpu.cacheHits, 2);
	EQUAL(cpu.pc, at);
}

void checkCosts(void)
{
	instructions();
	waiting();
	waits();
	cache();
	replacement();
}
