#include "answers.h"
#include <string.h>

/* Where a guest call returns to: an address of the ROM's that no function has. */
enum { RETURN_ADDRESS = 0x4000fff0 };
enum { ANSWER_CYCLES = 4 /* there and back */, ARGUMENTS_IN_REGISTERS = 6, RED_ZONE = 64 };

static unsigned slotOf(const Chip* chip, uint32_t address)
{
	unsigned slot = (address * 2654435761u) >> 22;
	while (chip->answers[slot].function && chip->answers[slot].address != address)
		slot = (slot + 1) & (ANSWERS - 1);
	return slot;
}

void answerAt(Chip* chip, uint32_t address, const char* name, AnswerFunction function)
{
	chip->answers[slotOf(chip, address)] = (Answer){ address, function, name, 0 };
}

bool answerSymbol(Chip* chip, const char* name, AnswerFunction function)
{
	uint32_t address = symbolAddress(&chip->symbols, name);
	if (address)
		answerAt(chip, address, name, function);
	return address != 0;
}

Answer* answerFind(Chip* chip, uint32_t address)
{
	Answer* answer = &chip->answers[slotOf(chip, address)];
	return answer->function ? answer : NULL;
}

uint32_t answerArgument(Chip* chip, int index)
{
	if (index < ARGUMENTS_IN_REGISTERS)
		return chip->cpu.a[2 + index];
	return chipRead(chip, chip->cpu.a[1] + 4 * (uint32_t)(index - ARGUMENTS_IN_REGISTERS));
}

void answerReturn(Chip* chip, uint32_t value)
{
	chip->cpu.a[2] = value;
	chip->cpu.pc = chip->cpu.a[0];
	chip->cpu.cycles += ANSWER_CYCLES;
}

void answerSpend(Chip* chip, uint32_t cycles)
{
	chip->cpu.cycles += cycles;
}

void guestCall(Chip* chip, uint32_t function, int count, const uint32_t* arguments, GuestThen then, uint32_t context)
{
	Cpu* cpu = &chip->cpu;
	if (chip->callCount == GUEST_CALLS) {
		chipEnd(chip, END_FAULT, "more than %d calls into the firmware within each other", GUEST_CALLS);
		return;
	}
	GuestCall* call = &chip->calls[chip->callCount++];
	memcpy(call->a, cpu->a, sizeof(call->a));
	call->pc = cpu->pc;
	call->sar = cpu->sar;
	call->ps = cpu->ps;
	call->then = then;
	call->context = context;
	cpu->a[1] = (cpu->a[1] - RED_ZONE) & ~15u;
	for (int i = 0; i < count; i++) {
		if (i < ARGUMENTS_IN_REGISTERS)
			cpu->a[2 + i] = arguments[i];
		else
			chipWrite(chip, cpu->a[1] + 4 * (uint32_t)(i - ARGUMENTS_IN_REGISTERS), arguments[i]);
	}
	cpu->a[0] = RETURN_ADDRESS;
	cpu->pc = function;
}

static void returned(Chip* chip)
{
	Cpu* cpu = &chip->cpu;
	if (!chip->callCount) {
		chipEnd(chip, END_FAULT, "a return to where nothing was called from");
		return;
	}
	GuestCall call = chip->calls[--chip->callCount];
	uint32_t result = cpu->a[2];
	memcpy(cpu->a, call.a, sizeof(call.a));
	cpu->pc = call.pc;
	cpu->sar = call.sar;
	cpu->ps = call.ps;
	if (call.then)
		call.then(chip, result, call.context);
}

void answersInit(Chip* chip)
{
	memset(chip->answers, 0, sizeof(chip->answers));
	answerAt(chip, RETURN_ADDRESS, "return", returned);
}
