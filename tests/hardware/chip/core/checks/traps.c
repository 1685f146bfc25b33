#include "checks.h"

/* One instruction in IRAM with a2 as its address; it traps, and the trap tells all. */
static void trap(uint32_t instruction, uint32_t address, CpuCause cause)
{
	begin();
	PUT(IRAM, instruction);
	cpu.a[2] = address;
	cpu.a[3] = 0x1234;
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.cause, cause);
	EQUAL(cpu.trap.address, address);
	EQUAL(cpu.trap.pc, IRAM);
	EQUAL(cpu.trap.instruction, instruction);
	CHECK(!cpu.trap.doubleException);
	EQUAL(cpu.a[3], 0x1234);
	EQUAL(cpu.pc, IRAM);
	CHECK(strcmp(cpuCauseText(cpu.trap.cause), cpuCauseText(77)));
}

static void memories(void)
{
	trap(L8UI(3, 2, 0), FLASH, CAUSE_LOAD_STORE_ERROR);
	trap(L16UI(3, 2, 0), FLASH + 2, CAUSE_LOAD_STORE_ERROR);
	trap(L8UI(3, 2, 0), IRAM + 100, CAUSE_LOAD_STORE_ERROR);
	trap(S8I(3, 2, 0), IRAM + 100, CAUSE_LOAD_STORE_ERROR);
	trap(S16I(3, 2, 0), IRAM + 100, CAUSE_LOAD_STORE_ERROR);
	trap(S32I(3, 2, 0), FLASH, CAUSE_LOAD_STORE_ERROR);
	trap(L32I(3, 2, 0), DRAM + 2, CAUSE_UNALIGNED);
	trap(S32I(3, 2, 0), DRAM + 1, CAUSE_UNALIGNED);
	trap(L16UI(3, 2, 0), DRAM + 1, CAUSE_UNALIGNED);
	trap(S16I(3, 2, 0), DRAM + 3, CAUSE_UNALIGNED);
	trap(L32I(3, 2, 0), 0x50000000, CAUSE_LOAD_STORE_ADDRESS);
	trap(S8I(3, 2, 0), DRAM + PIECE, CAUSE_LOAD_STORE_ADDRESS);
	begin();
	PUT(IRAM, L32I(3, 2, 0), S32I(3, 4, 0), L8UI(5, 4, 1));
	cpu.a[2] = FLASH + 4;
	cpu.a[4] = DRAM;
	memcpy(flash + 4, "\1\2\3\4", 4);
	EQUAL(go(3), CPU_TIME);
	EQUAL(cpu.a[3], 0x04030201);
	EQUAL(cpu.a[5], 2);
}

/* Jump to an address: what happens there. */
static void fetch(uint32_t address, CpuCause cause)
{
	begin();
	PUT(IRAM, JX(2));
	cpu.a[2] = address;
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.cause, cause);
	EQUAL(cpu.trap.pc, address);
	EQUAL(cpu.trap.address, address);
}

static void fetches(void)
{
	fetch(DRAM, CAUSE_FETCH_ERROR);
	fetch(0x50000000, CAUSE_FETCH_ADDRESS);
	fetch(IRAM + PIECE, CAUSE_FETCH_ADDRESS);
	begin();
	memset(iram, 0x20, PIECE);			/* OR, of 3 bytes: the last is cut off */
	cpu.pc = IRAM + PIECE - 2;
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.cause, CAUSE_FETCH_ERROR);
}

static void attributes(void)
{
	begin();
	cpu.dataAttribute[0] = cpu.fetchAttribute[0] = 15;
	PUT(IRAM, L32I(3, 2, 0), S8I(3, 2, 5), JX(2));
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.cause, CAUSE_LOAD_PROHIBITED);
	cpu.pc += 3;
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.cause, CAUSE_STORE_PROHIBITED);
	EQUAL(cpu.trap.address, 5);
	cpu.pc += 3;
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.cause, CAUSE_FETCH_PROHIBITED);
	begin();							/* what the program forbids itself holds for what was direct before */
	PUT(IRAM, S32I(3, 2, 0), WDTLB(4, 2), S32I(3, 2, 0));
	cpu.a[2] = DRAM;
	cpu.a[4] = 3;
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.pc, IRAM + 6);
	EQUAL(cpu.trap.cause, CAUSE_STORE_PROHIBITED);
}

static void instructions(void)
{
	begin();
	EQUAL(go(10), CPU_TRAP);			/* zeros: ILL */
	EQUAL(cpu.trap.cause, CAUSE_ILLEGAL_INSTRUCTION);
	begin();
	PUT(IRAM, BREAK, NOP);
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.cause, CAUSE_BREAK);
	cpuDeliver(&cpu);
	EQUAL(cpu.pc, CPU_RESET_VECBASE + 0x10);
	EQUAL(cpu.epc[2], IRAM);
	EQUAL(cpu.debugcause, 8);
}

/* The firmware's handler is entered, with or without the owner's knowing; and in it, double exceptions. */
static void handlers(void)
{
	begin();
	cpu.vecbase = IRAM + 0x100;
	PUT(IRAM, L8UI(3, 2, 0), NOP);
	PUT(IRAM + 0x130, SYSCALL);
	PUT(IRAM + 0x170, NOP, NOP);
	cpu.a[2] = FLASH;
	cpu.trapCauses = 0;
	cpu.trapDouble = true;
	EQUAL(go(10), CPU_TRAP);
	CHECK(cpu.trap.doubleException);
	EQUAL(cpu.trap.cause, CAUSE_SYSCALL);
	EQUAL(cpu.epc[1], IRAM);
	EQUAL(cpu.exccause, CAUSE_LOAD_STORE_ERROR);
	EQUAL(cpu.excvaddr, FLASH);
	cpuDeliver(&cpu);
	EQUAL(cpu.pc, IRAM + 0x170);
	EQUAL(cpu.depc, IRAM + 0x130);
	EQUAL(cpu.exccause, CAUSE_SYSCALL);
	EQUAL(go(2), CPU_TIME);
	EQUAL(cpu.pc, IRAM + 0x176);
}

void checkTraps(void)
{
	memories();
	fetches();
	attributes();
	instructions();
	handlers();
}
