/** Real, virtual and manual time, and what outlasts a run. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { start } from "./program.js";

const ticking =
	'import Timer from "timer"; let n = 0; Timer.repeat(() => trace(++n + " " + Date.now() + "\\n"), 60000);';

test("manual time moves when told", async (context) => {
	const { board, traced } = await start(context, ticking, {}, { clock: "manual", now: new Date(0) });
	await board.advance(59_999);
	assert.deepEqual(traced, []);
	await board.advance(120_001);
	assert.deepEqual(traced, ["1 60000", "2 120000", "3 180000"]);
});

test("virtual time jumps to the next timer", async (context) => {
	const { exit, traced } = await start(
		context,
		'import Timer from "timer"; import Desk from "virtual/desk"; Timer.set(() => { trace("late\\n"); Desk.exit(3); }, 86400000);',
		{},
		{ clock: "virtual" },
	);
	assert.deepEqual(await exit, { code: 3, reason: "exit" });
	assert.deepEqual(traced, ["late"]);
});

test("a timer's delay blocks, and promise jobs come after the callback", async (context) => {
	const { board, traced } = await start(
		context,
		`import Timer from "timer"; import Time from "time";
		Timer.set(() => { Promise.resolve().then(() => trace("job\\n")); const start = Time.ticks; Timer.delay(500); trace(Time.delta(start) + "\\n"); }, 10);`,
		{},
		{ clock: "manual" },
	);
	await board.advance(1000);
	assert.deepEqual(traced, ["500", "job"]);
});

test("a timer that is due while it is scheduled anew is not due", async (context) => {
	const { board, traced } = await start(
		context,
		`import Timer from "timer"; import Time from "time";
		let late; Timer.set(() => { Timer.delay(20); Timer.schedule(late, 100); }, 10);
		late = Timer.set(() => trace(Time.ticks >= 130 ? "late" : "early", "\\n"), 15);`,
	);
	while (!traced.length) await once(board, "trace");
	assert.deepEqual(traced, ["late"]);
});

test("preferences outlast the run in a folder", async (context) => {
	const storage = mkdtempSync(join(tmpdir(), "virtual-board-"));
	context.after(() => rmSync(storage, { recursive: true }));
	const program = `import Preference from "preference";
		const runs = (Preference.get("test", "runs") ?? 0) + 1; Preference.set("test", "runs", runs); trace(runs + "\\n");`;
	for (const runs of ["1", "2"]) {
		const { board, traced } = await start(context, program, {}, { storage });
		await board.figures();
		assert.deepEqual(traced, [runs]);
		await board.close();
	}
});

test("the desk's input is read as it comes, and its end is seen", async (context) => {
	const { exit, reported } = await start(
		context,
		`import Desk from "virtual/desk";
		const buffer = new Uint8Array(4); let count;
		while ((count = Desk.read(buffer))) Desk.report(String.fromArrayBuffer(buffer.slice(0, count).buffer));
		Desk.exit();`,
		{},
		{ input: Buffer.from("abcdefghij") },
	);
	assert.deepEqual(await exit, { code: 0, reason: "exit" });
	assert.equal(reported.join("|"), "abcd|efgh|ij");
});

test("the desk's files are read by position, and end where they cannot be read", async (context) => {
	const asked: string[] = [];
	const letters = Buffer.from("abcdefghij");
	const { exit, reported } = await start(
		context,
		`import Desk from "virtual/desk";
		const buffer = new Uint8Array(4);
		const read = (file, position) => {
			const count = Desk.read(buffer, file, position);
			Desk.report(count ? String.fromArrayBuffer(buffer.slice(0, count).buffer) : "end");
		};
		read(0, 0); read(0, 8); read(0, 10); read(1, 0x7fffffff); read(2, 0); read(3, 0); read(0, 4);
		Desk.exit();`,
		{},
		{
			files: [
				(position, count) => letters.subarray(position, position + count),
				(position, count) => {
					asked.push(`${count} at ${position}`);
					return Buffer.from("more than was asked for");
				},
				() => {
					throw new Error("gone");
				},
			],
		},
	);
	assert.deepEqual(await exit, { code: 0, reason: "exit" });
	assert.equal(reported.join("|"), "abcd|ij|end|more|end|end|efgh");
	assert.deepEqual(asked, ["4 at 2147483647"]);
});

test("marks keep the idle figures and begin new peaks", async (context) => {
	const { board, traced } = await start(
		context,
		`import Desk from "virtual/desk"; import Timer from "timer";
		for (let i = 0; i < 100; i++) new Array(i);
		Timer.set(() => { Desk.mark(); trace("marked\\n"); }, 10);`,
	);
	const before = await board.figures();
	while (!traced.length) await once(board, "trace");
	const { idleSlots, slotsPeak, slots, slotSize, chunksPeak, usedPeak } = await board.figures();
	assert.ok(idleSlots < before.slotsPeak);
	assert.ok(usedPeak < before.usedPeak && usedPeak <= slotsPeak * slotSize + chunksPeak);
	assert.ok(slotsPeak < before.slotsPeak && slotsPeak >= idleSlots && slots >= idleSlots);
});

test("a restart and a deep sleep end the run, each in its way", async (context) => {
	const restart = await start(context, "System.restart();");
	assert.deepEqual(await restart.exit, { code: 60, reason: "restart" });
	const sleep = await start(context, 'System.deepSleep(); trace("still here\\n");');
	assert.deepEqual(await sleep.exit, { code: 61, reason: "deep sleep" });
	assert.deepEqual(sleep.traced, ["still here"]);
});

test("set-up modules run before main, which waits for them", async (context) => {
	const { board, traced } = await start(
		context,
		{
			main: 'trace("main\\n"); export default () => trace("default\\n");',
			"setup/slow":
				'import Timer from "timer"; export default (done) => { trace("set-up\\n"); Timer.set(done, 100); };',
		},
		{},
		{ clock: "manual" },
	);
	await board.advance(99);
	assert.deepEqual(traced, ["set-up"]);
	await board.advance(1);
	assert.deepEqual(traced, ["set-up", "main", "default"]);
});

test("Math.random is the same in every run, but for the seed", async (context) => {
	const program = `import Desk from "virtual/desk"; Desk.report([1, 2, 3].map(() => Math.random()).join()); Desk.exit();`;
	const numbers = async (seed?: number) => {
		const { exit, reported } = await start(context, program, {}, seed === undefined ? {} : { seed });
		await exit;
		return reported.join();
	};
	assert.equal(await numbers(), await numbers());
	assert.equal(await numbers(7), await numbers(7));
	assert.notEqual(await numbers(7), await numbers(8));
	assert.notEqual(await numbers(7), await numbers());
});
