/* embedded:io/socket/tcp: reading, writing and what can be asked. */
#include "tcp.h"

/* lwIP opens its window by whole segments; the desk is told when one is read, or all there was. */
static void consume(TCP* tcp, char* to, int size)
{
	memcpy(to, tcp->bytes + tcp->position, size);
	tcp->position += size;
	tcp->unreported += size;
	if (tcpAvailable(tcp) && (tcp->unreported < nativesSegmentSize))
		return;
	if (tcp->connection)
		deviceCommand(NULL, 0, "tcp.received %d %d", tcp->resource.number, tcp->unreported);
	tcp->unreported = 0;
	if (!tcpAvailable(tcp) && tcp->error)
		tcpTrigger(tcp, TCP_ERROR);
}

void xs_tcp_read(xsMachine* the)
{
	TCP* tcp = tcpOfThis(the);
	xsUnsignedValue size = tcpAvailable(tcp);
	void* to;
	uint8_t byte;
	if (!size)
		return;
	if (tcp->format == FORMAT_NUMBER) {
		consume(tcp, (char*)&byte, 1);
		xsmcSetInteger(xsResult, byte);
		return;
	}
	if (xsmcArgc && (xsmcTypeOf(xsArg(0)) == xsReferenceType)) {
		xsmcGetBufferWritable(xsArg(0), &to, &size);
		xsmcSetInteger(xsResult, size);
	}
	else {
		if (xsmcArgc)
			size = xsmcToInteger(xsArg(0));
		to = NULL;
	}
	if (((int)size <= 0) || ((int)size > tcpAvailable(tcp)))
		xsUnknownError("invalid");
	if (!to)
		to = xsmcSetArrayBuffer(xsResult, NULL, size);
	consume(tcp, to, size);
}

void xs_tcp_write(xsMachine* the)
{
	TCP* tcp = tcpOfThis(the);
	xsUnsignedValue size = 1;
	void* data;
	uint8_t byte;
	if (!tcp->ready)
		xsUnknownError("not ready");
	if (tcp->error || !tcp->connection)
		return;
	if (tcp->format == FORMAT_BUFFER)
		xsmcGetBufferReadable(xsArg(0), &data, &size);
	else {
		byte = xsmcToInteger(xsArg(0));
		data = &byte;
	}
	if ((int)size > tcp->room)
		xsUnknownError("would block");
	deviceCommand(data, size, "tcp.write %d", tcp->resource.number);
	tcp->room -= size;
	count(COUNT_NETWORK_WRITTEN, size);
	xsmcSetInteger(xsResult, tcp->room);
}

void xs_tcp_get_remoteAddress(xsMachine* the)
{
	TCP* tcp = tcpOfThis(the);
	Frame answer;
	deviceAsk(&answer, NULL, 0, "tcp.remoteAddress %d", tcp->resource.number);
	if (answer.length)
		xsmcSetString(xsResult, answer.body);
	free(answer.body);
}

void xs_tcp_get_remotePort(xsMachine* the)
{
	TCP* tcp = tcpOfThis(the);
	Frame answer;
	deviceAsk(&answer, NULL, 0, "tcp.remotePort %d", tcp->resource.number);
	xsmcSetInteger(xsResult, atoi(answer.body));
	free(answer.body);
}

void xs_tcp_get_format(xsMachine* the)
{
	TCP* tcp = tcpOfThis(the);
	getFormat(the, tcp->format);
}

void xs_tcp_set_format(xsMachine* the)
{
	TCP* tcp = tcpOfThis(the);
	int format = toFormat(the);
	if (format == FORMAT_INVALID)
		xsRangeError("unimplemented");
	tcp->format = format;
}
