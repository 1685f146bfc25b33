/* trunc, floor and ceil: those of picolibc 1.8 are wrong on this core, so that x | 0 would be. */
#include <stdint.h>
#include "rounding.h"

enum { FRACTION_BITS = 52, EXPONENT_MASK = 0x7ff, EXPONENT_BIAS = 1023 };
#define SIGN_BIT (1ull << 63)

double boardTrunc(double value)
{
	union { double number; uint64_t bits; } it = { value };
	int exponent = (int)((it.bits >> FRACTION_BITS) & EXPONENT_MASK) - EXPONENT_BIAS;
	if (exponent >= FRACTION_BITS)			/* whole, infinite or not a number */
		return value;
	if (exponent < 0)						/* less than 1: zero with its sign */
		it.bits &= SIGN_BIT;
	else
		it.bits &= ~((1ull << (FRACTION_BITS - exponent)) - 1);
	return it.number;
}

double boardFloor(double value)
{
	double whole = boardTrunc(value);
	return ((value < 0) && (whole != value)) ? whole - 1 : whole;
}

double boardCeil(double value)
{
	double whole = boardTrunc(value);
	return ((value > 0) && (whole != value)) ? whole + 1 : whole;
}
