/* instrumentation: the counters of the SDK's modInstrumentation.c as an instrumented build for the ESP8266 has them. */
#include "board.h"

static const char* const counterNames[] = {
	"", "Pixels Drawn", "Frames Drawn", "Network Bytes Read", "Network Bytes Written", "Network Sockets", "Timers", "Files",
	"Poco Display List Used", "Piu Command List Used", "Turns", "System Free Memory", "XS Slot Heap Used",
	"XS Chunk Heap Used", "XS Keys Used", "XS Garbage Collection Count", "XS Modules Loaded", "XS Stack Used",
	"XS Promises Settled"
};
enum { FREE_MEMORY = COUNT_TURNS + 1, COUNTERS = sizeof(counterNames) / sizeof(*counterNames) };

static int counters[FREE_MEMORY];

extern int figuresOfMachine(void* machine, int which);		/* figures.c */

void count(int what, int change)
{
	counters[what] += change;
}

void xs_instrumentation_get(xsMachine* the)
{
	int what = xsmcToInteger(xsArg(0));
	if ((what < 0) || (what >= COUNTERS))
		return;
	xsmcSetInteger(xsResult, (what < FREE_MEMORY) ? counters[what] : figuresOfMachine(the, what - FREE_MEMORY));
}

void xs_instrumentation_map(xsMachine* the)
{
	const char* name = xsmcToString(xsArg(0));
	int i;
	for (i = 0; i < COUNTERS; i++)
		if (!strcmp(counterNames[i], name)) {
			xsmcSetInteger(xsResult, i);
			return;
		}
}

void xs_instrumentation_name(xsMachine* the)
{
	int what = xsmcToInteger(xsArg(0));
	if ((what >= 0) && (what < COUNTERS))
		xsmcSetString(xsResult, (char*)counterNames[what]);
}
