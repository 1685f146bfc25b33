/** The table of cases in tests/README.md says what the tests say. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const LAST = 132;
const folder = "tests/modules/smtp/smtplib";

const rows = [...readFileSync("tests/README.md", "utf8").matchAll(/^\| (\d+) \| .+ \| (.+) \|$/gm)].map(
	([, number, result = ""]) => ({ number: Number(number), result }),
);

/** Names of the tests, by the number of their case. */
const tests = new Map<number, string[]>();
for (const file of readdirSync(folder).filter((name) => name.endsWith(".xs.ts")))
	for (const [, name = "", number] of readFileSync(`${folder}/${file}`, "utf8").matchAll(
		/\btest\(\s*["'`](case (\d+): .*)/g,
	))
		tests.set(Number(number), [...(tests.get(Number(number)) ?? []), name]);

test("the table has every case, once and in order, with a result", () => {
	assert.deepEqual(
		rows.map(({ number }) => number),
		Array.from({ length: LAST }, (_, i) => i + 1),
	);
	for (const { number, result } of rows) assert.match(result, /^(same|(better|different): .{5,})$/, `case ${number}`);
});

test("each case has one test", () => {
	for (const { number } of rows) assert.equal(tests.get(number)?.length ?? 0, 1, `tests of case ${number}`);
	for (const number of tests.keys()) assert.ok(number >= 1 && number <= LAST, `there is no case ${number}`);
});

test("a test that tells of a difference is not in the table as the same", () => {
	for (const { number, result } of rows) {
		const [name = ""] = tests.get(number) ?? [];
		if (name.includes("where smtplib")) assert.notEqual(result, "same", `case ${number}: ${name}`);
	}
});
