/* For files of natives: XS in C, the names they use, and what the SDK's natives have in common. */
#ifndef BOARD_H
#define BOARD_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "xsmc.h"
#include "frames.h"
#include "natives.h"
#include "resources.h"

/* Names are made in the root, so that the app's machine spends no key on them. ID(port) is what the SDK calls xsID_port. */
#define NAMES(NAME) \
	NAME(Error) NAME(SSID) NAME(address) NAME(certificate) NAME(edge) NAME(format) NAME(from) NAME(host) NAME(length) \
	NAME(mode) NAME(nodelay) NAME(onChanged) NAME(onError) NAME(onReadable) NAME(onWritable) NAME(password) NAME(pin) \
	NAME(port) NAME(secure) NAME(serverName) NAME(target) NAME(timeToLive) NAME(trace) NAME(verify)
#define NAME_INDEX(NAME) name_##NAME,
enum { NAMES(NAME_INDEX) nameCount };
extern xsIdentifier names[nameCount];
#define ID(NAME) names[name_##NAME]

/* Throws while modules are preloaded: there is no device behind natives then. */
void requireBoard(xsMachine* the);

/* A callback of the dictionary xsArg(0): NULL if it has none. The reference is the native's to mark. */
xsSlot* getCallback(xsMachine* the, xsIdentifier id);
void markCallback(xsMachine* the, xsSlot* callback, xsMarkRoot markRoot);

/* Formats of ECMA-419 IO: of the dictionary xsArg(0), or of the string xsArg(0). */
enum { FORMAT_INVALID, FORMAT_NUMBER, FORMAT_BUFFER };
int initializeFormat(xsMachine* the, int format);
int toFormat(xsMachine* the);
void getFormat(xsMachine* the, int format);
void initializeTarget(xsMachine* the);

extern void* fxGetHostDataIf(xsMachine* the, xsSlot* slot);	/* XS has it, xs.h does not */
int32_t getInteger(xsMachine* the, xsSlot* slot);		/* throws for undefined */
int isAddress(const char* text);						/* dotted decimal, as lwIP of the ESP8266 takes it */

/* Instrumentation's counters, in the SDK's order for the ESP8266. */
enum {
	COUNT_NETWORK_READ = 3, COUNT_NETWORK_WRITTEN, COUNT_SOCKETS, COUNT_TIMERS, COUNT_TURNS = 10
};
void count(int what, int change);
#endif
