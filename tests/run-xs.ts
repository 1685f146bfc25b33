import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { type BoardOptions, type EngineTarget, VirtualBoard } from "../hardware/virtual/board.js";
import { missingForLX106 } from "../hardware/virtual/build-engine.js";

/** Room for the harness and for the values of tests, which no device has to hold. */
const CREATION = {
	static: 4 * 1024 * 1024,
	chunk: { initial: 16384, incremental: 4096 },
	heap: { initial: 4096, incremental: 512 },
	stack: 1024,
	keys: { initial: 512, incremental: 128 },
};

/** One of the harness's reports: a test begins, or the one that began has ended. */
interface Report {
	name?: string;
	ok?: boolean;
	error?: string;
}

/**
 * Runs a `*.xs.ts` file on a virtual board of its own, in virtual time and with a network that is up; each of its tests is
 * a subtest. The folders of modules/ from which it imports ("smtp/client") are there by their manifests; for anything else
 * a `NAME.manifest.json` beside `NAME.xs.ts` is included.
 * @param file path from the project's folder @param options laid over the board's
 */
export function runXS(file: string, options: Partial<BoardOptions> = {}): void {
	test(file, (context) => runOnBoard(context, file, { ...chosenEngine(), ...options }));
}

/** As `runXS`, on the chip's processor, emulated. */
export function runXSOnLX106(file: string): void {
	test(`${file} on lx106`, async (context) => {
		const missing = await missingForLX106();
		if (missing.length) return context.skip(`not here: ${missing.join(", ")}`);
		await runOnBoard(context, file, { engine: "lx106" });
	});
}

/** The engine that the tests are to use, by `./build.sh test --engine`. */
function chosenEngine(): Partial<BoardOptions> {
	const engine = process.env.VIRTUAL_BOARD_ENGINE as EngineTarget | undefined;
	return engine ? { engine } : {};
}

async function runOnBoard(context: TestContext, file: string, options: Partial<BoardOptions>): Promise<void> {
	const board = await VirtualBoard.start({
		manifest: writeManifest(file),
		clock: "virtual",
		network: { connected: true },
		watchdogMs: options.engine === "lx106" ? 900_000 : 300_000,
		...options,
	});
	context.after(() => board.close());
	const traced: string[] = [];
	const subtests: Promise<void>[] = [];
	let finish: ((report: Report) => void) | undefined;
	board.on("trace", (line) => traced.push(line));
	board.on("report", (text) => {
		const report = JSON.parse(text) as Report;
		if (report.name === undefined) return finish?.(report);
		const finished = new Promise<Report>((done) => {
			finish = done;
		});
		subtests.push(context.test(report.name, async (subtest) => judge(subtest, await finished, traced)));
	});
	const exit = await board.exited;
	finish?.({ ok: false, error: `the run ended: ${exit.reason}` });
	await Promise.all(subtests);
	assert.ok(subtests.length, `no test was run: ${exit.reason}`);
	assert.deepEqual(exit, { code: 0, reason: "exit" });
}

function judge(context: TestContext, report: Report, traced: string[]): void {
	for (const line of traced.splice(0)) context.diagnostic(line);
	if (!report.ok) throw new assert.AssertionError({ message: report.error ?? "failed" });
}

/** The board's manifest for a file of tests, in build/. */
export function writeManifest(file: string): string {
	const name = file.replace(/\.xs\.ts$/, "");
	const folder = resolve("build", "tests", name);
	const own = resolve(`${name}.manifest.json`);
	const files = withImports(file);
	const modules = files.map((path) => [path.replace(/\.ts$/, ""), resolve(path.replace(/\.ts$/, ""))]);
	const manifest = {
		include: [...importedRooms(files), own].filter((path) => existsSync(path)),
		modules: { ...Object.fromEntries(modules), harness: resolve("tests", "xs", "harness") },
		creation: { ...CREATION, ...stackOf(own), main: file.replace(/\.ts$/, "") },
	};
	mkdirSync(folder, { recursive: true });
	const path = join(folder, "manifest.json");
	writeFileSync(path, JSON.stringify(manifest, undefined, "\t"));
	return path;
}

/** The stack that a manifest which a test's own includes says it needs on the chip: the test runs with that. */
function stackOf(own: string): { stack?: number } {
	if (!existsSync(own)) return {};
	const { include = [] } = readJSON(own) as { include?: string | string[] };
	const stacks = [include].flat().flatMap((path) => {
		const { platforms } = readJSON(resolve(dirname(own), path)) as ESPManifest;
		return platforms?.esp?.creation?.stack ?? [];
	});
	return stacks.length ? { stack: Math.max(...stacks) } : {};
}

interface ESPManifest {
	platforms?: { esp?: { creation?: { stack?: number } } };
}

function readJSON(path: string): unknown {
	return JSON.parse(readFileSync(path, "utf8"));
}

/** Manifests of the folders of modules/ that the files import from. */
function importedRooms(files: string[]): string[] {
	const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
	const rooms = text.matchAll(/\b(?:from|import) "([\w-]+)\//g);
	return [...new Set([...rooms].map(([, room]) => resolve("modules", room as string, "manifest.json")))];
}

/** A test's file and what it imports by relative paths. For XS each is a module that is named by its path, so that these lead there. */
function withImports(file: string): string[] {
	const files = new Set([file]);
	for (const importer of files)
		for (const [, path] of readFileSync(importer, "utf8").matchAll(/\bfrom "(\.\.?\/[^"]+)"/g))
			files.add(`${join(dirname(importer), path as string)}.ts`);
	return [...files];
}
