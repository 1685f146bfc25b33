#include <stdlib.h>
#include <string.h>
#include "resources.h"

static Resource* first;
static int lastNumber;

void resourceOpen(Resource* resource, OnEvent onEvent)
{
	resource->number = ++lastNumber;
	resource->onEvent = onEvent;
	resource->next = first;
	first = resource;
}

void resourceSwap(Resource* a, Resource* b)
{
	int number = a->number;
	a->number = b->number;
	b->number = number;
}

void resourceClose(Resource* resource)
{
	Resource** address = &first;
	while (*address && (*address != resource))
		address = &(*address)->next;
	if (*address)
		*address = resource->next;
}

int resourceIsOpen(const void* resource, OnEvent onEvent)
{
	Resource* walker = first;
	while (walker && (walker != resource))
		walker = walker->next;
	return walker && (walker->onEvent == onEvent);
}

/* "<number> <kind> <words>" NUL data */
void resourceEvent(void* machine, char* body, int length)
{
	char* words;
	int number = strtol(body, &words, 10), head = strlen(body) + 1;
	Resource* resource = first;
	Event event;
	while (resource && (resource->number != number))
		resource = resource->next;
	if (!resource || (*words != ' '))
		return;
	event.kind = words[1];
	event.words = words[1] && words[2] ? words + 3 : "";
	event.data = body + head;
	event.length = (length > head) ? length - head : 0;
	(*resource->onEvent)(machine, resource, &event);
}
