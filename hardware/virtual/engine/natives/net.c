/* net, and the resolver of System: the SDK's modNet.c and modResolve.c. The desk resolves one name after the other, as lwIP's
   wrapper there does. */
#include "board.h"

extern void wifiText(xsMachine* the, const char* what);
extern void wifiNumber(xsMachine* the, const char* what);

typedef struct {
	Resource resource;
	xsSlot callback;
	char name[1];
} Resolution;

/* 'a': the address, if there is one, in the words */
static void onEvent(xsMachine* machine, Resource* resource, const Event* event)
{
	Resolution* resolution = (Resolution*)resource;
	resourceClose(resource);
	xsBeginHost(machine);
		xsmcVars(2);
		xsmcSetString(xsVar(0), resolution->name);
		if (*event->words)
			xsmcSetString(xsVar(1), (char*)event->words);
		xsCallFunction2(resolution->callback, xsGlobal, xsVar(0), xsVar(1));
		xsForget(resolution->callback);
	xsEndHost(machine);
	free(resolution);
}

void xs_net_resolve(xsMachine* the)
{
	char* name = xsmcToString(xsArg(0));
	int length = strlen(name);
	Resolution* resolution;
	requireBoard(the);
	resolution = calloc(1, sizeof(Resolution) + length);
	memcpy(resolution->name, name, length);
	resolution->callback = xsArg(1);
	xsRemember(resolution->callback);
	resourceOpen(&resolution->resource, onEvent);
	deviceCommand(name, length, "dns.resolve %d", resolution->resource.number);
}

void xs_net_get(xsMachine* the)
{
	const char* what = xsmcToString(xsArg(0));
	requireBoard(the);
	if (!strcmp(what, "IP"))
		wifiText(the, "address");
	else if (!strcmp(what, "MAC"))
		wifiText(the, "MAC");
	else if (!strcmp(what, "SSID"))
		wifiText(the, "SSID");
	else if (!strcmp(what, "BSSID"))
		wifiText(the, "BSSID");
	else if (!strcmp(what, "RSSI"))
		wifiNumber(the, "signal");
	else if (!strcmp(what, "CHANNEL"))
		wifiNumber(the, "channel");
	else if (!strcmp(what, "DNS")) {
		xsmcVars(1);
		xsmcSetNewArray(xsVar(0), 0);
		wifiText(the, "server");
		if (xsmcTypeOf(xsResult) == xsStringType)
			xsmcSetIndex(xsVar(0), 0, xsResult);
		xsResult = xsVar(0);
	}
}
