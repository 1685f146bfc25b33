/**
 * Replies, EHLO lists and challenges, mutated by a fixed seed: the client's parsers end, keep their bounds, and show no secret.
 * FAULTS=all tries 100,000; else it is 4,000.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualBoard } from "../../hardware/virtual/board.js";
import { patience } from "../patience.js";

test("mutated replies, EHLO lists and challenges", patience, async (t) => {
	const board = await VirtualBoard.start({
		manifest: "tests/faults/xs/manifest_mutations.json",
		config: { count: process.env.FAULTS === "all" ? 100_000 : 4_000 },
		watchdogMs: 3_600_000,
	});
	t.after(() => board.close());
	let result: Record<string, unknown> | undefined;
	board.on("report", (text) => {
		result = JSON.parse(text) as Record<string, unknown>;
	});
	const { reason } = await board.exited;
	assert.ok(result, reason);
	const { problem, ...counts } = result;
	t.diagnostic(
		Object.entries(counts)
			.map(([name, count]) => `${count} ${name}`)
			.join(", "),
	);
	assert.equal(problem, undefined);
});
