#include "figures.h"
#include <stdio.h>
#include <string.h>
#include "frames.h"
#include "../sdk/sdk.h"

enum { TEXT = 2048 };

static const char* const kinds[] = {
	[END_NONE] = "closed", [END_FAULT] = "fault", [END_STACK] = "stack", [END_SOFT_WATCHDOG] = "soft watchdog",
	[END_HARDWARE_WATCHDOG] = "hardware watchdog", [END_HALT] = "halt", [END_RESTART] = "restart", [END_RESET_PIN] = "reset",
	[END_DEEP_SLEEP] = "deep sleep", [END_POWER_CUT] = "power cut", [END_REFUSED] = "refused"
};

static struct { uint64_t cycles, instructions, idle, hits, misses; } marked;

/* The highest that the ROM's stack has been: what is not painted any more. */
static uint32_t systemStack(Chip* chip)
{
	uint32_t at = STACK_LIMIT;
	while (at < chip->measures.lowestStack && chipRead(chip, at) == STACK_PAINT)
		at += 4;
	return STACK_TOP - at;
}

/* The same of the application's stack, which Arduino's core paints itself. */
static uint32_t applicationStack(Chip* chip)
{
	uint32_t at = chip->dynamicLow, paint = 0xfeefeffe;
	while (at < chip->dynamicHigh && chipRead(chip, at) == paint)
		at += 4;
	return chip->dynamicHigh - at;
}

static int text(Chip* chip, char* to)
{
	const Cpu* cpu = &chip->cpu;
	const Measures* measures = &chip->measures;
	return snprintf(to, TEXT,
		"{\"cycles\":%llu,\"instructions\":%llu,\"ticks\":%llu,\"idleTicks\":%llu,\"mhz\":%u,\"cacheHits\":%llu,\"cacheMisses\":%llu,"
		"\"missCycles\":%u,\"leastHeap\":%d,\"freeHeap\":%d,\"systemStack\":%u,\"systemStackRoom\":%u,\"applicationStack\":%u,"
		"\"applicationStackRoom\":%u,\"longestTurnTicks\":%llu,\"longestTurnAt\":%llu,\"turns\":%llu,\"interrupts\":%llu,"
		"\"exceptions\":%llu,\"watchdogBites\":%llu,\"framesIn\":%llu,\"framesOut\":%llu,\"flashWrites\":%llu,"
		"\"flashErases\":%llu,\"mostWorn\":%u}",
		(unsigned long long)(cpu->cycles - marked.cycles), (unsigned long long)(cpu->instructions - marked.instructions),
		(unsigned long long)chipTicks(chip), (unsigned long long)(measures->idleTicks - marked.idle), chip->mhz,
		(unsigned long long)(cpu->cacheHits - marked.hits), (unsigned long long)(cpu->cacheMisses - marked.misses),
		cpu->costs ? cpu->costs->cacheMiss : 0, (int)measures->leastHeap, (int)heapFree(chip), systemStack(chip), STACK_TOP - STACK_LIMIT,
		applicationStack(chip), chip->dynamicHigh - chip->dynamicLow, (unsigned long long)measures->longestTurn,
		(unsigned long long)measures->longestTurnAt, (unsigned long long)measures->turns,
		(unsigned long long)measures->interrupts, (unsigned long long)measures->exceptions,
		(unsigned long long)measures->watchdogBites, (unsigned long long)measures->framesIn,
		(unsigned long long)measures->framesOut, (unsigned long long)chip->flash.writes,
		(unsigned long long)chip->flash.erases, flashMostWorn(&chip->flash));
}

void figuresWrite(Chip* chip)
{
	char json[TEXT];
	frameWrite(FRAME_FIGURES, json, (uint32_t)text(chip, json));
}

void figuresMark(Chip* chip)
{
	marked.cycles = chip->cpu.cycles;
	marked.instructions = chip->cpu.instructions;
	marked.idle = chip->measures.idleTicks;
	marked.hits = chip->cpu.cacheHits;
	marked.misses = chip->cpu.cacheMisses;
	chip->measures.longestTurn = 0;
	chip->measures.turnAt = chipTicks(chip);
	chip->measures.idleAtTurn = chip->measures.idleTicks;
}

void figuresEnd(Chip* chip)
{
	char json[TEXT], reason[500];
	size_t length = 0;
	for (const char* at = chip->endText; *at && length < sizeof(reason) - 2; at++) {
		if (*at == '"' || *at == '\\')
			reason[length++] = '\\';
		reason[length++] = (*at < ' ') ? ' ' : *at;
	}
	reason[length] = 0;
	int size = snprintf(json, sizeof(json), "{\"kind\":\"%s\",\"reason\":\"%s\",\"sleepUs\":%llu}", kinds[chip->end], reason,
		(unsigned long long)chip->sleepUs);
	frameWrite(FRAME_END, json, (uint32_t)size);
}
