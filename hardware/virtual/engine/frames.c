#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "frames.h"
#include "system.h"

enum {
	WORDS = 512,				/* bytes of a command's words, or of a printed text, at most */
	BODY = 32 * 1024 * 1024		/* bytes of a frame from the desk, at most: modules and resources are smaller by far */
};

/* Aligned to a page: an emulated processor's read that crosses one can come back short. */
static __attribute__((aligned(4096))) uint8_t input[4096];
static int position, limit;

static int readBytes(void* to, int length)
{
	uint8_t* bytes = to;
	while (length > 0) {
		int count = limit - position;
		if (!count) {
			position = 0;
			limit = systemRead(input, sizeof(input));
			if (limit <= 0) {
				limit = 0;
				return 0;
			}
			continue;
		}
		if (count > length)
			count = length;
		memcpy(bytes, input + position, count);
		position += count;
		bytes += count;
		length -= count;
	}
	return 1;
}

int frameRead(Frame* frame)
{
	uint8_t head[5];
	uint32_t length;
	if (!readBytes(head, sizeof(head)))
		return 0;
	length = head[0] | (head[1] << 8) | (head[2] << 16) | ((uint32_t)head[3] << 24);
	if (length > BODY) {
		framePrintf(FRAME_END, "a frame of %u bytes, of which %d can be taken", (unsigned)length, BODY);
		return 0;
	}
	frame->length = length;
	frame->kind = head[4];
	frame->body = malloc(length + 1);
	if (!frame->body) {
		framePrintf(FRAME_END, "no memory for a frame of %u bytes", (unsigned)length);
		return 0;
	}
	if (!readBytes(frame->body, length)) {
		free(frame->body);
		return 0;
	}
	frame->body[length] = 0;
	return 1;
}

char* frameTail(const Frame* frame)
{
	size_t head = strlen(frame->body);
	return frame->body + head + ((head < (size_t)frame->length) ? 1 : 0);
}

static void writeHead(int kind, int length)
{
	uint8_t head[5] = { length, length >> 8, length >> 16, length >> 24, kind };
	systemWrite(head, sizeof(head));
}

void frameWrite(int kind, const void* body, int length)
{
	uint8_t whole[WORDS + 5] = { length, length >> 8, length >> 16, length >> 24, kind };
	if (length <= WORDS) {		/* in one piece: one wake-up of the desk */
		memcpy(whole + 5, body, length);
		systemWrite(whole, length + 5);
	}
	else {
		writeHead(kind, length);
		systemWrite(body, length);
	}
}

static int print(char* words, const char* format, va_list arguments)
{
	int length = vsnprintf(words, WORDS, format, arguments);
	return (length < WORDS) ? length : WORDS - 1;
}

void framePrintf(int kind, const char* format, ...)
{
	char words[WORDS];
	va_list arguments;
	int length;
	va_start(arguments, format);
	length = print(words, format, arguments);
	va_end(arguments);
	frameWrite(kind, words, length);
}

static void writeDevice(int kind, const void* data, int length, const char* format, va_list arguments)
{
	char words[WORDS];
	int count = print(words, format, arguments) + 1;
	writeHead(kind, count + length);
	systemWrite(words, count);
	if (length)
		systemWrite(data, length);
}

void deviceCommand(const void* data, int length, const char* format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	writeDevice(FRAME_COMMAND, data, length, format, arguments);
	va_end(arguments);
}

void deviceAsk(Frame* answer, const void* data, int length, const char* format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	writeDevice(FRAME_ASK, data, length, format, arguments);
	va_end(arguments);
	if (!frameRead(answer) || (answer->kind != FRAME_ANSWER))
		systemExit(SYSTEM_DESK_GONE);
}
