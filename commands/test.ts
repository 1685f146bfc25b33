/** `./build.sh test`: runs the tests and says in one line how they went. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join, relative } from "node:path";
import { run } from "node:test";
import { buildEngine } from "../hardware/virtual/build-engine.js";
import { type CommandLine, readCommandLine, runCommand } from "./options.js";
import { Report } from "./test/report.js";

const line: CommandLine<"verbose"> = {
	usage: "./build.sh test [FILTER] [--verbose]",
	about:
		"Runs lint and tests. FILTER: only the test files whose path contains it, such as smtp or lint/rules;\nwhere there is none, the tests whose name contains it.",
	options: { verbose: { help: "name every test, not only those that fail" } },
	arguments: 1,
};

/** Where the tests are, compiled. */
const compiled = "build/node/tests";

/** The tests of the sources that are there now, as compiled, in an order that does not depend on the file system. */
function testFiles(): string[] {
	const sources = readdirSync("tests", { recursive: true, encoding: "utf8" }).sort();
	const onNode = sources.filter((path) => path.endsWith(".test.ts"));
	const onXS = sources.filter((path) => path.endsWith(".xs.ts") && !onNode.includes(path.replace(".xs.", ".test.")));
	return [...onNode.map((path) => join(compiled, path.replace(/ts$/, "js"))), ...onXS.map(xsTest)];
}

/** A test on Node that runs a test on XS, which needs nothing else. */
function xsTest(path: string): string {
	const file = join(compiled, path.replace(/ts$/, "test.js"));
	const door = relative(dirname(file), join(compiled, "run-xs.js"));
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, `import { runXS } from "./${door}";\nrunXS("tests/${path}");\n`);
	return file;
}

async function test(argv: string[]): Promise<number> {
	const given = readCommandLine(line, argv);
	const filter = given.arguments[0] ?? "";
	const all = testFiles();
	const matching = all.filter((path) => relative(compiled, path).includes(filter));
	const byName = matching.length === 0;
	await buildEngine(process.cwd()); // once, before many tests ask for it
	const report = new Report(process.stdout, given.flag("verbose"));
	const stream = run({
		files: byName ? all : matching,
		concurrency: Math.max(1, cpus().length),
		timeout: 300_000,
		...(byName ? { testNamePatterns: [escapePattern(filter)] } : {}),
	});
	for await (const event of stream) report.take(event);
	return report.finish();
}

function escapePattern(text: string): RegExp {
	return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
}

await runCommand("test", test);
