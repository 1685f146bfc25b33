/*
 * XS's memory as the chip has it: stack, slots and chunks in one block, by the rules of the SDK's platforms for
 * microcontrollers (xs/platforms/mc/xsHosts.c). The library binds its own functions, so ours are put in their places by a
 * jump. For 32 bits, where slots have the chip's 16 bytes.
 */
#define INCLUDE_XSPLATFORM 1
#define XS_ARCHIVE 1
#define XSPLATFORM "lin_xs.h"
#include "xsAll.h"
#include <dlfcn.h>
#include <sys/mman.h>

static uint8_t *low, *high; /* what lies between is free */
static void (*collect)(txMachine*, txFlag);

/* Chunks grow from below, all in one txBlock: what is free at its end counts. */
static void* allocateChunks(txMachine* the, txSize size)
{
	txBlock* block = the->firstBlock;
	txSize grow = block ? size - (txSize)sizeof(txBlock) - (txSize)(block->limit - block->current) : size;

	if (high - low < grow)
		return NULL;
	low += grow;
	if (!block)
		return low - grow;
	block->limit = (txByte*)low - size; /* fxGrowChunks adds size */
	the->maximumChunksSize += grow - (size - (txSize)sizeof(txBlock));
	return block->limit;
}

static txSlot* allocateSlots(txMachine* the, txSize count)
{
	txSize size = count * sizeof(txSlot);
	txBlock* block = the->firstBlock;

	the->growHeapDirection = -1;
	if ((high - low < size) && block) {
		collect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
		the->maximumChunksSize -= block->limit - block->current;
		block->limit = block->current;
		low = (uint8_t*)block->current;
	}
	if (high - low < size)
		return NULL;
	high -= size;
	return (txSlot*)high;
}

static void keep(txMachine* the, void* memory)
{
}

static void replace(void* library, const char* name, void* ours)
{
	uint8_t* code = dlsym(library, name);
	uintptr_t page = (uintptr_t)code & ~(uintptr_t)4095;
	int32_t distance = (uint8_t*)ours - (code + 5);

	mprotect((void*)page, 2 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
	code[0] = 0xE9; /* jmp */
	memcpy(code + 1, &distance, sizeof(distance));
}

int blockInstall(void* library, int size)
{
	if (sizeof(void*) != 4)
		return 0;
	low = malloc(size);
	high = low + size;
	collect = dlsym(library, "fxCollect");
	replace(library, "fxAllocateChunks", allocateChunks);
	replace(library, "fxAllocateSlots", allocateSlots);
	replace(library, "fxFreeChunks", keep);
	replace(library, "fxFreeSlots", keep);
	return 1;
}
