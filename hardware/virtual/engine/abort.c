/* How a run ends when XS cannot go on. The device says why on its serial line and restarts; so does an exception that a
   callback does not catch. Here the desk is told why, with the last figures, and the exit code tells which it was. */
#include "main.h"
#include "frames.h"
#include "system.h"

enum { ABORT_EXIT = 50 };		/* the exit code of status 0; the others follow in the engine's order */

static const char* const reasons[] = {
	"debugger", "memory full", "stack overflow", "fatal", "dead strip", "unhandled exception", "not enough keys",
	"too much computation", "unhandled rejection"
};

void describeException(txMachine* the, char* text, int size)
{
	static int describing;
	if (describing++) {				/* no room even for this */
		*text = 0;
		return;
	}
	mxTry(the) {
		mxOverflow(-1);
		mxPush(mxException);
		fxToStringBuffer(the, the->stack, text, size);
		mxPop();
	}
	mxCatch(the) {
		snprintf(text, size, "(it cannot be told)");
	}
	describing--;
}

static int isThrown(int status)
{
	return (status == XS_UNHANDLED_EXCEPTION_EXIT) || (status == XS_UNHANDLED_REJECTION_EXIT);
}

void fxAbort(txMachine* the, int status)
{
	static int aborting;
	const char* reason = ((unsigned)status < sizeof(reasons) / sizeof(*reasons)) ? reasons[status] : "unknown";
	char message[400] = "";
	if (aborting++)
		systemExit(ABORT_EXIT + status);
	if (isThrown(status))
		describeException(the, message, sizeof(message));
	if (the->stackTop && the->firstHeap)
		figuresWrite(the);
	framePrintf(FRAME_END, "%s%s%s", reason, *message ? ": " : "", message);
	systemExit(ABORT_EXIT + status);
}
