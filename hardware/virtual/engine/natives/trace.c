/* trace(...): what is said on the device's serial line; the desk puts it together to lines. */
#include "board.h"

void xs_trace(xsMachine* the)
{
	int i, argc = xsmcArgc;
	for (i = 0; i < argc; i++) {
		char* text = xsmcToString(xsArg(i));
		frameWrite(FRAME_TRACE, text, strlen(text));
	}
}
