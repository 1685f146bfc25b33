import assert from "node:assert/strict";
import { test } from "node:test";
import { type CommandLine, helpText, integer, readCommandLine, UsageError } from "../../commands/options.js";

const line: CommandLine<"host" | "to" | "json"> = {
	usage: "./build.sh example",
	about: "An example.",
	options: {
		host: { value: "HOST", help: "the server" },
		to: { value: "ADDRESS", help: "who gets it", repeatable: true },
		json: { help: "as JSON" },
	},
};

test("values, lists and flags", () => {
	const given = readCommandLine(line, ["--to", "a", "--host=h", "--to", "b", "--json"]);
	assert.equal(given.value("host"), "h");
	assert.deepEqual(given.values("to"), ["a", "b"]);
	assert.equal(given.flag("json"), true);
	assert.equal(readCommandLine(line, []).value("host"), undefined);
});

const wrong: Record<string, string[]> = {
	"an unknown option": ["--nonsense"],
	"a missing value": ["--host"],
	"a value for a flag": ["--json=yes"],
	"an option that is given twice": ["--host", "a", "--host", "b"],
	"an argument too many": ["h"],
};
for (const [what, argv] of Object.entries(wrong))
	test(`${what} is wrong usage`, () => assert.throws(() => readCommandLine(line, argv), UsageError));

test("an option that is nearly right: the one that is meant is named", () => {
	for (const [typed, meant] of [
		["--hsot", "host"],
		["--HOST", "host"],
		["--jsn", "json"],
	] as const)
		assert.throws(() => readCommandLine(line, [typed, "x"]), {
			name: "UsageError",
			message: `Unknown option '${typed}'. --${meant} is meant?`,
		});
	assert.throws(() => readCommandLine(line, ["--nonsense"]), { message: "Unknown option '--nonsense'." });
});

test("a value that looks like an option", () => {
	assert.equal(readCommandLine(line, ["--host", "-1"]).value("host"), "-1");
	assert.throws(
		() => readCommandLine(line, ["--host", "-x"]),
		/^UsageError: --host: a value that .* as --host=VALUE\.$/,
	);
});

test("help names every option", () => {
	const help = helpText(line);
	for (const text of ["--host HOST", "--to ADDRESS ...", "--json", "--help"]) assert.ok(help.includes(text), text);
});

test("help fits into 80 columns", () => {
	const long = "word ".repeat(60).trim();
	const options = { ...line.options, json: { help: long } };
	const help = helpText({ ...line, options, about: long, notes: long });
	assert.deepEqual(
		help.split("\n").filter((text) => text.length > 80),
		[],
	);
	assert.match(help, /^ {20}word word/m);
});

test("whole numbers within bounds", () => {
	assert.equal(integer("port", "25", 1, 65535), 25);
	for (const text of ["", "0", "65536", "2.5", "x", "1e999"])
		assert.throws(() => integer("port", text, 1, 65535), UsageError, text);
});
