/** Firmware that goes wrong: the emulation ends, and says clearly why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChipBoard } from "../../../hardware/chip/board.js";
import { canRun, outcome } from "./program.js";

interface Fault {
	program: string;
	kind: string;
	reason: RegExp;
}

/** As NONOS sets it, but that it has 1.6 s, then 6.6 s: 26 ms, then 102 ms. */
const watchdog = `static void watch(void) { WATCHDOG_STAGE0 = 5; WATCHDOG_STAGE1 = 7; WATCHDOG_CONTROL = 1; }`;

const faults: Record<string, Fault> = {
	"hangs: the hardware watchdog bites": {
		program: `${watchdog} __attribute__((noinline)) void hang(void) { for (;;) __asm__ volatile(""); } void program(void) { watch(); hang(); }`,
		kind: "hardware watchdog",
		reason: /^hardware watchdog: 0\.1 s without being fed, in hang/,
	},
	"waits for an interrupt that can never come": {
		program: "void program(void) { waitForInterrupt(); }",
		kind: "halt",
		reason: /waits for an interrupt, and none is enabled/,
	},
	"overflows its stack": {
		program: `volatile int deep; __attribute__((noinline)) int recurse(int level) { volatile char room[200];
			room[0] = level; deep = level; return recurse(level + 1) + room[0]; } void program(void) { recurse(0); }`,
		kind: "stack",
		reason: /^stack overflow: the stack ends at 0x3fffeb30, and its pointer is 0x3ff[ef][0-9a-f]+, in recurse/,
	},
	"sets its stack pointer to where no stack is": {
		program: `void program(void) { __asm__ volatile("movi a1, 0x100\\n1: j 1b"); }`,
		kind: "stack",
		reason: /^no stack: its pointer is 0x00000100, in program/,
	},
	"reads flash by the byte": {
		program: `FLASH const char text[] = "abcd"; void program(void) { volatile const char* at = text; (void)*at; for (;;); }`,
		kind: "fault",
		reason: /^exception 3: .*at 0x402010[0-9a-f]{2}, in program/,
	},
	"writes a byte to IRAM": {
		program: "void program(void) { *(volatile uint8_t*)0x40107000 = 1; for (;;); }",
		kind: "fault",
		reason: /^exception 3: .*at 0x40107000, in program/,
	},
	"writes to flash as if it were memory": {
		program: "void program(void) { REG(0x40210000) = 1; for (;;); }",
		kind: "fault",
		reason: /^exception 3: .*at 0x40210000, in program/,
	},
	"writes to the ROM": {
		program: "void program(void) { REG(0x40000100) = 1; for (;;); }",
		kind: "fault",
		reason: /^exception 3: .*at 0x40000100, in program/,
	},
	"writes through a null pointer": {
		program: "void program(void) { volatile int* at = 0; *at = 1; for (;;); }",
		kind: "fault",
		reason: /^exception 29: .*, in program/,
	},
	"reads where nothing is": {
		program: "void program(void) { (void)REG(0x50000000); for (;;); }",
		kind: "fault",
		reason: /^exception \d+: .*at 0x50000000, in program/,
	},
	"reads a word that is not aligned": {
		program: "uint32_t at = 0x3ffe8001; void program(void) { (void)REG(at); for (;;); }",
		kind: "fault",
		reason: /^exception 9: .*at 0x3ffe8001, in program/,
	},
	"jumps to nowhere": {
		program: "void program(void) { ((void (*)(void))0x20000000)(); }",
		kind: "fault",
		reason: /^exception \d+: .*at 0x20000000/,
	},
	"jumps into data": {
		program: "uint32_t data[4]; void program(void) { ((void (*)(void))data)(); }",
		kind: "fault",
		reason: /^exception \d+: .*at 0x3ffe8[0-9a-f]{3}/,
	},
	"executes an instruction that there is not": {
		program: `void program(void) { __asm__ volatile("ill"); }`,
		kind: "fault",
		reason: /^exception 0: .*, in program/,
	},
	"divides by zero, as libgcc in the ROM traps it": {
		program:
			"volatile unsigned zero; void program(void) { zero = 1 / ROM(unsigned (*)(unsigned, unsigned), 0x4000e21c)(1, zero); }",
		kind: "fault",
		reason: /^exception 0: /,
	},
	"copies strings out of flash with the ROM's memcpy": {
		program: `FLASH const char text[] = "abcde"; char to[8]; void program(void) {
			ROM(void (*)(void*, const void*, int), 0x4000df48)(to, text + 1, 3); for (;;); }`,
		kind: "fault",
		reason: /^exception 3: .*at 0x402010[0-9a-f]{2}, in memcpy/,
	},
	"enables an interrupt that nothing handles": {
		program: `void program(void) { EDGE_INTERRUPTS = 2; ets_isr_unmask(1 << 9); FRC1_LOAD = 1000;
			FRC1_CONTROL = 0x80; for (;;); }`,
		kind: "fault",
		reason: /^interrupt 9 comes, and nothing handles it/,
	},
	restarts: {
		program: "void program(void) { software_reset(); for (;;); }",
		kind: "restart",
		reason: /^the firmware resets the chip/,
	},
};

for (const [name, { program, kind, reason }] of Object.entries(faults))
	test(`firmware that ${name}`, async (context) => {
		if (!(await canRun(context))) return;
		const folder = name.replaceAll(/[^a-z]+/gi, "-");
		const { end } = await outcome(folder, program);
		assert.match(end.reason, reason);
		assert.equal(end.kind, kind);
	});

test("firmware that is well goes on", async (context) => {
	if (!(await canRun(context))) return;
	const program = `${watchdog} void program(void) { watch(); for (;;) { WATCHDOG_FEED = 0x73; ets_delay_us(1000); } }`;
	assert.equal((await outcome("well", program)).end.kind, "closed");
});

test("what is no firmware is refused, with a reason", async (context) => {
	if (!(await canRun(context))) return;
	const board = await ChipBoard.start({ elf: "package.json", pace: "free" });
	const end = await board.close();
	assert.equal(end.kind, "refused");
	assert.match(end.reason, /^package\.json: it is no ELF for an Xtensa processor$/);
	const empty = await ChipBoard.start({ pace: "free" });
	await empty.advance(1);
	assert.match((await empty.close()).reason, /^there is no firmware in flash$/);
});
