/* What a native holds of a device: a socket, a timer, a monitored pin. The desk knows it by its number. A native's record
   begins with a Resource. */
#ifndef RESOURCES_H
#define RESOURCES_H
#include "xsmc.h"

typedef struct Resource Resource;
typedef struct {
	int kind;						/* one letter, the device's own */
	const char* words;				/* what follows it, in ASCII */
	const char* data;
	int length;						/* of data */
} Event;
typedef void (*OnEvent)(xsMachine* the, Resource* resource, const Event* event);
struct Resource {
	Resource* next;
	int number;
	OnEvent onEvent;
};

void resourceOpen(Resource* resource, OnEvent onEvent);
void resourceSwap(Resource* a, Resource* b);		/* their numbers: what is under way for one is the other's */
void resourceClose(Resource* resource);
int resourceIsOpen(const void* resource, OnEvent onEvent);	/* for pointers of doubtful origin */
void resourceEvent(void* machine, char* body, int length);	/* an event's frame; none for a resource that is gone */
#endif
