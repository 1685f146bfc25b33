/** The SDK's own engine, built with 32 bits, uses the same memory for the same mail as the virtual board's. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { engineTarget } from "../../hardware/virtual/build-engine.js";
import { obstacle } from "../hardware/tls/build.js";
import { boardFor, small } from "./measure.js";
import { type Scenario, scenarios } from "./scenarios.js";
import { measureOnSDK, type SDKFigures } from "./sdk.js";

const is32Bit = / -m32\b/.test(process.env.CC ?? "");
const skip =
	obstacle() ??
	(is32Bit ? false : "takes a 32-bit build of the SDK: CC='gcc -m32 -msse2 -mfpmath=sse', and GLib's 32-bit libraries");

async function measureHere(scenario: Scenario): Promise<SDKFigures> {
	const { board, sent } = await boardFor(scenario, "m32", { creation: small });
	await sent;
	return board.figures();
}

function assertNear(actual: number, expected: number, what: string): void {
	assert.ok(Math.abs(actual - expected) <= expected / 10, `${what}: ${actual} here, ${expected} on the SDK's engine`);
}

for (const name of ["alert of 1 KB, AUTH PLAIN", "alert of 1 KB, dictionary in flash"])
	test(`slots, chunks and stack are within 10 % of the SDK's: ${name}`, { skip }, (t) => compareMemory(t, name));

async function compareMemory(t: TestContext, name: string): Promise<void> {
	if ((await engineTarget()) !== "m32") return t.skip("the engine is 64-bit here");
	const mail = scenarios.find((scenario) => scenario.name === name) as Scenario;
	const [begin, sent] = (["begin", "sent"] as const).map((mark) => ({ ...mail, task: { ...mail.task, mark } }));
	const [begun, theirBegun] = [await measureHere(begin as Scenario), await measureOnSDK(begin as Scenario)];
	const [taken, theirTaken] = [await measureHere(sent as Scenario), await measureOnSDK(sent as Scenario)];
	const compare = (what: string, of: (atBegin: SDKFigures, whenTaken: SDKFigures) => number, near = true) => {
		const [own, theirs] = [of(begun, taken), of(theirBegun, theirTaken)];
		t.diagnostic(`${what}: ${own} here, ${theirs} on the SDK's engine`);
		if (near) assertNear(own, theirs, what);
		return [own, theirs] as const;
	};
	compare("slots in use when the message is taken", (begun, taken) => taken.idleSlots - begun.idleSlots);
	compare("bytes of chunks in use then", (begun, taken) => taken.idleChunks - begun.idleChunks);
	compare("slots, at most", (begun) => begun.slotsPeak - begun.idleSlots);
	// The SDK's XS 17 grows the heap where XS 13 collects once more, and its frames are two slots smaller.
	compare("bytes of chunks, at most, garbage with it", (begun) => begun.chunksPeak - begun.idleChunks, false);
	const [own, theirs] = compare("slots of the stack", (begun) => begun.stackPeak, false);
	assert.ok(theirs <= own && own <= theirs * 1.25, `stack: ${own} here, ${theirs} on the SDK's engine`);
}
