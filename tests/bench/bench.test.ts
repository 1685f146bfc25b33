/** What mails cost: no more than the baseline says, the same in every run, and the same memory on every 32-bit engine. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { engineTarget, missingForLX106 } from "../../hardware/virtual/build-engine.js";
import { describeChange, type Results, readBaseline, rises } from "./baseline.js";
import type { Costs } from "./measure.js";
import { runBench } from "./run.js";

let counted: Promise<Results> | undefined;

/** Once for all tests; undefined where the chip's processor cannot be emulated. */
async function count(context: TestContext): Promise<Results | undefined> {
	const missing = await missingForLX106();
	if (missing.length) {
		context.skip(`not here: ${missing.join(", ")}`);
		return undefined;
	}
	counted ??= runBench("lx106");
	return counted;
}

test("no count has risen above the baseline", async (context) => {
	const results = await count(context);
	if (!results) return;
	assert.deepEqual(rises(results, readBaseline()).map(describeChange), []);
	const names = (from: Results) => Object.keys(from).sort();
	assert.deepEqual(names(readBaseline()), names(results), "the baseline's scenarios are not the bench's");
});

/** What has been promised, whatever the baseline says. */
const limits: readonly [what: string, most: number, figure: (results: Results) => number][] = [
	[
		"instructions for an alert of 1 KB with AUTH",
		3_000_000,
		(results) => of(results, "alert of 1 KB, AUTH PLAIN").instructions,
	],
	[
		"bytes above idle for such an alert by the client alone, its dictionary in flash",
		2_048,
		(results) => of(results, "alert of 1 KB, AUTH PLAIN, as it stands").memory,
	],
	[
		"bytes above idle for a mail with a file of 1 MB",
		3_584,
		(results) => of(results, "1 MB of base64 made on the fly").memory,
	],
	["instructions for a further byte of tidy text", 60, furtherByte],
	[
		"bytes of slots, chunks and stack that the waiting app holds",
		9_728,
		(results) => of(results, "app: an idle hour").held,
	],
];

for (const [what, most, figure] of limits)
	test(`at most ${most.toLocaleString("en")} ${what}`, async (context) => {
		const results = await count(context);
		if (results) assert.ok(figure(results) <= most, `${figure(results)}`);
	});

test("a dictionary in flash takes no memory", async (context) => {
	const results = await count(context);
	if (!results) return;
	const memory = (scenario: string) => results[scenario]?.memory ?? Number.NaN;
	// 15 entries; two of them are objects, which have three
	const least = (15 + 2 + 3) * 16;
	const saved = memory("alert of 1 KB, AUTH PLAIN") - memory("alert of 1 KB, dictionary in flash");
	assert.ok(saved >= least, `${saved} bytes`);
});

test("a second run counts the same", async (context) => {
	const results = await count(context);
	const filter = "1 KB, AUTH PLAIN";
	if (results) assert.deepEqual(await runBench("lx106", filter), only(results, filter));
});

test("the native 32-bit engine shows the same slots, chunks and stack", async (context) => {
	if ((await engineTarget()) !== "m32") return context.skip("the engine is 64-bit here");
	const results = await count(context);
	if (results) assert.deepEqual(withoutInstructions(await runBench("m32")), withoutInstructions(results));
});

test("a rise is found, and a scenario that the baseline lacks", () => {
	const baseline = { mail: { instructions: 1000, slots: 10 } };
	const found = (costs: Costs) => rises({ mail: costs }, baseline).map(describeChange);
	assert.deepEqual(found({ instructions: 1020, slots: 10 }), []);
	assert.deepEqual(found({ instructions: 1021, slots: 9 }), ["mail: instructions 1021, 1000 in the baseline"]);
	assert.deepEqual(rises({ other: { slots: 1 } }, baseline).map(describeChange), [
		"other: slots 1, not in the baseline",
	]);
});

function of(results: Results, scenario: string): Required<Costs> {
	const costs = results[scenario];
	assert.ok(costs, `no scenario "${scenario}"`);
	return costs as Required<Costs>;
}

function furtherByte(results: Results): number {
	const [short, long] = [of(results, "20 KB of tidy text, DATA"), of(results, "40 KB of tidy text, DATA")];
	return (long.instructions - short.instructions) / (long.messageBytes - short.messageBytes);
}

function only(results: Results, filter: string): Results {
	return Object.fromEntries(Object.entries(results).filter(([name]) => name.includes(filter)));
}

function withoutInstructions(results: Results): Results {
	const entries = Object.entries(results).map(
		([name, { instructions, instructionsPerByte, instructionsPerBodyByte, ...memory }]) => [name, memory],
	);
	return Object.fromEntries(entries);
}
