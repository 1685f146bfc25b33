/** `./build.sh test`: runs the tests and says in one line how they went. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join, relative } from "node:path";
import { Writable } from "node:stream";
import { run } from "node:test";
import { buildEngine, type EngineTarget } from "../hardware/virtual/build-engine.js";
import { chosenEngine, engineOption } from "./engine.js";
import { type CommandLine, readCommandLine, runCommand } from "./options.js";
import { providePackages } from "./test/packages.js";
import { Progress } from "./test/progress.js";
import { Report } from "./test/report.js";

const line: CommandLine<"verbose" | "engine"> = {
	usage: "./build.sh test [FILTER] [--verbose] [--engine NAME]",
	about:
		"Runs lint and tests. FILTER: only the test files whose path contains it, such as smtp or lint/rules; where there is none, the tests whose name contains it.",
	options: {
		verbose: { help: "name every test, not only those that fail" },
		engine: { ...engineOption, help: `run only the tests on XS; ${engineOption.help}` },
	},
	arguments: 1,
};

/** How long a file of tests may take before it counts as hung: no measure of speed, which differs by machine and by day. */
const PATIENCE_MS = 90 * 60_000;

/** Where the tests are, compiled. */
const compiled = "build/node/tests";

/** Tests on Node that an engine can be chosen for. */
const onEngine = /^faults\/frames/;

/** Tests on XS that the chip's processor runs, too, each time. */
const onLX106 = /^modules\/smtp\//;

/**
 * The tests of the sources that are there now, as compiled, in an order that does not depend on the file system.
 * @param engine only the tests that an engine can be chosen for
 */
function testFiles(engine?: EngineTarget): string[] {
	const sources = readdirSync("tests", { recursive: true, encoding: "utf8" }).sort();
	const onNode = sources.filter((path) => path.endsWith(".test.ts"));
	const onXS = sources.filter((path) => path.endsWith(".xs.ts") && !onNode.includes(path.replace(".xs.", ".test.")));
	const xsTests = onXS.map((path) => xsTest(path, "runXS", "test.js"));
	const nodeTest = (path: string) => join(compiled, path.replace(/ts$/, "js"));
	if (engine) return [...onNode.filter((path) => onEngine.test(path)).map(nodeTest), ...xsTests];
	const emulated = onXS.filter((path) => onLX106.test(path));
	return [
		...onNode.map(nodeTest),
		...xsTests,
		...emulated.map((path) => xsTest(path, "runXSOnLX106", "lx106.test.js")),
	];
}

/** A test on Node that runs a test on XS, which needs nothing else. */
function xsTest(path: string, runner: string, ending: string): string {
	const file = join(compiled, path.replace(/ts$/, ending));
	const door = relative(dirname(file), join(compiled, "run-xs.js"));
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, `import { ${runner} } from "./${door}";\n${runner}("tests/${path}");\n`);
	return file;
}

async function test(argv: string[]): Promise<number> {
	const given = readCommandLine(line, argv);
	const filter = given.arguments[0] ?? "";
	const engine = chosenEngine(given.value("engine"));
	if (engine) process.env.VIRTUAL_BOARD_ENGINE = engine; // for tests/run-xs.ts, in processes of its own
	const all = testFiles(engine);
	const matching = all.filter((path) => relative(compiled, path).includes(filter));
	const byName = matching.length === 0;
	const files = byName ? all : matching;
	await providePackages(
		files.map((path) => relative(compiled, path)),
		(line) => void process.stderr.write(`${line}\n`),
	);
	await buildEngine(process.cwd(), engine); // once, before many tests ask for it
	const progress = new Progress({ out: process.stdout, notes: process.stderr }, files);
	const report = new Report(aboveProgress(progress), given.flag("verbose"));
	const stream = run({
		files,
		concurrency: Math.max(1, cpus().length),
		timeout: PATIENCE_MS,
		...(byName ? { testNamePatterns: [escapePattern(filter)] } : {}),
	});
	for await (const event of stream) {
		progress.take(event);
		report.take(event);
	}
	progress.close();
	return report.finish();
}

/** Standard output for the results: while there is a line of progress they go above it. */
function aboveProgress(progress: Progress): NodeJS.WritableStream {
	const out = new Writable({
		decodeStrings: false,
		write: (text: string, _encoding, done) => {
			progress.log(text);
			done();
		},
	});
	return Object.assign(out, { isTTY: process.stdout.isTTY });
}

function escapePattern(text: string): RegExp {
	return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
}

await runCommand("test", test);
