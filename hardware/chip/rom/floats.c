/* Floating point, which the processor has not. IEEE 754 as the desk's own, rounded to nearest, is what the ROM's gives, too;
   only what is no number it gives in other forms. */
#include <string.h>
#include "rom.h"

/* What the ROM's own take, on average (tests/hardware/chip/rom.test.ts measures it with a dump). */
enum { ADD = 36, MULTIPLY_DOUBLE = 146, MULTIPLY_FLOAT = 64, DIVIDE = 614, CONVERT = 12 };

static uint32_t word(Chip* chip, int index) { return chip->cpu.a[2 + index]; }

static double asDouble(Chip* chip, int index)
{
	uint64_t bits = word(chip, index) | (uint64_t)word(chip, index + 1) << 32;
	double value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static float asFloat(Chip* chip, int index)
{
	uint32_t bits = word(chip, index);
	float value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void giveWord(Chip* chip, uint32_t value, uint32_t cycles)
{
	answerSpend(chip, cycles);
	answerReturn(chip, value);
}

static void giveDouble(Chip* chip, double value, uint32_t cycles)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof(bits));
	chip->cpu.a[3] = (uint32_t)(bits >> 32);
	giveWord(chip, (uint32_t)bits, cycles);
}

static void giveFloat(Chip* chip, float value, uint32_t cycles)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof(bits));
	giveWord(chip, bits, cycles);
}

static void adddf3(Chip* chip) { giveDouble(chip, asDouble(chip, 0) + asDouble(chip, 2), ADD); }
static void subdf3(Chip* chip) { giveDouble(chip, asDouble(chip, 0) - asDouble(chip, 2), ADD); }
static void muldf3(Chip* chip) { giveDouble(chip, asDouble(chip, 0) * asDouble(chip, 2), MULTIPLY_DOUBLE); }
static void divdf3(Chip* chip) { giveDouble(chip, asDouble(chip, 0) / asDouble(chip, 2), DIVIDE); }
static void addsf3(Chip* chip) { giveFloat(chip, asFloat(chip, 0) + asFloat(chip, 1), ADD); }
static void subsf3(Chip* chip) { giveFloat(chip, asFloat(chip, 0) - asFloat(chip, 1), ADD); }
static void mulsf3(Chip* chip) { giveFloat(chip, asFloat(chip, 0) * asFloat(chip, 1), MULTIPLY_FLOAT); }
static void extendsfdf2(Chip* chip) { giveDouble(chip, asFloat(chip, 0), CONVERT); }
static void truncdfsf2(Chip* chip) { giveFloat(chip, (float)asDouble(chip, 0), CONVERT); }
static void floatsidf(Chip* chip) { giveDouble(chip, (int32_t)word(chip, 0), CONVERT); }
static void floatunsidf(Chip* chip) { giveDouble(chip, word(chip, 0), CONVERT); }
static void floatsisf(Chip* chip) { giveFloat(chip, (float)(int32_t)word(chip, 0), CONVERT); }
static void floatunsisf(Chip* chip) { giveFloat(chip, (float)word(chip, 0), CONVERT); }

/* Out of range: the nearest there is; what is no number: the greatest. */
static int32_t toSigned(double value)
{
	if (value > -2147483649.0 && value < 2147483648.0)
		return (int32_t)value;
	return (value < 0) ? INT32_MIN : INT32_MAX;
}

static uint32_t toUnsigned(double value)
{
	if (value >= 0 && value < 4294967296.0)
		return (uint32_t)value;
	if (value < 0 && value > -2147483649.0)
		return (uint32_t)(int32_t)value;
	return (value < 0) ? 0x80000000u : 0xffffffffu;
}

static void fixdfsi(Chip* chip) { giveWord(chip, (uint32_t)toSigned(asDouble(chip, 0)), CONVERT); }
static void fixunsdfsi(Chip* chip) { giveWord(chip, toUnsigned(asDouble(chip, 0)), CONVERT); }
static void fixunssfsi(Chip* chip) { giveWord(chip, toUnsigned(asFloat(chip, 0)), CONVERT); }

const RomFunction romFloats[] = {
	{ 0x4000c538, "__adddf3", adddf3 }, { 0x4000c688, "__subdf3", subdf3 }, { 0x4000c8f0, "__muldf3", muldf3 },
	{ 0x4000cb94, "__divdf3", divdf3 }, { 0x4000c180, "__addsf3", addsf3 }, { 0x4000c268, "__subsf3", subsf3 },
	{ 0x4000c3dc, "__mulsf3", mulsf3 }, { 0x4000cdfc, "__extendsfdf2", extendsfdf2 },
	{ 0x4000cd5c, "__truncdfsf2", truncdfsf2 }, { 0x4000ccb8, "__fixdfsi", fixdfsi },
	{ 0x4000cd00, "__fixunsdfsi", fixunsdfsi }, { 0x4000c4c4, "__fixunssfsi", fixunssfsi },
	{ 0x4000e2f0, "__floatsidf", floatsidf }, { 0x4000e2e8, "__floatunsidf", floatunsidf },
	{ 0x4000e2ac, "__floatsisf", floatsisf }, { 0x4000e2a4, "__floatunsisf", floatunsisf },
	{ 0, NULL, NULL }
};
