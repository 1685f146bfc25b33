#include "link.h"
#include <arpa/inet.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ETHERNET = 14, IP = 20, UDP = 8, TCP_PROTOCOL = 6, UDP_PROTOCOL = 17, DATAGRAM_HEAD = 12, LARGEST = 1514 };
enum { PORT_DNS = 53, PORT_NTP = 123, PORT_DHCP_SERVER = 67 };
enum { FIN = 1, SYN = 2, RST = 4 };
enum { CONNECTIONS = 64, TIMERS = 32, REDIRECTS = 8, TCP_CHECKSUM = 16 };
#define HOST 0x0a000202u
static const uint32_t networks[LINKS] = { 0x0a000200, 0xc0a80400 };
static const uint32_t chips[LINKS] = { 0x0a00020f, 0xc0a80401 };

typedef struct {
	uint32_t ports;				/* the chip's and the desk's; 0: free */
	uint8_t ended;				/* 1: by the chip, 2: by the desk */
} Connection;

typedef struct {
	SlirpTimerCb function;
	void* argument;
	int64_t at;					/* ms; -1: not armed */
	bool used;
} LinkTimer;

static Slirp* slirps[LINKS];
static const int links[LINKS] = { LINK_STATION, LINK_POINT };
static LinkOwner owner;
static uint8_t chipMAC[6];
static const uint8_t deskMAC[6] = { 0x52, 0x55, 0x0a, 0x00, 0x02, 0x02 };
static Connection connections[CONNECTIONS];
static LinkTimer timers[TIMERS];
static struct { uint16_t port, to; } redirects[REDIRECTS];
static int redirectCount;
static int asked;				/* questions that wait for the desk's program */
static const struct pollfd* polled;
static struct { struct pollfd* polls; int count, room; } filling;

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static uint16_t half(const uint8_t* at) { return (uint16_t)(at[0] << 8 | at[1]); }
static uint32_t word(const uint8_t* at) { return (uint32_t)half(at) << 16 | half(at + 2); }
static void setHalf(uint8_t* at, uint32_t value) { at[0] = (uint8_t)(value >> 8); at[1] = (uint8_t)value; }

/* Which connections there are, from the segments that pass: by is 1 for the chip's, 2 for the desk's. */
static void watch(const uint8_t* tcp, uint8_t by)
{
	uint16_t from = half(tcp), to = half(tcp + 2);
	uint32_t ports = (by == 1) ? (uint32_t)from << 16 | to : (uint32_t)to << 16 | from;
	Connection* found = NULL;
	Connection* room = NULL;
	for (int i = 0; i < CONNECTIONS; i++) {
		if (connections[i].ports == ports)
			found = &connections[i];
		else if (!connections[i].ports)
			room = &connections[i];
	}
	uint8_t flags = tcp[13];
	if (!found && (flags & SYN) && room) {
		*room = (Connection){ ports, 0 };
		found = room;
	}
	if (!found)
		return;
	if (flags & FIN)
		found->ended |= by;
	if ((flags & RST) || found->ended == 3)
		found->ports = 0;
}

bool linkRedirect(uint16_t port, uint16_t to)
{
	if (redirectCount == REDIRECTS)
		return false;
	redirects[redirectCount].port = port;
	redirects[redirectCount++].to = to;
	return true;
}

/* Another port in a segment, with its checksum (RFC 1624). */
static void setPort(uint8_t* tcp, uint8_t* at, uint16_t port)
{
	uint32_t sum = (uint16_t)~half(tcp + TCP_CHECKSUM) + (uint16_t)~half(at) + port;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	setHalf(tcp + TCP_CHECKSUM, ~sum);
	setHalf(at, port);
}

static ssize_t fromSlirp(const void* bytes, size_t length, void* context)
{
	uint8_t frame[LARGEST];
	int link = *(const int*)context;
	if (length > sizeof(frame))
		return (ssize_t)length;
	memcpy(frame, bytes, length);
	if (length >= ETHERNET + IP + 20 && half(frame + 12) == 0x800 && frame[ETHERNET + 9] == TCP_PROTOCOL) {
		uint8_t* tcp = frame + ETHERNET + (frame[ETHERNET] & 15) * 4;
		watch(tcp, 2);
		for (int i = 0; i < redirectCount; i++)
			if (half(tcp) == redirects[i].to) {
				setPort(tcp, tcp, redirects[i].port);
				break;
			}
	}
	owner.toChip(owner.context, link, frame, (int)length);
	return (ssize_t)length;
}

static void guestError(const char* text, void* context)
{
	(void)context;
	owner.note(owner.context, text);
}

static int64_t clockNs(void* context) { (void)context; return now(); }

static void* newTimer(SlirpTimerCb function, void* argument, void* context)
{
	(void)context;
	for (int i = 0; i < TIMERS; i++)
		if (!timers[i].used) {
			timers[i] = (LinkTimer){ function, argument, -1, true };
			return &timers[i];
		}
	abort();
}

static void freeTimer(void* timer, void* context) { (void)context; ((LinkTimer*)timer)->used = false; }
static void setTimer(void* timer, int64_t ms, void* context) { (void)context; ((LinkTimer*)timer)->at = ms; }
static void ignore(int descriptor, void* context) { (void)descriptor; (void)context; }
static void notify(void* context) { (void)context; }

static const SlirpCb callbacks = {
	.send_packet = fromSlirp, .guest_error = guestError, .clock_get_ns = clockNs, .timer_new = newTimer,
	.timer_free = freeTimer, .timer_mod = setTimer, .register_poll_fd = ignore, .unregister_poll_fd = ignore, .notify = notify
};

bool linkOpen(const LinkOwner* with, const uint8_t mac[6])
{
	owner = *with;
	memcpy(chipMAC, mac, sizeof(chipMAC));
	for (int link = 0; link < LINKS; link++) {
		uint32_t network = networks[link];
		SlirpConfig config = {
			.version = 1, .in_enabled = true, .vnetwork.s_addr = htonl(network), .vnetmask.s_addr = htonl(0xffffff00),
			.vhost.s_addr = htonl(network + 2), .vdhcp_start.s_addr = htonl(network + 15), .vnameserver.s_addr = htonl(network + 3)
		};
		slirps[link] = slirp_new(&config, &callbacks, (void*)&links[link]);
		if (!slirps[link])
			return false;
	}
	return true;
}

bool linkForward(int link, uint16_t port, uint16_t to)
{
	struct in_addr desk = { htonl(INADDR_LOOPBACK) }, chip = { htonl(chips[link]) };
	return slirp_add_hostfwd(slirps[link], 0, desk, port, chip, to) == 0;
}

void linkClose(void)
{
	for (int link = 0; link < LINKS; link++) {
		if (slirps[link])
			slirp_cleanup(slirps[link]);
		slirps[link] = NULL;
	}
}

/* Whether a packet may go to the desk's sockets: its loopback, and DHCP, which slirp answers itself. */
static bool staysHere(const uint8_t* ip, const uint8_t* transport)
{
	if (ip[9] == UDP_PROTOCOL && half(transport + 2) == PORT_DHCP_SERVER)
		return true;
	return word(ip + 16) == HOST;
}

static void ask(const uint8_t* ip, const uint8_t* udp, uint32_t length)
{
	uint8_t datagram[DATAGRAM_HEAD + LARGEST];
	memcpy(datagram, ip + 12, 8);
	memcpy(datagram + 8, udp, 4);
	memcpy(datagram + DATAGRAM_HEAD, udp + UDP, length);
	asked++;
	owner.toDesk(owner.context, datagram, DATAGRAM_HEAD + length);
}

void linkSend(int link, const uint8_t* frame, int length)
{
	Slirp* slirp = slirps[link];
	if (length < ETHERNET || !slirp)
		return;
	if (half(frame + 12) != 0x800 || length < ETHERNET + IP + UDP) {
		slirp_input(slirp, frame, length);
		return;
	}
	const uint8_t* ip = frame + ETHERNET;
	int head = (ip[0] & 15) * 4;
	if (head < IP || ETHERNET + head + UDP > length)
		return;
	const uint8_t* transport = ip + head;
	int room = length - ETHERNET - head;
	uint16_t port = half(transport + 2);
	bool isTCP = ip[9] == TCP_PROTOCOL && room >= 20;
	if (link == LINK_POINT) {
		if (isTCP)
			watch(transport, 1);
		slirp_input(slirp, frame, length);
	}
	else if (ip[9] == UDP_PROTOCOL && (port == PORT_DNS || port == PORT_NTP)) {
		int size = half(transport + 4);
		if (size >= UDP && size <= room)
			ask(ip, transport, (uint32_t)(size - UDP));
	}
	else if (staysHere(ip, transport)) {
		uint8_t copy[LARGEST];
		if (length > LARGEST)
			return;
		memcpy(copy, frame, (size_t)length);
		if (isTCP) {
			uint8_t* tcp = copy + ETHERNET + head;
			for (int i = 0; i < redirectCount; i++)
				if (port == redirects[i].port) {
					setPort(tcp, tcp + 2, redirects[i].to);
					break;
				}
			watch(tcp, 1);
		}
		slirp_input(slirp, copy, length);
	}
	else if (ip[16] < 224)		/* nobody hears what goes to groups */
		owner.note(owner.context, "a packet to an address that is not the desk's is dropped");
}

static uint16_t checksum(const uint8_t* bytes, int length)
{
	uint32_t sum = 0;
	for (int i = 0; i < length; i += 2)
		sum += half(bytes + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

void linkDatagram(const uint8_t* datagram, uint32_t length)
{
	uint8_t frame[LARGEST] = { 0 };
	if (asked)
		asked--;
	if (length <= DATAGRAM_HEAD || length - DATAGRAM_HEAD > LARGEST - ETHERNET - IP - UDP)
		return;					/* no answer */
	uint32_t data = length - DATAGRAM_HEAD;
	memcpy(frame, chipMAC, 6);
	memcpy(frame + 6, deskMAC, 6);
	setHalf(frame + 12, 0x800);
	uint8_t* ip = frame + ETHERNET;
	ip[0] = 0x45;
	setHalf(ip + 2, IP + UDP + data);
	ip[8] = 64;
	ip[9] = UDP_PROTOCOL;
	memcpy(ip + 12, datagram, 8);
	setHalf(ip + 10, checksum(ip, IP));
	memcpy(ip + IP, datagram + 8, 4);
	setHalf(ip + IP + 4, UDP + data);
	memcpy(ip + IP + UDP, datagram + DATAGRAM_HEAD, data);
	owner.toChip(owner.context, LINK_STATION, frame, (int)(ETHERNET + IP + UDP + data));
}

static int addPoll(int descriptor, int events, void* context)
{
	(void)context;
	if (filling.count == filling.room)
		return -1;
	short wanted = (short)((events & SLIRP_POLL_IN ? POLLIN : 0) | (events & SLIRP_POLL_OUT ? POLLOUT : 0) |
		(events & SLIRP_POLL_PRI ? POLLPRI : 0));
	filling.polls[filling.count] = (struct pollfd){ descriptor, wanted, 0 };
	return filling.count++;
}

static int eventsOf(int index, void* context)
{
	(void)context;
	int events = (index < 0) ? 0 : polled[index].revents;
	return (events & POLLIN ? SLIRP_POLL_IN : 0) | (events & POLLOUT ? SLIRP_POLL_OUT : 0) |
		(events & POLLPRI ? SLIRP_POLL_PRI : 0) | (events & POLLERR ? SLIRP_POLL_ERR : 0) |
		(events & POLLHUP ? SLIRP_POLL_HUP : 0);
}

int linkFill(struct pollfd* polls, int room, uint32_t* timeout)
{
	filling.polls = polls;
	filling.count = 0;
	filling.room = room;
	for (int link = 0; link < LINKS; link++)
		slirp_pollfds_fill(slirps[link], timeout, addPoll, NULL);
	return filling.count;
}

void linkPolled(const struct pollfd* polls, bool failed)
{
	int64_t ms = now() / 1000000;
	polled = polls;
	for (int link = 0; link < LINKS; link++)
		slirp_pollfds_poll(slirps[link], failed, eventsOf, NULL);
	for (int i = 0; i < TIMERS; i++)
		if (timers[i].used && timers[i].at >= 0 && timers[i].at <= ms) {
			timers[i].at = -1;
			timers[i].function(timers[i].argument);
		}
}

bool linkIsBusy(void)
{
	if (asked)
		return true;
	for (int i = 0; i < CONNECTIONS; i++)
		if (connections[i].ports)
			return true;
	return false;
}
