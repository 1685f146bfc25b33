/* A machine as QEMU's "sim" is: the core, memory, and a host that answers simcalls. What runs on
   `qemu-system-xtensa -M sim -cpu lx106 -m 64M -semihosting -icount shift=0 -kernel PROGRAM` runs here, and the other way
   round.

	sim [--counted] [--report] PROGRAM */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cpu.h"
#include "elf.h"
#include "simcalls.h"

enum { START = 0x50000000, INSTRUCTIONS_PER_COUNT = 25, MB = 1 << 20, KB = 1 << 10 };

/* Where QEMU's machine has memory: its size is -m, and core-isa.h's sizes of what is local to the core. */
static const struct {
	const char* name;
	uint32_t base, size;
} memories[] = {
	{ "data RAM 1", 0x3ff80000, 256 * KB }, { "data RAM 0", 0x3ffc0000, 256 * KB },
	{ "instruction RAM 0", 0x40000000, MB }, { "instruction RAM 1", 0x40100000, MB },
	{ "instruction ROM 0", 0x40200000, MB }, { "ROM", START, MB }, { "RAM", 0x60000000, 64 * MB }
};

static void mapMemory(Cpu* cpu)
{
	unsigned i;
	for (i = 0; i < sizeof(memories) / sizeof(*memories); i++) {
		CpuRegion region = {
			.name = memories[i].name, .base = memories[i].base, .size = memories[i].size,
			.allow = ALLOW_DATA | ALLOW_EXECUTE, .memory = calloc(memories[i].size, 1)
		};
		if (!region.memory || !cpuMap(cpu, &region)) {
			fprintf(stderr, "sim: no memory for %s\n", region.name);
			exit(1);
		}
	}
}

/* Until the program ends: with an exit status, or WAITI, for nothing here interrupts but the timer. */
static int run(Cpu* cpu)
{
	int status = 0;
	for (;;)
		switch (cpuRun(cpu, UINT64_MAX)) {
			case CPU_SIMCALL:
				if (simcall(cpu, &status))
					return status;
				break;
			case CPU_WAIT:
				if (!cpu->intenable) {
					fprintf(stderr, "sim: the program waits for an interrupt, and has enabled none\n");
					return 1;
				}
				cpuSleep(cpu, UINT64_MAX);
				break;
			default:
				return 1;
		}
}

int main(int count, char** arguments)
{
	static Cpu cpu;
	const char *path = NULL, *error;
	int i, status;
	bool report = false;
	cpuInit(&cpu);
	cpu.ccountEvery = INSTRUCTIONS_PER_COUNT;
	cpu.simcalls = true;
	for (i = 1; i < count; i++)
		if (!strcmp(arguments[i], "--counted"))
			cpu.costs = &cpuCosts;
		else if (!strcmp(arguments[i], "--report"))
			report = true;
		else
			path = arguments[i];
	mapMemory(&cpu);
	cpuReset(&cpu);
	cpu.pc = START;
	error = path ? elfLoad(&cpu, path) : "its name is missing";
	if (error) {
		fprintf(stderr, "sim: %s: %s\n", path ? path : "the program", error);
		return 1;
	}
	status = run(&cpu);
	if (report)
		fprintf(stderr, "sim: %llu instructions, %llu cycles\n", (unsigned long long)cpu.instructions,
			(unsigned long long)cpu.cycles);
	return status;
}
