/* Exceptions and interrupts: "Xtensa ISA Reference Manual", 4.4. */
#ifndef EXCEPTIONS_H
#define EXCEPTIONS_H
#include "cpu.h"

/* PS */
enum { PS_INTLEVEL = 15, PS_EXCM = 16, PS_UM = 32 };

/* Interrupts by kind, and the levels: core-isa.h. */
enum {
	INTERRUPTS_LEVEL = 0x003f, INTERRUPT_TIMER = 0x0040, INTERRUPTS_SOFTWARE = 0x0080, INTERRUPTS_EDGE = 0x3f00,
	INTERRUPT_NMI = 0x4000, INTERRUPTS_LEVEL1 = 0x3fff, EXCM_LEVEL = 1, DEBUG_LEVEL = 2, NMI_LEVEL = 3
};

/* Vectors, from VECBASE. */
enum { VECTOR_DEBUG = 0x10, VECTOR_NMI = 0x20, VECTOR_KERNEL = 0x30, VECTOR_USER = 0x50, VECTOR_DOUBLE = 0x70 };

/* An exception at pc: true if it has been taken, false if the owner wants to know of it first. */
bool exception(Cpu* cpu, uint32_t cause, uint32_t address);

/* Does BREAK do nothing, because the level is the debug level or higher? */
bool exceptionDebugMasked(const Cpu* cpu);

/* Take an interrupt that is pending, enabled and not masked. */
void exceptionInterrupt(Cpu* cpu);
#endif
