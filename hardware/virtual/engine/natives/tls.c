/* embedded:io/socket/tcp/tls: a TCP connection on which the desk speaks TLS. Its dictionary is the SDK's TLSSocket's: that of
   TCP, and host, secure: {serverName, verify, certificate}. It is not ready before the handshake is over; when that fails,
   onError is given the reason. `from` takes over a connection, as after STARTTLS. */
#include "tcp.h"

enum { NAME_BYTES = 256 };

static void appendBytes(char** data, int* length, const void* bytes, int count)
{
	if (!count)
		return;
	*data = realloc(*data, *length + count);
	memcpy(*data + *length, bytes, count);
	*length += count;
}

/* Its length (4 bytes, little-endian), then its bytes. */
static void appendCertificate(xsMachine* the, xsSlot* slot, char** data, int* length)
{
	void* bytes;
	xsUnsignedValue count;
	uint8_t head[4];
	_xsmcGetBuffer(the, slot, &bytes, &count, 0);
	head[0] = count, head[1] = count >> 8, head[2] = count >> 16, head[3] = count >> 24;
	appendBytes(data, length, head, sizeof(head));
	appendBytes(data, length, bytes, count);
}

/* One in DER, or an array of them; none: the desk trusts whom it trusts. */
static void appendCertificates(xsMachine* the, xsSlot* slot, char** data, int* length)
{
	int i, count;
	xsSlot item;
	if (fxTypeOf(the, slot) == xsUndefinedType)
		return;
	if (!_xsIsInstanceOf(the, slot, &xsArrayPrototype)) {
		appendCertificate(the, slot, data, length);
		return;
	}
	_xsGet(the, &item, slot, ID(length));
	count = xsmcToInteger(item);
	for (i = 0; i < count; i++) {
		_xsGetIndex(the, &item, slot, i);
		appendCertificate(the, &item, data, length);
	}
}

/* The name, NUL, certificates. */
static void secure(xsMachine* the, TCP* tcp)
{
	char name[NAME_BYTES] = "", *data = NULL;
	int length = 0, verify = 1;
	xsmcGet(xsVar(0), xsArg(0), ID(secure));
	xsmcGet(xsVar(1), xsArg(0), ID(host));
	if (xsmcTypeOf(xsVar(0)) == xsReferenceType) {
		if (xsmcHas(xsVar(0), ID(serverName)))
			xsmcGet(xsVar(1), xsVar(0), ID(serverName));
		xsmcGet(xsVar(2), xsVar(0), ID(verify));
		verify = (xsmcTypeOf(xsVar(2)) == xsUndefinedType) || xsmcTest(xsVar(2));
		xsmcGet(xsVar(2), xsVar(0), ID(certificate));
	}
	if (xsmcTypeOf(xsVar(1)) != xsUndefinedType)
		xsmcToStringBuffer(xsVar(1), name, sizeof(name));
	appendBytes(&data, &length, name, strlen(name) + 1);
	appendCertificates(the, &xsVar(2), &data, &length);
	deviceCommand(data, length, "tcp.secure %d %d", tcp->resource.number, verify);
	free(data);
}

void xs_tls_constructor(xsMachine* the)
{
	TCP* tcp;
	xs_tcp_constructor(the);
	tcp = tcpOfThis(the);
	xsmcVars(4);
	tcpBeginAgain(tcp);
	secure(the, tcp);
}
