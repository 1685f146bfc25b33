/* Exceptions and interrupts: the vectors jump to what stands in a table of the ROM's in RAM. That is: to the handler of
   interrupts, or to a wrapper that calls a C function. Both keep the registers on the stack, in the frame of XTOS. */
#include "rom.h"

enum { HANDLER_L1INT = 0x4000048c, WRAPPER = 0x40000598, UNHANDLED = 0x4000dc44, RETURN_FROM_EXCEPTION = 0x4000dc54,
	NO_HANDLER = 0x4000dbf8, UNHANDLED_INTERRUPT = 0x4000dc3c };
enum { FRAME_PC = 0, FRAME_PS = 4, FRAME_SAR = 8, FRAME_A0 = 16, FRAME_A2 = 20, FRAME_CAUSE = 76, FRAME_BYTES = 0x100 };
enum { CAUSES = 64, INTERRUPTS = 15, EDGES = 0x7fc0, PS_EXCM = 1 << 4, SAVE_CYCLES = 30, RESTORE_CYCLES = 25 };

static uint32_t handlerOf(uint32_t number) { return ROM_INTERRUPTS + 8 * (31 - number); }

void romSetExceptionTable(Chip* chip)
{
	for (uint32_t cause = 0; cause < CAUSES; cause++) {
		chipWrite(chip, ROM_EXCEPTIONS + 4 * cause, cause == CAUSE_LEVEL1_INTERRUPT ? HANDLER_L1INT : UNHANDLED);
		if (cause < 32)
			chipWrite(chip, ROM_C_HANDLERS + 4 * cause, NO_HANDLER);
	}
	for (uint32_t number = 0; number < INTERRUPTS; number++) {
		chipWrite(chip, handlerOf(number), UNHANDLED_INTERRUPT);
		chipWrite(chip, handlerOf(number) + 4, number);
	}
	chipWrite(chip, ROM_ENABLED, 0);
	chipWrite(chip, ROM_ENABLED + 4, 0xffffffff);
}

/* The vector has made room and kept a2 to a4; keep the rest. */
static void save(Chip* chip, uint32_t cause)
{
	Cpu* cpu = &chip->cpu;
	uint32_t frame = cpu->a[1];
	chipWrite(chip, frame + FRAME_PC, cpu->epc[1]);
	chipWrite(chip, frame + FRAME_PS, cpu->ps & ~(uint32_t)PS_EXCM);
	chipWrite(chip, frame + FRAME_SAR, cpu->sar);
	chipWrite(chip, frame + FRAME_A0, cpu->a[0]);
	for (uint32_t i = 5; i < 16; i++)
		chipWrite(chip, frame + FRAME_A2 + 4 * (i - 2), cpu->a[i]);
	chipWrite(chip, frame + FRAME_CAUSE, cause);
	answerSpend(chip, SAVE_CYCLES);
}

static void restore(Chip* chip)
{
	Cpu* cpu = &chip->cpu;
	uint32_t frame = cpu->a[1];
	cpu->sar = chipRead(chip, frame + FRAME_SAR);
	cpu->a[0] = chipRead(chip, frame + FRAME_A0);
	for (uint32_t i = 2; i < 16; i++)
		cpu->a[i] = chipRead(chip, frame + FRAME_A2 + 4 * (i - 2));
	cpu->pc = chipRead(chip, frame + FRAME_PC);
	cpu->ps = chipRead(chip, frame + FRAME_PS);
	cpu->a[1] = frame + FRAME_BYTES;
	answerSpend(chip, RESTORE_CYCLES);
}

static void serve(Chip* chip, uint32_t result, uint32_t context)
{
	Cpu* cpu = &chip->cpu;
	(void)result;
	(void)context;
	uint32_t pending = cpu->interrupt & cpu->intenable & ((1u << INTERRUPTS) - 1);
	if (!pending) {
		restore(chip);
		return;
	}
	uint32_t number = 31u - (uint32_t)__builtin_clz(pending);
	cpu->interrupt &= ~(1u << number & EDGES);	/* a level goes when its device lets it */
	chip->measures.interrupts++;
	cpu->pc = HANDLER_L1INT;		/* nothing is executed there: serve goes on when the handler returns */
	guestCall(chip, chipRead(chip, handlerOf(number)), 2, (uint32_t[]){ chipRead(chip, handlerOf(number) + 4), cpu->a[1] },
		serve, 0);
}

/* Handlers run with interrupts of their own level held back; in the ROM they hold back those of lower numbers only. */
static void interrupted(Chip* chip)
{
	save(chip, CAUSE_LEVEL1_INTERRUPT);
	chip->cpu.ps = (chip->cpu.ps & ~(uint32_t)(PS_EXCM | 0xf)) | 1;
	serve(chip, 0, 0);
}

static void handled(Chip* chip, uint32_t result, uint32_t context)
{
	(void)result;
	(void)context;
	restore(chip);
}

static void wrap(Chip* chip)
{
	uint32_t cause = chip->cpu.a[2];
	save(chip, cause);
	chip->cpu.ps &= ~(uint32_t)(PS_EXCM | 0xf);
	GUEST_CALL(chip, chipRead(chip, ROM_C_HANDLERS + 4 * (cause & 31)), handled, 0, chip->cpu.a[1], cause);
}

static void unhandled(Chip* chip)
{
	Cpu* cpu = &chip->cpu;
	chipEnd(chip, END_FAULT, "exception %u: %s at 0x%08x, and the firmware does not handle it (pc 0x%08x)", cpu->exccause,
		cpuCauseText(cpu->exccause), cpu->excvaddr, cpu->epc[1]);
}

static void unhandledInterrupt(Chip* chip)
{
	chipEnd(chip, END_FAULT, "interrupt %u comes, and nothing handles it", answerArgument(chip, 0));
}

static void noHandler(Chip* chip) { answerReturn(chip, chip->cpu.a[2]); }
static void returnFromException(Chip* chip) { restore(chip); }

static void setExceptionHandler(Chip* chip)
{
	uint32_t cause = answerArgument(chip, 0), function = answerArgument(chip, 1), before = 0;
	if (cause < CAUSES) {
		before = chipRead(chip, ROM_C_HANDLERS + 4 * cause);
		chipWrite(chip, ROM_C_HANDLERS + 4 * cause, function ? function : NO_HANDLER);
		chipWrite(chip, ROM_EXCEPTIONS + 4 * cause, function ? WRAPPER : UNHANDLED);
	}
	answerReturn(chip, before == NO_HANDLER ? 0 : before);
}

static void setInterruptHandler(Chip* chip)
{
	uint32_t number = answerArgument(chip, 0), function = answerArgument(chip, 1), before = 0;
	if (number < INTERRUPTS) {
		before = chipRead(chip, handlerOf(number));
		chipWrite(chip, handlerOf(number), function ? function : UNHANDLED_INTERRUPT);
		chipWrite(chip, handlerOf(number) + 4, function ? answerArgument(chip, 2) : number);
	}
	answerReturn(chip, before == UNHANDLED_INTERRUPT ? 0 : before);
}

static void enable(Chip* chip, uint32_t on, uint32_t off)
{
	uint32_t before = chipRead(chip, ROM_ENABLED), now = (before | on) & ~off;
	chipWrite(chip, ROM_ENABLED, now);
	chip->cpu.intenable = now & chipRead(chip, ROM_ENABLED + 4);
	answerReturn(chip, before);
}

static void turnOn(Chip* chip) { enable(chip, answerArgument(chip, 0), 0); }
static void turnOff(Chip* chip) { enable(chip, 0, answerArgument(chip, 0)); }

static void lock(Chip* chip)
{
	chipWrite(chip, ROM_LOCK_PS, chip->cpu.ps);
	chip->cpu.ps = (chip->cpu.ps & ~0xfu) | 3;
	answerReturn(chip, chipRead(chip, ROM_LOCK_PS));
}

static void unlock(Chip* chip)
{
	chip->cpu.a[2] = chip->cpu.ps;
	chip->cpu.ps &= ~0xfu;
	answerReturn(chip, chip->cpu.a[2]);
}

const RomFunction romInterrupts[] = {
	{ HANDLER_L1INT, "_xtos_l1int_handler", interrupted }, { WRAPPER, "_xtos_c_wrapper_handler", wrap },
	{ UNHANDLED, "_xtos_unhandled_exception", unhandled }, { NO_HANDLER, "_xtos_p_none", noHandler },
	{ UNHANDLED_INTERRUPT, "_xtos_unhandled_interrupt", unhandledInterrupt },
	{ RETURN_FROM_EXCEPTION, "_xtos_return_from_exc", returnFromException },
	{ 0x40000454, "_xtos_set_exception_handler", setExceptionHandler },
	{ 0x4000bd28, "_xtos_set_interrupt_handler_arg", setInterruptHandler },
	{ 0x40000f88, "ets_isr_attach", setInterruptHandler },
	{ 0x4000bd84, "_xtos_ints_on", turnOn }, { 0x40000fa8, "ets_isr_unmask", turnOn },
	{ 0x4000bda4, "_xtos_ints_off", turnOff }, { 0x40000f98, "ets_isr_mask", turnOff },
	{ 0x40000f74, "ets_intr_lock", lock }, { 0x40000f80, "ets_intr_unlock", unlock },
	{ 0, NULL, NULL }
};
