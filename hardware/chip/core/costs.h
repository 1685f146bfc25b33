/* What an instruction takes beyond one cycle: see README for where the figures come from. */
#ifndef COSTS_H
#define COSTS_H
#include "cpu.h"

/* These do nothing where an instruction takes one cycle (cpu->costs is NULL). */
void chargeException(Cpu* cpu);

/* The lines of an instruction at [pc, next), of which one was not fetched last. */
void chargeFetch(Cpu* cpu, uint32_t pc, uint32_t next);

/* An instruction that may wait for the register that the one before has set: cpu->late. */
void chargeLate(Cpu* cpu, const CpuDecoded* d);

/* A load into a register, or a store, that has been done. */
void chargeLoad(Cpu* cpu, uint32_t address, uint32_t to);
void chargeStore(Cpu* cpu, uint32_t address);

/* No line that touches [address, address + size) is in the flash cache any longer. */
void cacheForget(Cpu* cpu, uint32_t address, uint32_t size);

enum { NO_REGISTER = 16 };

/* A register's value comes later than after a cycle. */
static inline void late(Cpu* cpu, uint32_t number, uint32_t cycles)
{
	cpu->late = number;
	cpu->lateBy = cycles;
}

static inline bool inLine(uint32_t line, uint32_t address)
{
	return (line ^ address) < CACHE_LINE;
}
#endif
