/* What the chip's process and the desk say to each other: frames of a length (4 bytes, little-endian, of the body), a kind
   (1 byte) and a body, as the virtual board's engine has them; here both may speak at any time. */
#ifndef FRAMES_H
#define FRAMES_H
#include <stdbool.h>
#include <stdint.h>

enum {
	/* from the desk */
	FRAME_PIN = 'i',			/* two bytes: pin, level */
	FRAME_WIFI = 'w',			/* a byte: '0' the access point is gone, '1' it is back, 'r' it refuses */
	FRAME_RESET = 'r',			/* the reset pin */
	FRAME_ADVANCE = 'a',		/* milliseconds, in decimal: so far may time go on (pace free) */
	FRAME_FIGURES = 'f',		/* answered by a frame of its kind */
	FRAME_MARK = 'k',			/* begin to measure anew */
	FRAME_QUIT = 'q',
	/* both ways */
	FRAME_SERIAL = 'u',			/* bytes */
	FRAME_DATAGRAM = 'd',		/* UDP, addresses and ports in network order: source, destination, 2 ports; then the data */
	/* to the desk */
	FRAME_LEVEL = 'l',			/* two bytes: pin, level */
	FRAME_NOTE = 'n',			/* who NUL text */
	FRAME_IDLE = '.',			/* milliseconds, in decimal: time has gone so far, which is as far as it may */
	FRAME_END = 'x'				/* JSON: how it ended */
};

typedef struct {
	int kind;
	uint32_t length;
	uint8_t* body;				/* within the reader; a NUL follows it */
} Frame;

void frameWrite(int kind, const void* body, uint32_t length);
/* Take what has come in, without waiting; false: the desk is gone. */
bool frameFill(void);
/* The next frame that is complete. */
bool frameNext(Frame* frame);
#endif
