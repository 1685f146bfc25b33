/* Special registers, by "Xtensa ISA Reference Manual", 5.3, as far as the core's configuration has them. */
#include <stddef.h>
#include "special.h"
#include "exceptions.h"

enum {
	SAR = 3, LITBASE = 5, MMID = 89, IBREAKENABLE = 96, DDR = 104, IBREAKA0 = 128, DBREAKA0 = 144, DBREAKC0 = 160,
	CONFIGID0 = 176, EPC1 = 177, EPC2, EPC3, DEPC = 192, EPS2 = 194, EPS3, CONFIGID1 = 208, EXCSAVE1 = 209, EXCSAVE2,
	EXCSAVE3, INTERRUPT = 226, INTCLEAR = 227, INTENABLE = 228, PS = SPECIAL_PS, VECBASE = 231, EXCCAUSE = 232, DEBUGCAUSE = 233,
	CCOUNT = 234, PRID = 235, ICOUNT = 236, ICOUNTLEVEL = 237, EXCVADDR = 238, CCOMPARE0 = 240
};

/* The core's identity: core-isa.h, XCHAL_HW_CONFIGID0 and 1. */
enum { IDENTITY_LOW = 0x1082b6f6 };
#define IDENTITY_HIGH 0xc28cdafau

/* What is kept of a value that is written. */
enum { SAR_MASK = 0x3f, PS_MASK = 0x3f, LEVEL_MASK = 15, INTERRUPTS_MASK = 0x7fff };
#define LITBASE_MASK 0xfffff001u

bool specialAllows(uint32_t number, uint32_t access)
{
	switch (number) {
		case SAR: case LITBASE: case IBREAKENABLE: case DDR: case IBREAKA0: case DBREAKA0: case DBREAKC0: case EPC1:
		case EPC2: case EPC3: case DEPC: case EPS2: case EPS3: case EXCSAVE1: case EXCSAVE2: case EXCSAVE3: case INTENABLE:
		case PS: case VECBASE: case EXCCAUSE: case CCOUNT: case ICOUNT: case ICOUNTLEVEL: case EXCVADDR:
		case CCOMPARE0:
			return true;
		case CONFIGID0: case INTERRUPT:		/* a write of INTERRUPT is one of INTSET */
			return access != (SPECIAL_READ | SPECIAL_WRITE);
		case CONFIGID1: case DEBUGCAUSE: case PRID:
			return access == SPECIAL_READ;
		case MMID: case INTCLEAR:
			return access == SPECIAL_WRITE;
	}
	return false;
}

/* The registers that are memory and nothing else; NULL: another one. */
static uint32_t* plain(Cpu* cpu, uint32_t number)
{
	switch (number) {
		case SAR: return &cpu->sar;
		case LITBASE: return &cpu->litbase;
		case IBREAKENABLE: return &cpu->ibreakenable;
		case DDR: return &cpu->ddr;
		case IBREAKA0: return &cpu->ibreaka;
		case DBREAKA0: return &cpu->dbreaka;
		case DBREAKC0: return &cpu->dbreakc;
		case EPC1: case EPC2: case EPC3: return &cpu->epc[number - EPC1 + 1];
		case DEPC: return &cpu->depc;
		case EPS2: case EPS3: return &cpu->eps[number - EPS2 + 2];
		case EXCSAVE1: case EXCSAVE2: case EXCSAVE3: return &cpu->excsave[number - EXCSAVE1 + 1];
		case INTENABLE: return &cpu->intenable;
		case PS: return &cpu->ps;
		case VECBASE: return &cpu->vecbase;
		case EXCCAUSE: return &cpu->exccause;
		case DEBUGCAUSE: return &cpu->debugcause;
		case ICOUNT: return &cpu->icount;
		case ICOUNTLEVEL: return &cpu->icountlevel;
		case EXCVADDR: return &cpu->excvaddr;
		case CCOMPARE0: return &cpu->ccompare;
	}
	return NULL;
}

uint32_t specialCount(const Cpu* cpu)
{
	return (uint32_t)(cpu->cycles / cpu->ccountEvery) + cpu->ccountOffset;
}

void specialCompare(Cpu* cpu)
{
	uint32_t left = cpu->ccompare - specialCount(cpu);
	cpu->compareAt = (cpu->cycles / cpu->ccountEvery + (left ? left : UINT64_C(1) << 32)) * cpu->ccountEvery;
	cpu->deadline = 0;
}

uint32_t specialRead(Cpu* cpu, uint32_t number)
{
	uint32_t* place = plain(cpu, number);
	if (place)
		return *place;
	switch (number) {
		case CONFIGID0: return IDENTITY_HIGH;
		case CONFIGID1: return IDENTITY_LOW;
		case INTERRUPT: return cpu->interrupt;
		case CCOUNT: return specialCount(cpu);
	}
	return 0;	/* PRID */
}

static uint32_t masked(uint32_t number, uint32_t value)
{
	switch (number) {
		case SAR: return value & SAR_MASK;
		case LITBASE: return value & LITBASE_MASK;
		case PS: return value & PS_MASK;
		case INTENABLE: return value & INTERRUPTS_MASK;
		case ICOUNTLEVEL: return value & LEVEL_MASK;
		case IBREAKENABLE: return value & 1;
	}
	return value;
}

void specialWrite(Cpu* cpu, uint32_t number, uint32_t value)
{
	uint32_t* place = plain(cpu, number);
	if (place)
		*place = masked(number, value);
	switch (number) {
		case INTERRUPT: cpu->interrupt |= value & INTERRUPTS_SOFTWARE; break;
		case INTCLEAR: cpu->interrupt &= ~(value & (INTERRUPTS_SOFTWARE | INTERRUPTS_EDGE)); break;
		case CCOMPARE0:
			cpu->interrupt &= ~INTERRUPT_TIMER;
			specialCompare(cpu);
			break;
		case CCOUNT:
			cpu->ccountOffset += value - specialCount(cpu);
			specialCompare(cpu);
			break;
	}
	cpu->deadline = 0;	/* PS, INTENABLE, INTERRUPT: look what is due */
}
