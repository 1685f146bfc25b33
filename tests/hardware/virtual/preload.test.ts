/** What may be done to preloaded modules: as on the device, where they are in flash. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BuildError, ExitCode } from "../../../hardware/virtual/board.js";
import { start } from "./program.js";

const library = `
export class Counter { static made = 0; #n = 0; next() { return ++this.#n; } }
export const map = new Map([["a", 1]]);
export const bytes = Uint8Array.of(1, 2, 3);
export const plain = { n: 1 };
export const list = [1, 2, 3];
export const frozen = Object.freeze({ inner: { n: 1 } }, true);
let count = 0;
export const increment = () => ++count;
`;

const outcomes: [attempt: string, outcome: string][] = [
	["Counter.made = 1", "TypeError"],
	["Counter.prototype.next = null", "TypeError"],
	["Array.prototype.first = null", "TypeError"],
	['map.set("b", 2)', "TypeError"],
	["bytes[0] = 9", "TypeError"],
	["frozen.inner.n = 2", "TypeError"],
	["plain.n = 2; plain.n", "2"],
	["list.push(4); list.length", "4"],
	["increment(); increment()", "2"],
	["const c = new Counter; c.next(); c.next()", "2"],
];

test("preloaded things are read-only, or copied when written", async (context) => {
	const attempts = outcomes.map(([attempt], index) => {
		const parts = attempt.split("; ");
		const last = parts.pop();
		return `try { ${parts.map((part) => `${part};`).join(" ")} trace("${index} ", ${last}, "\\n"); }
			catch (e) { trace("${index} ", e.name, "\\n"); }`;
	});
	const main = `import {Counter, map, bytes, plain, list, frozen, increment} from "library"; ${attempts.join("\n")}`;
	const { board, traced } = await start(context, { main, library }, { preload: ["library"] });
	await board.figures();
	assert.deepEqual(
		traced,
		outcomes.map(([, outcome], index) => `${index} ${outcome}`),
	);
});

test("a device cannot be used while modules are preloaded", async (context) => {
	const library = 'import Timer from "timer"; Timer.set(() => {}, 1);';
	await assert.rejects(start(context, { main: "", library }, { preload: ["library"] }), (error: Error) => {
		assert.ok(error instanceof BuildError);
		assert.match(error.message, /preload library: Error: no device while preloading/);
		return true;
	});
});

test("a write to flash ends the run and says so", async (context) => {
	// the engine marks a preloaded array while it copies it, if it must collect just then; on the device that is fatal too
	const { exit } = await start(
		context,
		{
			main: 'import {list} from "library"; new ArrayBuffer(1000); list.push(1);',
			library: "export const list = Array.from({length: 100}, (_, i) => i);",
		},
		{ preload: ["library"] },
	);
	assert.deepEqual(await exit, {
		code: ExitCode.fault,
		reason: "write to preloaded memory, which is flash on the device",
	});
});

test("errors of modules name the module and the line", async (context) => {
	await assert.rejects(start(context, { main: 'import "library";', library: "\nlet let = 1;" }), /library:2: /);
	await assert.rejects(start(context, { main: 'class A { a() @ "xs_none"; }' }), /main: no native "xs_none"/);
});

test("an unknown module is an exception that no one catches", async (context) => {
	const { exit } = await start(context, 'import "none";');
	assert.match((await exit).reason, /unhandled exception: .*none/);
});

test("names, relative names and cycles are found as on the device", async (context) => {
	const { board, traced } = await start(context, {
		main: 'import {b} from "a/b"; trace(b(), "\\n");',
		"a/b": 'import {c} from "./c.js"; import d from "../d"; export const b = () => "b" + c() + d; ',
		"a/c": 'import * as b from "a/b"; export const c = () => "c" + typeof b.b;',
		d: 'export default "d";',
	});
	await board.figures();
	assert.deepEqual(traced, ["bcfunctiond"]);
});

// The SDK's linker leaves literals and code of modules that are not preloaded where they are, and only theirs.
test("a literal in a preloaded function is a chunk each time, as on the SDK; one of a variable in flash is not", async (context) => {
	const library = `const FLASH = "a literal";
		export function literal() { return "a literal"; }
		export function variable() { return FLASH; }
		export function closure() { return () => "some code, which is copied with the function"; }`;
	const chunks = async (call: string, preload: string[]) => {
		const main = `import Desk from "virtual/desk"; import * as library from "library";
			Desk.mark(); const result = ${call}; Desk.exit();`;
		const { board, exit } = await start(context, { main, library }, { preload });
		assert.equal((await exit).reason, "exit");
		const { chunksPeak, idleChunks } = await board.figures();
		return chunksPeak - idleChunks;
	};
	const preload = ["library"];
	assert.equal(await chunks("library.literal()", preload), 20);
	assert.equal(await chunks("library.variable()", preload), 0);
	assert.ok((await chunks("library.closure()", preload)) >= 50);
	assert.equal(await chunks("[library.literal(), library.closure()].length", []), await chunks("[1, 2].length", []));
});
