/* The heap of Arduino's core (umm_malloc): what is free of it is looked at whenever something is taken or given back. Between
   two such calls it does not change, so that the least is exact. */
#include <string.h>
#include "../soc/answers.h"
#include "sdk.h"

/* Blocks of 8 bytes that follow each other: a number of the next, with a bit that says whether this one is free. */
enum { BLOCK = 8, FREE = 0x8000, NUMBER = 0x7fff };

static uint32_t freeBytes(Chip* chip, uint32_t heap)
{
	uint32_t bytes = 0, block = 0, offset = heap - DRAM_BASE;
	for (;;) {
		uint16_t next;
		if (offset + BLOCK * block + sizeof(next) > DRAM_BYTES)
			return UINT32_MAX;
		memcpy(&next, chip->dram + offset + BLOCK * block, sizeof(next));
		uint32_t number = next & NUMBER;
		if (number <= block)
			return bytes;
		if (next & FREE)
			bytes += (number - block) * BLOCK;
		block = number;
	}
}

uint32_t heapFree(Chip* chip)
{
	uint32_t heap = chip->heapPointer ? chipRead(chip, chip->heapPointer) : 0;
	return (heap >= DRAM_BASE && heap < DRAM_BASE + DRAM_BYTES) ? freeBytes(chip, heap) : UINT32_MAX;
}

static void look(Chip* chip)
{
	uint32_t bytes = heapFree(chip);
	if (bytes && bytes < chip->measures.leastHeap)
		chip->measures.leastHeap = bytes;
	cpuPass(&chip->cpu);
}

void heapInit(Chip* chip)
{
	static const char* const names[] = { "malloc", "calloc", "realloc", "free", "umm_malloc", "umm_calloc", "umm_realloc", "umm_free" };
	chip->heapPointer = symbolAddress(&chip->symbols, "umm_heap");
	if (!chip->heapPointer)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		answerSymbol(chip, names[i], look);
}
