/** How a run ends when the app's machine has no room left, and what the machine costs to begin with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ExitCode, type PartialCreation } from "../../../hardware/virtual/board.js";
import { engineTarget } from "../../../hardware/virtual/build-engine.js";
import { type Program, start } from "./program.js";

interface Case {
	name: string;
	program: Program | string;
	code: number;
	reason: RegExp;
	creation?: PartialCreation;
}

const cases: Case[] = [
	{
		name: "slots without end",
		program: "let at; for (;;) at = {at};",
		code: ExitCode.memoryFull,
		reason: /^memory full/,
	},
	{
		name: "chunks without end",
		program: "const all = []; for (;;) all.push(new ArrayBuffer(500));",
		code: ExitCode.memoryFull,
		reason: /^memory full/,
	},
	{
		name: "a machine larger than static",
		program: "",
		creation: { static: 4096 },
		code: ExitCode.memoryFull,
		reason: /^memory full/,
	},
	{
		name: "recursion",
		program: "function f() { f(); } f();",
		code: ExitCode.stackOverflow,
		reason: /^stack overflow/,
	},
	{
		name: "more names than keys",
		program: "const o = {}; for (let i = 0; i < 300; i++) o['key' + i] = i;",
		creation: { keys: { initial: 256, incremental: 0 } },
		code: ExitCode.notEnoughKeys,
		reason: /^not enough keys/,
	},
	{
		name: "an exception that no one catches",
		program: 'import Timer from "timer"; Timer.set(() => { null.x; });',
		code: ExitCode.unhandledException,
		reason: /^unhandled exception: TypeError: /,
	},
	{
		name: "a callback that does not end",
		program: "for (;;);",
		code: ExitCode.watchdog,
		reason: /^watchdog/,
	},
];

for (const { name, program, code, reason, creation } of cases)
	test(`${name} ends the run with ${code}`, async (context) => {
		const manifest = creation ? { creation } : {};
		try {
			const { exit } = await start(context, program, manifest, { watchdogMs: 1_000 });
			const { code: actual, reason: text } = await exit;
			assert.match(text, reason);
			assert.equal(actual, code);
		} catch (error) {
			assert.equal(name, "a machine larger than static", String(error));
			assert.match((error as Error).message, reason);
		}
	});

test("garbage alone does not end a run", async (context) => {
	const program = "let s = 0; for (let i = 0; i < 20000; i++) s += [i, {i}, 'x' + i].length; trace(s, '\\n');";
	const { board, traced } = await start(context, program);
	const { collections, staticPeak, static: size } = await board.figures();
	assert.deepEqual(traced, ["60000"]);
	assert.ok(collections > 0);
	assert.ok(staticPeak <= size);
});

test("a machine begins with what the chip's begins with", async (context) => {
	if ((await engineTarget()) !== "m32") return context.skip("the engine is 64-bit here");
	const { board } = await start(context, { main: "", lib: "export default class {}" }, { preload: ["main", "lib"] });
	const { slotSize, slots, chunks, staticUsed, stack } = await board.figures();
	assert.deepEqual(
		{ slotSize, slots, chunks, staticUsed, stack },
		{ slotSize: 16, slots: 28, chunks: 0, staticUsed: 13840, stack: 256 },
	);
});

test("with garbage collected always, peaks are what is in use", async (context) => {
	const program = `import Desk from "virtual/desk";
		Desk.mark();
		let kept = [new Uint8Array(100)];
		for (let i = 0; i < 50; i++) kept[0] = new Uint8Array(100);`;
	const peak = async (collectAlways: boolean) => {
		const { board } = await start(context, program, {}, { collectAlways });
		const { usedPeak, idleSlots, idleChunks, slotSize } = await board.figures();
		return usedPeak - idleSlots * slotSize - idleChunks;
	};
	const [inUse, withGarbage] = [await peak(true), await peak(false)];
	// two arrays and their buffers, the list that keeps one, and names
	assert.ok(inUse > 200 && inUse < 800, `${inUse} bytes in use`);
	assert.ok(withGarbage > 1_500, `${withGarbage} bytes with garbage`);
});
