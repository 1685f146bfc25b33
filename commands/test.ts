/** `./build.sh test`: runs the tests and says in one line how they went. */
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join, relative } from "node:path";
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

const compiled = "build/node/tests";

/** The compiled tests of the sources that are there now, in an order that does not depend on the file system. */
function testFiles(): string[] {
	const all = readdirSync("tests", { recursive: true, encoding: "utf8" });
	return all
		.filter((path) => path.endsWith(".test.ts"))
		.map((path) => join(compiled, path.replace(/ts$/, "js")))
		.sort();
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
