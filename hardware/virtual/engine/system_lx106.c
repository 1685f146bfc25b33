/* The system layer for an emulated lx106, the ESP8266's processor: QEMU's files, by simcalls, are the desk. There is no
   memory protection: a write to what stands for flash is found by the other targets only. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include "frames.h"
#include "system.h"

enum { SIMCALL_EXIT = 1, SIMCALL_READ = 3, SIMCALL_WRITE = 4 };
enum { FROM_DESK = 0, TO_DESK = 1, FOR_PEOPLE = 2 };

extern int simcall(int number, int a, int b, int c);
extern int main(void);
extern char __bss_start[], __bss_end[], __stack_limit[];

int systemRead(void* buffer, int size)
{
	return simcall(SIMCALL_READ, FROM_DESK, (int)buffer, size);
}

void systemWrite(const void* data, int length)
{
	const char* bytes = data;
	while (length > 0) {
		int count = simcall(SIMCALL_WRITE, TO_DESK, (int)bytes, length);
		if (count <= 0)
			systemExit(SYSTEM_DESK_GONE);
		bytes += count;
		length -= count;
	}
}

void systemExit(int status)
{
	for (;;)
		simcall(SIMCALL_EXIT, status, 0, 0);
}

void* systemFlash(unsigned size)
{
	return calloc(size, 1);
}

void systemSealFlash(void)
{
}

void systemStart(void)
{
}

char* systemStackLimit(void)
{
	return __stack_limit;
}

/* QEMU's virtual time is one nanosecond an instruction (-icount shift=0), the processor runs at 40 MHz. */
enum { INSTRUCTIONS_PER_TICK = 25 };

int systemInstructions(double* instructions)
{
	static uint32_t last, wraps;
	uint32_t ticks;
	__asm__ volatile("rsr.ccount %0" : "=r"(ticks));
	if (ticks < last)
		wraps++;
	last = ticks;
	*instructions = (wraps * 4294967296.0 + ticks) * INSTRUCTIONS_PER_TICK;
	return 1;
}

/* The engine's state is unknown here: say what the processor says, and end. */
void systemFault(unsigned cause, unsigned counter, unsigned address)
{
	framePrintf(FRAME_END, "processor exception %u at 0x%x, address 0x%x", cause, counter, address);
	systemExit(SYSTEM_FAULT);
}

void systemBegin(void)
{
	memset(__bss_start, 0, __bss_end - __bss_start);
	systemExit(main());
}

/* ----- what picolibc asks for ----- */

void _exit(int status)
{
	systemExit(status);
}

static int put(char character, FILE* file)
{
	simcall(SIMCALL_WRITE, FOR_PEOPLE, (int)&character, 1);
	return (unsigned char)character;
}

static FILE file = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE* const stdin = &file;
FILE* const stdout = &file;
FILE* const stderr = &file;
