/* Why an exception came, in words. */
#include "cpu.h"

const char* cpuCauseText(uint32_t cause)
{
	switch (cause) {
		case CAUSE_ILLEGAL_INSTRUCTION: return "an illegal instruction";
		case CAUSE_SYSCALL: return "a system call";
		case CAUSE_FETCH_ERROR: return "execution of what is not code";
		case CAUSE_LOAD_STORE_ERROR: return "access to 8 or 16 bits where only words can be accessed, or a write to what is read-only";
		case CAUSE_LEVEL1_INTERRUPT: return "an interrupt";
		case CAUSE_ALLOCA: return "an instruction of windowed code";
		case CAUSE_DIVIDE_BY_ZERO: return "a division by zero";
		case CAUSE_PRIVILEGED: return "an instruction that is privileged";
		case CAUSE_UNALIGNED: return "access to an address that is not aligned";
		case CAUSE_FETCH_ADDRESS: return "execution where nothing is";
		case CAUSE_LOAD_STORE_ADDRESS: return "access to an address where nothing is";
		case CAUSE_FETCH_PROHIBITED: return "execution at an address where it is prohibited";
		case CAUSE_LOAD_PROHIBITED: return "a load from an address where it is prohibited";
		case CAUSE_BREAK: return "a breakpoint";
		case CAUSE_STORE_PROHIBITED: return "a store to an address where it is prohibited";
	}
	return "an unknown cause";
}
