#include "checks.h"

Cpu cpu;
uint8_t flash[PIECE], iram[PIECE], dram[PIECE];
static unsigned count;

void check(bool holds, const char* condition, const char* file, int line)
{
	count++;
	if (holds)
		return;
	fprintf(stderr, "%s:%d: %s does not hold\n", file, line, condition);
	exit(1);
}

void equal(uint64_t actual, uint64_t expected, const char* what, const char* file, int line)
{
	count++;
	if (actual == expected)
		return;
	fprintf(stderr, "%s:%d: %s is 0x%llx, not 0x%llx\n", file, line, what, (unsigned long long)actual,
		(unsigned long long)expected);
	exit(1);
}

static void map(const char* name, uint32_t base, uint32_t allow, uint8_t* memory)
{
	CpuRegion region = { .name = name, .base = base, .size = PIECE, .allow = allow, .memory = memory };
	memset(memory, 0, PIECE);
	CHECK(cpuMap(&cpu, &region));
}

void begin(void)
{
	cpuInit(&cpu);
	map("flash", FLASH, ALLOW_READ | ALLOW_EXECUTE | REGION_CACHED, flash);
	map("IRAM", IRAM, ALLOW_READ | ALLOW_WRITE | ALLOW_EXECUTE, iram);
	map("DRAM", DRAM, ALLOW_DATA, dram);
	cpu.trapCauses = UINT32_MAX;
	cpu.pc = IRAM;
	cpu.ps = 0;
}

uint32_t put(uint32_t address, const uint32_t* words, unsigned count)
{
	unsigned i;
	for (i = 0; i < count; i++) {
		uint32_t size = (words[i] & 8) ? 2 : 3;
		uint8_t bytes[3] = { (uint8_t)words[i], (uint8_t)(words[i] >> 8), (uint8_t)(words[i] >> 16) };
		CHECK(cpuWrite(&cpu, address, bytes, size));
		address += size;
	}
	return address;
}

CpuStop go(uint64_t cycles)
{
	return cpuRun(&cpu, cpu.cycles + cycles);
}

int main(void)
{
	checkTraps();
	checkStops();
	checkInterrupts();
	checkCosts();
	checkRegions();
	printf("%u checks\n", count);
	return 0;
}
