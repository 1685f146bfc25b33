/* Where machines' memory comes from: the root's from what stands for flash, the app's from one block, with the rules of the
   SDK's platforms for microcontrollers. */
#include "xsAll.h"
#include "memory.h"
#include "system.h"

Arena arena;

int arenaOpen(unsigned size)
{
	arena.base = arena.low = malloc(size);
	arena.end = arena.high = arena.base ? arena.base + size : NULL;
	arena.peak = 0;
	return arena.base != NULL;
}

unsigned arenaUsed(void)
{
	return (arena.low - arena.base) + (arena.end - arena.high);
}

static void notePeak(void)
{
	if (arena.peak < arenaUsed())
		arena.peak = arenaUsed();
}

void fxCreateMachinePlatform(txMachine* the)
{
	the->arena = the->sharedMachine ? &arena : NULL;
}

void fxDeleteMachinePlatform(txMachine* the)
{
}

/* fxGrowChunks asks for the bytes it wants, rounded up to the increment, and a txBlock. The first request makes the block;
   later ones extend it, so what is free at its end counts towards the bytes wanted and no second header is needed.
   fxGrowChunks then adds size to the limit and to the maximum: let both come out right. */
void* fxAllocateChunks(txMachine* the, txSize size)
{
	txBlock* block = the->firstBlock;
	txSize grow;
	if (!the->arena)
		return systemFlash(size);
	grow = block ? size - (txSize)sizeof(txBlock) - (txSize)(block->limit - block->current) : size;
	if (arena.high - arena.low < grow)
		return NULL;
	arena.low += grow;
	notePeak();
	if (!block)
		return arena.low - grow;
	block->limit = (txByte*)arena.low - size;
	the->maximumChunksSize -= size - grow;
	return block->limit;
}

/* When there is no room left, the free end of the chunks is given to the slots. */
txSlot* fxAllocateSlots(txMachine* the, txSize count)
{
	txSize size = count * sizeof(txSlot);
	txBlock* block = the->firstBlock;
	if (!the->arena)
		return systemFlash(size);
	if ((arena.high - arena.low < size) && block) {
		fxCollect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
		the->maximumChunksSize -= block->limit - block->current;
		block->limit = block->current;
		arena.low = (uint8_t*)block->current;
	}
	if (arena.high - arena.low < size)
		return NULL;
	arena.high -= size;
	notePeak();
	return (txSlot*)arena.high;
}

/* A machine ends with the run. */
void fxFreeChunks(txMachine* the, void* chunks)
{
}

void fxFreeSlots(txMachine* the, void* slots)
{
}

char* fxCStackLimit(void)
{
	return systemStackLimit();
}
