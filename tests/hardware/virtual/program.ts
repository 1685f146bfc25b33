import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type BoardOptions, type Exit, VirtualBoard } from "../../../hardware/virtual/board.js";

/** A board that runs a few lines, and what it has said. */
export interface Run {
	board: VirtualBoard;
	traced: string[];
	reported: string[];
	exit: Promise<Exit>;
}

/** Sources of modules in JavaScript, by name; "main" is run. */
export type Program = Record<string, string>;

/** A folder with the program's files and its manifest, gone after the test. */
export function writeProgram(context: TestContext, program: Program, manifest: object = {}): string {
	const folder = mkdtempSync(join(tmpdir(), "virtual-board-"));
	context.after(() => rmSync(folder, { recursive: true }));
	const modules: Record<string, string> = {};
	for (const [name, source] of Object.entries(program)) {
		const file = name.replaceAll(/\W/g, "-");
		writeFileSync(join(folder, `${file}.js`), source);
		modules[name] = `./${file}`;
	}
	const path = join(folder, "manifest.json");
	writeFileSync(path, JSON.stringify({ modules, ...manifest }));
	return path;
}

/** Starts a program; the board is closed after the test. */
export async function start(
	context: TestContext,
	program: Program | string,
	manifest: object = {},
	options: Partial<BoardOptions> = {},
): Promise<Run> {
	const modules = typeof program === "string" ? { main: program } : program;
	const board = await VirtualBoard.start({ manifest: writeProgram(context, modules, manifest), ...options });
	const run: Run = { board, traced: [], reported: [], exit: board.exited };
	board.on("trace", (line) => run.traced.push(line));
	board.on("report", (text) => run.reported.push(text));
	context.after(() => board.close());
	return run;
}
