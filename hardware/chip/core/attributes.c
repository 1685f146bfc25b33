#include "attributes.h"
#include "memory.h"

/* What is not named allows nothing. */
bool attributeAllows(uint8_t attribute, uint32_t access)
{
	static const uint8_t allowed[16] = {
		ALLOW_READ | ALLOW_WRITE, ALLOW_READ | ALLOW_WRITE | ALLOW_EXECUTE, ALLOW_READ | ALLOW_WRITE | ALLOW_EXECUTE,
		ALLOW_EXECUTE, ALLOW_READ | ALLOW_WRITE | ALLOW_EXECUTE, ALLOW_READ | ALLOW_WRITE | ALLOW_EXECUTE,
		[14] = ALLOW_READ | ALLOW_WRITE
	};
	return allowed[attribute & 15] & access;
}

void attributeSetData(Cpu* cpu, uint32_t address, uint32_t value)
{
	cpu->dataAttribute[address >> 29] = value & 15;
	memoryRefresh(cpu);
}

void attributeSetFetch(Cpu* cpu, uint32_t address, uint32_t value)
{
	cpu->fetchAttribute[address >> 29] = value & 15;
	cpuForget(cpu, attributeAddress(address), 1u << 29);
}
