/* virtual/desk: for programs that run on the virtual board only, such as tests. */
#include "board.h"
#include "system.h"

extern void figuresMark(void* machine);
extern void figuresWrite(void* machine);

/* Fills a buffer with what the board's input has, or from a position on with what a file has; how many bytes; 0 at the end.
   Blocks. */
void xs_desk_read(xsMachine* the)
{
	xsUnsignedValue size;
	void* to;
	Frame answer;
	requireBoard(the);
	xsmcGetBufferWritable(xsArg(0), &to, &size);
	if (xsmcArgc > 1)
		deviceAsk(&answer, NULL, 0, "desk.read 0 %u %u %u", (unsigned)size, (unsigned)xsmcToInteger(xsArg(1)),
			(unsigned)xsmcToInteger(xsArg(2)));
	else
		deviceAsk(&answer, NULL, 0, "desk.read 0 %u", (unsigned)size);
	if (answer.length > (int)size)
		answer.length = size;		/* more than it was asked for */
	xsmcGetBufferWritable(xsArg(0), &to, &size);
	memcpy(to, answer.body, answer.length);
	xsmcSetInteger(xsResult, answer.length);
	free(answer.body);
}

void xs_desk_report(xsMachine* the)
{
	char* text = xsmcToString(xsArg(0));
	deviceCommand(text, strlen(text), "desk.report 0");
}

void xs_desk_mark(xsMachine* the)
{
	requireBoard(the);
	figuresMark(the);
}

void xs_desk_exit(xsMachine* the)
{
	int code = xsmcArgc ? xsmcToInteger(xsArg(0)) : 0;
	requireBoard(the);
	figuresWrite(the);
	framePrintf(FRAME_END, "exit");
	systemExit(code);
}
