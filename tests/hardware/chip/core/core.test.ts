/** The emulated core against QEMU's lx106: generated programs must leave the same registers and memory after every step. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { buildSim, type SimBuild } from "../../../../hardware/chip/sim/build.js";
import { hasQEMU } from "../../../../hardware/virtual/build-engine.js";
import { projectFolder } from "../../../../hardware/virtual/project.js";
import { difference, instructionsOf, onCore, onQEMU, writeProgram } from "./compare.js";
import { generate, type Program } from "./programs.js";
import { allSteps, countedSteps } from "./steps.js";

const SEED = 0x106;
const ROUNDS = 25;

/** Programs of every step, each other than the others. */
function programs(count: number, steps: Parameters<typeof generate>[2]): Program[] {
	return Array.from({ length: count }, (_, index) => generate(SEED + index, ROUNDS, steps));
}

/** How many programs, steps and instructions there were, and where our core's outcome was another than the expected. */
interface Comparison {
	programs: number;
	steps: number;
	instructions: number;
	differences: string[];
}

async function compare(
	context: TestContext,
	all: Program[],
	build: SimBuild,
	...options: string[]
): Promise<Comparison> {
	const sim = await buildSim(projectFolder(), build);
	const sum: Comparison = { programs: 0, steps: 0, instructions: 0, differences: [] };
	for (const [index, program] of all.entries()) {
		const path = writeProgram(context, program);
		const [expected, actual] = await Promise.all([onQEMU(path), onCore(sim, path, ...options)]);
		assert.equal(expected.status, "0", `QEMU: ${expected.errors}`);
		sum.programs++;
		sum.steps += program.steps.length;
		sum.instructions += instructionsOf(actual);
		const found = difference(program, expected, actual);
		if (found) sum.differences.push(`program ${index}: ${found}`);
	}
	context.diagnostic(`${sum.programs} programs, ${sum.steps} steps, ${sum.instructions} instructions`);
	return sum;
}

async function skipped(context: TestContext): Promise<boolean> {
	if (await hasQEMU()) return false;
	context.skip("not here: qemu-system-misc, so the core is compared with nothing");
	return true;
}

test("every instruction does what it does in QEMU", async (context) => {
	if (await skipped(context)) return;
	const { differences, instructions } = await compare(context, programs(30, allSteps), "fast");
	assert.deepEqual(differences, []);
	assert.ok(instructions > 9_000_000, `${instructions} instructions`);
});

/** Operations by other names than their instructions', and those that are no instructions or are left out (see README). */
const aliases: Record<string, string | undefined> = {
	...{
		OP_MOVE: "mov.n",
		OP_BREAK_N: "break.n",
		OP_RSR: "PRID",
		OP_WSR: "INTSET",
		OP_XSR: "EXCSAVE1",
		OP_ILLEGAL: "undefined",
	},
	...{ OP_NONE: undefined, OP_STOP: undefined, OP_RER: undefined, OP_WER: undefined },
};

test("every operation that the core knows has a step", () => {
	const header = readFileSync(join(projectFolder(), "hardware", "chip", "core", "decode.h"), "utf8");
	const operations = [...new Set(header.match(/\bOP_\w+/g))];
	assert.ok(operations.length > 95);
	const names = [...allSteps.keys()];
	const has = (name: string) => names.some((step) => step.split(/[ ,]+/).includes(name));
	const wanted = operations.map((name) => (name in aliases ? aliases[name] : name.slice(3).toLowerCase()));
	assert.deepEqual(
		wanted.filter((name) => name !== undefined && !has(name)),
		[],
	);
});

test("the model of cycles changes no result", async (context) => {
	if (await skipped(context)) return;
	assert.deepEqual((await compare(context, programs(3, allSteps), "fast", "--counted")).differences, []);
});

test("the core's C is sound: the same under the address and undefined-behaviour sanitizers", async (context) => {
	if (await skipped(context)) return;
	assert.deepEqual((await compare(context, programs(3, allSteps), "checked")).differences, []);
});

test("it executes as many instructions as QEMU", async (context) => {
	if (await skipped(context)) return;
	assert.deepEqual((await compare(context, programs(3, countedSteps), "fast")).differences, []);
});

test("a difference would be seen", async (context) => {
	if (await skipped(context)) return;
	const sim = await buildSim(projectFolder());
	const [one, other] = programs(2, countedSteps) as [Program, Program];
	const [expected, actual] = await Promise.all([
		onQEMU(writeProgram(context, one)),
		onCore(sim, writeProgram(context, other)),
	]);
	assert.match(
		difference(one, expected, actual) ?? "",
		/^after step 0 \(.*\): a\d+ is [0-9a-f]{8} in place of [0-9a-f]{8}$/,
	);
});
