/* embedded:network/interface/wifi: the SDK's modules/io/wifi/esp/wifi-esp.c. The station is the desk's; each object hears of
   its changes and keeps its own view of them, as there. */
#include "board.h"

enum { SSID_BYTES = 32 + 1, PASSWORD_BYTES = 64 + 1 };

typedef struct {
	Resource resource;
	xsSlot self;
	xsSlot* onChanged;
	uint8_t connecting, connected, hasAddress;
	uint8_t closed, telling;
} WiFi;

static void wifiMark(xsMachine* the, void* it, xsMarkRoot markRoot)
{
	markCallback(the, ((WiFi*)it)->onChanged, markRoot);
}

void xs_wifi_destructor(void* it)
{
	WiFi* wifi = it;
	if (!wifi)
		return;
	resourceClose(&wifi->resource);
	wifi->closed = 1;
	if (!wifi->telling)
		free(wifi);
}

static const xsHostHooks wifiHooks = { xs_wifi_destructor, wifiMark, NULL };

static WiFi* getWiFi(xsMachine* the)
{
	return xsmcGetHostDataValidate(xsThis, (void*)&wifiHooks);
}

static int state(WiFi* wifi)
{
	return (wifi->connecting << 2) | (wifi->connected << 1) | wifi->hasAddress;
}

static void setState(WiFi* wifi, int kind)
{
	switch (kind) {
	case 'c':						/* associated */
		wifi->connecting = 0;
		wifi->connected = 1;
		break;
	case 'd':						/* disconnected, or not let in */
		wifi->connecting = wifi->connected = wifi->hasAddress = 0;
		break;
	case 'g':						/* has got an address */
		wifi->connected = wifi->hasAddress = 1;
		break;
	}
}

static void onEvent(xsMachine* machine, Resource* resource, const Event* event)
{
	WiFi* wifi = (WiFi*)resource;
	int before = state(wifi), hadAddress = wifi->hasAddress;
	setState(wifi, event->kind);
	if (!wifi->onChanged || (before == state(wifi)))
		return;
	wifi->telling = 1;
	xsBeginHost(machine);
		xsmcSetString(xsResult, "connection");
		xsCallFunction1(xsReference(wifi->onChanged), wifi->self, xsResult);
		if (!hadAddress && wifi->hasAddress && !wifi->closed) {
			xsmcSetString(xsResult, "address");
			xsCallFunction1(xsReference(wifi->onChanged), wifi->self, xsResult);
		}
	xsEndHost(machine);
	wifi->telling = 0;
	if (wifi->closed)
		free(wifi);
}

void xs_wifi_constructor(xsMachine* the)
{
	WiFi* wifi;
	xsSlot* onChanged;
	Frame answer;
	requireBoard(the);
	onChanged = getCallback(the, ID(onChanged));
	wifi = calloc(1, sizeof(WiFi));
	wifi->onChanged = onChanged;
	xsmcSetHostData(xsThis, wifi);
	xsSetHostHooks(xsThis, (xsHostHooks*)&wifiHooks);
	wifi->self = xsThis;
	xsRemember(wifi->self);
	resourceOpen(&wifi->resource, onEvent);
	deviceAsk(&answer, NULL, 0, "wifi.open %d", wifi->resource.number);
	if (*answer.body == 'w')		/* waiting to be let in */
		wifi->connecting = 1;
	else
		setState(wifi, *answer.body);
	free(answer.body);
}

void xs_wifi_close(xsMachine* the)
{
	WiFi* wifi = fxGetHostDataIf(the, &xsThis);
	if (!wifi || !resourceIsOpen(wifi, onEvent))
		return;
	xsForget(wifi->self);
	xsmcSetHostData(xsThis, NULL);
	xsmcSetHostDestructor(xsThis, NULL);
	deviceCommand(NULL, 0, "wifi.close %d", wifi->resource.number);
	xs_wifi_destructor(wifi);
}

void xs_wifi_connect(xsMachine* the)
{
	WiFi* wifi = getWiFi(the);
	char text[SSID_BYTES + PASSWORD_BYTES] = "";		/* SSID, NUL, password */
	int length;
	if (wifi->connecting)
		xsUnknownError("already connecting");
	xsmcVars(1);
	if (!xsmcHas(xsArg(0), ID(SSID)))
		xsUnknownError("SSID required");
	xsmcGet(xsVar(0), xsArg(0), ID(SSID));
	xsmcToStringBuffer(xsVar(0), text, SSID_BYTES);
	length = strlen(text) + 1;
	if (xsmcHas(xsArg(0), ID(password))) {
		xsmcGet(xsVar(0), xsArg(0), ID(password));
		xsmcToStringBuffer(xsVar(0), text + length, PASSWORD_BYTES);
		length += strlen(text + length);
	}
	wifi->connecting = 1;
	deviceCommand(text, length, "wifi.connect %d", wifi->resource.number);
}

void xs_wifi_disconnect(xsMachine* the)
{
	WiFi* wifi = getWiFi(the);
	deviceCommand(NULL, 0, "wifi.disconnect %d", wifi->resource.number);
	setState(wifi, 'd');
}

void xs_wifi_configure(xsMachine* the)
{
	getWiFi(the);					/* a host name changes nothing that could be seen here */
}

void xs_wifi_scan(xsMachine* the)
{
	getWiFi(the);
	xsUnknownError("scan failed");	/* there is no radio */
}

void xs_wifi_connection_get(xsMachine* the)
{
	WiFi* wifi = getWiFi(the);
	xsmcSetInteger(xsResult, (wifi->connected && wifi->hasAddress) ? 500 : wifi->connected ? 400 : wifi->connecting ? 300 : 200);
}

/* ----- what the station knows; also for net ----- */

void wifiText(xsMachine* the, const char* what)
{
	Frame answer;
	deviceAsk(&answer, NULL, 0, "wifi.%s 0", what);
	if (answer.length)
		xsmcSetString(xsResult, answer.body);
	free(answer.body);
}

void wifiNumber(xsMachine* the, const char* what)
{
	Frame answer;
	deviceAsk(&answer, NULL, 0, "wifi.%s 0", what);
	if (answer.length)
		xsmcSetInteger(xsResult, atoi(answer.body));
	free(answer.body);
}

void xs_wifi_address_get(xsMachine* the) { getWiFi(the); wifiText(the, "address"); }
void xs_wifi_MAC_get(xsMachine* the) { getWiFi(the); wifiText(the, "mac"); }
void xs_wifi_SSID_get(xsMachine* the) { getWiFi(the); wifiText(the, "ssid"); }
void xs_wifi_BSSID_get(xsMachine* the) { getWiFi(the); wifiText(the, "bssid"); }
void xs_wifi_RSSI_get(xsMachine* the) { getWiFi(the); wifiNumber(the, "rssi"); }
void xs_wifi_channel_get(xsMachine* the) { getWiFi(the); wifiNumber(the, "channel"); }
