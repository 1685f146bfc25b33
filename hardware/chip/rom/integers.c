/* Division, and arithmetic of 64 bits, which the processor has not: compilers call these. */
#include "rom.h"

/* What the ROM's own take, on average (tests/hardware/chip/rom.test.ts measures it with a dump). */
enum { DIVIDE_32 = 20, DIVIDE_64 = 175, MULTIPLY_64 = 71, MULTIPLY_32 = 37 };

static uint32_t word(Chip* chip, int index) { return chip->cpu.a[2 + index]; }
static uint64_t wide(Chip* chip, int index) { return word(chip, index) | (uint64_t)word(chip, index + 1) << 32; }

static void give(Chip* chip, uint64_t value, uint32_t cycles)
{
	chip->cpu.a[3] = (uint32_t)(value >> 32);
	answerSpend(chip, cycles);
	answerReturn(chip, (uint32_t)value);
}

static void give32(Chip* chip, uint32_t value, uint32_t cycles)
{
	answerSpend(chip, cycles);
	answerReturn(chip, value);
}

/* libgcc's division by zero is an illegal instruction. */
static bool divides(Chip* chip, uint64_t divisor)
{
	if (divisor)
		return true;
	cpuRaise(&chip->cpu, CAUSE_ILLEGAL_INSTRUCTION, 0);
	romFault(chip);
	return false;
}

static void udivsi3(Chip* chip) { if (divides(chip, word(chip, 1))) give32(chip, word(chip, 0) / word(chip, 1), DIVIDE_32); }
static void umodsi3(Chip* chip) { if (divides(chip, word(chip, 1))) give32(chip, word(chip, 0) % word(chip, 1), DIVIDE_32); }
static void udivdi3(Chip* chip) { if (divides(chip, wide(chip, 2))) give(chip, wide(chip, 0) / wide(chip, 2), DIVIDE_64); }
static void umoddi3(Chip* chip) { if (divides(chip, wide(chip, 2))) give(chip, wide(chip, 0) % wide(chip, 2), DIVIDE_64); }
static void muldi3(Chip* chip) { give(chip, wide(chip, 0) * wide(chip, 2), MULTIPLY_64); }
static void umulsidi3(Chip* chip) { give(chip, (uint64_t)word(chip, 0) * word(chip, 1), MULTIPLY_32); }

static void divsi3(Chip* chip)
{
	int64_t dividend = (int32_t)word(chip, 0), divisor = (int32_t)word(chip, 1);
	if (divides(chip, (uint64_t)divisor))
		give32(chip, (uint32_t)(dividend / divisor), DIVIDE_32);
}

static void divdi3(Chip* chip)
{
	uint64_t dividend = wide(chip, 0), divisor = wide(chip, 2);
	bool negative = (dividend ^ divisor) >> 63;
	if (!divides(chip, divisor))
		return;
	if (dividend >> 63)
		dividend = -dividend;
	if (divisor >> 63)
		divisor = -divisor;
	uint64_t quotient = dividend / divisor;
	give(chip, negative ? -quotient : quotient, DIVIDE_64);
}

const RomFunction romIntegers[] = {
	{ 0x4000e21c, "__udivsi3", udivsi3 }, { 0x4000e268, "__umodsi3", umodsi3 }, { 0x4000dc88, "__divsi3", divsi3 },
	{ 0x4000d310, "__udivdi3", udivdi3 }, { 0x4000d770, "__umoddi3", umoddi3 }, { 0x4000ce60, "__divdi3", divdi3 },
	{ 0x40000650, "__muldi3", muldi3 }, { 0x4000dcf0, "__umulsidi3", umulsidi3 },
	{ 0, NULL, NULL }
};
