/* What engine and desk say to each other: frames of a length (4 bytes, little-endian, of what follows the kind), a kind
   (1 byte) and a body. The desk speaks, the engine works, says what it has to say and ends with FRAME_IDLE; only then may
   the desk speak again. While the engine works it can ask (FRAME_ASK): the next frame in is then the answer.

   Bodies of events, commands and questions: words in ASCII, separated by one space, then NUL, then bytes, if any. */
#ifndef FRAMES_H
#define FRAMES_H
#include <stdint.h>

enum {
	/* from the desk */
	FRAME_CREATION = 'c',		/* sizes of the app's machine, in decimal: see main.c */
	FRAME_MODULE = 'm',			/* name NUL source: compile and link it */
	FRAME_PRELOADED = 'M',		/* the same, for a module that is to be preloaded */
	FRAME_PRELOAD = 'p',		/* name: run it in the root */
	FRAME_RESOURCE = 'o',		/* name NUL bytes: a file for Resource */
	FRAME_SHARE = 's',			/* seal the root, make the app's machine */
	FRAME_RUN = 'r',			/* name of the main module */
	FRAME_EVENT = 'e',			/* resource, kind, details: see resources.h */
	FRAME_COLLECT = 'g',
	FRAME_MARK = 'k',			/* what Desk.mark does */
	FRAME_FIGURES = 'f',
	FRAME_ANSWER = '=',
	FRAME_NOTHING = 'n',		/* to hear when the engine is done with what came before */
	FRAME_QUIT = 'q',
	/* to the desk; FRAME_FIGURES is answered by a frame of its kind */
	FRAME_TRACE = 't',			/* text */
	FRAME_ERROR = '!',			/* text: a module could not be compiled, linked or run */
	FRAME_COMMAND = 'd',		/* what, resource, details: for a device */
	FRAME_ASK = '?',			/* the same, and the desk answers */
	FRAME_PROFILE = 'l',		/* text, with the figures of an engine that profiles: "instructions calls function" */
	FRAME_END = 'x',			/* text: why the run ends; the engine exits */
	FRAME_IDLE = '.'
};

typedef struct {
	int kind;
	int length;					/* of the body */
	char* body;					/* the caller's to free; a NUL follows it */
} Frame;

int frameRead(Frame* frame);	/* 0 when the desk is gone, or says what is no frame */
/* What follows the first NUL of a body; where there is none, the empty string at its end. */
char* frameTail(const Frame* frame);
void frameWrite(int kind, const void* body, int length);
void framePrintf(int kind, const char* format, ...) __attribute__((format(printf, 2, 3)));

/* Command a device; the words by format, then data. */
void deviceCommand(const void* data, int length, const char* format, ...) __attribute__((format(printf, 3, 4)));
/* Ask a device: answer->body is the caller's to free. */
void deviceAsk(Frame* answer, const void* data, int length, const char* format, ...) __attribute__((format(printf, 4, 5)));
#endif
