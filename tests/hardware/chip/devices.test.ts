/** The chip's devices, as small programs of our own see them. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { canRun, compile, outcome, start } from "./program.js";

/** Waits for ever, in the ROM's event loop, for a pin that does not change. */
const forever = "{ ets_isr_unmask(1 << 4); ets_run(); }";

test("what is written to the serial port arrives, and takes its bits' time", async (context) => {
	if (!(await canRun(context))) return;
	const program = `void program(void) { uint32_t from = MICROSECONDS;
		for (int i = 0; i < 200; i++) { while (((REG(0x6000001c) >> 16) & 0xff) > 100); UART_FIFO = 'a'; }
		uint32_t us = MICROSECONDS - from; UART_FIFO = '\\n';
		ets_printf("%d\\n", us / 1000); ${forever} }`;
	const { lines } = await outcome("serial", program);
	assert.equal(lines[0], "a".repeat(200));
	// 115,200 baud: 86.8 us a byte, of which some hundred wait in the FIFO at the end
	assert.ok(Number(lines[1]) >= 8 && Number(lines[1]) <= 10, lines[1]);
});

test("ets_printf converts as C does", async (context) => {
	if (!(await canRun(context))) return;
	const program = `void program(void) { ets_printf("%d %5d|%-5d|%05x %X %u %c %s %%\\n", -7, 42, 42, 0x1f, 0xbeef,
		4000000000u, 'z', "text"); ets_printf("%d %d %d %d %d %d %d\\n", 1, 2, 3, 4, 5, 6, 7); ${forever} }`;
	const { lines } = await outcome("printf", program);
	assert.deepEqual(lines, ["-7    42|42   |0001f BEEF 4000000000 z text %", "1 2 3 4 5 6 7"]);
});

test("a pin's edge interrupts, and tells which pin it was", async (context) => {
	if (!(await canRun(context))) return;
	const program = `static void pressed(void* argument) { uint32_t status = GPIO_STATUS; GPIO_STATUS_CLEAR = status;
			ets_printf("%d %x %x\\n", argument, status, GPIO_IN & 0x21); }
		void program(void) { ets_isr_attach(4, pressed, (void*)9); GPIO_PIN(0) = 3 << 7; GPIO_PIN(5) = 1 << 7;
			ets_isr_unmask(1 << 4); ${forever} }`;
	const { board, lines } = await start(compile("gpio", program));
	await board.advance(10);
	for (const [pin, level] of [
		[0, 0],
		[0, 1],
		[5, 0],
		[5, 1],
	] as const) {
		board.setPin(pin, level);
		await board.advance(10);
	}
	await board.close();
	assert.deepEqual(lines, ["9 1 20", "9 1 21", "9 20 21"]);
});

test("an output that changes is seen; one that does not drive is not", async (context) => {
	if (!(await canRun(context))) return;
	const program = `void program(void) { GPIO_OUT_CLEAR = 4; GPIO_ENABLE_SET = 4; GPIO_OUT_SET = 4; GPIO_OUT_SET = 8;
		REG(0x60000774) = 1; REG(0x60000768) = 0; REG(0x60000768) = 1; ${forever} }`;
	const { board } = await start(compile("outputs", program));
	const seen: string[] = [];
	board.on("pin", (pin, level) => seen.push(`${pin}=${level}`));
	await board.advance(10);
	await board.close();
	assert.deepEqual(seen, ["2=0", "2=1", "16=0", "16=1"]);
});

test("FRC1 counts down and interrupts, again and again where it reloads", async (context) => {
	if (!(await canRun(context))) return;
	const program = `static int count; static uint32_t from; static void tick(void* argument) {
			ets_printf("%d %d\\n", ++count, (MICROSECONDS - from) / 100); if (count == 3) FRC1_CONTROL = 0; }
		void program(void) { from = MICROSECONDS; EDGE_INTERRUPTS = 2; ets_isr_attach(9, tick, 0); FRC1_LOAD = 50000;
			FRC1_CONTROL = 0xc4; ets_isr_unmask(1 << 9); ${forever} }`;
	// 5 MHz: 10 ms
	assert.deepEqual((await outcome("frc1", program)).lines, ["1 100", "2 200", "3 300"]);
});

test("FRC2 counts up and interrupts at its alarm", async (context) => {
	if (!(await canRun(context))) return;
	const program = `static void alarm(void* argument) { ets_printf("%d\\n", FRC2_COUNT / 100); FRC2_ALARM = FRC2_COUNT + 31250; }
		void program(void) { EDGE_INTERRUPTS = 4; ets_isr_attach(10, alarm, 0); FRC2_LOAD = 0; FRC2_CONTROL = 0x88;
			FRC2_ALARM = 31250; ets_isr_unmask(1 << 10); ${forever} }`;
	assert.deepEqual((await outcome("frc2", program, {}, 350)).lines, ["312", "625", "937"]);
});

test("the cycle counter, the microseconds and the RTC's ticks are one time, at 80 and at 160 MHz", async (context) => {
	if (!(await canRun(context))) return;
	const program = `static uint32_t cycles(void) { uint32_t count; __asm__ volatile("rsr.ccount %0" : "=a"(count)); return count; }
		static void measure(void) { uint32_t c = cycles(), u = MICROSECONDS, r = RTC_COUNTER; ets_delay_us(10000);
			ets_printf("%d %d %d\\n", (cycles() - c) / 1000, (MICROSECONDS - u) / 100, (RTC_COUNTER - r) / 10); }
		void program(void) { measure(); CPU_CLOCK = 1; measure(); ${forever} }`;
	assert.deepEqual((await outcome("clocks", program)).lines, ["800 100 160", "1600 100 160"]);
});

test("tasks run by priority, what is posted in an interrupt too, and a full queue refuses", async (context) => {
	if (!(await canRun(context))) return;
	const program = `static uint32_t low[4], high[4]; static void task(uint32_t* event) { ets_printf("%d %d\\n", event[0], event[1]); }
		void program(void) { ets_task(task, 1, low, 2); ets_task(task, 5, high, 2); ets_post(1, 1, 10); ets_post(5, 2, 20);
			ets_post(1, 3, 30); ets_printf("full %d\\n", ets_post(1, 4, 40)); ${forever} }`;
	assert.deepEqual((await outcome("tasks", program)).lines, ["full 1", "2 20", "1 10", "3 30"]);
});

test("random words differ", async (context) => {
	if (!(await canRun(context))) return;
	const program = `void program(void) { for (int i = 0; i < 4; i++) ets_printf("%x\\n", RANDOM); ${forever} }`;
	assert.equal(new Set((await outcome("random", program)).lines).size, 4);
});

const counter = `static void count(void) { uint32_t lives = RTC_MEMORY(64); RTC_MEMORY(64) = lives + 1;
	ets_printf("life %d reason %d\\n", lives, rtc_get_reset_reason()); }`;

test("the RTC's memory outlives a restart and a reset, not a power cycle", async (context) => {
	if (!(await canRun(context))) return;
	const program = `${counter} void program(void) { count(); if (RTC_MEMORY(64) == 2) software_reset(); ${forever} }`;
	const elf = compile("rtc", program);
	const { board, lines } = await start(elf, { lives: "many" });
	await board.advance(10);
	board.reset();
	await board.advance(10);
	await board.close();
	const again = await start(elf);
	await again.board.advance(10);
	await again.board.close();
	assert.deepEqual(
		[...lines, ...again.lines],
		["life 0 reason 1", "life 1 reason 2", "life 2 reason 2", "life 0 reason 1"],
	);
});

test("the hardware watchdog resets, and the reason says so", async (context) => {
	if (!(await canRun(context))) return;
	const program = `${counter} void program(void) { count(); if (RTC_MEMORY(64) > 1) ${forever}
		WATCHDOG_STAGE0 = 5; WATCHDOG_STAGE1 = 5; WATCHDOG_CONTROL = 1; for (;;); }`;
	const { lines } = await outcome("bite", program, { lives: "many", faults: "go-on" });
	assert.deepEqual(lines, ["life 0 reason 1", "life 1 reason 4"]);
});

test("an exception goes to the firmware's handler, if it shall", async (context) => {
	if (!(await canRun(context))) return;
	const program = `static void handler(uint32_t* frame) { ets_printf("pc %x\\n", frame[0] >> 20); frame[0] += 3; }
		void program(void) { ROM(void (*)(int, void*), 0x40000454)(0, handler); __asm__ volatile("ill"); ets_printf("on\\n"); ${forever} }`;
	assert.deepEqual((await outcome("handler", program, { faults: "go-on" })).lines, ["pc 401", "on"]);
});

test("deep sleep without a timer ends a life; its memory is kept until the reset pin wakes it", async (context) => {
	if (!(await canRun(context))) return;
	const program = `${counter} void program(void) { count(); if (RTC_MEMORY(64) == 1) RTC_SLEEP = 1 << 20; ${forever} }`;
	const elf = compile("sleep", program);
	assert.equal((await outcome("sleep", program)).end.kind, "deep sleep");
	const { board, lines } = await start(elf, { lives: "many" });
	await board.advance(50);
	assert.deepEqual(lines, ["life 0 reason 1"]);
	board.reset();
	await board.advance(50);
	await board.close();
	assert.deepEqual(lines, ["life 0 reason 1", "life 1 reason 2"]);
});

const flash = `static uint32_t words[64];
	static void show(const char* what) { uint32_t from = MICROSECONDS; (void)from; SPIRead(0x100000, words, 16);
		ets_printf("%s %x %x\\n", what, words[0], words[3]); }`;

test("flash: erased to ones, written to zeros only, each in its time; what is written is there in the next life", async (context) => {
	if (!(await canRun(context))) return;
	const program = `${flash} void program(void) { show("found"); uint32_t from = MICROSECONDS; SPIEraseSector(0x100);
		uint32_t erased = MICROSECONDS; show("erased"); words[0] = 0x12345678; words[3] = 0xf0f0f0f0; uint32_t begin = MICROSECONDS;
		SPIWrite(0x100000, words, 16); uint32_t written = MICROSECONDS; show("written");
		words[0] = 0xffff0000; SPIWrite(0x100000, words, 4); show("again");
		ets_printf("%d ms %d us\\n", (erased - from) / 1000, (written - begin) / 100 * 100); ${forever} }`;
	const folder = mkdtempSync(join(tmpdir(), "flash-"));
	context.after(() => rmSync(folder, { recursive: true }));
	const file = join(folder, "flash.bin");
	const expected = ["erased ffffffff ffffffff", "written 12345678 f0f0f0f0", "again 12340000 f0f0f0f0", "45 ms 400 us"];
	const first = await outcome("flash", program, { flash: file });
	const second = await outcome("flash", program, { flash: file });
	assert.deepEqual(first.lines, ["found ffffffff ffffffff", ...expected]);
	assert.deepEqual(second.lines, ["found 12340000 f0f0f0f0", ...expected]);
	assert.equal(readFileSync(file).length, 4 << 20);
});

test("flash wears: erases are counted by sector", async (context) => {
	if (!(await canRun(context))) return;
	const program = `void program(void) { for (int i = 0; i < 5; i++) SPIEraseSector(0x200); SPIEraseSector(0x201); ${forever} }`;
	const { board } = await start(compile("wear", program));
	await board.advance(400);
	const { flashErases, mostWorn } = await board.figures();
	await board.close();
	assert.deepEqual([flashErases, mostWorn], [6, 5]);
});

test("the power goes in the middle of a write: its first half is done", async (context) => {
	if (!(await canRun(context))) return;
	const program = `${flash} void program(void) { show("found"); if (words[0] != 0xffffffff) ${forever}
		words[0] = words[1] = words[2] = words[3] = 0; SPIWrite(0x100000, words, 16); show("written"); ${forever} }`;
	const folder = mkdtempSync(join(tmpdir(), "flash-"));
	context.after(() => rmSync(folder, { recursive: true }));
	const file = join(folder, "flash.bin");
	const first = await outcome("cut", program, { flash: file, cut: { change: 1, share: 128 } });
	assert.equal(first.end.kind, "power cut");
	assert.match(first.end.reason, /^the power went in change 1 of the flash$/);
	const second = await outcome("cut", program, { flash: file });
	assert.deepEqual([...first.lines, ...second.lines], ["found ffffffff ffffffff", "found 0 ffffffff"]);
});

test("code in flash runs, and a miss of its cache costs more than a hit", async (context) => {
	if (!(await canRun(context))) return;
	const program = `FLASH __attribute__((noinline)) int far(int x) { return x * 3 + 1; }
		static uint32_t cycles(void) { uint32_t count; __asm__ volatile("rsr.ccount %0" : "=a"(count)); return count; }
		void program(void) { volatile int x; uint32_t a = cycles(); x = far(1); uint32_t b = cycles(); x = far(2); uint32_t c = cycles();
			ets_printf("%d %d\\n", x, b - a > c - b + 50); ${forever} }`;
	assert.deepEqual((await outcome("cache", program)).lines, ["7 1"]);
	assert.deepEqual((await outcome("cache", program, { costs: "none" })).lines, ["7 0"]);
});

test("in real time it waits as long as it would", async (context) => {
	if (!(await canRun(context))) return;
	const program = `static void alarm(void* argument) { ets_printf("now\\n"); }
		void program(void) { EDGE_INTERRUPTS = 4; ets_isr_attach(10, alarm, 0); FRC2_LOAD = 0; FRC2_CONTROL = 0x88;
			FRC2_ALARM = 31250; ets_isr_unmask(1 << 10); ${forever} }`;
	const { board, lines } = await start(compile("real", program), { pace: "real" });
	const from = performance.now();
	while (!lines.length) await delay(5);
	assert.ok(performance.now() - from >= 95, "100 ms have not passed");
	await board.close();
});
