/** What the test runner's events amount to: the tests that failed, those left out with their reason, one line at the end. */
import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { type Style, styleFor } from "../terminal.js";

type Outcome = Extract<TestEvent, { type: "test:pass" | "test:fail" }>;

/** The reason that node:test gives for a test which the pattern of names leaves out. */
const notChosen = "test name does not match pattern";

/** Counts tests, not suites: a test that has others in it counts only if it fails by itself. */
export class Report {
	passed = 0;
	failed = 0;
	readonly skipped: string[] = [];
	readonly #out: NodeJS.WritableStream;
	readonly #style: Style;
	readonly #verbose: boolean;
	/** Per file: how many tests came in at each depth since the last one above it ended, and their names. */
	readonly #inner = new Map<string, number[]>();
	/** The tests that are under way, from the outermost inwards. */
	readonly #names: string[] = [];
	/** What each file wrote, kept until we know whether it failed. */
	readonly #output = new Map<string, string>();
	readonly #failedFiles = new Set<string>();

	constructor(out: NodeJS.WritableStream, verbose: boolean) {
		this.#out = out;
		this.#style = styleFor(out);
		this.#verbose = verbose;
	}

	take(event: TestEvent): void {
		if (event.type === "test:start") this.#names.splice(event.data.nesting, Number.POSITIVE_INFINITY, event.data.name);
		if (event.type === "test:pass" || event.type === "test:fail") this.#end(event);
		else if (event.type === "test:stdout" || event.type === "test:stderr") {
			const { file = "", message } = event.data;
			this.#output.set(file, (this.#output.get(file) ?? "") + message);
		} else if (event.type === "test:diagnostic") this.#count(event.data);
	}

	/** What the tests of faults have counted is what they are for. */
	#count({ file, message }: { file?: string | undefined; message: string }): void {
		// a test on XS is run by another file, which names it
		const isOfFaults = (path = "") => path.startsWith("tests/faults/");
		if (file && (isOfFaults(sourceOf(file)) || isOfFaults(this.#names[0]))) this.#out.write(`counted ${message}\n`);
	}

	/** Writes the closing line and returns the exit code: 0 where tests ran and none failed. */
	finish(): number {
		for (const file of this.#failedFiles) {
			const output = this.#output.get(file);
			if (output) this.#out.write(`\n${this.#style.dim(`${sourceOf(file)} wrote:`)}\n${output}`);
		}
		for (const skip of this.skipped) this.#out.write(`${this.#style.yellow("skipped")} ${skip}\n`);
		if (this.passed + this.failed === 0) this.#out.write("No test was run.\n");
		const skipped = this.skipped.length > 0 ? `, ${this.skipped.length} skipped` : "";
		this.#out.write(`${this.passed} passed, ${this.failed} failed${skipped}\n`);
		return this.failed === 0 && this.passed > 0 ? 0 : 1;
	}

	#end({ type, data }: Outcome): void {
		const { file = "", name, nesting, skip, todo } = data;
		const hadInner = this.#countInner(file, nesting);
		const where = `${sourceOf(file)}: ${[...this.#names.slice(0, nesting), name].join(" > ")}`;
		if (type === "test:fail" && !todo) {
			const error = data.details.error as Error & { failureType?: string };
			if (hadInner && error.failureType === "subtestsFailed") return;
			this.failed++;
			this.#failedFiles.add(file);
			this.#out.write(`${this.#style.red("failed")}  ${where}\n${indent(explain(error))}\n`);
		} else if (hadInner || (data.details.type === "suite" && skip === undefined)) {
			return;
		} else if (skip !== undefined || todo) {
			if (skip !== notChosen) this.skipped.push(`${where} (${reason(skip ?? todo)})`);
		} else {
			this.passed++;
			if (this.#verbose) this.#out.write(`${this.#style.green("passed")}  ${where}\n`);
		}
	}

	/** Notes a test that ended at a depth; true when tests in it have ended before. */
	#countInner(file: string, nesting: number): boolean {
		const counts = this.#inner.get(file) ?? [];
		this.#inner.set(file, counts);
		const hadInner = (counts[nesting + 1] ?? 0) > 0;
		counts[nesting + 1] = 0;
		counts[nesting] = (counts[nesting] ?? 0) + 1;
		return hadInner;
	}
}

function reason(given: string | boolean | undefined): string {
	return typeof given === "string" && given !== "" ? given : "no reason given";
}

/** The error behind the runner's own wrapping, with where it happened. */
function explain(error: Error): string {
	const { cause } = error;
	if (!(cause instanceof Error)) return typeof cause === "string" ? cause : error.message;
	return cause.stack?.includes(cause.message) ? cause.stack : `${cause.message}\n${cause.stack ?? ""}`;
}

function indent(text: string): string {
	return text.replaceAll(/^(?=.)/gm, "    ");
}

/** The file a person edits: build/node/tests/x.test.js is tests/x.test.ts, build/node/tests/x.xs.test.js tests/x.xs.ts. */
export function sourceOf(file: string): string {
	const path = relative(".", file);
	if (!path.startsWith("build/node/")) return path;
	return path
		.slice("build/node/".length)
		.replace(/\.xs\.test\.js$/, ".xs.ts")
		.replace(/\.js$/, ".ts");
}
