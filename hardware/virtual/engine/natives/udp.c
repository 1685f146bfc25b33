/* embedded:io/socket/udp: the SDK's modules/io/socket/lwip/udp.c over the desk's sockets. */
#include "board.h"
#include "messages.h"

enum { PACKETS = 8 };				/* that wait to be read, at most: the chip's memory for them is small */

typedef struct Packet Packet;
struct Packet {
	Packet* next;
	int port, length;
	char address[16];
	char bytes[];
};

typedef struct {
	Resource resource;
	xsSlot self;
	xsSlot* onReadable;
	Packet* packets;
	uint8_t readablePending, closed;
} UDP;

static void udpMark(xsMachine* the, void* it, xsMarkRoot markRoot)
{
	markCallback(the, ((UDP*)it)->onReadable, markRoot);
}

void xs_udp_destructor(void* it)
{
	UDP* udp = it;
	if (!udp)
		return;
	resourceClose(&udp->resource);
	deviceCommand(NULL, 0, "udp.close %d", udp->resource.number);
	while (udp->packets) {
		Packet* packet = udp->packets;
		udp->packets = packet->next;
		free(packet);
	}
	count(COUNT_SOCKETS, -1);
	udp->closed = 1;
	if (!udp->readablePending)
		free(udp);
}

static const xsHostHooks udpHooks = { xs_udp_destructor, udpMark, NULL };

static int countPackets(UDP* udp)
{
	Packet* packet;
	int result = 0;
	for (packet = udp->packets; packet; packet = packet->next)
		result++;
	return result;
}

static void deliver(void* machine, void* refcon)
{
	UDP* udp = refcon;
	udp->readablePending = 0;
	if (udp->closed) {
		free(udp);
		return;
	}
	if (!udp->packets)
		return;
	xsBeginHost((xsMachine*)machine);
		xsmcSetInteger(xsResult, countPackets(udp));
		xsCallFunction1(xsReference(udp->onReadable), udp->self, xsResult);
	xsEndHost((xsMachine*)machine);
}

/* 'r': "<address> <port>" and the packet */
static void onEvent(xsMachine* the, Resource* resource, const Event* event)
{
	UDP* udp = (UDP*)resource;
	Packet** address = &udp->packets;
	Packet* packet;
	if (countPackets(udp) >= PACKETS)
		return;
	packet = calloc(1, sizeof(Packet) + event->length);
	sscanf(event->words, "%15s %d", packet->address, &packet->port);
	packet->length = event->length;
	memcpy(packet->bytes, event->data, event->length);
	while (*address)
		address = &(*address)->next;
	*address = packet;
	count(COUNT_NETWORK_READ, event->length);
	if (!udp->readablePending && udp->onReadable) {
		udp->readablePending = 1;
		messagesPost(deliver, udp);
	}
}

static int getOption(xsMachine* the, xsIdentifier id, int low, int high, int otherwise, char* problem)
{
	xsSlot slot;
	int value;
	if (!xsmcHas(xsArg(0), id))
		return otherwise;
	xsmcGet(slot, xsArg(0), id);
	value = xsmcToInteger(slot);
	if ((value < low) || (value > high))
		xsRangeError(problem);
	return value;
}

void xs_udp_constructor(xsMachine* the)
{
	UDP* udp;
	xsSlot* onReadable;
	int port;
	requireBoard(the);
	onReadable = getCallback(the, ID(onReadable));
	port = getOption(the, ID(port), 0, 65535, 0, "invalid port");
	getOption(the, ID(timeToLive), 1, 255, 1, "invalid timeToLive");
	initializeTarget(the);
	if (initializeFormat(the, FORMAT_BUFFER) != FORMAT_BUFFER)
		xsRangeError("invalid format");
	udp = calloc(1, sizeof(UDP));
	udp->onReadable = onReadable;
	xsmcSetHostData(xsThis, udp);
	xsSetHostHooks(xsThis, (xsHostHooks*)&udpHooks);
	udp->self = xsThis;
	xsRemember(udp->self);
	resourceOpen(&udp->resource, onEvent);
	count(COUNT_SOCKETS, 1);
	deviceCommand(NULL, 0, "udp.open %d %d", udp->resource.number, port);
}

void xs_udp_close(xsMachine* the)
{
	UDP* udp = fxGetHostDataIf(the, &xsThis);
	if (!udp || !resourceIsOpen(udp, onEvent))
		return;
	xsForget(udp->self);
	xsmcSetHostData(xsThis, NULL);
	xsmcSetHostDestructor(xsThis, NULL);
	xs_udp_destructor(udp);
}

void xs_udp_read(xsMachine* the)
{
	UDP* udp = xsmcGetHostDataValidate(xsThis, (void*)&udpHooks);
	Packet* packet = udp->packets;
	if (!packet)
		return;
	udp->packets = packet->next;
	xsmcSetArrayBuffer(xsResult, packet->bytes, packet->length);
	xsmcVars(1);
	xsmcSetInteger(xsVar(0), packet->port);
	xsmcSet(xsResult, ID(port), xsVar(0));
	xsmcSetString(xsVar(0), packet->address);
	xsmcSet(xsResult, ID(address), xsVar(0));
	free(packet);
}

void xs_udp_write(xsMachine* the)
{
	UDP* udp = xsmcGetHostDataValidate(xsThis, (void*)&udpHooks);
	char address[16];
	const char* given = xsmcToString(xsArg(1));
	int port, failed;
	void* data;
	xsUnsignedValue length;
	Frame answer;
	if (!isAddress(given))
		xsRangeError("invalid IP address");
	strcpy(address, given);
	port = xsmcToInteger(xsArg(2));
	xsmcGetBufferReadable(xsArg(0), &data, &length);
	deviceAsk(&answer, data, length, "udp.write %d %s %d", udp->resource.number, address, port);
	failed = answer.length;
	free(answer.body);
	if (failed)
		xsUnknownError("UDP send failed");
	count(COUNT_NETWORK_WRITTEN, length);
}

/* Multicast: there is no group on the desk to be in. */
static void requireGroup(xsMachine* the)
{
	xsmcGetHostDataValidate(xsThis, (void*)&udpHooks);
	if (!isAddress(xsmcToString(xsArg(0))))
		xsRangeError("invalid IP address");
}

void xs_udp_add(xsMachine* the) { requireGroup(the); }
void xs_udp_remove(xsMachine* the) { requireGroup(the); }
