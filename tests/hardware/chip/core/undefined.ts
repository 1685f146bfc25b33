import { type Instruction, rri8, rrr, rrrn, Special } from "./encode.js";
import type { Random } from "./random.js";

const any = (random: Random) => random.below(16);
const fields = (random: Random) => [any(random), any(random), any(random)] as const;

/** Special registers of options that the core does not have. */
const absentSpecials = [
	0, 1, 2, 4, 12, 16, 17, 32, 40, 64, 72, 73, 83, 90, 97, 99, 106, 129, 145, 180, 183, 196, 212, 224, 244,
];
/** MMID and INTCLEAR are written only. */
const unreadableSpecials = [89, Special.INTCLEAR, ...absentSpecials];
const unwritableSpecials = [Special.CONFIGID1, Special.DEBUGCAUSE, Special.PRID, ...absentSpecials];
const unexchangeableSpecials = [Special.CONFIGID0, Special.INTERRUPT, ...unreadableSpecials, ...unwritableSpecials];

/** Opcode spaces of the ISA in which this core has nothing. */
const spaces: ((random: Random) => Instruction)[] = [
	() => rrr(0, 0, 0, 0, 0), // ILL
	() => rrrn(13, 15, 0, 6), // ILL.N
	(random) => rrr(0, 0, random.of([1, 8, 9, 10, 11, 12, 13, 14, 15]), any(random), any(random)), // MOVSP, ANY4 and the like
	(random) => rrr(4, 0, random.of([5, 8, 9, 10, 11, 12, 13]), any(random), any(random)), // ROTW
	(random) => rrr(6, 0, any(random), 2 + random.below(14), any(random)),
	(random) => rrr(7, 0, ...fields(random)),
	(random) => rrr(random.of([5, 7, 14]), 1, ...fields(random)),
	(random) => rrr(15, 1, random.of([0, 1, 2, 8, 14]), any(random), any(random)), // LICT, SICT, RFDO and the like
	(random) => rrr(random.of([0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15]), 2, ...fields(random)), // MULUH, QUOU, booleans
	(random) => rrr(random.of([2, 3, 4, 5, 6, 7, 12, 13, 14, 15]), 3, ...fields(random)), // SEXT, CLAMPS, MIN, MOVF, RUR
	(random) => rrr(any(random), random.of([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]), ...fields(random)), // L32E, floating point
	(random) => special(0, 3, unreadableSpecials, random), // RSR
	(random) => special(1, 3, unwritableSpecials, random), // WSR
	(random) => special(6, 1, unexchangeableSpecials, random), // XSR
	(random) => rri8(2, random.of([3, 7, 8, 11, 14, 15]), any(random), any(random), random.word()), // L32AI, S32C1I, caches
	(random) => rri8(random.of([3, 4]), any(random), any(random), any(random), random.word()), // LSI, MAC16
	(random) => rri8(5, any(random), any(random), random.of([1, 2, 3]), random.word()), // CALL4, CALL8, CALL12
	(random) => rri8(6, any(random), any(random), random.of([3, 7]), random.word()), // ENTRY, LOOP, BF
	(random) => rrrn(13, 1 + random.below(14), any(random), any(random)),
	(random) => rrrn(13, 15, any(random), random.of([1, 4, 5, 7, 8, 15])), // RETW.N
];

function special(op2: number, op1: number, numbers: readonly number[], random: Random): Instruction {
	const number = random.of(numbers);
	return rrr(op2, op1, number >> 4, number & 15, any(random));
}

/** An instruction that the core must refuse. */
export function undefinedInstruction(random: Random): Instruction {
	return random.of(spaces)(random);
}
