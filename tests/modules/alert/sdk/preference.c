/* The SDK's own preferences for the ESP8266, on a flash that can lose its power before any of its steps. Lines in, fields
   apart by tabs:
     n                      a new flash
     s, r                   keep the flash as it is; have it so again
     p calls|words COUNT    the power goes before step COUNT + 1: a call, or a word of it; -1: it stays
     + DOMAIN KEY VALUE     set
     - DOMAIN KEY           delete
     ? DOMAIN               its keys and values
   Each but the first three is answered by a line: "cut", "error", "ok", or the keys and values. */
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>
#include "flash.h"

uint8_t _MODPREF_start;
#include "modPreference.c"

enum { SECTORS = 4, SIZE = SECTORS * kFlashSectorSize, KEYS = 128 };		/* preferences are in the first two */

static uint8_t flash[SIZE], kept[SIZE];
static int left = -1, isByWord;
static jmp_buf powerGone;
static char keys[KEYS][128], failure[64], value[128];
static int keyCount, hasValue;
const char* resultValue;
const char* variable;

void result(const char* kind, const char* text)
{
	if (!strcmp(kind, "key")) {
		if (keyCount < KEYS)
			snprintf(keys[keyCount++], sizeof(keys[0]), "%s", text);
	}
	else if (!strcmp(kind, "value")) {
		hasValue = 1;
		snprintf(value, sizeof(value), "%s", text);
	}
	else
		snprintf(failure, sizeof(failure), "%s", text);
}

static void step(void)
{
	if (!left)
		longjmp(powerGone, 1);
	if (left > 0)
		left--;
}

uint8_t modSPIRead(uint32_t offset, uint32_t size, uint8_t* to)
{
	uint32_t i;
	for (i = 0; i < size; i++)
		to[i] = (offset + i < SIZE) ? flash[offset + i] : 0xff;
	return 1;
}

/* As the chip's, bits only go from 1 to 0, and a word comes after the other. */
uint8_t modSPIWrite(uint32_t offset, uint32_t size, const uint8_t* from)
{
	uint32_t i;
	if (!isByWord)
		step();
	for (i = 0; i < size; i++) {
		if (isByWord && (!i || !((offset + i) & 3)))
			step();
		if (offset + i < SIZE)
			flash[offset + i] &= from[i];
	}
	return 1;
}

uint8_t modSPIErase(uint32_t offset, uint32_t size)
{
	for (; size >= kFlashSectorSize; offset += kFlashSectorSize, size -= kFlashSectorSize) {
		step();
		if (offset + kFlashSectorSize <= SIZE)
			memset(flash + offset, 0xff, kFlashSectorSize);
	}
	return 1;
}

/* Not within a function that has been left: what is on the stack below, the SDK reads beyond its buffers. */
static void list(const char* domain)
{
	xsMachine machine = { { domain } };
	int i;
	keyCount = 0;
	xs_preference_keys(&machine);
	for (i = 0; i < keyCount; i++) {
		xsMachine one = { { domain, keys[i] } };
		hasValue = 0;
		xs_preference_get(&one);
		printf("%s%s\t%s", i ? "\t" : "", keys[i], hasValue ? value : "");
	}
	printf("\n");
}

static void run(char* line)
{
	char* fields[4] = { "", "", "", "" };
	int count = 0;
	char* field;
	for (field = strtok(line, "\t\n"); field && (count < 4); field = strtok(NULL, "\t\n"))
		fields[count++] = field;
	xsMachine machine = { { fields[1], fields[2], fields[3] } };
	*failure = 0;
	switch (*fields[0]) {
	case 'n':
		memset(flash, 0xff, SIZE);
		return;
	case 's':
		memcpy(kept, flash, SIZE);
		return;
	case 'r':
		memcpy(flash, kept, SIZE);
		return;
	case 'p':
		isByWord = *fields[1] == 'w';
		left = atoi(fields[2]);
		return;
	case '?':
		list(fields[1]);
		return;
	case '+':
		xs_preference_set(&machine);
		break;
	case '-':
		xs_preference_delete(&machine);
		break;
	}
	printf("%s\n", *failure ? "error" : "ok");
}

/* The SDK's search for room can have no end: then the chip's watchdog ends it. */
static void endless(int number)
{
	printf("hang\n");
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	static char line[512];
	struct itimerval limit = { .it_value = { .tv_usec = 300000 } };		/* of the processor's time */
	signal(SIGVTALRM, endless);
	setitimer(ITIMER_VIRTUAL, &limit, NULL);
	while (fgets(line, sizeof(line), stdin)) {
		if (setjmp(powerGone)) {
			left = -1;
			printf("cut\n");
		}
		else
			run(line);
	}
	return 0;
}
