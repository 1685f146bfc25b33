/* Tasks: functions by priority, each with a queue that is posted to. ets_run calls the highest that has something, and waits
   for an interrupt where none has. */
#include "rom.h"
#include "../sdk/sdk.h"

/* A task, 16 bytes: function, queue, then bytes (length, next to write, next to read, count), then its bit. */
enum { FUNCTION = 0, QUEUE = 4, LENGTH = 8, WRITE = 9, READ = 10, COUNT = 11, BIT = 12, TASK = 16 };
enum { IDLE_FUNCTION = 0, IDLE_ARGUMENT = 4, POSTED = 8 };
enum { EVENT = 8, TASK_CYCLES = 40, MOST_TASKS = 32 };

static uint32_t taskOf(uint32_t priority)
{
	return ROM_TASKS + TASK * (priority - 1);
}

static void writeByte(Chip* chip, uint32_t address, uint32_t value)
{
	uint8_t byte = (uint8_t)value;
	cpuWrite(&chip->cpu, address, &byte, 1);
}

/* The next place in a queue: it begins anew behind the last. */
static uint32_t advance(Chip* chip, uint32_t task, uint32_t field)
{
	uint32_t at = chipReadByte(chip, task + field), next = at + 1;
	writeByte(chip, task + field, next == chipReadByte(chip, task + LENGTH) ? 0 : next);
	return chipRead(chip, task + QUEUE) + EVENT * at;
}

static void ets_task(Chip* chip)
{
	uint32_t priority = answerArgument(chip, 1);
	if (priority >= 1 && priority <= MOST_TASKS) {
		uint32_t task = taskOf(priority);
		chipWrite(chip, task + FUNCTION, answerArgument(chip, 0));
		chipWrite(chip, task + QUEUE, answerArgument(chip, 2));
		chipWrite(chip, task + LENGTH, answerArgument(chip, 3) & 0xff);
		chipWrite(chip, task + BIT, 1u << (priority - 1));
	}
	answerReturn(chip, chip->cpu.a[2]);
}

/* 0: posted, 1: its queue is full. */
static void ets_post(Chip* chip)
{
	uint32_t task = taskOf(answerArgument(chip, 0)), count = chipReadByte(chip, task + COUNT);
	if (count >= chipReadByte(chip, task + LENGTH)) {
		answerReturn(chip, 1);
		return;
	}
	uint32_t event = advance(chip, task, WRITE);
	chipWrite(chip, event, answerArgument(chip, 1));
	chipWrite(chip, event + 4, answerArgument(chip, 2));
	writeByte(chip, task + COUNT, count + 1);
	chipWrite(chip, ROM_IDLE + POSTED, chipRead(chip, ROM_IDLE + POSTED) | chipRead(chip, task + BIT));
	chip->cpu.ps &= ~0xfu;
	answerSpend(chip, TASK_CYCLES);
	answerReturn(chip, 0);
}

static void ets_set_idle_cb(Chip* chip)
{
	chipWrite(chip, ROM_IDLE + IDLE_FUNCTION, answerArgument(chip, 0));
	chipWrite(chip, ROM_IDLE + IDLE_ARGUMENT, answerArgument(chip, 1));
	answerReturn(chip, chip->cpu.a[2]);
}

static void ets_run(Chip* chip)
{
	writeByte(chip, ROM_TASK_NOW, 0);
	chip->cpu.ps &= ~0xfu;
	chip->cpu.a[1] -= 48;			/* the ROM's frames */
	chip->cpu.pc = LOOP_HEAD;
}

static void ended(Chip* chip, uint32_t result, uint32_t context)
{
	(void)result;
	(void)context;
	writeByte(chip, ROM_TASK_NOW, 0);
}

static void runTask(Chip* chip, uint32_t priority)
{
	uint32_t task = taskOf(priority), left = chipReadByte(chip, task + COUNT) - 1u;
	uint32_t event = advance(chip, task, READ);
	writeByte(chip, task + COUNT, left);
	if (!left)
		chipWrite(chip, ROM_IDLE + POSTED, chipRead(chip, ROM_IDLE + POSTED) & ~chipRead(chip, task + BIT));
	writeByte(chip, ROM_TASK_NOW, priority);
	chip->cpu.ps &= ~0xfu;
	answerSpend(chip, TASK_CYCLES);
	GUEST_CALL(chip, chipRead(chip, task + FUNCTION), ended, 0, event);
}

/* The head of the loop: what has come from outside goes first, then the task of highest priority, then it waits. */
static void loop(Chip* chip)
{
	if (sdkTurn(chip))
		return;
	uint32_t posted = chipRead(chip, ROM_IDLE + POSTED), idle = chipRead(chip, ROM_IDLE + IDLE_FUNCTION);
	if (posted) {
		runTask(chip, 32u - (uint32_t)__builtin_clz(posted));
		return;
	}
	chip->cpu.pc = LOOP_WAIT;
	if (idle)
		GUEST_CALL(chip, idle, NULL, 0, chipRead(chip, ROM_IDLE + IDLE_ARGUMENT));
}

static void woken(Chip* chip)
{
	chip->cpu.ps &= ~0xfu;
	chip->cpu.pc = LOOP_HEAD;
}

const RomFunction romTasks[] = {
	{ 0x40000dd0, "ets_task", ets_task }, { 0x40000e24, "ets_post", ets_post },
	{ 0x40000dc0, "ets_set_idle_cb", ets_set_idle_cb }, { 0x40000e04, "ets_run", ets_run },
	{ LOOP_HEAD, "ets_run's loop", loop }, { LOOP_WOKEN, "ets_run's loop, woken", woken },
	{ 0, NULL, NULL }
};

/* With a dump of the ROM the loop is its own; only what comes from outside is put in. */
static void dumpLoop(Chip* chip)
{
	if (!sdkTurn(chip))
		cpuPass(&chip->cpu);
}

const RomFunction romDumpTasks[] = { { LOOP_HEAD, "ets_run's loop", dumpLoop }, { 0, NULL, NULL } };
