import type { Machine } from "./machine.js";
import type { Random } from "./random.js";

/** Emits what is between two records: an instruction, and what it needs around it. */
export type Step = (machine: Machine, random: Random) => void;

/** What registers are loaded with: where carries, signs and shifts turn. */
const edges = [
	...[0, 1, 2, 3, 4, 7, 8, 15, 16, 30, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0x8001, 0xffff, 0x10000],
	...[0x10001, 0x7fffff, 0x800000, 0x55555555, 0xaaaaaaaa, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0xffff0000],
	...[0xffff7fff, 0xffff8000, 0xfffffffe, 0xffffffff, 0xfffff800, 0xfffffff0, 0x12345678, 0xf0f0f0f0],
];

/** A register's number. */
export const register = (random: Random): number => random.below(16);

/** A word: an edge, or any. */
export const anyValue = (random: Random): number => (random.below(4) ? random.of(edges) : random.word());

/** Loads some of these registers with other values. */
export function newValues(machine: Machine, random: Random, ...registers: number[]): void {
	for (const each of registers) if (random.below(2)) machine.code.load(each, anyValue(random));
}
