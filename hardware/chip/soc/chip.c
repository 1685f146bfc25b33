#include "chip.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "answers.h"
#include "devices.h"
#include "memory.h"
#include "../sdk/sdk.h"

/* So often it is looked whether the stack pointer is on a stack. */
enum { SLICE = 1000 };

static bool isStop(void* context, uint32_t pc)
{
	return answerFind(context, pc) != NULL;
}

void chipInit(Chip* chip)
{
	cpuInit(&chip->cpu);
	chip->cpu.context = chip;
	chip->cpu.isStop = isStop;
	chip->cpu.trapDouble = true;
	chip->mhz = 80;
	chip->gpio.external = ~0u;
	chip->gpio.shown = ~0u;
	chip->measures.leastHeap = UINT32_MAX;
	for (int i = 0; i < ALARM_COUNT; i++)
		chip->alarms[i] = NEVER;
	answersInit(chip);
	memoryInit(chip);
}

void chipReset(Chip* chip, ResetReason reason)
{
	chip->end = END_NONE;
	chip->endText[0] = 0;
	chip->callCount = 0;
	chip->started = false;
	chip->resetReason = reason;
	/* Which exceptions end a life: all but interrupts, the firmware's own traps (SYSCALL) and BREAK. */
	chip->cpu.trapCauses = chip->faultsGoOn ? 0 : ~(1u << CAUSE_LEVEL1_INTERRUPT | 1u << CAUSE_SYSCALL | 1u << CAUSE_ALLOCA);
	for (int i = 0; i < ALARM_COUNT; i++)
		chip->alarms[i] = NEVER;
	for (unsigned i = 0; i < 16; i++)
		cpuInterrupt(&chip->cpu, i, false);
	if (reason == RESET_POWER_ON) {
		memset(chip->dram, 0, sizeof(chip->dram));
		memset(chip->iram, 0, sizeof(chip->iram));
	}
	cpuReset(&chip->cpu);
	cpuForget(&chip->cpu, IRAM_BASE, IRAM_BYTES);
	chipSetFrequency(chip, 80);
	memset(chip->io, 0, 0x700);
	memset(&chip->io[0x800 / 4], 0, sizeof(chip->io) - 0x800);
	dportReset(chip);
	rtcReset(chip, reason);
	timersReset(chip);
	uartReset(chip);
	gpioReset(chip);
	watchdogReset(chip);
	sdkReset(chip);
	chip->measures.lowestStack = STACK_TOP;
	chip->measures.turnAt = chipTicks(chip);
	chip->measures.idleAtTurn = chip->measures.idleTicks;
}

uint64_t chipTicks(const Chip* chip)
{
	return chip->ticksBase + (chip->cpu.cycles - chip->cyclesBase) * 80 / chip->mhz;
}

static uint64_t cyclesAt(const Chip* chip, uint64_t ticks)
{
	return (ticks <= chip->ticksBase) ? chip->cyclesBase : chip->cyclesBase + (ticks - chip->ticksBase) * (chip->mhz / 80);
}

void chipSetFrequency(Chip* chip, uint32_t mhz)
{
	uint64_t ticks = chipTicks(chip);
	chip->ticksBase = ticks;
	chip->cyclesBase = chip->cpu.cycles;
	chip->mhz = mhz;
	if (chip->cpu.costs)
		chip->cpu.costs = (mhz == 160) ? &cpuCosts160 : &cpuCosts;
}

void chipSpend(Chip* chip, uint64_t ticks)
{
	chip->cpu.cycles += ticks * (chip->mhz / 80);
}

void chipSetAlarm(Chip* chip, Alarm alarm, uint64_t ticks)
{
	chip->alarms[alarm] = ticks;
	cpuBreak(&chip->cpu);
}

uint64_t chipNextAlarm(const Chip* chip)
{
	uint64_t next = NEVER;
	for (int i = 0; i < ALARM_COUNT; i++)
		if (chip->alarms[i] < next)
			next = chip->alarms[i];
	return next;
}

static void ring(Chip* chip)
{
	uint64_t now = chipTicks(chip);
	for (int i = 0; i < ALARM_COUNT; i++) {
		if (chip->alarms[i] > now)
			continue;
		chip->alarms[i] = NEVER;
		switch (i) {
			case ALARM_FRC1: case ALARM_FRC2: timersAlarm(chip, i); break;
			case ALARM_WATCHDOG: watchdogAlarm(chip); break;
			default: sdkAlarm(chip, i);
		}
	}
}

void chipSleepUntil(Chip* chip, uint64_t ticks)
{
	uint64_t now = chipTicks(chip), next = chipNextAlarm(chip);
	if (next < ticks)
		ticks = next;
	if (ticks <= now)
		return;
	uint64_t slept = cpuSleep(&chip->cpu, cyclesAt(chip, ticks) - chip->cpu.cycles);
	chip->measures.idleTicks += slept * 80 / chip->mhz;
}

static bool onStack(const Chip* chip, uint32_t sp)
{
	return (sp >= STACK_LIMIT && sp <= STACK_TOP - 1) || (sp >= chip->dynamicLow && sp <= chip->dynamicHigh);
}

/* True: the stack pointer is where it may be. */
static bool checkStack(Chip* chip)
{
	uint32_t sp = chip->cpu.a[1];
	if (sp >= STACK_LIMIT && sp < chip->measures.lowestStack)
		chip->measures.lowestStack = sp;
	if (onStack(chip, sp) || !chip->started)
		return true;
	char where[200];
	chipDescribe(chip, where, sizeof(where));
	uint32_t end = (sp < chip->dynamicLow && chip->cpu.a[1] + DRAM_BYTES / 8 > chip->dynamicLow) ? chip->dynamicLow : STACK_LIMIT;
	if (sp < end && sp >= DRAM_BASE)
		chipEnd(chip, END_STACK, "stack overflow: the stack ends at 0x%08x, and its pointer is 0x%08x, in %s", end, sp, where);
	else
		chipEnd(chip, END_STACK, "no stack: its pointer is 0x%08x, in %s", sp, where);
	return false;
}

static void fault(Chip* chip)
{
	CpuTrap trap = chip->cpu.trap;
	chip->measures.exceptions++;
	if (chip->faultsGoOn && !trap.doubleException) {
		cpuDeliver(&chip->cpu);
		return;
	}
	if (!checkStack(chip))
		return;
	char where[200], at[40] = "";
	chipDescribe(chip, where, sizeof(where));
	if (trap.address)
		snprintf(at, sizeof(at), " at 0x%08x", trap.address);
	chipEnd(chip, END_FAULT, "exception %u%s: %s%s, in %s", trap.cause, trap.doubleException ? ", within another" : "",
		cpuCauseText(trap.cause), at, where);
}

static void answer(Chip* chip)
{
	Answer* found = answerFind(chip, chip->cpu.pc);
	if (!found) {
		cpuPass(&chip->cpu);
		return;
	}
	found->count++;
	found->function(chip);
}

ChipState chipRun(Chip* chip, uint64_t until)
{
	Cpu* cpu = &chip->cpu;
	while (!chip->end) {
		uint64_t next = chipNextAlarm(chip);
		if (next <= chipTicks(chip)) {
			ring(chip);
			continue;
		}
		if (chipTicks(chip) >= until)
			return CHIP_TIME;
		uint64_t cycles = cyclesAt(chip, next < until ? next : until);
		if (cycles > cpu->cycles + SLICE)
			cycles = cpu->cycles + SLICE;
		switch (cpuRun(cpu, cycles)) {
			case CPU_WAIT:
				if (chipNextAlarm(chip) > chipTicks(chip) && !cpuInterrupted(cpu))
					return CHIP_IDLE;
				break;
			case CPU_STOP: answer(chip); break;
			case CPU_TRAP: fault(chip); break;
			case CPU_TIME: checkStack(chip); break;
			default: break;
		}
	}
	return CHIP_ENDED;
}

void chipEnd(Chip* chip, EndKind kind, const char* format, ...)
{
	va_list arguments;
	if (chip->end)
		return;
	chip->end = kind;
	va_start(arguments, format);
	vsnprintf(chip->endText, sizeof(chip->endText), format, arguments);
	va_end(arguments);
	cpuBreak(&chip->cpu);
}

void chipNote(Chip* chip, const char* who, const char* format, ...)
{
	char text[256];
	va_list arguments;
	if (!chip->host.note)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	chip->host.note(chip->host.context, who, text);
}

void chipDescribe(Chip* chip, char* text, size_t size)
{
	char here[80], caller[80];
	Answer* answered = answerFind(chip, chip->cpu.pc);	/* the ROM's functions have names of ours */
	if (answered)
		snprintf(here, sizeof(here), "%s", answered->name);
	else
		symbolText(&chip->symbols, chip->cpu.pc, here, sizeof(here));
	symbolText(&chip->symbols, chip->cpu.a[0], caller, sizeof(caller));
	snprintf(text, size, "%s (a0: %s)", here, caller);
}

uint32_t chipRead(Chip* chip, uint32_t address)
{
	uint32_t value = 0;
	cpuRead(&chip->cpu, address, &value, sizeof(value));
	return value;
}

void chipWrite(Chip* chip, uint32_t address, uint32_t value)
{
	cpuWrite(&chip->cpu, address, &value, sizeof(value));
}

uint8_t chipReadByte(Chip* chip, uint32_t address)
{
	uint8_t value = 0;
	cpuRead(&chip->cpu, address, &value, 1);
	return value;
}

void chipReadText(Chip* chip, uint32_t address, char* text, size_t size)
{
	size_t i = 0;
	while (i + 1 < size && (text[i] = (char)chipReadByte(chip, address + (uint32_t)i)))
		i++;
	text[i] = 0;
}
