/** The engine on the chip's processor, emulated: numbers, faults, counting. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { missingForLX106 } from "../../../hardware/virtual/build-engine.js";
import { type Program, type Run, start } from "./program.js";

/** Runs a program on lx106; undefined, and the test is skipped, where that cannot be. */
async function run(context: TestContext, program: Program | string): Promise<Run | undefined> {
	const missing = await missingForLX106();
	if (!missing.length) return start(context, program, {}, { engine: "lx106" });
	context.skip(`not here: ${missing.join(", ")}`);
	return undefined;
}

/** What programs execute from `Desk.mark` to their end. */
async function instructions(context: TestContext, programs: string[]): Promise<number[] | undefined> {
	const counted: number[] = [];
	for (const program of programs) {
		const started = await run(context, program);
		if (!started) return undefined;
		assert.equal((await started.exit).reason, "exit");
		counted.push((await started.board.figures()).instructions);
	}
	return counted;
}

test("numbers are what they are elsewhere", async (context) => {
	const program = `import Desk from "virtual/desk"; const show = (...all) => trace(all.join(" "), "\\n");
		show(2.7 | 0, -2.7 | 0, Math.trunc(-2.5), Math.floor(-1.5), Math.ceil(1.2), Math.round(2.5), 2 ** 40 + 0.5);
		show(1 / 3, 7 % 3, -7 % 3, 1e21, 5e-324, 0.1 + 0.2, Number("1.25e3"), 0xffffffff >>> 1, -1 >>> 0);
		show(Math.sqrt(2), Math.sin(1), Math.pow(1.5, 2.5), Number.MAX_VALUE, -0 === 0, 1 / -0, NaN);
		show(new Date(951826553004).toISOString(), 12345678901234567890n * 987654321n, (1e9 + 7) * 3);
		Desk.exit();`;
	const lx106 = await run(context, program);
	if (!lx106) return;
	const native = await start(context, program);
	await Promise.all([lx106.exit, native.exit]);
	assert.equal(lx106.traced.length, 4);
	assert.deepEqual(lx106.traced, native.traced);
});

// An unaligned access of the engine's own ends the run with processor exception 9: here it would, and in every other test.
test("a DataView reads and writes at any offset, as on the chip", async (context) => {
	const program = `import Desk from "virtual/desk"; const view = new DataView(new ArrayBuffer(32)); const all = [];
		for (const type of ["Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"])
			for (let at = 0; at < 8; at++) {
				view["set" + type](at, 77);
				all.push(view["get" + type](at));
			}
		trace(all.every((value) => value === 77), "\\n"); Desk.exit();`;
	const started = await run(context, program);
	if (!started) return;
	const { reason } = await started.exit;
	assert.equal(reason, "exit");
	assert.deepEqual(started.traced, ["true"]);
});

test("the same program executes the same instructions, and twice the work twice as many", async (context) => {
	const work = (count: number) => `import Desk from "virtual/desk"; import Timer from "timer";
		Timer.set(() => { Desk.mark(); let sum = 0; for (let i = 0; i < ${count}; i++) sum += i; Desk.exit(); });`;
	const counted = await instructions(context, [0, 1000, 1000, 2000].map(work));
	if (!counted) return;
	const [none = 0, once = 0, again = 0, twice = 0] = counted;
	assert.equal(again, once);
	assert.ok(once - none > 100_000, `${once - none} instructions for 1,000 rounds`);
	assert.ok(Math.abs(twice - none - 2 * (once - none)) < 1_000, `${none} ${once} ${twice}`);
});

test("set() copies bytes as the SDK's does, not element by element", async (context) => {
	const copy = (bytes: number) => `import Desk from "virtual/desk"; const to = new Uint8Array(2000);
		const from = new Uint8Array(${bytes}).fill(7); Desk.mark(); to.set(from, 5);
		if (to[4] || to[5 + ${bytes - 1}] !== 7 || to[5 + ${bytes}]) throw new Error("copied wrongly"); Desk.exit();`;
	const counted = await instructions(context, [copy(10), copy(1010)]);
	if (!counted) return;
	const [few = 0, many = 0] = counted;
	assert.ok(many - few < 10 * 1000, `${many - few} instructions for 1,000 bytes`);
});
