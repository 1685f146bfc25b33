import { constants, region, Special, tlb, wsr } from "./encode.js";
import { DATA_SIZE, Machine, OTHER_DATA } from "./machine.js";
import { Random } from "./random.js";
import { anyValue, type Step } from "./step.js";
import { allSteps } from "./steps.js";

/** A generated program. */
export interface Program {
	file: Uint8Array;
	/** The steps in their order; each has a record after it. */
	steps: string[];
}

/** Region attributes: all, no execution, execution alone, nothing. */
const attributes = [2, 2, 0, 3, 15];

/** Every step there is, `rounds` times, in an order of chance. @param seed not 0 */
export function generate(seed: number, rounds: number, steps: ReadonlyMap<string, Step> = allSteps): Program {
	const random = new Random(seed);
	const machine = new Machine();
	const names = shuffle(Array.from({ length: rounds }, () => [...steps.keys()]).flat(), random);
	machine.code.emit(constants.movi(0, 0, random.below(2) ? 0x20 : 0), wsr(0, Special.PS));
	machine.code.load(1, OTHER_DATA);
	machine.code.emit(constants.movi(2, 0, random.of(attributes)), tlb(region.witlb, 1, 2));
	machine.code.emit(constants.movi(2, 0, random.of(attributes)), tlb(region.wdtlb, 1, 2));
	for (let register = 0; register < 16; register++) machine.code.load(register, anyValue(random));
	for (const name of names) {
		steps.get(name)?.(machine, random);
		machine.record();
	}
	machine.end();
	const data = Uint8Array.from({ length: DATA_SIZE }, () => random.word());
	return { file: machine.file(data), steps: names };
}

function shuffle<T>(all: T[], random: Random): T[] {
	for (let last = all.length - 1; last > 0; last--) {
		const other = random.below(last + 1);
		[all[last], all[other]] = [all[other] as T, all[last] as T];
	}
	return all;
}
