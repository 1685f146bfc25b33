#include "checks.h"

static uint32_t written[8], deviceReads;
static int context;

static int readDevice(void* given, uint32_t address, unsigned size, uint32_t* value)
{
	CHECK(given == &context);
	deviceReads++;
	*value = address << 8 | size;
	return (address == DEVICE + 0x100) ? (int)CAUSE_LOAD_STORE_ERROR : CPU_OK;
}

static int writeDevice(void* given, uint32_t address, unsigned size, uint32_t value)
{
	CHECK(given == &context);
	written[0] = address;
	written[1] = size;
	written[2] = value;
	written[3] = cpu.pc;
	cpuBreak(&cpu);
	return CPU_OK;
}

static void device(void)
{
	CpuRegion region = {
		.name = "device", .base = DEVICE, .size = 0x1000, .allow = ALLOW_DATA, .context = &context, .read = readDevice,
		.write = writeDevice
	};
	uint32_t word;
	begin();
	CHECK(cpuMap(&cpu, &region));
	PUT(IRAM, L8UI(3, 2, 3), S16I(4, 2, 6), NOP, L32I(3, 5, 0));
	cpu.a[2] = DEVICE;
	cpu.a[4] = 0x123456;
	cpu.a[5] = DEVICE + 0x100;
	EQUAL(go(10), CPU_BREAK);
	EQUAL(cpu.a[3], (uint32_t)(DEVICE + 3) << 8 | 1);
	EQUAL(written[0], DEVICE + 6);
	EQUAL(written[1], 2);
	EQUAL(written[2] & 0xffff, 0x3456);
	EQUAL(written[3], IRAM + 3);
	EQUAL(cpu.pc, IRAM + 6);
	EQUAL(go(10), CPU_TRAP);
	EQUAL(cpu.trap.cause, CAUSE_LOAD_STORE_ERROR);
	EQUAL(cpu.trap.address, DEVICE + 0x100);
	CHECK(cpuRead(&cpu, DEVICE + 4, &word, 4));
	EQUAL(word, (uint32_t)(DEVICE + 4) << 8 | 4);
	CHECK(!cpuWrite(&cpu, DEVICE + 1, &word, 1));
	CHECK(!cpuRead(&cpu, DEVICE + 0x100, &word, 4));
	EQUAL(deviceReads, 4);
}

/* A write to memory that the owner wants to know of. */
static void watched(void)
{
	CpuRegion* region;
	uint32_t word;
	begin();
	region = cpuRegion(&cpu, DRAM);
	region->write = writeDevice;
	region->context = &context;
	PUT(IRAM, S32I(4, 2, 0), L32I(3, 2, 0));
	cpu.a[2] = DRAM;
	cpu.a[4] = 77;
	EQUAL(go(10), CPU_BREAK);
	EQUAL(written[2], 77);
	EQUAL(go(1), CPU_TIME);
	EQUAL(cpu.a[3], 0);
	CHECK(cpuRead(&cpu, DRAM + 1, &word, 4));
}

static void mapping(void)
{
	static uint8_t memory[2 * CPU_PAGE];
	CpuRegion region = { .name = "more", .base = FLASH + CPU_PAGE, .size = 4, .allow = ALLOW_DATA, .memory = memory };
	uint32_t word;
	int i;
	begin();
	CHECK(!cpuMap(&cpu, &region));		/* taken */
	region.base = 0x70000004;
	CHECK(!cpuMap(&cpu, &region));		/* not a page's beginning */
	region.base = 0x70000000;
	region.size = 6;
	CHECK(!cpuMap(&cpu, &region));
	region.size = 0;
	CHECK(!cpuMap(&cpu, &region));
	region.size = 4;
	region.memory = NULL;
	CHECK(!cpuMap(&cpu, &region));		/* neither memory nor a device */
	region.memory = memory;
	region.base = 0x7fff8000;
	region.size = 2 * CPU_PAGE;
	CHECK(!cpuMap(&cpu, &region));		/* in two regions of protection */
	region.size = CPU_PAGE;
	CHECK(cpuMap(&cpu, &region));
	CHECK(cpuRegion(&cpu, 0x7fffffff));
	CHECK(cpuRead(&cpu, 0x7ffffffc, &word, 4));
	CHECK(!cpuRead(&cpu, 0x7ffffffe, &word, 4));
	CHECK(!cpuUnmap(&cpu, 0x7fff8004));
	CHECK(cpuUnmap(&cpu, 0x7fff8000));
	CHECK(!cpuRegion(&cpu, 0x7fff8000));
	CHECK(!cpuUnmap(&cpu, 0x7fff8000));
	for (i = 0; i < CPU_REGIONS - 4; i++) {
		region.base = 0x80000000 + (uint32_t)i * CPU_PAGE;
		CHECK(cpuMap(&cpu, &region));
	}
	region.base = 0xa0000000;
	CHECK(!cpuMap(&cpu, &region));		/* no room */
}

static void reset(void)
{
	begin();
	PUT(IRAM, NOP, NOP, J(-6 - 4));
	EQUAL(go(100), CPU_TIME);
	cpu.intenable = 5;
	cpuReset(&cpu);
	EQUAL(cpu.pc, CPU_RESET_PC);
	EQUAL(cpu.ps, 0x1f);
	EQUAL(cpu.intenable, 0);
	EQUAL(cpu.cycles, 100);
	CHECK(cpuRegion(&cpu, DRAM));
	EQUAL(go(10), CPU_TRAP);			/* no ROM is there */
	EQUAL(cpu.trap.cause, CAUSE_FETCH_ADDRESS);
}

void checkRegions(void)
{
	device();
	watched();
	mapping();
	reset();
}
