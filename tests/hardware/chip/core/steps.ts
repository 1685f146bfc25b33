/** The steps that generated programs are made of: one instruction each, with what it needs around it. */

import { controlSteps } from "./control-steps.js";
import {
	type Access,
	accesses,
	arithmetic,
	branches,
	constants,
	type Instruction,
	j,
	narrowBranches,
	rsr,
	Special,
} from "./encode.js";
import { DATA, DATA_SIZE } from "./machine.js";
import { specialSteps } from "./special-steps.js";
import { newValues, register, type Step } from "./step.js";

function registerStep(encode: (d: number, s: number, t: number) => Instruction): Step {
	return (machine, random) => {
		const [d, s, t] = [register(random), register(random), register(random)];
		newValues(machine, random, s, t);
		machine.code.emit(encode(d, s, t));
	};
}

function constantStep(encode: (d: number, s: number, value: number) => Instruction): Step {
	return (machine, random) => {
		const [d, s] = [register(random), register(random)];
		newValues(machine, random, s);
		machine.code.emit(encode(d, s, random.word() & 0xffff));
	};
}

/** Taken or not shows in a register; forward over an instruction, or back to one. */
function branchStep(encode: (s: number, t: number, offset: number) => Instruction): Step {
	return (machine, random) => {
		const { code } = machine;
		const [s, t, shown] = [register(random), register(random), register(random)];
		newValues(machine, random, s, t);
		if (random.below(8) === 0) code.emit(arithmetic["mov.n"](s, t));
		const show = constants.addmi(shown, shown, 1);
		if (random.below(2)) code.emit(j(2 + 3), show, j(2), encode(s, t, -3 - 3 - 4));
		else code.emit(encode(s, t, 2), show);
	};
}

/** At DATA plus something: mostly aligned, sometimes not. */
function accessStep({ size, most, encode }: Access): Step {
	return (machine, random) => {
		const [d, s, index] = [register(random), register(random), random.below(most + 1)];
		const at = random.below(DATA_SIZE - 1024);
		newValues(machine, random, d);
		machine.code.load(s, DATA + (random.below(4) ? at & -size : at));
		machine.code.emit(encode(d, s, index));
	};
}

/** A narrow branch reaches forward only, and is a byte shorter. */
function narrowBranchStep(encode: (s: number, t: number, offset: number) => Instruction): Step {
	return (machine, random) => {
		const [s, shown] = [register(random), register(random)];
		newValues(machine, random, s);
		machine.code.emit(encode(s, 0, 1), constants.addmi(shown, shown, 1));
	};
}

function named<T>(encoders: Record<string, T>, step: (encoder: T) => Step): [name: string, step: Step][] {
	return Object.entries(encoders).map(([name, encoder]) => [name, step(encoder)]);
}

/**
 * Steps in which no exception can come, and CCOUNT, which shows how many instructions were executed. (Where exceptions come,
 * QEMU's count is not exact: some instructions beside ours.)
 */
export const countedSteps: ReadonlyMap<string, Step> = new Map([
	...named(arithmetic, registerStep),
	...named(constants, constantStep),
	...named(branches, branchStep),
	...named(narrowBranches, narrowBranchStep),
	["CCOUNT", ({ code }, random) => code.emit(rsr(register(random), Special.CCOUNT))],
]);

/** Every step there is but CCOUNT, by the instruction that it is for. */
export const allSteps: ReadonlyMap<string, Step> = new Map([
	...named(arithmetic, registerStep),
	...named(constants, constantStep),
	...named(branches, branchStep),
	...named(narrowBranches, narrowBranchStep),
	...named(accesses, accessStep),
	...Object.entries(controlSteps),
	...Object.entries(specialSteps),
]);
