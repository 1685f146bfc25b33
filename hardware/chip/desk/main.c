/* The emulated chip as a process: the desk speaks to it by frames (frames.h), its network is the desk's loopback (link.h).
   What ends a life of the chip's ends the process, with a reason; unless it is to live many: then a restart is one, and it
   wakes from its sleep. Without power it is another process with the same flash. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include "figures.h"
#include "frames.h"
#include "link.h"
#include "options.h"
#include "../rom/rom.h"
#include "../sdk/sdk.h"
#include "../soc/devices.h"
#include "../soc/image.h"

enum { US_A_SLICE = 2000, LONGEST_WAIT_MS = 50, BAD_USAGE = 64, NO_FILE = 66 };

static Chip* chip;
static Options options;
static bool quit;
static uint64_t horizon = NEVER;		/* ticks: so far may time go (pace free) */
static bool toldIdle;

static uint64_t wallTicks(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return ((uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000) * TICKS_PER_US;
}

/* What the chip asks of the desk. */

static void serial(void* context, int port, uint8_t byte)
{
	static uint8_t line[512];
	static uint32_t length;
	(void)context;
	if (port != 0)
		return;
	line[length++] = byte;
	if (byte == '\n' || byte == 0 || length == sizeof(line)) {
		frameWrite(FRAME_SERIAL, line, length);
		length = 0;
	}
}

static void pin(void* context, int number, int level)
{
	(void)context;
	frameWrite(FRAME_LEVEL, (uint8_t[]){ (uint8_t)number, (uint8_t)level }, 2);
}

static void frameOut(void* context, int interface, const uint8_t* bytes, int length)
{
	(void)context;
	linkSend(interface == INTERFACE_POINT ? LINK_POINT : LINK_STATION, bytes, length);
}

static void note(void* context, const char* who, const char* text)
{
	char both[400];
	(void)context;
	int length = snprintf(both, sizeof(both), "%s%c%s", who, 0, text);
	frameWrite(FRAME_NOTE, both, (uint32_t)(length < (int)sizeof(both) ? length : (int)sizeof(both) - 1));
}

static uint32_t randomWord(void* context)
{
	uint32_t word = 0;
	(void)context;
	if (getrandom(&word, sizeof(word), 0) != sizeof(word))
		abort();
	return word;
}

static void toChip(void* context, int link, const uint8_t* frame, int length)
{
	radioReceive(context, link == LINK_POINT ? INTERFACE_POINT : INTERFACE_STATION, frame, length);
}

static void linkNote(void* context, const char* text) { (void)context; note(NULL, "net", text); }

static void toDesk(void* context, const uint8_t* datagram, uint32_t length)
{
	(void)context;
	frameWrite(FRAME_DATAGRAM, datagram, length);
}

static void tellIdleOnce(void)
{
	char text[24];
	if (toldIdle)
		return;
	toldIdle = true;
	int length = snprintf(text, sizeof(text), "%llu", (unsigned long long)(horizon / (1000 * TICKS_PER_US)));
	frameWrite(FRAME_IDLE, text, (uint32_t)length);
}

/* What the desk asks of the chip. */

static void wifi(uint8_t what)
{
	if (what == '0')
		radioLose(chip);
	else if (what == '1')
		radioReturn(chip);
	else if (what == 'r' && chip->radio) {
		chip->radio->point.refuses = true;
		radioLose(chip);
		chip->radio->point.present = true;
	}
}

static void take(const Frame* frame)
{
	switch (frame->kind) {
		case FRAME_PIN:
			if (frame->length == 2 && frame->body[0] <= 16)
				gpioSetInput(chip, frame->body[0], frame->body[1]);
			break;
		case FRAME_WIFI:
			if (frame->length)
				wifi(frame->body[0]);
			break;
		case FRAME_SERIAL:
			for (uint32_t i = 0; i < frame->length; i++)
				uartReceive(chip, 0, frame->body[i]);
			break;
		case FRAME_DATAGRAM: linkDatagram(frame->body, frame->length); break;
		case FRAME_RESET: chipEnd(chip, END_RESET_PIN, "reset by its pin"); break;
		case FRAME_FIGURES: figuresWrite(chip); break;
		case FRAME_MARK: figuresMark(chip); break;
		case FRAME_ADVANCE:
			horizon += strtoull((const char*)frame->body, NULL, 10) * 1000 * TICKS_PER_US;
			toldIdle = false;
			break;
		case FRAME_QUIT: quit = true; break;
	}
}

/* Look what has come in; wait for it so long at most. */
static void service(uint32_t waitMs)
{
	struct pollfd polls[LINK_POLLS];
	int count = linkFill(polls, LINK_POLLS - 1, &waitMs);
	polls[count] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	int ready = poll(polls, (nfds_t)count + 1, (int)waitMs);
	linkPolled(polls, ready < 0);
	if (ready > 0 && polls[count].revents) {
		Frame frame;
		if (!frameFill())
			quit = true;
		while (!quit && frameNext(&frame))
			take(&frame);
	}
}

/* The chip waits for an interrupt. In real time it waits as long as it would; else time is moved to what is due next, but
   not while a connection waits for the desk, which lives in real time. */
static void idle(uint64_t startWall, uint64_t startTicks)
{
	uint64_t now = chipTicks(chip), next = chipNextAlarm(chip), due = next < horizon ? next : horizon;
	bool jumps = options.free && !linkIsBusy();
	uint64_t real = jumps ? due : startTicks + (wallTicks() - startWall);
	if (next == NEVER && chip->cpu.intenable == 0) {
		chipEnd(chip, END_HALT, "it waits for an interrupt, and none is enabled");
		return;
	}
	if (jumps && due != NEVER) {
		service(due <= now ? LONGEST_WAIT_MS : 0);
		chipSleepUntil(chip, due);
		return;
	}
	uint64_t waitMs = due > real ? (due - real) / (1000 * TICKS_PER_US) : 0;
	service(due <= now ? LONGEST_WAIT_MS : (uint32_t)(waitMs > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : waitMs));
	real = startTicks + (wallTicks() - startWall);
	chipSleepUntil(chip, real < due ? real : due);
}

static void run(void)
{
	uint64_t startWall = wallTicks(), startTicks = chipTicks(chip);
	while (!quit && !chip->end) {
		uint64_t now = chipTicks(chip);
		uint64_t until = now + (uint64_t)US_A_SLICE * TICKS_PER_US;
		if (now >= horizon) {
			tellIdleOnce();
			service(LONGEST_WAIT_MS);
			startWall = wallTicks();
			startTicks = now;
			continue;
		}
		ChipState state = chipRun(chip, until < horizon ? until : horizon);
		/* who computes for long is behind real time: it does not run after it */
		uint64_t real = startTicks + (wallTicks() - startWall);
		if (chipTicks(chip) < real || options.free) {
			startWall = wallTicks();
			startTicks = chipTicks(chip);
		}
		if (state == CHIP_IDLE)
			idle(startWall, startTicks);
		else if (state == CHIP_TIME) {
			uint64_t ahead = chipTicks(chip) > real ? chipTicks(chip) - real : 0;
			service(options.free ? 0 : (uint32_t)(ahead / (1000 * TICKS_PER_US)));
		}
	}
}

/* Deep sleep: the RTC alone goes on; its timer pulls the reset pin, or the desk does. */
static void sleepDeeply(void)
{
	uint64_t end = chip->sleepUs ? chipTicks(chip) + chip->sleepUs * TICKS_PER_US : NEVER, from = chipTicks(chip);
	chip->end = END_NONE;
	note(NULL, "chip", chip->sleepUs ? "deep sleep" : "deep sleep, until it is reset");
	for (int i = 0; i < ALARM_COUNT; i++)
		chip->alarms[i] = NEVER;
	chip->alarms[ALARM_SLEEP] = end;
	chip->cpu.waiting = true;
	chip->cpu.intenable = 1;			/* of no use to it: so that it is not taken for halted */
	uint64_t startWall = wallTicks();
	while (!quit && !chip->end && chipTicks(chip) < end) {
		if (chipTicks(chip) < horizon)
			idle(startWall, from);
		else {
			tellIdleOnce();
			service(LONGEST_WAIT_MS);
		}
	}
}

/* The life has ended: whether there is another. */
static bool livesOn(void)
{
	EndKind kind = chip->end;
	if (quit || !options.manyLives)
		return false;
	switch (kind) {
		case END_RESTART:
			note(NULL, "chip", chip->endText);
			chipReset(chip, chip->resetReason);
			return true;
		case END_RESET_PIN:
			note(NULL, "chip", chip->endText);
			chipReset(chip, RESET_PIN);
			return true;
		case END_SOFT_WATCHDOG: case END_HARDWARE_WATCHDOG:
			note(NULL, "chip", chip->endText);
			chipReset(chip, kind == END_HARDWARE_WATCHDOG ? RESET_HARDWARE_WATCHDOG : chip->resetReason);
			return options.faultsGoOn;
		case END_DEEP_SLEEP:
			sleepDeeply();
			if (!quit)
				chipReset(chip, RESET_PIN);
			return !quit;
		default:
			return false;
	}
}

static uint8_t* readFile(const char* path, size_t* size)
{
	FILE* file = fopen(path, "rb");
	uint8_t* bytes = NULL;
	if (file && !fseek(file, 0, SEEK_END)) {
		long length = ftell(file);
		rewind(file);
		bytes = (length >= 0) ? malloc((size_t)length + 1) : NULL;
		*size = bytes ? fread(bytes, 1, (size_t)length, file) : 0;
	}
	if (file)
		fclose(file);
	if (!bytes) {
		fprintf(stderr, "chip: %s cannot be read\n", path);
		exit(NO_FILE);
	}
	return bytes;
}

/* Memory that is a file, so that it holds what was written at whatever moment the power goes. */
static uint8_t* mapFile(const char* path, size_t size, uint8_t fill)
{
	int flags = MAP_SHARED, descriptor = -1;
	bool isNew = !path || access(path, F_OK);
	if (path) {
		descriptor = open(path, O_RDWR | O_CREAT, 0600);
		if (descriptor < 0 || ftruncate(descriptor, (off_t)size)) {
			fprintf(stderr, "chip: %s cannot be written\n", path);
			exit(NO_FILE);
		}
	}
	else
		flags |= MAP_ANONYMOUS;
	uint8_t* bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, descriptor, 0);
	if (bytes == MAP_FAILED)
		abort();
	if (isNew)
		memset(bytes, fill, size);
	if (descriptor >= 0)
		close(descriptor);
	return bytes;
}

static void loadFirmware(void)
{
	size_t size;
	const char* wrong = NULL;
	if (options.rom) {
		uint8_t* dump = readFile(options.rom, &size);
		memcpy(chip->rom, dump, size < ROM_BYTES ? size : ROM_BYTES);
		free(dump);
		chip->romDump = true;
	}
	if (options.image) {
		uint8_t* image = readFile(options.image, &size);
		wrong = imageTakeFlash(chip, image, size);
		free(image);
		chip->bootsFromFlash = true;
	}
	if (!wrong && options.elf) {
		uint8_t* elf = readFile(options.elf, &size);	/* stays: RAM is filled from it */
		wrong = imageTakeELF(chip, elf, size);
		if (wrong)
			free(elf);
	}
	if (wrong)
		chipEnd(chip, END_REFUSED, "%s: %s", options.elf ? options.elf : options.image, wrong);
}

int main(int count, char** arguments)
{
	static Radio radio;
	if (!optionsRead(&options, count, arguments))
		return BAD_USAGE;
	chip = calloc(1, sizeof(*chip));
	if (!chip)
		abort();
	chip->flash = (Flash){ .bytes = mapFile(options.flash, options.flashSize, 0xff), .size = options.flashSize,
		.wear = calloc(options.flashSize / FLASH_SECTOR, sizeof(uint32_t)), .cutAt = options.cutAt, .cutShare = options.cutShare };
	chip->host = (ChipHost){ NULL, serial, pin, frameOut, note, randomWord };
	memcpy(chip->mac, options.mac, sizeof(chip->mac));
	chip->faultsGoOn = options.faultsGoOn;
	chipInit(chip);
	if (!options.oneCycle)
		chip->cpu.costs = &cpuCosts;
	loadFirmware();
	romInit(chip);
	radio.point = options.point;
	sdkInit(chip, &radio);
	const LinkOwner owner = { toChip, toDesk, linkNote, chip };
	if (!linkOpen(&owner, chip->mac))
		abort();
	for (int i = 0; i < options.redirectCount; i++)
		linkRedirect(options.redirects[i].port, options.redirects[i].to);
	for (int i = 0; i < options.forwardCount; i++) {
		const Forward* forward = &options.forwards[i];
		if (!linkForward(forward->toPoint ? LINK_POINT : LINK_STATION, forward->port, forward->to)) {
			fprintf(stderr, "chip: port %u of the desk's is not free\n", forward->port);
			return BAD_USAGE;
		}
	}
	if (options.free)
		horizon = 0;
	if (!chip->end) {
		chipReset(chip, RESET_POWER_ON);
		do
			run();
		while (livesOn());
	}
	figuresWrite(chip);
	figuresEnd(chip);
	linkClose();
	return 0;
}
