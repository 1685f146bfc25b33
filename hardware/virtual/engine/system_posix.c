/* The system layer for the desk's own processor. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>
#include "frames.h"
#include "system.h"

enum { PAGE = 4096, REGIONS = 512 };
static struct { uint8_t* address; unsigned size; } regions[REGIONS];
static int regionCount;

int systemRead(void* buffer, int size)
{
	ssize_t count;
	do
		count = read(0, buffer, size);
	while ((count < 0) && (errno == EINTR));
	return count;
}

void systemWrite(const void* data, int length)
{
	const uint8_t* bytes = data;
	while (length > 0) {
		ssize_t count = write(1, bytes, length);
		if (count < 0) {
			if (errno == EINTR)
				continue;
			systemExit(SYSTEM_DESK_GONE);
		}
		bytes += count;
		length -= count;
	}
}

void systemExit(int status)
{
	_exit(status);
}

void* systemFlash(unsigned size)
{
	void* address;
	size = (size + PAGE - 1) & ~(PAGE - 1);
	if (regionCount == REGIONS)
		return NULL;
	address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (address == MAP_FAILED)
		return NULL;
	regions[regionCount].address = address;
	regions[regionCount].size = size;
	regionCount++;
	return address;
}

void systemSealFlash(void)
{
	int i;
	for (i = 0; i < regionCount; i++)
		mprotect(regions[i].address, regions[i].size, PROT_READ);
}

static int inFlash(const uint8_t* address)
{
	int i;
	for (i = 0; i < regionCount; i++)
		if ((regions[i].address <= address) && (address < regions[i].address + regions[i].size))
			return 1;
	return 0;
}

/* The engine's state is unknown here: say why, in memory of our own, and end. */
static void fault(int number, siginfo_t* info, void* context)
{
	const char* reason = (number != SIGSEGV && number != SIGBUS) ? "illegal instruction or arithmetic"
		: inFlash(info->si_addr) ? "write to preloaded memory, which is flash on the device"
		: "access outside memory";
	frameWrite(FRAME_END, reason, strlen(reason));
	systemExit(SYSTEM_FAULT);
}

void systemStart(void)
{
	static uint8_t stack[64 * 1024];
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action;
	unsigned i;
	sigaltstack(&alternate, NULL);
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = fault;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);	/* a desk that dies must not leave a program behind that never asks for anything */
#endif
}

char* systemStackLimit(void)
{
	return (char*)1;			/* far larger than the machine's */
}

int systemInstructions(double* instructions)
{
	return 0;
}

unsigned systemAlign(void)
{
	return 0;
}
