/* A TCP connection of the app: shared by tcp.c (its life) and tcp_stream.c (its bytes). */
#ifndef TCP_H
#define TCP_H
#include "board.h"

enum { TCP_WRITABLE = 1, TCP_READABLE = 2, TCP_ERROR = 4 };

typedef struct {
	Resource resource;
	xsSlot self;
	xsSlot *onReadable, *onWritable, *onError;
	char* reason;					/* why TLS has failed, if it has */
	char* bytes;					/* received, not yet read: from position on */
	int position, length;
	int unreported;					/* read, and the desk does not know */
	int room;
	uint8_t triggerable, triggered;
	uint8_t holds;					/* by its object, and by each message under way */
	uint8_t connection;				/* 0 when lost or moved: lwIP's skt is NULL */
	uint8_t listening;				/* lwIP would still call: until an error or the peer's end */
	uint8_t ready, error, format;
	uint8_t handshaking;			/* TLS is not secure yet */
} TCP;

void xs_tcp_constructor(xsMachine* the);
void xs_tcp_destructor(void* it);
int tcpAvailable(TCP* tcp);							/* received, not yet read */
void tcpTrigger(TCP* tcp, uint8_t what);			/* a message to itself will call what was triggered */
void tcpBeginAgain(TCP* tcp);						/* not connected yet, and nothing received: there is TLS to come */
TCP* tcpOfThis(xsMachine* the);						/* throws if it is closed, or no TCP at all */
#endif
