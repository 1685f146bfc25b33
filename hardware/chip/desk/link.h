/* The way from the radio to the desk: libslirp, and only to its loopback. In the access point's network the chip is 10.0.2.15,
   the desk 10.0.2.2; questions for names and for the time go to the desk's program. In the network of the chip's own access
   point it is 192.168.4.1, the desk 192.168.4.2. */
#ifndef LINK_H
#define LINK_H
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

enum { LINK_POLLS = 256 };
enum { LINK_STATION, LINK_POINT, LINKS };

typedef struct {
	void (*toChip)(void* context, int link, const uint8_t* frame, int length);
	void (*toDesk)(void* context, const uint8_t* datagram, uint32_t length);	/* as FRAME_DATAGRAM */
	void (*note)(void* context, const char* text);
	void* context;
} LinkOwner;

bool linkOpen(const LinkOwner* owner, const uint8_t mac[6]);
void linkClose(void);
/* A port of the desk's that stands for one that the chip connects to. */
bool linkRedirect(uint16_t port, uint16_t to);
/* A port of the desk's loopback that leads to one of the chip's. */
bool linkForward(int link, uint16_t port, uint16_t to);
/* A frame that the chip sends. */
void linkSend(int link, const uint8_t* frame, int length);
/* A datagram of the desk's, as FRAME_DATAGRAM. */
void linkDatagram(const uint8_t* datagram, uint32_t length);
/* Descriptors to wait for; how long at most, in ms, is lowered. Returns their count. */
int linkFill(struct pollfd* polls, int room, uint32_t* timeout);
void linkPolled(const struct pollfd* polls, bool failed);
/* Whether something is under way: a connection, or a question that has not been answered. */
bool linkIsBusy(void);
#endif
