#include "xsAll.h"

/* Bytes that XS can still make slots and chunks of, in the one block that creation.static gives it; only of chunks, which are
   what buffers and numbers are made of, if the argument is true: a slot that is free is no place for them. What no one refers
   to any more counts: it is collected first. */
void xs_heap_free(txMachine* the)
{
	txBlock* block;
	txSize free;

	fxCollectGarbage(the);
	block = the->firstBlock;
	free = (txSize)(the->heap_pend - the->heap_ptr);
	if (block)
		free += (txSize)(block->limit - block->current);
	if ((mxArgc == 0) || !fxToBoolean(the, mxArgv(0)))
		free += (the->maximumHeapCount - the->currentHeapCount) * (txSize)sizeof(txSlot);
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = free;
}
