/** What one sees of the tests while they run. */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import type { TestEvent } from "node:test/reporters";
import { stripVTControlCharacters } from "node:util";
import { Progress } from "../../commands/test/progress.js";

const files = Array.from({ length: 20 }, (_, i) => `build/node/tests/part/t${i}.test.js`);

function event(type: string, name: string, passed = true): TestEvent {
	return { type, data: { name, nesting: 0, details: { passed } } } as unknown as TestEvent;
}

/** What was written since it was last asked. */
function seen(stream: PassThrough): string {
	return stripVTControlCharacters(String(stream.read() ?? ""));
}

function progress(isTTY: boolean) {
	const out = Object.assign(new PassThrough(), { isTTY, columns: 80 });
	const notes = new PassThrough();
	const shown = new Progress({ out: out as unknown as NodeJS.WriteStream, notes }, files);
	return { shown, out, notes };
}

test("at a terminal one line shows how many are done, how many tests that were, and what runs", () => {
	const { shown, out, notes } = progress(true);
	assert.equal(seen(out), "\r0 of 20 files, 0 tests");
	shown.take(event("test:dequeue", resolve(files[0] as string)));
	assert.equal(seen(out), "\r0 of 20 files, 0 tests  part/t0.test.ts");
	shown.take(event("test:complete", "one"));
	shown.take(event("test:complete", "two", false));
	shown.take(event("test:complete", resolve(files[0] as string)));
	assert.match(seen(out), /\r1 of 20 files, 2 tests, 1 failed$/);
	shown.log("failed  two\n");
	assert.equal(seen(out), "\rfailed  two\n\r1 of 20 files, 2 tests, 1 failed");
	shown.close();
	assert.equal(seen(out), "\r");
	assert.equal(seen(notes), "");
});

test("elsewhere a line comes with each tenth, beside the results", () => {
	const { shown, out, notes } = progress(false);
	for (const file of files) {
		shown.take(event("test:dequeue", resolve(file)));
		shown.take(event("test:complete", "a test"));
		shown.take(event("test:complete", resolve(file)));
	}
	const lines = seen(notes).trimEnd().split("\n");
	assert.equal(lines.length, 11);
	assert.deepEqual(lines.slice(0, 3), ["Running 20 test files", "2 of 20 files, 2 tests", "4 of 20 files, 4 tests"]);
	assert.equal(lines.at(-1), "20 of 20 files, 20 tests");
	assert.equal(seen(out), "");
});
