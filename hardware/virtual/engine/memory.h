/* The app's machine lives in one block, as on the device: chunks grow up from its start, slots down from its end. */
#ifndef MEMORY_H
#define MEMORY_H
#include <stdint.h>

typedef struct {
	uint8_t *base, *low, *high, *end;
	unsigned peak;				/* the most bytes that were ever taken from it */
} Arena;
extern Arena arena;

int arenaOpen(unsigned size);	/* creation.static */
unsigned arenaUsed(void);
#endif
