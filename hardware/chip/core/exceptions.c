/* Exceptions and interrupts. */
#include "exceptions.h"
#include "costs.h"
#include "decode.h"
#include "memory.h"
#include "special.h"

/* DEBUGCAUSE */
enum { DEBUGCAUSE_BREAK = 8, DEBUGCAUSE_BREAK_N = 16 };

/* The level at and below which interrupts are masked. */
static uint32_t currentLevel(const Cpu* cpu)
{
	uint32_t level = cpu->ps & PS_INTLEVEL;
	return ((cpu->ps & PS_EXCM) && level < EXCM_LEVEL) ? EXCM_LEVEL : level;
}

static void go(Cpu* cpu, uint32_t vector)
{
	cpu->ps |= PS_EXCM;
	cpu->pc = cpu->vecbase + vector;
	cpu->deadline = 0;
	chargeException(cpu);
}

static void take(Cpu* cpu, uint32_t cause)
{
	uint32_t vector = (cpu->ps & PS_UM) ? VECTOR_USER : VECTOR_KERNEL;
	if (cpu->ps & PS_EXCM) {
		cpu->depc = cpu->pc;
		vector = VECTOR_DOUBLE;
	}
	else
		cpu->epc[1] = cpu->pc;
	cpu->exccause = cause;
	go(cpu, vector);
}

/* To an interrupt's vector above level 1, or the debug vector. */
static void takeLevel(Cpu* cpu, uint32_t level, uint32_t vector)
{
	cpu->epc[level] = cpu->pc;
	cpu->eps[level] = cpu->ps;
	cpu->ps = (cpu->ps & ~(uint32_t)PS_INTLEVEL) | level;
	go(cpu, vector);
}

static bool hasAddress(uint32_t cause)
{
	switch (cause) {
		case CAUSE_ILLEGAL_INSTRUCTION: case CAUSE_SYSCALL: case CAUSE_LEVEL1_INTERRUPT: case CAUSE_ALLOCA:
		case CAUSE_DIVIDE_BY_ZERO: case CAUSE_PRIVILEGED: case CAUSE_BREAK:
			return false;
	}
	return true;
}

bool exception(Cpu* cpu, uint32_t cause, uint32_t address)
{
	bool doubleException = (cpu->ps & PS_EXCM) && cause != CAUSE_BREAK;
	cpu->trap = (CpuTrap){
		.cause = cause, .pc = cpu->pc, .address = hasAddress(cause) ? address : 0,
		.instruction = memoryInstruction(cpu, cpu->pc), .doubleException = doubleException
	};
	if ((cause < 32 && cpu->trapCauses >> cause & 1) || (doubleException && cpu->trapDouble))
		return false;
	cpuDeliver(cpu);
	return true;
}

void cpuDeliver(Cpu* cpu)
{
	if (cpu->trap.cause == CAUSE_BREAK) {
		cpu->debugcause = (instructionLength(cpu->trap.instruction) == 3) ? DEBUGCAUSE_BREAK : DEBUGCAUSE_BREAK_N;
		takeLevel(cpu, DEBUG_LEVEL, VECTOR_DEBUG);
		return;
	}
	if (hasAddress(cpu->trap.cause))
		cpu->excvaddr = cpu->trap.address;
	take(cpu, cpu->trap.cause);
}

bool cpuRaise(Cpu* cpu, CpuCause cause, uint32_t address)
{
	return exception(cpu, cause, address);
}

bool exceptionDebugMasked(const Cpu* cpu)
{
	return currentLevel(cpu) >= DEBUG_LEVEL;
}

bool cpuInterrupted(const Cpu* cpu)
{
	if (cpu->interrupt & INTERRUPT_NMI)
		return true;
	return (cpu->interrupt & cpu->intenable & INTERRUPTS_LEVEL1) && currentLevel(cpu) < 1;
}

void exceptionInterrupt(Cpu* cpu)
{
	if (!(cpu->interrupt & INTERRUPT_NMI))
		take(cpu, CAUSE_LEVEL1_INTERRUPT);
	else {
		cpu->interrupt &= ~INTERRUPT_NMI;
		takeLevel(cpu, NMI_LEVEL, VECTOR_NMI);
	}
}

void cpuInterrupt(Cpu* cpu, unsigned number, bool level)
{
	uint32_t line = 1u << number, rises = level && !(cpu->lines & line);
	cpu->lines = level ? cpu->lines | line : cpu->lines & ~line;
	if (line & INTERRUPTS_LEVEL)
		cpu->interrupt = (cpu->interrupt & ~line) | (cpu->lines & line);
	else if (rises && (line & (INTERRUPTS_EDGE | INTERRUPT_NMI)))
		cpu->interrupt |= line;
	cpu->deadline = 0;
}

uint64_t cpuSleep(Cpu* cpu, uint64_t cycles)
{
	if (cpu->compareAt - cpu->cycles < cycles)
		cycles = cpu->compareAt - cpu->cycles;
	cpu->cycles += cycles;
	cpu->deadline = 0;
	return cycles;
}
