/* embedded:io/socket/tcp: the SDK's modules/io/socket/lwip/tcp.c over the desk's sockets. What lwIP does there (send buffer,
   window, segments) is kept by numbers: room is tcp_sndbuf, which shrinks by a write and grows as the desk has passed it on;
   received bytes are told to the desk as they are read, and it sends no more than a window. */
#include "messages.h"
#include "tcp.h"

/* As long as the desk's systems allow for a Unix socket. */
#define PATH_BYTES 108

static void tcpMark(xsMachine* the, void* it, xsMarkRoot markRoot)
{
	TCP* tcp = it;
	if (!tcp->triggerable)
		return;
	markCallback(the, tcp->onReadable, markRoot);
	markCallback(the, tcp->onWritable, markRoot);
	markCallback(the, tcp->onError, markRoot);
}

static const xsHostHooks tcpHooks = { xs_tcp_destructor, tcpMark, NULL };

TCP* tcpOfThis(xsMachine* the)
{
	return xsmcGetHostDataValidate(xsThis, (void*)&tcpHooks);
}

/* ----- from the desk ----- */

static void release(TCP* tcp)
{
	if (--tcp->holds == 0)
		xs_tcp_destructor(tcp);
}

int tcpAvailable(TCP* tcp)
{
	return tcp->length - tcp->position;
}

static void callWithCount(xsMachine* machine, TCP* tcp, xsSlot* callback, int value)
{
	xsBeginHost(machine);
		xsmcSetInteger(xsResult, value);
		xsCallFunction1(xsReference(callback), tcp->self, xsResult);
	xsEndHost(machine);
}

/* With a reason for what TLS says, without one for TCP. */
static void callOnError(xsMachine* machine, TCP* tcp)
{
	xsBeginHost(machine);
		if (tcp->reason) {
			xsmcSetString(xsResult, tcp->reason);
			xsResult = xsNew1(xsGlobal, ID(Error), xsResult);
			xsCallFunction1(xsReference(tcp->onError), tcp->self, xsResult);
		}
		else
			xsCallFunction0(xsReference(tcp->onError), tcp->self);
	xsEndHost(machine);
}

/* An error is told once all that was received before it is read. */
static void deliver(void* machine, void* refcon)
{
	TCP* tcp = refcon;
	uint8_t triggered = tcp->triggered;
	tcp->triggered = 0;
	if (triggered & TCP_ERROR) {
		triggered &= ~TCP_WRITABLE;
		tcp->error = 1;
		tcp->ready = 0;
	}
	if ((triggered & tcp->triggerable & TCP_READABLE) && tcpAvailable(tcp))
		callWithCount(machine, tcp, tcp->onReadable, tcpAvailable(tcp));
	if (!tcp->error) {
		if ((triggered & tcp->triggerable & TCP_WRITABLE) && tcp->connection)
			callWithCount(machine, tcp, tcp->onWritable, tcp->room);
	}
	else if (!tcpAvailable(tcp) && (tcp->triggerable & TCP_ERROR)) {
		callOnError(machine, tcp);
	}
	release(tcp);
}

void tcpTrigger(TCP* tcp, uint8_t what)
{
	uint8_t triggered = tcp->triggered;
	tcp->triggered |= what;
	if (!triggered && what) {
		tcp->holds++;
		messagesPost(deliver, tcp);
	}
}

static void receive(TCP* tcp, const Event* event)
{
	int rest = tcpAvailable(tcp);
	char* bytes;
	if (!event->length)
		return;
	bytes = malloc(rest + event->length);
	if (rest)						/* else there may be no bytes at all */
		memcpy(bytes, tcp->bytes + tcp->position, rest);
	memcpy(bytes + rest, event->data, event->length);
	free(tcp->bytes);
	tcp->bytes = bytes;
	tcp->position = 0;
	tcp->length = rest + event->length;
	count(COUNT_NETWORK_READ, event->length);
	tcpTrigger(tcp, tcp->triggerable & TCP_READABLE);
}

static void lost(TCP* tcp)
{
	tcp->listening = 0;
	tcp->triggerable &= ~TCP_WRITABLE;
}

static void onEvent(xsMachine* the, Resource* resource, const Event* event)
{
	TCP* tcp = (TCP*)resource;
	int sent;
	if (!tcp->listening)
		return;
	switch (event->kind) {
	case 'c':						/* connected; where TLS is to come that is not enough */
		if (tcp->handshaking)
			break;
		tcp->ready = 1;
		tcpTrigger(tcp, TCP_WRITABLE);
		break;
	case 'h':						/* the handshake is over: secure */
		tcp->handshaking = 0;
		tcp->ready = 1;
		tcpTrigger(tcp, TCP_WRITABLE);
		break;
	case 'r':						/* received: data; what was on its way before TLS began belongs to TLS */
		if (tcp->handshaking)
			deviceCommand(event->data, event->length, "tcp.unread %d", tcp->resource.number);
		else
			receive(tcp, event);
		break;
	case 's':						/* sent: count of bytes, so many more can be written */
		sent = atoi(event->words);
		if ((sent < 0) || (sent > 2 * nativesSegmentSize - tcp->room))
			sent = 2 * nativesSegmentSize - tcp->room;
		tcp->room += sent;
		if (!tcp->handshaking)
			tcpTrigger(tcp, tcp->triggerable & TCP_WRITABLE);
		break;
	case 'x':						/* the peer has ended its side */
		if (tcp->handshaking)
			tcp->reason = strdup("the server closed the connection during the handshake");
		lost(tcp);
		tcpTrigger(tcp, TCP_ERROR);
		break;
	case 'f':						/* TLS has failed: the reason */
		free(tcp->reason);
		tcp->reason = strndup(event->data, event->length);
		/* falls through */
	case 'e':						/* refused, reset, timed out */
		lost(tcp);
		tcp->connection = 0;
		tcpTrigger(tcp, tcp->triggerable & TCP_ERROR);
		break;
	}
}

/* ----- constructor and close ----- */

static void attach(xsMachine* the, TCP* tcp)
{
	xsmcSetHostData(xsThis, tcp);
	xsSetHostHooks(xsThis, (xsHostHooks*)&tcpHooks);
	tcp->self = xsThis;
	xsRemember(tcp->self);
	tcp->holds = 1;
	resourceOpen(&tcp->resource, onEvent);
	count(COUNT_SOCKETS, 1);
}

void xs_tcp_destructor(void* it)
{
	TCP* tcp = it;
	if (!tcp)
		return;
	if (tcp->connection)
		deviceCommand(NULL, 0, "tcp.close %d", tcp->resource.number);
	resourceClose(&tcp->resource);
	free(tcp->bytes);
	free(tcp->reason);
	free(tcp);
	count(COUNT_SOCKETS, -1);
}

static void closeTCP(xsMachine* the, TCP* tcp, xsSlot* object)
{
	lost(tcp);
	tcp->ready = 0;
	tcp->triggerable = 0;
	tcp->triggered = 0;
	xsForget(tcp->self);
	fxSetHostData(the, object, NULL);
	fxSetHostDestructor(the, object, NULL);
	release(tcp);
}

/* A live connection, with what was not read yet, goes to a new object; the old one is closed. */
static void take(xsMachine* the, TCP* tcp, xsSlot* object)
{
	TCP* from = fxGetHostDataValidate(the, object, (void*)&tcpHooks);
	uint8_t triggered;
	if (!from->connection)
		xsUnknownError("invalid from");
	triggered = from->triggered;
	tcp->bytes = from->bytes;
	tcp->position = from->position;
	tcp->length = from->length;
	tcp->unreported = from->unreported;
	tcp->room = from->room;
	tcp->ready = from->ready;
	from->bytes = NULL;
	from->position = from->length = 0;
	from->connection = 0;
	resourceSwap(&tcp->resource, &from->resource);
	closeTCP(the, from, object);
	if ((tcp->triggerable & TCP_WRITABLE) && tcp->room)
		triggered |= TCP_WRITABLE;
	if ((tcp->triggerable & TCP_READABLE) && tcpAvailable(tcp))
		triggered |= TCP_READABLE;
	tcpTrigger(tcp, triggered);
}

/* The path of a Unix socket, which is the desk's alone; no space, as the command has words. */
static int isPath(const char* text)
{
	return (*text == '/') && !strpbrk(text, " \t\r\n");
}

static void connect(xsMachine* the, TCP* tcp)
{
	char address[PATH_BYTES];
	int port, nodelay, failed;
	Frame answer;
	xsmcGet(xsVar(0), xsArg(0), ID(address));
	xsmcToStringBuffer(xsVar(0), address, sizeof(address));
	if (!isAddress(address) && !isPath(address))
		xsUnknownError("invalid address");
	xsmcGet(xsVar(0), xsArg(0), ID(port));
	port = getInteger(the, &xsVar(0));
	if ((port < 0) || (port > 65535))
		xsRangeError("invalid port");
	xsmcGet(xsVar(0), xsArg(0), ID(nodelay));
	nodelay = xsmcTest(xsVar(0));
	tcp->room = 2 * nativesSegmentSize;
	deviceAsk(&answer, NULL, 0, "tcp.connect %d %s %d %d", tcp->resource.number, address, port, nodelay);
	failed = answer.length;
	free(answer.body);
	if (failed)
		xsUnknownError("connect error");
}

static int triggers(TCP* tcp)
{
	return (tcp->onReadable ? TCP_READABLE : 0) | (tcp->onWritable ? TCP_WRITABLE : 0) | (tcp->onError ? TCP_ERROR : 0);
}

void xs_tcp_constructor(xsMachine* the)
{
	TCP* tcp;
	int format;
	xsSlot *onReadable, *onWritable, *onError;
	requireBoard(the);
	xsmcVars(1);
	format = initializeFormat(the, FORMAT_BUFFER);
	if (format == FORMAT_INVALID)
		xsRangeError("unimplemented");
	onReadable = getCallback(the, ID(onReadable));
	onWritable = getCallback(the, ID(onWritable));
	onError = getCallback(the, ID(onError));
	tcp = calloc(1, sizeof(TCP));
	tcp->format = format;
	tcp->onReadable = onReadable;
	tcp->onWritable = onWritable;
	tcp->onError = onError;
	tcp->triggerable = triggers(tcp);
	attach(the, tcp);			/* from here on the collector frees it, even if the constructor throws */
	initializeTarget(the);
	if (xsmcHas(xsArg(0), ID(from))) {
		xsmcGet(xsVar(0), xsArg(0), ID(from));
		take(the, tcp, &xsVar(0));
	}
	else
		connect(the, tcp);
	tcp->connection = tcp->listening = 1;
}

/* What was received belongs to TLS: it goes back to the desk. */
void tcpBeginAgain(TCP* tcp)
{
	if (tcpAvailable(tcp))
		deviceCommand(tcp->bytes + tcp->position, tcpAvailable(tcp), "tcp.unread %d", tcp->resource.number);
	tcp->position = tcp->length = 0;
	tcp->triggered &= TCP_ERROR;
	tcp->ready = 0;
	tcp->handshaking = 1;
	tcp->room = 2 * nativesSegmentSize;
}

void xs_tcp_close(xsMachine* the)
{
	TCP* tcp = fxGetHostDataIf(the, &xsThis);
	if (tcp && resourceIsOpen(tcp, onEvent))
		closeTCP(the, tcp, &xsThis);
}
