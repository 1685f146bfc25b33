/* instrumentation: the counters of the SDK's modInstrumentation.c as an instrumented build for the ESP8266 has them. */
#include "board.h"

static int counters[COUNT_TURNS + 1];

void count(int what, int change)
{
	counters[what] += change;
}
