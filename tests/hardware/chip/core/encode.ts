/** The instructions' encodings, by "Xtensa ISA Reference Manual", 7: written anew, not taken from what decodes them. */

/** A machine instruction. */
export interface Instruction {
	word: number;
	bytes: 2 | 3;
}

const wide = (word: number): Instruction => ({ word: word >>> 0, bytes: 3 });
const narrow = (word: number): Instruction => ({ word: word >>> 0, bytes: 2 });

/** RRR: op0 = 0. */
export function rrr(op2: number, op1: number, r: number, s: number, t: number): Instruction {
	return wide((op2 << 20) | (op1 << 16) | (r << 12) | (s << 8) | (t << 4));
}

/** RRI8. */
export function rri8(op0: number, r: number, s: number, t: number, immediate: number): Instruction {
	return wide(((immediate & 255) << 16) | (r << 12) | (s << 8) | (t << 4) | op0);
}

/** RRRN. */
export function rrrn(op0: number, r: number, s: number, t: number): Instruction {
	return narrow((r << 12) | (s << 8) | (t << 4) | op0);
}

/** BRI12: n = 1. */
function bri12(m: number, s: number, offset: number): Instruction {
	return wide(((offset & 4095) << 12) | (s << 8) | (m << 6) | (1 << 4) | 6);
}

type Arithmetic = (d: number, s: number, t: number) => Instruction;
type WithConstant = (d: number, s: number, value: number) => Instruction;
type Branch = (s: number, t: number, offset: number) => Instruction;

/** A load or store: of how many bytes, and the largest index that it has room for. */
export interface Access {
	size: 1 | 2 | 4;
	most: number;
	encode(d: number, s: number, index: number): Instruction;
}

/** By registers' numbers: d is the destination, s and t are sources. */
export const arithmetic = {
	abs: (d, _s, t) => rrr(6, 0, d, 1, t),
	add: (d, s, t) => rrr(8, 0, d, s, t),
	"add.n": (d, s, t) => rrrn(10, d, s, t),
	addx2: (d, s, t) => rrr(9, 0, d, s, t),
	addx4: (d, s, t) => rrr(10, 0, d, s, t),
	addx8: (d, s, t) => rrr(11, 0, d, s, t),
	and: (d, s, t) => rrr(1, 0, d, s, t),
	"mov.n": (d, s) => rrrn(13, 0, s, d),
	moveqz: (d, s, t) => rrr(8, 3, d, s, t),
	movnez: (d, s, t) => rrr(9, 3, d, s, t),
	movltz: (d, s, t) => rrr(10, 3, d, s, t),
	movgez: (d, s, t) => rrr(11, 3, d, s, t),
	mul16u: (d, s, t) => rrr(12, 1, d, s, t),
	mul16s: (d, s, t) => rrr(13, 1, d, s, t),
	mull: (d, s, t) => rrr(8, 2, d, s, t),
	neg: (d, _s, t) => rrr(6, 0, d, 0, t),
	nsa: (d, s) => rrr(4, 0, 14, s, d),
	nsau: (d, s) => rrr(4, 0, 15, s, d),
	or: (d, s, t) => rrr(2, 0, d, s, t),
	sll: (d, s) => rrr(10, 1, d, s, 0),
	sra: (d, _s, t) => rrr(11, 1, d, 0, t),
	src: (d, s, t) => rrr(8, 1, d, s, t),
	srl: (d, _s, t) => rrr(9, 1, d, 0, t),
	ssr: (_d, s) => rrr(4, 0, 0, s, 0),
	ssl: (_d, s) => rrr(4, 0, 1, s, 0),
	ssa8l: (_d, s) => rrr(4, 0, 2, s, 0),
	ssa8b: (_d, s) => rrr(4, 0, 3, s, 0),
	sub: (d, s, t) => rrr(12, 0, d, s, t),
	subx2: (d, s, t) => rrr(13, 0, d, s, t),
	subx4: (d, s, t) => rrr(14, 0, d, s, t),
	subx8: (d, s, t) => rrr(15, 0, d, s, t),
	xor: (d, s, t) => rrr(3, 0, d, s, t),
	memw: () => rrr(0, 0, 2, 0, 12),
	extw: () => rrr(0, 0, 2, 0, 13),
	isync: () => rrr(0, 0, 2, 0, 0),
	rsync: () => rrr(0, 0, 2, 0, 1),
	esync: () => rrr(0, 0, 2, 0, 2),
	dsync: () => rrr(0, 0, 2, 0, 3),
	excw: () => rrr(0, 0, 2, 0, 8),
	nop: () => rrr(0, 0, 2, 0, 15),
	"nop.n": () => rrrn(13, 15, 0, 3),
} satisfies Record<string, Arithmetic>;

/** With a constant of any value in `value`, of which the instruction takes what it has room for. */
export const constants = {
	addi: (d, s, value) => rri8(2, 12, s, d, value),
	"addi.n": (d, s, value) => rrrn(11, d, s, value & 15),
	addmi: (d, s, value) => rri8(2, 13, s, d, value),
	extui: (d, s, value) => rrr((value >> 5) & 15, 4 | ((value >> 4) & 1), d, value & 15, s),
	movi: (d, _s, value) => rri8(2, 10, (value >> 8) & 15, d, value),
	"movi.n": (d, _s, value) => rrrn(12, value & 15, d, (value >> 4) & 7),
	slli: (d, s, value) => rrr((value >> 4) & 1, 1, d, s, value & 15),
	srai: (d, s, value) => rrr(2 | ((value >> 4) & 1), 1, d, value & 15, s),
	srli: (d, s, value) => rrr(4, 1, d, value & 15, s),
	ssai: (_d, _s, value) => rrr(4, 0, 4, value & 15, (value >> 4) & 1),
} satisfies Record<string, WithConstant>;

/** Branches to `offset` bytes behind their address + 4; s and t are registers, or t is a constant's or a bit's number. */
export const branches = {
	bnone: (s, t, offset) => rri8(7, 0, s, t, offset),
	beq: (s, t, offset) => rri8(7, 1, s, t, offset),
	blt: (s, t, offset) => rri8(7, 2, s, t, offset),
	bltu: (s, t, offset) => rri8(7, 3, s, t, offset),
	ball: (s, t, offset) => rri8(7, 4, s, t, offset),
	bbc: (s, t, offset) => rri8(7, 5, s, t, offset),
	"bbci (0 to 15)": (s, t, offset) => rri8(7, 6, s, t, offset),
	"bbci (16 to 31)": (s, t, offset) => rri8(7, 7, s, t, offset),
	bany: (s, t, offset) => rri8(7, 8, s, t, offset),
	bne: (s, t, offset) => rri8(7, 9, s, t, offset),
	bge: (s, t, offset) => rri8(7, 10, s, t, offset),
	bgeu: (s, t, offset) => rri8(7, 11, s, t, offset),
	bnall: (s, t, offset) => rri8(7, 12, s, t, offset),
	bbs: (s, t, offset) => rri8(7, 13, s, t, offset),
	"bbsi (0 to 15)": (s, t, offset) => rri8(7, 14, s, t, offset),
	"bbsi (16 to 31)": (s, t, offset) => rri8(7, 15, s, t, offset),
	beqz: (s, _t, offset) => bri12(0, s, offset),
	bnez: (s, _t, offset) => bri12(1, s, offset),
	bltz: (s, _t, offset) => bri12(2, s, offset),
	bgez: (s, _t, offset) => bri12(3, s, offset),
	beqi: (s, t, offset) => rri8(6, t, s, 2, offset),
	bnei: (s, t, offset) => rri8(6, t, s, 6, offset),
	blti: (s, t, offset) => rri8(6, t, s, 10, offset),
	bgei: (s, t, offset) => rri8(6, t, s, 14, offset),
	bltui: (s, t, offset) => rri8(6, t, s, 11, offset),
	bgeui: (s, t, offset) => rri8(6, t, s, 15, offset),
} satisfies Record<string, Branch>;

/** The narrow ones reach forward only: 0 to 63. */
export const narrowBranches = {
	"beqz.n": (s, _t, offset) => rrrn(12, offset & 15, s, 8 | (offset >> 4)),
	"bnez.n": (s, _t, offset) => rrrn(12, offset & 15, s, 12 | (offset >> 4)),
} satisfies Record<string, Branch>;

/** Loads to and stores from d, at s + index * size. */
export const accesses = {
	l8ui: { size: 1, most: 255, encode: (d, s, index) => rri8(2, 0, s, d, index) },
	l16ui: { size: 2, most: 255, encode: (d, s, index) => rri8(2, 1, s, d, index) },
	l16si: { size: 2, most: 255, encode: (d, s, index) => rri8(2, 9, s, d, index) },
	l32i: { size: 4, most: 255, encode: (d, s, index) => rri8(2, 2, s, d, index) },
	"l32i.n": { size: 4, most: 15, encode: (d, s, index) => rrrn(8, index, s, d) },
	s8i: { size: 1, most: 255, encode: (d, s, index) => rri8(2, 4, s, d, index) },
	s16i: { size: 2, most: 255, encode: (d, s, index) => rri8(2, 5, s, d, index) },
	s32i: { size: 4, most: 255, encode: (d, s, index) => rri8(2, 6, s, d, index) },
	"s32i.n": { size: 4, most: 15, encode: (d, s, index) => rrrn(9, index, s, d) },
} satisfies Record<string, Access>;

/** From a literal that is `words` (negative) words from the instruction's address, rounded up to 4. */
export const l32r = (d: number, words: number): Instruction => wide(((words & 0xffff) << 8) | (d << 4) | 1);

export const j = (offset: number): Instruction => wide(((offset & 0x3ffff) << 6) | 6);
/** `words`: from the instruction's address, rounded down to 4, + 4. */
export const call0 = (words: number): Instruction => wide(((words & 0x3ffff) << 6) | 5);
export const callx0 = (s: number): Instruction => rrr(0, 0, 0, s, 12);
export const jx = (s: number): Instruction => rrr(0, 0, 0, s, 10);
export const ret = (): Instruction => rrr(0, 0, 0, 0, 8);
export const retN = (): Instruction => rrrn(13, 15, 0, 0);

export const rsr = (t: number, special: number): Instruction => rrr(0, 3, special >> 4, special & 15, t);
export const wsr = (t: number, special: number): Instruction => rrr(1, 3, special >> 4, special & 15, t);
export const xsr = (t: number, special: number): Instruction => rrr(6, 1, special >> 4, special & 15, t);
export const rsil = (t: number, level: number): Instruction => rrr(0, 0, 6, level, t);
export const waiti = (level: number): Instruction => rrr(0, 0, 7, level, 0);
export const rfe = (): Instruction => rrr(0, 0, 3, 0, 0);
export const rfde = (): Instruction => rrr(0, 0, 3, 2, 0);
export const rfi = (level: number): Instruction => rrr(0, 0, 3, level, 1);
export const syscall = (): Instruction => rrr(0, 0, 5, 0, 0);
export const simcall = (): Instruction => rrr(0, 0, 5, 1, 0);
export const break_ = (s: number, t: number): Instruction => rrr(0, 0, 4, s, t);
export const breakN = (s: number): Instruction => rrrn(13, 15, s, 2);
/** Region protection, by what r is. */
export const region = {
	ritlb0: 3,
	iitlb: 4,
	pitlb: 5,
	witlb: 6,
	ritlb1: 7,
	rdtlb0: 11,
	idtlb: 12,
	pdtlb: 13,
	wdtlb: 14,
	rdtlb1: 15,
} as const;
export const tlb = (r: number, s: number, t: number): Instruction => rrr(5, 0, r, s, t);

/** Special registers' numbers. */
export const Special = {
	SAR: 3,
	LITBASE: 5,
	IBREAKENABLE: 96,
	DDR: 104,
	IBREAKA0: 128,
	DBREAKA0: 144,
	DBREAKC0: 160,
	CONFIGID0: 176,
	EPC1: 177,
	EPC2: 178,
	EPC3: 179,
	DEPC: 192,
	EPS2: 194,
	EPS3: 195,
	CONFIGID1: 208,
	EXCSAVE1: 209,
	EXCSAVE2: 210,
	EXCSAVE3: 211,
	/** Read. */
	INTERRUPT: 226,
	/** Written. */
	INTSET: 226,
	INTCLEAR: 227,
	INTENABLE: 228,
	PS: 230,
	VECBASE: 231,
	EXCCAUSE: 232,
	DEBUGCAUSE: 233,
	CCOUNT: 234,
	PRID: 235,
	ICOUNT: 236,
	ICOUNTLEVEL: 237,
	EXCVADDR: 238,
	CCOMPARE0: 240,
} as const;
