import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import type { TestEvent } from "node:test/reporters";
import { Report } from "../../commands/test/report.js";

const file = "build/node/tests/example.test.js";

/** An event as node:test reports it. */
function ended(type: "test:pass" | "test:fail", nesting: number, name: string, more: object = {}): TestEvent {
	return {
		type,
		data: { name, nesting, file, testNumber: 1, details: { duration_ms: 1 }, ...more },
	} as unknown as TestEvent;
}

function failed(nesting: number, name: string, failureType: string): TestEvent {
	const error = Object.assign(new Error("failed", { cause: new Error("1 is not 2") }), { failureType });
	return ended("test:fail", nesting, name, { details: { duration_ms: 1, error } });
}

function reported(...events: TestEvent[]): { code: number; text: string; last: string | undefined } {
	const out = new PassThrough();
	const report = new Report(out, false);
	for (const event of events) report.take(event);
	const code = report.finish();
	const text = String(out.read() ?? "");
	return { code, text, last: text.trimEnd().split("\n").at(-1) };
}

test("all passed", () => {
	const { code, text } = reported(ended("test:pass", 0, "a"), ended("test:pass", 0, "b"));
	assert.equal(code, 0);
	assert.equal(text, "2 passed, 0 failed\n");
});

test("a suite and a test with tests in it do not count, what is in them does", () => {
	const suite = { details: { duration_ms: 1, type: "suite" } };
	const { last } = reported(
		ended("test:pass", 1, "in a test"),
		ended("test:pass", 0, "a test"),
		ended("test:pass", 1, "in a suite"),
		ended("test:pass", 0, "a suite", suite),
	);
	assert.equal(last, "2 passed, 0 failed");
});

test("a failure is named with its file and its reason, once", () => {
	const start = (nesting: number, name: string) => ({ type: "test:start", data: { nesting, name, file } }) as TestEvent;
	const { code, text, last } = reported(
		start(0, "outer"),
		start(1, "inner"),
		failed(1, "inner", "testCodeFailure"),
		failed(0, "outer", "subtestsFailed"),
	);
	assert.equal(code, 1);
	assert.match(text, /failed {2}tests\/example\.test\.ts: outer > inner/);
	assert.match(text, /1 is not 2/);
	assert.equal(last, "0 passed, 1 failed");
});

test("a test that fails after those in it have passed counts", () => {
	const { last } = reported(ended("test:pass", 1, "inner"), failed(0, "outer", "testCodeFailure"));
	assert.equal(last, "1 passed, 1 failed");
});

test("skipped tests are counted, each with its reason", () => {
	const { code, text, last } = reported(
		ended("test:pass", 0, "a"),
		ended("test:pass", 0, "b", { skip: "no compiler" }),
		ended("test:pass", 0, "a suite", { skip: "no server", details: { duration_ms: 1, type: "suite" } }),
	);
	assert.equal(code, 0);
	assert.match(text, /skipped tests\/example\.test\.ts: b \(no compiler\)/);
	assert.match(text, /skipped tests\/example\.test\.ts: a suite \(no server\)/);
	assert.equal(last, "1 passed, 0 failed, 2 skipped");
});

test("a run without tests has not passed", () => {
	assert.equal(reported().code, 1);
	assert.equal(
		reported(ended("test:pass", 0, "a", { skip: "test name does not match pattern" })).last,
		"0 passed, 0 failed",
	);
});

test("what a file wrote is shown when it has failed", () => {
	const wrote = { type: "test:stderr", data: { file, message: "out of paper\n" } } as TestEvent;
	assert.match(reported(wrote, failed(0, "a", "testCodeFailure")).text, /out of paper/);
	assert.doesNotMatch(reported(wrote, ended("test:pass", 0, "a")).text, /out of paper/);
});
