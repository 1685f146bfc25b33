#include "frames.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 5, LARGEST = 1 << 20 };

static uint8_t input[LARGEST + HEAD + 1];
static uint32_t filled, taken;
static uint8_t kept;				/* what a frame's NUL has replaced */
static bool keeps;

static void writeAll(const uint8_t* bytes, size_t length)
{
	while (length) {
		ssize_t count = write(STDOUT_FILENO, bytes, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			exit(71);
		bytes += count;
		length -= (size_t)count;
	}
}

void frameWrite(int kind, const void* body, uint32_t length)
{
	uint8_t whole[2048] = { (uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16), (uint8_t)(length >> 24),
		(uint8_t)kind };
	if (length <= sizeof(whole) - HEAD) {
		if (length)
			memcpy(whole + HEAD, body, length);
		writeAll(whole, HEAD + length);
		return;
	}
	writeAll(whole, HEAD);
	writeAll(body, length);
}

bool frameFill(void)
{
	if (keeps)
		input[taken] = kept;
	keeps = false;
	memmove(input, input + taken, filled - taken);
	filled -= taken;
	taken = 0;
	ssize_t count = read(STDIN_FILENO, input + filled, sizeof(input) - 1 - filled);
	if (count > 0)
		filled += (uint32_t)count;
	return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

bool frameNext(Frame* frame)
{
	if (keeps)
		input[taken] = kept;
	keeps = false;
	if (filled - taken < HEAD)
		return false;
	const uint8_t* head = input + taken;
	frame->length = head[0] | head[1] << 8 | head[2] << 16 | (uint32_t)head[3] << 24;
	if (frame->length > LARGEST)
		exit(71);
	if (filled - taken < HEAD + frame->length)
		return false;
	frame->kind = head[4];
	frame->body = input + taken + HEAD;
	taken += HEAD + frame->length;
	kept = input[taken];
	keeps = true;
	input[taken] = 0;
	return true;
}
