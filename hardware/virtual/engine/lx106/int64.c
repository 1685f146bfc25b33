/* 64-bit integers, which the chip has in ROM and this compiler's library lacks. __udivmoddi4 and __divmoddi4 are there. */
#include <stdint.h>

extern uint64_t __umulsidi3(uint32_t a, uint32_t b);
extern uint64_t __udivmoddi4(uint64_t a, uint64_t b, uint64_t* remainder);

uint64_t __muldi3(uint64_t a, uint64_t b)
{
	uint32_t lowA = a, highA = a >> 32, lowB = b, highB = b >> 32;
	return __umulsidi3(lowA, lowB) + ((uint64_t)(lowA * highB + highA * lowB) << 32);
}

uint64_t __udivdi3(uint64_t a, uint64_t b)
{
	return __udivmoddi4(a, b, 0);
}

uint64_t __umoddi3(uint64_t a, uint64_t b)
{
	uint64_t remainder;
	__udivmoddi4(a, b, &remainder);
	return remainder;
}

static uint64_t magnitude(int64_t value)
{
	return (value < 0) ? -(uint64_t)value : (uint64_t)value;
}

int64_t __divdi3(int64_t a, int64_t b)
{
	uint64_t quotient = __udivmoddi4(magnitude(a), magnitude(b), 0);
	return ((a < 0) != (b < 0)) ? -quotient : quotient;
}

int64_t __moddi3(int64_t a, int64_t b)
{
	uint64_t remainder;
	__udivmoddi4(magnitude(a), magnitude(b), &remainder);
	return (a < 0) ? -remainder : remainder;
}

int __popcountsi2(uint32_t value)
{
	int count = 0;
	for (; value; value &= value - 1)
		count++;
	return count;
}
