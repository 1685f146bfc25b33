/** No test may depend on how fast the machine is: what hangs has one limit for all, tests/patience.ts. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

/** A limit of its own on a test, a program, an event; tests on XS have virtual time, which is nobody's. */
const limits = [/^const patience = /, /AbortSignal\.timeout\([\d_]/, /\btimeout: [\d_]+[,} ]*$/, /\btimeout: [\d_]+ }/];

function limitsIn(text: string): string[] {
	return text.split("\n").filter((line) => limits.some((limit) => limit.test(line)));
}

/** Tests on Node, and what they are made with. */
function sources(): string[] {
	const files = readdirSync("tests", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
	return files.filter((path) => !/\.xs\.ts$|(^|\/)(xs|node_modules)\/|^(modules\/smtp|lint)\//.test(path));
}

test("what hangs has the limit of all", () => {
	const found = sources().flatMap((path) =>
		limitsIn(readFileSync(join("tests", path), "utf8")).map((line) => `tests/${path}: ${line.trim()}`),
	);
	assert.deepEqual(found, []);
});

test("a limit of one's own is found", () => {
	const found = [
		"const patience = { timeout: 9 };",
		"signal: AbortSignal.timeout(1_000)",
		"\t\ttimeout: 60_000,",
		"{ timeout: 5 }, async",
	];
	for (const line of found) assert.deepEqual(limitsIn(line), [line]);
	for (const line of ["timeout: PATIENCE_MS,", "...patience,", "timeoutMs: 30_000,"])
		assert.deepEqual(limitsIn(line), []);
});
