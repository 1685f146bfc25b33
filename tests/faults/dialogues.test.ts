/**
 * Every byte of the client's dialogues, in both directions: the connection ends there, breaks off, falls silent, a bit flips, the
 * byte comes twice or not at all, a line comes in between. The mail is delivered, or a typed error comes, in time; nothing hangs or
 * leaks, nothing is called sent that is not, and nothing goes twice where the server's word was there. FAULTS=all tries them
 * all; else it is every 29th.
 */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { VirtualBoard } from "../../hardware/virtual/board.js";
import { patience } from "../patience.js";

/** No divisor of what there is several of. */
const SAMPLE = 29;

interface Counts extends Record<string, number | string[]> {
	problems: string[];
}

test("each fault at each byte of the dialogues", patience, async (t) => {
	const board = await VirtualBoard.start({
		manifest: "tests/faults/xs/manifest.json",
		modules: { timer: resolve("tests/faults/xs/timers.ts") },
		config: { step: process.env.FAULTS === "all" ? 1 : SAMPLE },
		watchdogMs: 3_600_000,
	});
	t.after(() => board.close());
	const heaps: number[] = [];
	let result: Counts | undefined;
	const traced: string[] = [];
	board.on("trace", (line) => traced.push(line));
	board.on("report", (text) => {
		if (text === "mark")
			void board.figures().then(({ idleSlots, idleChunks, slotSize }) => heaps.push(idleSlots * slotSize + idleChunks));
		else result = JSON.parse(text) as Counts;
	});
	const { reason } = await board.exited;
	assert.ok(result, `${reason}\n${traced.join("\n")}`);
	const { problems, ...counts } = result;
	const all = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
	t.diagnostic(`${all.join(", ")}; heap ${heaps[1]} bytes after the first, ${heaps.at(-1)} after the last`);
	assert.deepEqual(problems, []);
});
