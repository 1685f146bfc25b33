#include "checks.h"

enum { INTCLEAR = 227, CCOUNT = 234, CCOMPARE0 = 240, GPIO = 4, FRC1 = 9, TIMER = 6, NMI = 14, VECTORS = IRAM + 0x1000 };

/* Counts in a2; handlers: level 1 counts in a3, NMI in a4. */
static void beginCounting(uint32_t enabled)
{
	begin();
	cpu.vecbase = VECTORS;
	cpu.intenable = enabled;
	PUT(IRAM, ADDI(2, 2, 1), J(-3 - 4));
	PUT(VECTORS + 0x30, ADDI(3, 3, 1), WSR(5, INTCLEAR), RFE);
	PUT(VECTORS + 0x20, ADDI(4, 4, 1), RRR(0, 0, 3, 3, 1));		/* RFI 3 */
	cpu.a[5] = 0xffffffff;
}

static void levels(void)
{
	beginCounting(1u << GPIO);
	EQUAL(go(10), CPU_TIME);
	cpuInterrupt(&cpu, GPIO, true);
	CHECK(cpuInterrupted(&cpu));
	EQUAL(go(6), CPU_TIME);				/* the line stays: taken again after each return */
	EQUAL(cpu.a[3], 2);
	cpuInterrupt(&cpu, GPIO, false);
	EQUAL(go(10), CPU_TIME);
	EQUAL(cpu.a[3], 2);
	EQUAL(cpu.a[2], 5 + 5);
	EQUAL(cpu.exccause, CAUSE_LEVEL1_INTERRUPT);
	cpu.ps = 1;							/* masked by PS.INTLEVEL */
	cpuInterrupt(&cpu, GPIO, true);
	EQUAL(go(10), CPU_TIME);
	EQUAL(cpu.a[3], 2);
}

static void edges(void)
{
	beginCounting(1u << FRC1);
	cpuInterrupt(&cpu, FRC1, true);
	EQUAL(go(10), CPU_TIME);
	EQUAL(cpu.a[3], 1);					/* cleared by the handler, though the line is still up */
	cpuInterrupt(&cpu, FRC1, true);
	EQUAL(go(10), CPU_TIME);
	EQUAL(cpu.a[3], 1);
	cpuInterrupt(&cpu, FRC1, false);
	cpuInterrupt(&cpu, FRC1, true);
	EQUAL(go(10), CPU_TIME);
	EQUAL(cpu.a[3], 2);
}

static void nonMaskable(void)
{
	beginCounting(0);
	cpu.ps = 0x1f;
	cpuInterrupt(&cpu, NMI, true);
	EQUAL(go(1), CPU_TIME);
	EQUAL(cpu.a[4], 1);
	EQUAL(cpu.epc[3], IRAM);
	EQUAL(cpu.eps[3], 0x1f);
	EQUAL(cpu.ps, 0x13);
	EQUAL(go(11), CPU_TIME);
	EQUAL(cpu.a[4], 1);
	EQUAL(cpu.ps, 0x1f);
	EQUAL(cpu.a[2], 5);
}

static void waiting(void)
{
	beginCounting(1u << GPIO | 1u << TIMER);
	PUT(IRAM, WAITI(0), ADDI(2, 2, 1), J(-6 - 4));
	EQUAL(go(100), CPU_WAIT);
	EQUAL(cpu.pc, IRAM + 3);
	EQUAL(cpu.cycles, 1);
	EQUAL(go(100), CPU_WAIT);
	EQUAL(cpuSleep(&cpu, 1000), 1000);
	EQUAL(go(100), CPU_WAIT);
	cpuInterrupt(&cpu, GPIO, true);
	EQUAL(go(3), CPU_TIME);				/* the handler */
	cpuInterrupt(&cpu, GPIO, false);
	EQUAL(go(100), CPU_WAIT);
	EQUAL(cpu.a[2], 1);
	EQUAL(cpu.a[3], 1);
	EQUAL(cpu.instructions, 1 + 3 + 3);
}

static void timer(void)
{
	beginCounting(1u << TIMER);
	PUT(IRAM, WSR(6, CCOMPARE0), WAITI(0), NOP, J(-3 - 4));
	cpu.a[6] = 500;
	EQUAL(go(100), CPU_WAIT);
	EQUAL(cpuSleep(&cpu, 10000), 500 - 2);
	EQUAL(cpu.cycles, 500);
	EQUAL(go(3), CPU_TIME);
	EQUAL(cpu.a[3], 1);
	EQUAL(go(10000), CPU_TIME);			/* INTCLEAR does not clear it, CCOMPARE does: again after each return */
	CHECK(cpu.a[3] > 3000);
}

/* CCOUNT counts cycles, and can be set; XSR gives what it was. */
static void counter(void)
{
	begin();
	PUT(IRAM, NOP, NOP, RRR(0, 3, CCOUNT >> 4, CCOUNT & 15, 2), WSR(3, CCOUNT), NOP, RRR(6, 1, CCOUNT >> 4, CCOUNT & 15, 4));
	cpu.a[3] = 1000;
	EQUAL(go(6), CPU_TIME);
	EQUAL(cpu.a[2], 3);
	EQUAL(cpu.a[4], 1002);
	cpuReset(&cpu);
	cpu.pc = IRAM + 6;
	EQUAL(go(1), CPU_TIME);
	EQUAL(cpu.a[2], 1);
}

/* In QEMU's machine CCOUNT is a 25th; CCOMPARE is reached at its first cycle. */
static void divided(void)
{
	begin();
	cpu.ccountEvery = 25;
	cpuReset(&cpu);
	cpu.pc = IRAM;
	cpu.intenable = 0;
	cpu.ps = 0;
	PUT(IRAM, WSR(2, CCOMPARE0), WAITI(0));
	cpu.a[2] = 4;
	EQUAL(go(100), CPU_WAIT);
	EQUAL(cpuSleep(&cpu, 1000), 100 - 2);
}

void checkInterrupts(void)
{
	levels();
	edges();
	nonMaskable();
	waiting();
	timer();
	counter();
	divided();
}
