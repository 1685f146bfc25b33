/* The natives that modules name with @ "...", and what the root has before any module: names that natives use, trace. */
#include "board.h"

#define NATIVES(NATIVE) \
	NATIVE(xs_desk_exit) NATIVE(xs_desk_mark) NATIVE(xs_desk_read) NATIVE(xs_desk_report) \
	NATIVE(xs_tcp_close) NATIVE(xs_tcp_constructor) NATIVE(xs_tcp_destructor) NATIVE(xs_tcp_get_format) \
	NATIVE(xs_tcp_get_remoteAddress) NATIVE(xs_tcp_get_remotePort) NATIVE(xs_tcp_read) NATIVE(xs_tcp_set_format) \
	NATIVE(xs_tcp_write) \
	NATIVE(xs_time_delta) NATIVE(xs_time_dst_get) NATIVE(xs_time_dst_set) NATIVE(xs_time_set) NATIVE(xs_time_ticks) \
	NATIVE(xs_time_timezone_get) NATIVE(xs_time_timezone_set) \
	NATIVE(xs_timer_clear) NATIVE(xs_timer_delay) NATIVE(xs_timer_repeat) NATIVE(xs_timer_schedule) NATIVE(xs_timer_set)

#define DECLARE(NAME) extern void NAME();
#define ENTRY(NAME) { #NAME, NAME },
#define NAME_TEXT(NAME) #NAME,

NATIVES(DECLARE)
extern void xs_trace(xsMachine* the);

int nativesReady;
int nativesSegmentSize;
xsIdentifier names[nameCount];

static const struct { const char* name; void (*native)(); } table[] = { NATIVES(ENTRY) };
static const char* const nameTexts[nameCount] = { NAMES(NAME_TEXT) };

void* nativesFind(const char* name)
{
	unsigned i;
	for (i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (!strcmp(table[i].name, name))
			return table[i].native;
	return NULL;
}

void nativesRoot(void* machine)
{
	int i;
	xsBeginHost((xsMachine*)machine);
		for (i = 0; i < nameCount; i++)
			names[i] = xsID(nameTexts[i]);
		xsmcVars(1);
		xsVar(0) = xsNewHostFunction(xs_trace, 1);
		xsmcSet(xsGlobal, ID(trace), xsVar(0));
	xsEndHost((xsMachine*)machine);
}
