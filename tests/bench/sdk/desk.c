/* The figures of the SDK's own engine, counted as the virtual board's engine counts them: see its figures.c. */
#include "xsAll.h"
#include <stdio.h>

static int idleSlots, idleChunks, collections;

void xs_desk_mark(txMachine* the)
{
	fxCollect(the, XS_COMPACT_FLAG);
	idleSlots = the->currentHeapCount;
	idleChunks = the->currentChunksSize;
	collections = the->garbageCollectionCount;
	the->peakHeapCount = the->currentHeapCount;
	the->peakChunksSize = the->currentChunksSize;
	the->stackPeak = the->stack;
}

void xs_desk_exit(txMachine* the)
{
	printf("{\"slotSize\":%d,\"idleSlots\":%d,\"idleChunks\":%d,\"slotsPeak\":%d,\"chunksPeak\":%d,\"stackPeak\":%d,"
		"\"collections\":%d}\n",
		(int)sizeof(txSlot), idleSlots, idleChunks, (int)the->peakHeapCount, (int)the->peakChunksSize,
		(int)(the->stackTop - the->stackPeak), (int)the->garbageCollectionCount - collections);
	exit(mxArgc ? fxToInteger(the, mxArgv(0)) : 0);
}

void xs_desk_report(txMachine* the)
{
	fprintf(stderr, "%s\n", fxToString(the, mxArgv(0)));
}

/* There is no input. */
void xs_desk_read(txMachine* the)
{
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = 0;
}
