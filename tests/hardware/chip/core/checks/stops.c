#include "checks.h"

static uint32_t stopAt;
static unsigned asked;

static bool isStop(void* context, uint32_t pc)
{
	CHECK(context == &stopAt);
	asked++;
	return pc == stopAt;
}

static void beginWithStop(uint32_t at)
{
	begin();
	cpu.context = &stopAt;
	cpu.isStop = isStop;
	stopAt = at;
	asked = 0;
}

/* A loop that calls a function which the owner answers: asked once an address, however often it is executed. */
static void answered(void)
{
	int round;
	beginWithStop(IRAM + 0x100);
	PUT(IRAM, 5 | (0x100 / 4 - 1) << 6, J(-3 - 4));		/* call0, and again */
	for (round = 0; round < 100; round++) {
		EQUAL(go(10), CPU_STOP);
		EQUAL(cpu.pc, IRAM + 0x100);
		EQUAL(cpu.a[0], IRAM + 3);
		cpu.pc = cpu.a[0];
	}
	EQUAL(asked, 3);
}

/* The owner has the instruction executed after all: once, and then it is a stop again. */
static void passed(void)
{
	beginWithStop(IRAM + 3);
	PUT(IRAM, NOP, ADDI(2, 2, 1), J(-6 - 4));
	EQUAL(go(10), CPU_STOP);
	EQUAL(cpu.a[2], 0);
	cpuPass(&cpu);
	EQUAL(go(10), CPU_STOP);
	EQUAL(cpu.a[2], 1);
	EQUAL(cpu.pc, IRAM + 3);
	stopAt = 0;
	cpuForget(&cpu, IRAM + 3, 1);
	EQUAL(go(9), CPU_TIME);
	EQUAL(cpu.a[2], 4);
	stopAt = IRAM + 3;
	EQUAL(go(9), CPU_TIME);				/* not asked again until it is forgotten */
	cpuForget(&cpu, IRAM + 3, 1);
	EQUAL(go(9), CPU_STOP);
}

/* Code is changed by the owner, by the program, and where an instruction begins before what was written. */
static void changed(void)
{
	begin();
	PUT(IRAM, ADDI(2, 2, 1), ADDI(2, 2, 1), J(-6 - 4));
	EQUAL(go(3), CPU_TIME);
	EQUAL(cpu.a[2], 2);
	CHECK(cpuWrite(&cpu, IRAM + 5, &(uint8_t){ 10 }, 1));	/* the second's constant */
	EQUAL(go(3), CPU_TIME);
	EQUAL(cpu.a[2], 2 + 1 + 10);
	begin();
	PUT(IRAM, NOP, NOP_N, NOP, S32I(3, 4, 0), J(-11 - 4));	/* a store over the code, word by word */
	cpu.a[4] = IRAM;
	memcpy(&cpu.a[3], (uint8_t[]){ 0x22, 0xc2, 7, 0x3d }, 4);	/* ADDI a2, a2, 7 and half of NOP.N */
	EQUAL(go(5 + 1), CPU_TIME);
	EQUAL(cpu.a[2], 7);
}

static void simcalls(void)
{
	begin();
	PUT(IRAM, RRR(0, 0, 5, 1, 0), NOP);
	EQUAL(go(2), CPU_TIME);
	cpu.pc = IRAM;
	cpu.simcalls = true;
	EQUAL(go(2), CPU_SIMCALL);
	EQUAL(cpu.pc, IRAM + 3);
}

void checkStops(void)
{
	answered();
	passed();
	changed();
	simcalls();
}
