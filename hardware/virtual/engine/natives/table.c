/* The natives that modules name with @ "...", and what the root has before any module: names that natives use, trace. */
#include "board.h"

#define NATIVES(NATIVE) \
	NATIVE(xs_digital) NATIVE(xs_digital_close) NATIVE(xs_digital_destructor) NATIVE(xs_digital_mode) \
	NATIVE(xs_digital_monitor) NATIVE(xs_digital_monitor_close) NATIVE(xs_digital_monitor_destructor) \
	NATIVE(xs_digital_monitor_get_falls) NATIVE(xs_digital_monitor_get_rises) NATIVE(xs_digital_monitor_read) \
	NATIVE(xs_digital_read) NATIVE(xs_digital_static_read) NATIVE(xs_digital_static_write) NATIVE(xs_digital_write) \
	NATIVE(xs_desk_exit) NATIVE(xs_desk_mark) NATIVE(xs_desk_read) NATIVE(xs_desk_report) \
	NATIVE(xs_instrumentation_get) NATIVE(xs_instrumentation_map) NATIVE(xs_instrumentation_name) \
	NATIVE(xs_net_get) NATIVE(xs_net_resolve) \
	NATIVE(xs_preference_delete) NATIVE(xs_preference_get) NATIVE(xs_preference_keys) NATIVE(xs_preference_set) \
	NATIVE(xs_resource_constructor) NATIVE(xs_resource_destructor) NATIVE(xs_resource_exists) \
	NATIVE(xs_resource_get_byteLength) NATIVE(xs_resource_slice) \
	NATIVE(xs_system_deepSleep) NATIVE(xs_system_restart) \
	NATIVE(xs_tcp_close) NATIVE(xs_tcp_constructor) NATIVE(xs_tcp_destructor) NATIVE(xs_tcp_get_format) \
	NATIVE(xs_tcp_get_remoteAddress) NATIVE(xs_tcp_get_remotePort) NATIVE(xs_tcp_read) NATIVE(xs_tcp_set_format) \
	NATIVE(xs_tcp_write) \
	NATIVE(xs_time_delta) NATIVE(xs_time_dst_get) NATIVE(xs_time_dst_set) NATIVE(xs_time_set) NATIVE(xs_time_ticks) \
	NATIVE(xs_time_timezone_get) NATIVE(xs_time_timezone_set) \
	NATIVE(xs_timer_clear) NATIVE(xs_timer_delay) NATIVE(xs_timer_repeat) NATIVE(xs_timer_schedule) NATIVE(xs_timer_set) \
	NATIVE(xs_tls_constructor) \
	NATIVE(xs_udp_add) NATIVE(xs_udp_close) NATIVE(xs_udp_constructor) NATIVE(xs_udp_destructor) NATIVE(xs_udp_read) \
	NATIVE(xs_udp_remove) NATIVE(xs_udp_write) \
	NATIVE(xs_wifi_BSSID_get) NATIVE(xs_wifi_MAC_get) NATIVE(xs_wifi_RSSI_get) NATIVE(xs_wifi_SSID_get) \
	NATIVE(xs_wifi_address_get) NATIVE(xs_wifi_channel_get) NATIVE(xs_wifi_close) NATIVE(xs_wifi_configure) \
	NATIVE(xs_wifi_connect) NATIVE(xs_wifi_connection_get) NATIVE(xs_wifi_constructor) NATIVE(xs_wifi_destructor) \
	NATIVE(xs_wifi_disconnect) NATIVE(xs_wifi_scan)

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
	nativesBase64(machine);
}
