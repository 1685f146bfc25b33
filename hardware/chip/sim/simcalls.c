#include "simcalls.h"
#include <errno.h>
#include <unistd.h>

enum { CALL_EXIT = 1, CALL_READ = 3, CALL_WRITE = 4 };
enum { NOT_IMPLEMENTED = 88, BAD_ADDRESS = 22, CALL_FAILED = -1 };
enum { PAGE = 4096 };

/* The memory from address on, if so many bytes are of one region. */
static uint8_t* memoryAt(Cpu* cpu, uint32_t address, uint32_t size)
{
	const CpuRegion* region = cpuRegion(cpu, address);
	if (!region || !region->memory || region->size - (address - region->base) < size)
		return NULL;
	return region->memory + (address - region->base);
}

/* Bytes moved, or CALL_FAILED. QEMU moves page by page, and stops at what comes short: so must this, for a read of 4096
   bytes may not block for what is beyond its page. */
static int64_t transfer(Cpu* cpu, bool write_, int descriptor, uint32_t address, uint32_t length)
{
	int64_t done = 0;
	while (length) {
		uint32_t left = PAGE - address % PAGE, size = (length < left) ? length : left;
		uint8_t* memory = memoryAt(cpu, address, size);
		ssize_t count;
		if (!memory) {
			errno = EINVAL;
			return done ? done : CALL_FAILED;
		}
		count = write_ ? write(descriptor, memory, size) : read(descriptor, memory, size);
		if (count < 0)
			return done ? done : CALL_FAILED;
		if (!write_)
			cpuForget(cpu, address, (uint32_t)count);
		done += count;
		if (count < (ssize_t)size)
			break;
		address += size;
		length -= size;
	}
	return done;
}

bool simcall(Cpu* cpu, int* status)
{
	uint32_t* a = cpu->a;
	errno = 0;
	switch (a[2]) {
		case CALL_EXIT:
			*status = (int)a[3];
			return true;
		case CALL_READ: case CALL_WRITE:
			a[2] = (uint32_t)transfer(cpu, a[2] == CALL_WRITE, (int)a[3], a[4], a[5]);
			a[3] = (uint32_t)errno;
			return false;
	}
	a[2] = (uint32_t)CALL_FAILED;
	a[3] = NOT_IMPLEMENTED;
	return false;
}
