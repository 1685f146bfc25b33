/** The engine as a process: its other build, and its end. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ExitCode, type Figures } from "../../../hardware/virtual/board.js";
import { start } from "./program.js";

test("the 64-bit engine runs the same programs, with figures of its own", async (context) => {
	const program = `import Timer from "timer"; let n = 0; const all = [];
		Timer.repeat(() => { all.push({n: ++n}); trace(n, " ", JSON.stringify(all), "\\n"); }, 10);`;
	const { board, traced } = await start(context, program, { creation: { static: 20480 } }, { engine: "m64" });
	while (traced.length < 3) await once(board, "trace");
	const { slotSize } = (await board.figures()) satisfies Figures;
	assert.deepEqual(traced.slice(0, 3), ['1 [{"n":1}]', '2 [{"n":1},{"n":2}]', '3 [{"n":1},{"n":2},{"n":3}]']);
	assert.equal(slotSize, 32);
});

test("an engine that is killed ends the run", async (context) => {
	const { board, exit } = await start(context, "");
	process.kill(board.pid as number, "SIGKILL");
	assert.deepEqual(await exit, { code: ExitCode.killed, reason: "the engine was ended by SIGKILL" });
});

test("an engine that a busy machine lets wait is not ended by the watchdog", async (context) => {
	const { board } = await start(context, "", {}, { watchdogMs: 100 });
	await board.figures();
	process.kill(board.pid as number, "SIGSTOP");
	const figures = board.figures();
	await delay(500);
	process.kill(board.pid as number, "SIGCONT");
	assert.ok((await figures).slots > 0);
});

test("a board can be closed at any time, and asked afterwards", async (context) => {
	const { board, exit } = await start(context, "for (;;);");
	await board.close();
	await board.close();
	assert.deepEqual(await exit, { code: 0, reason: "closed" });
	await board.press();
	await board.collect();
	await assert.rejects(board.figures(), /ended before there were figures/);
});

test("a rejection that no one handles ends the run when it is collected, as on the device", async (context) => {
	const program = 'import Timer from "timer"; Timer.repeat(() => {}, 5); Promise.reject(new Error("lost"));';
	const { board, exit } = await start(context, program);
	await board.collect();
	const { code, reason } = await exit;
	assert.equal(reason, "unhandled rejection: Error: lost");
	assert.equal(code, ExitCode.unhandledRejection);
});
