/* System: what of the SDK's modules/io/system has a meaning here. A restart ends the run: the desk may begin another. */
#include "board.h"
#include "messages.h"
#include "system.h"

enum { RESTART_EXIT = 60, SLEEP_EXIT = 61 };

extern void figuresWrite(void* machine);

void xs_system_restart(xsMachine* the)
{
	requireBoard(the);
	figuresWrite(the);
	framePrintf(FRAME_END, "restart");
	systemExit(RESTART_EXIT);
}

static void sleepNow(void* machine, void* refcon)
{
	figuresWrite(machine);
	framePrintf(FRAME_END, "deep sleep");
	systemExit(SLEEP_EXIT);
}

/* After the running callback, as on the device; its JavaScript drops the duration, so only a reset ends the sleep. */
void xs_system_deepSleep(xsMachine* the)
{
	requireBoard(the);
	messagesPost(sleepNow, NULL);
}
