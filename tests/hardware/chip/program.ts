/** Small programs of our own on the emulated chip, built with Debian's compiler for its processor. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { ChipBoard, type ChipEnd, type ChipOptions } from "../../../hardware/chip/board.js";
import { missingForChip } from "../../../hardware/chip/build.js";

const compiler = "xtensa-lx106-elf-gcc";
const sources = resolve("tests/hardware/chip/firmware");
const flags = ["-Os", "-std=gnu11", "-Wall", "-Werror", "-ffreestanding", "-fno-builtin", "-mlongcalls"];
const more = [
	"-mtext-section-literals",
	"-fno-jump-tables",
	"-nostdlib",
	"-Wno-unused-function",
	"-Wno-infinite-recursion",
	"-fno-delete-null-pointer-checks",
];

/** The packages that are missing for these tests, by Debian's names. */
async function missing(): Promise<string[]> {
	const names = await missingForChip();
	try {
		execFileSync(compiler, ["--version"], { stdio: "ignore" });
	} catch {
		names.push("gcc-xtensa-lx106");
	}
	return names;
}

/** Whether programs can be run; where not, the test is skipped, and says why. */
export async function canRun(context: TestContext): Promise<boolean> {
	const names = await missing();
	if (names.length) context.skip(`not here: ${names.join(", ")}`);
	return names.length === 0;
}

/** Compiles `void program(void)` and what else the text holds. @returns the ELF's path */
export function compile(name: string, text: string): string {
	const folder = join("build", "chip", "tests", name);
	mkdirSync(folder, { recursive: true });
	const [source, elf] = [join(folder, "program.c"), join(folder, "program.elf")];
	writeFileSync(source, `#include "chip.h"\n${text}\n`);
	execFileSync(compiler, [
		...[...flags, ...more, `-I${sources}`, `-T${join(sources, "link.ld")}`, "-o", elf],
		...[join(sources, "start.S"), source, "-lgcc"],
	]);
	if (!existsSync(elf)) throw new Error("the compiler made nothing");
	return elf;
}

/** What a program did. */
export interface Outcome {
	end: ChipEnd;
	/** What it wrote to the first serial port, by lines. */
	lines: string[];
}

/** A program that runs. */
export interface Running {
	board: ChipBoard;
	lines: string[];
}

export async function start(elf: string, options: ChipOptions = {}): Promise<Running> {
	const board = await ChipBoard.start({ pace: "free", build: "sanitized", ...options, elf });
	const lines: string[] = [];
	board.on("trace", (line) => lines.push(line));
	return { board, lines };
}

/** Runs a program until it ends by itself, or so much of the chip's time has passed. */
export async function outcome(name: string, text: string, options: ChipOptions = {}, ms = 300): Promise<Outcome> {
	const { board, lines } = await start(compile(name, text), options);
	await board.advance(ms);
	return { end: await board.close(), lines };
}
