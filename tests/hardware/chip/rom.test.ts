/** The ROM's functions as we answer them: against what JavaScript computes, and, with a dump of the ROM, against the ROM's own. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { canRun, compile, start } from "./program.js";

const dump = process.env.ESP_ROM;
const noDump = dump ? false : "takes a dump of the ESP8266's boot ROM: ESP_ROM";
const RUN_MS = 5_000;

/** Words that are edges of something, and others; the same in every run. */
function words(count: number): number[] {
	const edges = [
		0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 0x3ff00000, 0x40000000, 0x7ff00000, 0xfff00000, 0x00100000,
	];
	const more = [
		0x7ff80000, 0x41e00000, 0xc1e00000, 0x41f00000, 0x3fefffff, 0x4f000000, 0xcf000000, 0x7f800000, 0x36a00000,
	];
	const all = [...edges, ...more];
	for (let seed = 1; all.length < count; all.push(seed)) seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
	return all;
}

const some = words(48);
const table = `static const uint32_t words[] = { ${some.map((word) => `${word}u`).join(", ")} };
	enum { COUNT = sizeof(words) / 4 };`;

interface RomFunction {
	address: number;
	/** How many words are in and out. */
	takes: number;
	gives: number;
	compute(...words: number[]): number[] | undefined;
}

const view = new DataView(new ArrayBuffer(8));

function double(low: number, high: number): number {
	view.setUint32(0, high);
	view.setUint32(4, low);
	return view.getFloat64(0);
}

function fromDouble(value: number): number[] {
	view.setFloat64(0, value);
	return [view.getUint32(4), view.getUint32(0)];
}

function float(word: number): number {
	view.setUint32(0, word);
	return view.getFloat32(0);
}

function fromFloat(value: number): number[] {
	view.setFloat32(0, value);
	return [view.getUint32(0)];
}

const wide = (low: number, high: number): bigint => (BigInt(high) << 32n) | BigInt(low);
const fromWide = (value: bigint): number[] => [Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn)];
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

/** What is no number has many forms: none is asked for. */
const doubles = (compute: (a: number, b: number) => number) => (a: number, b: number, c: number, d: number) => {
	const result = compute(double(a, b), double(c, d));
	return Number.isNaN(result) ? undefined : fromDouble(result);
};
const floats = (compute: (a: number, b: number) => number) => (a: number, b: number) => {
	const result = compute(float(a), float(b));
	return Number.isNaN(result) ? undefined : fromFloat(result);
};
const fits = (value: number, low: number, high: number) => value > low - 1 && value < high + 1;

const functions: Record<string, RomFunction> = {
	__udivsi3: { address: 0x4000e21c, takes: 2, gives: 1, compute: (a, b) => (b ? [Math.floor(a / b)] : undefined) },
	__umodsi3: { address: 0x4000e268, takes: 2, gives: 1, compute: (a, b) => (b ? [a % b] : undefined) },
	__divsi3: {
		address: 0x4000dc88,
		takes: 2,
		gives: 1,
		compute: (a, b) => (b ? [Math.trunc((a | 0) / (b | 0)) >>> 0] : undefined),
	},
	__udivdi3: {
		address: 0x4000d310,
		takes: 4,
		gives: 2,
		compute: (a, b, c, d) => (c || d ? fromWide(wide(a, b) / wide(c, d)) : undefined),
	},
	__umoddi3: {
		address: 0x4000d770,
		takes: 4,
		gives: 2,
		compute: (a, b, c, d) => (c || d ? fromWide(wide(a, b) % wide(c, d)) : undefined),
	},
	__divdi3: {
		...{ address: 0x4000ce60, takes: 4, gives: 2 },
		compute: (a, b, c, d) =>
			c || d ? fromWide(BigInt.asUintN(64, signed(wide(a, b)) / signed(wide(c, d)))) : undefined,
	},
	__muldi3: {
		address: 0x40000650,
		takes: 4,
		gives: 2,
		compute: (a, b, c, d) => fromWide(BigInt.asUintN(64, wide(a, b) * wide(c, d))),
	},
	__umulsidi3: { address: 0x4000dcf0, takes: 2, gives: 2, compute: (a, b) => fromWide(BigInt(a) * BigInt(b)) },
	__adddf3: { address: 0x4000c538, takes: 4, gives: 2, compute: doubles((a, b) => a + b) },
	__subdf3: { address: 0x4000c688, takes: 4, gives: 2, compute: doubles((a, b) => a - b) },
	__muldf3: { address: 0x4000c8f0, takes: 4, gives: 2, compute: doubles((a, b) => a * b) },
	__divdf3: { address: 0x4000cb94, takes: 4, gives: 2, compute: doubles((a, b) => a / b) },
	__addsf3: { address: 0x4000c180, takes: 2, gives: 1, compute: floats((a, b) => a + b) },
	__subsf3: { address: 0x4000c268, takes: 2, gives: 1, compute: floats((a, b) => a - b) },
	__mulsf3: { address: 0x4000c3dc, takes: 2, gives: 1, compute: floats((a, b) => a * b) },
	__extendsfdf2: {
		address: 0x4000cdfc,
		takes: 1,
		gives: 2,
		compute: (a) => (Number.isNaN(float(a)) ? undefined : fromDouble(float(a))),
	},
	__truncdfsf2: {
		address: 0x4000cd5c,
		takes: 2,
		gives: 1,
		compute: (a, b) => (Number.isNaN(double(a, b)) ? undefined : fromFloat(double(a, b))),
	},
	__floatsidf: { address: 0x4000e2f0, takes: 1, gives: 2, compute: (a) => fromDouble(a | 0) },
	__floatunsidf: { address: 0x4000e2e8, takes: 1, gives: 2, compute: (a) => fromDouble(a) },
	__floatsisf: { address: 0x4000e2ac, takes: 1, gives: 1, compute: (a) => fromFloat(a | 0) },
	__floatunsisf: { address: 0x4000e2a4, takes: 1, gives: 1, compute: (a) => fromFloat(a) },
	__fixdfsi: {
		address: 0x4000ccb8,
		takes: 2,
		gives: 1,
		compute: (a, b) => (fits(double(a, b), -(2 ** 31), 2 ** 31 - 1) ? [double(a, b) >>> 0] : undefined),
	},
	__fixunsdfsi: {
		address: 0x4000cd00,
		takes: 2,
		gives: 1,
		compute: (a, b) => (fits(double(a, b), 0, 2 ** 32 - 1) ? [double(a, b) >>> 0] : undefined),
	},
	__fixunssfsi: {
		address: 0x4000c4c4,
		takes: 1,
		gives: 1,
		compute: (a) => (fits(float(a), 0, 2 ** 32 - 1) ? [float(a) >>> 0] : undefined),
	},
};

/** Every word with every other; where four are taken, the others are a little apart. */
const operands = "words[i], words[j], words[(i + 7) % COUNT], words[(j + 3) % COUNT]";
const operandsOf = (i: number, j: number): number[] =>
	[some[i], some[j], some[(i + 7) % some.length], some[(j + 3) % some.length]] as number[];

/** The serial line at a megabyte a second, for there is much to say. */
const fast = "REG(0x60000014) = 8;";

/** A program that prints what a function gives for pairs of words; those it does not take are left out. */
function caller({ address, takes, gives }: RomFunction, isDivision: boolean): string {
	const divisor = takes === 4 ? "words[(i + 7) % COUNT] | words[(j + 3) % COUNT]" : "words[j]";
	const second = takes === 1 ? "j < 1" : "j < COUNT";
	return `${table} typedef uint64_t (*Function)(uint32_t, uint32_t, uint32_t, uint32_t);
		static uint32_t cycles(void) { uint32_t count; __asm__ volatile("rsr.ccount %0" : "=a"(count)); return count; }
		void program(void) { uint32_t spent = 0, calls = 0; ${fast} for (int i = 0; i < COUNT; i++) for (int j = 0; ${second}; j++) {
			${isDivision ? `if (!(${divisor})) continue;` : ""}
			uint32_t from = cycles();
			uint64_t result = ROM(Function, ${address})(${operands}); spent += cycles() - from; calls++;
			ets_printf("%d %d %x %x\\n", i, j, (uint32_t)result, ${gives === 2 ? "(uint32_t)(result >> 32)" : "0"}); }
		ets_printf("cycles %d\\n", spent / calls); ets_isr_unmask(1 << 4); ets_run(); }`;
}

async function printed(name: string, program: string, rom?: string): Promise<string[]> {
	const { board, lines } = await start(compile(name, program), { build: "fast", ...(rom ? { rom } : {}) });
	await board.advance(RUN_MS);
	await board.close();
	return lines;
}

for (const [name, fn] of Object.entries(functions)) {
	const isDivision = /(div|mod)[sd]i3/.test(name);
	test(`the ROM's ${name} gives what it must`, async (context) => {
		if (!(await canRun(context))) return;
		const lines = await printed(`rom-${name}`, caller(fn, isDivision));
		let compared = 0;
		for (const line of lines.slice(0, -1)) {
			const [i = 0, j = 0] = line.split(" ", 2).map(Number);
			const given = line
				.split(" ")
				.slice(2, 2 + fn.gives)
				.map((word) => Number.parseInt(word, 16));
			const expected = fn.compute(...operandsOf(i, j).slice(0, fn.takes));
			if (!expected) continue;
			compared++;
			assert.deepEqual(given, expected, `${name} of ${operandsOf(i, j).map((word) => word.toString(16))}`);
		}
		assert.ok(compared >= 7, `${compared} were compared`);
	});

	test(`the ROM's own ${name} gives the same as our answer`, { skip: noDump }, async (context) => {
		if (!(await canRun(context))) return;
		await same(context, `rom-${name}`, caller(fn, isDivision), (line) => withoutNaN(line, name));
	});
}

/** What is no number is one thing here, whatever its bits. */
function withoutNaN(line: string, name: string): string {
	const [i, j, low = "", high = ""] = line.split(" ");
	const [first, second] = [low, high].map((word) => Number.parseInt(word, 16)) as [number, number];
	const isFloat = /sf3$|sf2$|sisf$/.test(name) && Number.isNaN(float(first));
	const isDouble = /df3$|sfdf2$|sidf$/.test(name) && Number.isNaN(double(first, second));
	return isFloat || isDouble ? `${i} ${j} NaN` : line;
}

/** The same lines with and without the dump; what both take is told. */
async function same(
	context: TestContext,
	name: string,
	program: string,
	normal: (line: string) => string = (line) => line,
): Promise<void> {
	const ours = await printed(name, program);
	const theirs = await printed(name, program, dump);
	const cycles = (lines: string[]) => /^cycles (\d+)/.exec(lines.at(-1) ?? "")?.[1] ?? "?";
	context.diagnostic(`${name}: ours ${cycles(ours)} cycles, the ROM's ${cycles(theirs)}`);
	assert.ok(ours.length > 10, `${ours.length} lines`);
	assert.deepEqual(ours.slice(0, -1).map(normal), theirs.slice(0, -1).map(normal));
}

const strings = `char from[80], to[80]; static const char* const texts[] = { "", "a", "ab", "abc", "abcd", "abcde", "abd",
		"the quick brown fox jumps over the lazy dog", "the quick brown fox", "fox", "\\xff\\x80", "b", "dog" };
	enum { TEXTS = sizeof(texts) / sizeof(*texts) };
	static uint32_t cycles(void) { uint32_t count; __asm__ volatile("rsr.ccount %0" : "=a"(count)); return count; }
	static void fill(char* at, int step) { for (int i = 0; i < 80; i++) at[i] = i * step; }
	static uint32_t sum(const char* at) { uint32_t result = 0; for (int i = 0; i < 80; i++) result = result * 31 + (uint8_t)at[i]; return result; }
	static int sign(int x) { return x < 0 ? -1 : x > 0; }
	static void end(uint32_t spent, uint32_t bytes) { ets_printf("cycles %d a hundred bytes\\n", spent * 100 / (bytes ? bytes : 1)); ets_isr_unmask(1 << 4); ets_run(); }`;

/** Over two buffers, at all alignments, of some lengths: `call` of to, from, size. */
const overMemory = (call: string) => `${strings} void program(void) { uint32_t spent = 0, bytes = 0; ${fast}
	for (int a = 0; a < 4; a++) for (int b = 0; b < 4; b++) for (int size = 0; size < 40; size += 3) { fill(from, 7); fill(to, 3);
		uint32_t begin = cycles(); int result = (int)(${call}); spent += cycles() - begin; bytes += size;
		ets_printf("%d %d %d %x %x\\n", a, b, size, sum(to), result); } end(spent, bytes); }`;
const overTexts = (call: string) => `${strings} void program(void) { uint32_t spent = 0, bytes = 0; ${fast}
	for (int i = 0; i < TEXTS; i++) for (int j = 0; j < TEXTS; j++) { fill(to, 3); uint32_t begin = cycles(); int result = (int)(${call});
		spent += cycles() - begin; bytes += 10; ets_printf("%d %d %x %x\\n", i, j, sum(to), result); } end(spent, bytes); }`;

const memory: Record<string, string> = {
	memcpy: overMemory("ROM(int (*)(void*, void*, int), 0x4000df48)(to + a, from + b, size)"),
	ets_memcpy: overMemory("ROM(int (*)(void*, void*, int), 0x400018b4)(to + a, from + b, size)"),
	memmove: overMemory("ROM(int (*)(void*, void*, int), 0x4000e04c)(to + a + 5, to + b, size)"),
	memset: overMemory("ROM(int (*)(void*, int, int), 0x4000e190)(to + a, b * 77, size)"),
	bzero: overMemory("(ROM(void (*)(void*, int), 0x4000de84)(to + a, size), 0)"),
	memcmp: overMemory(
		"(to[a + 20] = from[b + 20], sign(ROM(int (*)(void*, void*, int), 0x4000dea8)(to + a + 20, from + b + 20, size)))",
	),
	strlen: overTexts("ROM(int (*)(const char*), 0x4000bf4c)(texts[i])"),
	strcmp: overTexts("sign(ROM(int (*)(const char*, const char*), 0x4000bdc8)(texts[i], texts[j]))"),
	strncmp: overTexts("sign(ROM(int (*)(const char*, const char*, int), 0x4000bfa8)(texts[i], texts[j], 3))"),
	strcpy: overTexts("ROM(int (*)(char*, const char*), 0x4000bec8)(to + j % 4, texts[i])"),
	strncpy: overTexts("ROM(int (*)(char*, const char*, int), 0x4000c0a0)(to + j % 4, texts[i], j * 2)"),
	strstr: overTexts("ROM(int (*)(const char*, const char*), 0x4000e1e0)(texts[i], texts[j])"),
};

for (const [name, program] of Object.entries(memory))
	test(`the ROM's own ${name} gives the same as our answer`, { skip: noDump }, async (context) => {
		if (!(await canRun(context))) return;
		await same(context, `rom-${name}`, program);
	});
