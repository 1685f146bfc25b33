/* The host: takes what the desk says, one frame after the other. First the modules, then those to preload, then the app's
   machine and its main module; from then on events. */
#include <limits.h>
#include "main.h"
#include "frames.h"
#include "memory.h"
#include "messages.h"
#include "modules.h"
#include "natives.h"
#include "resources.h"
#include "system.h"

enum { NAME_MODULO = 127, SYMBOL_MODULO = 127, WORDS = 11 };

/* Sizes of the app's machine: far more than any chip has, and few enough that no sum of them overflows. The engine itself needs
   some of its stack before it looks whether there is any. */
enum { MOST_BYTES = 64 * 1024 * 1024, MOST_COUNT = 1024 * 1024, LEAST_STACK = 64 };

static txCreation rootCreation = {
	.initialChunkSize = 128 * 1024, .incrementalChunkSize = 64 * 1024,
	.initialHeapCount = 16 * 1024, .incrementalHeapCount = 8 * 1024, .stackCount = 2048,
	.initialKeyCount = 4096, .incrementalKeyCount = 1024, .nameModulo = NAME_MODULO, .symbolModulo = SYMBOL_MODULO,
	.parserBufferSize = 32 * 1024, .parserTableModulo = NAME_MODULO
};

/* A clone copies the root's tables of names and symbols: their sizes must be the same. */
static txCreation appCreation = {
	.nameModulo = NAME_MODULO, .symbolModulo = SYMBOL_MODULO, .parserBufferSize = 1024, .parserTableModulo = 17
};

/* "static chunkInitial chunkIncremental heapInitial heapIncremental stack keysInitial keysIncremental mss seed collect" */
static void readCreation(char* words)
{
	txSize values[WORDS] = { 0 };
	int i;
	for (i = 0; i < WORDS; i++) {
		int least = (i == 5) ? LEAST_STACK : 0, most = (i < 3) ? MOST_BYTES : (i < WORDS - 2) ? MOST_COUNT : INT_MAX;
		long value = strtol(words, &words, 10);
		values[i] = (value < least) ? least : (value > most) ? most : value;
	}
	appCreation.staticSize = values[0];
	appCreation.initialChunkSize = values[1];
	appCreation.incrementalChunkSize = values[2];
	appCreation.initialHeapCount = values[3];
	appCreation.incrementalHeapCount = values[4];
	appCreation.stackCount = values[5];
	appCreation.initialKeyCount = values[6];
	appCreation.incrementalKeyCount = values[7];
	nativesSegmentSize = values[8];
	srand(values[9]);
	figuresCollectAlways = values[10];
}

static txMachine* makeApp(txMachine* root)
{
	txMachine* the = NULL;
	modulesShare(root);
	systemSealFlash();
	modulesLoaded = 0;
	if (arenaOpen(appCreation.staticSize))
		the = fxCloneMachine(&appCreation, root, "app", NULL);
	if (!the) {
		framePrintf(FRAME_END, "memory full: the app's machine does not fit in creation.static");
		systemExit(51);
	}
	nativesReady = 1;
	figuresRestart();
	return the;
}


/* The app's machine, once there is one. */
static txMachine* handle(txMachine* the, Frame* frame)
{
	int isApps = strchr("regkf", frame->kind) != NULL;
	if (!frame->kind || (isApps != nativesReady))		/* too early, or too late */
		return the;
	switch (frame->kind) {
	case FRAME_CREATION:
		readCreation(frame->body);
		break;
	case FRAME_MODULE:
	case FRAME_PRELOADED:
		modulesAdd(the, frame->body, frameTail(frame), frame->kind == FRAME_PRELOADED);
		break;
	case FRAME_PRELOAD:
		modulesPreload(the, frame->body);
		messagesServe(the);
		break;
	case FRAME_RESOURCE:
		resourceFileAdd(frame->body, frameTail(frame), frame->body + frame->length);
		break;
	case FRAME_SHARE:
		the = makeApp(the);
		break;
	case FRAME_RUN:
		nativesRunMain(the, frame->body);
		messagesServe(the);
		break;
	case FRAME_EVENT:
		resourceEvent(the, frame->body, frame->length);
		messagesServe(the);
		break;
	case FRAME_COLLECT:
		fxCollect(the, XS_COMPACT_FLAG);
		break;
	case FRAME_MARK:
		figuresMark(the);
		break;
	case FRAME_FIGURES:
		figuresWrite(the);
		break;
	}
	return the;
}

int main(void)
{
	txMachine* the;
	Frame frame;
	systemStart();
	the = fxCreateMachine(&rootCreation, "root", NULL, XS_NO_ID);
	if (!the)
		systemExit(SYSTEM_FAULT);
	nativesRoot(the);
	while (frameRead(&frame)) {
		if (frame.kind == FRAME_QUIT)
			systemExit(0);
		if ((frame.kind == FRAME_RUN) || (frame.kind == FRAME_EVENT))
			figuresBeginWork();
		the = handle(the, &frame);
		figuresEndWork();
		free(frame.body);
		frameWrite(FRAME_IDLE, "", 0);
	}
	systemExit(SYSTEM_DESK_GONE);
}
