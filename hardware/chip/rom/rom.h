/* The boot ROM's functions, answered in C at their addresses, so that no dump of the ROM is needed. Its data in RAM stands
   where the ROM has it, for NONOS's vectors and code read some of it. */
#ifndef ROM_H
#define ROM_H
#include "../soc/answers.h"
#include "../soc/chip.h"

typedef struct {
	uint32_t address;
	const char* name;
	AnswerFunction function;
} RomFunction;

/* One table a file, ended by a name of NULL. */
extern const RomFunction romMemory[], romIntegers[], romFloats[], romTasks[], romInterrupts[], romPrint[],
	romFlash[], romSystem[];

/* Answer them all; with a dump only what has to be answered all the same. */
void romInit(Chip* chip);

/* boot.c: an answer has raised an exception: it ends the life, or is delivered */
void romFault(Chip* chip);

/* interrupts.c */
void romSetExceptionTable(Chip* chip);

/* Where the ROM's loop waits for interrupts: its code is as in the ROM. */
enum { LOOP_HEAD = 0x40000f4f, LOOP_WAIT = 0x40000f65, LOOP_WOKEN = 0x40000f68 };

/* RAM */
#define ROM_EXCEPTIONS 0x3fffc000u		/* a word each: where the vector jumps */
#define ROM_C_HANDLERS 0x3fffc100u		/* a word each: C functions */
#define ROM_INTERRUPTS 0x3fffc180u		/* 8 bytes each, of the last first: handler, argument */
#define ROM_ENABLED 0x3fffc200u			/* the interrupts that are on, and below what priority */
#define ROM_TASK_NOW 0x3fffc6fcu		/* priority of the task that runs */
#define ROM_MHZ 0x3fffc704u
#define ROM_FLASH_CHIP 0x3fffc714u		/* a pointer to what follows */
#define ROM_IDLE 0x3fffdab0u			/* callback, its argument, the tasks that are posted to */
#define ROM_TASKS 0x3fffdac0u			/* 16 bytes each */
#define ROM_LOCK_PS 0x3fffdcc0u
#define ROM_PUTC 0x3fffdd3cu			/* two functions that print */
#define ROM_UART 0x3fffde10u
#endif
