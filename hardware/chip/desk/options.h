/* The command line. */
#ifndef OPTIONS_H
#define OPTIONS_H
#include <stdbool.h>
#include <stdint.h>
#include "../sdk/sdk.h"

enum { MOST_PORTS = 8 };

/* A port of the desk's that leads to the chip, or of the chip's that leads to the desk. */
typedef struct {
	bool toPoint;				/* to the chip's own access point */
	uint16_t port, to;
} Forward;

typedef struct {
	const char* elf;			/* firmware, or the names of what --image holds */
	const char* image;			/* a flash image */
	const char* flash;			/* what is kept in flash beyond this life */
	const char* rom;			/* a dump of the boot ROM */
	uint32_t flashSize;
	bool free;					/* time goes as fast as it can, but so far only as it may */
	bool oneCycle;				/* no model of costs */
	bool faultsGoOn;
	bool manyLives;				/* a restart, a reset, a sleep do not end the process */
	uint64_t cutAt;
	uint32_t cutShare;
	uint8_t mac[6];
	AccessPoint point;
	Forward redirects[MOST_PORTS], forwards[MOST_PORTS];
	int redirectCount, forwardCount;
} Options;

/* False: said on standard error what is wrong. */
bool optionsRead(Options* options, int count, char** arguments);
#endif
