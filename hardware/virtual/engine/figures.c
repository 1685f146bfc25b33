/* What the app's machine uses, as the engine counts it: its slots and chunks, those included that no one refers to any more and
   that were not yet collected. */
#include "main.h"
#include "frames.h"
#include "lx106/profile.h"
#include "memory.h"
#include "modules.h"
#include "system.h"

static struct { int slots, chunks; } idle = { -1, -1 };

/* The engine knows the peaks of slots and of chunks, which need not have been at the same moment. So what allocates them in
   the engine is linked by way of these functions (-Wl,--wrap). */
static int usedPeak;

static int used(txMachine* the)
{
	return the->currentHeapCount * (int)sizeof(txSlot) + the->currentChunksSize;
}

/* Garbage is collected before each allocation, so that peaks are what is in use. Where the engine itself would collect, it
   may be done: with chunks moved only where it asks for a chunk, as there. */
int figuresCollectAlways;

static void collect(txMachine* the, txFlag flags)
{
	if (figuresCollectAlways && the->arena && (the->collectFlag & XS_COLLECTING_FLAG))
		fxCollect(the, flags);
}

static void* watch(txMachine* the, void* result)
{
	if (the->arena && (usedPeak < used(the)))
		usedPeak = used(the);
	return result;
}

extern txSlot* __real_fxNewSlot(txMachine* the);
extern void* __real_fxNewChunk(txMachine* the, txSize size);
extern void* __real_fxNewGrowableChunk(txMachine* the, txSize size, txSize capacity);
extern void* __real_fxRenewChunk(txMachine* the, void* data, txSize size);

txSlot* __wrap_fxNewSlot(txMachine* the)
{
	collect(the, XS_ORGANIC_FLAG);
	return watch(the, __real_fxNewSlot(the));
}

void* __wrap_fxNewChunk(txMachine* the, txSize size)
{
	collect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
	return watch(the, __real_fxNewChunk(the, size));
}

void* __wrap_fxRenewChunk(txMachine* the, void* data, txSize size) { return watch(the, __real_fxRenewChunk(the, data, size)); }

void* __wrap_fxNewGrowableChunk(txMachine* the, txSize size, txSize capacity)
{
	collect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
	return watch(the, __real_fxNewGrowableChunk(the, size, capacity));
}

/* What the app's machine has executed, without what the host does between frames. The host's part of a frame's work counts:
   it stands for the SDK's natives. */
static double executed, begun;
static int working;

void figuresBeginWork(void)
{
	systemAlign();
	working = systemInstructions(&begun);
}

void figuresEndWork(void)
{
	double now;
	if (working && systemInstructions(&now))
		executed += now - begun;
	working = 0;
}

static double instructions(void)
{
	double now = 0;
	return (working && systemInstructions(&now)) ? executed + now - begun : executed;
}

void figuresRestart(void)
{
	executed -= instructions();
}

static txSlot* stackPeak(txMachine* the)
{
	return (the->stackPeak < the->stack) ? the->stackPeak : the->stack;
}

void figuresWrite(txMachine* the)
{
	txMachine* root = the->sharedMachine ? the->sharedMachine : the;
	framePrintf(FRAME_FIGURES,
		"{\"slotSize\":%d,\"slots\":%d,\"slotsPeak\":%d,\"slotsReserved\":%d,"
		"\"usedPeak\":%d,\"chunks\":%d,\"chunksPeak\":%d,\"chunksReserved\":%d,\"stack\":%d,\"stackPeak\":%d,"
		"\"static\":%d,\"staticUsed\":%d,\"staticPeak\":%d,\"idleSlots\":%d,\"idleChunks\":%d,\"collections\":%d,"
		"\"keys\":%d,\"aliases\":%d,\"modulesLoaded\":%d,\"rootSlots\":%d,\"rootChunks\":%d,\"byteCode\":%d,\"instructions\":%.0f}",
		(int)sizeof(txSlot), (int)the->currentHeapCount, (int)the->peakHeapCount, (int)the->maximumHeapCount,
		usedPeak, (int)the->currentChunksSize, (int)the->peakChunksSize, (int)the->maximumChunksSize,
		(int)(the->stackTop - the->stackBottom), (int)(the->stackTop - stackPeak(the)),
		(int)(arena.end - arena.base), (int)arenaUsed(), (int)arena.peak, idle.slots, idle.chunks,
		(int)the->garbageCollectionCount, (int)(the->keyIndex - the->keyOffset), (int)the->aliasCount, modulesLoaded,
		(int)root->currentHeapCount, (int)root->currentChunksSize, (int)modulesBytes, instructions());
	profileWrite(the);
}

void figuresMark(txMachine* the)
{
	fxCollect(the, XS_COMPACT_FLAG);
	idle.slots = the->currentHeapCount;
	idle.chunks = the->currentChunksSize;
	the->peakHeapCount = the->currentHeapCount;
	the->peakChunksSize = the->currentChunksSize;
	the->stackPeak = the->stack;
	arena.peak = arenaUsed();
	usedPeak = used(the);
	figuresRestart();
	profileStart();
}

/* What an ESP8266 has left for its heap beside the static data of a plain app: XS's own block comes from it, and the rest is
   for Wi-Fi and lwIP. An estimate, from a linked image. */
enum { HEAP_BYTES = 43360 };

/* In instrumentation's order: see natives/instrumentation.c */
int figuresOfMachine(txMachine* the, int which)
{
	switch (which) {
	case 0: return HEAP_BYTES - (int)(arena.end - arena.base);
	case 1: return the->currentHeapCount * sizeof(txSlot);
	case 2: return the->currentChunksSize;
	case 3: return the->keyIndex - the->keyOffset;
	case 4: return the->garbageCollectionCount;
	case 5: return modulesLoaded;
	case 6: return (int)((the->stackTop - stackPeak(the)) * sizeof(txSlot));
	}
	return 0;
}
