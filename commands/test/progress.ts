/** How far the tests are: where a person looks on in a line that changes, elsewhere in a line now and then. */
import { relative, resolve } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { Screen } from "../run/screen.js";
import { styleFor } from "../terminal.js";
import { sourceOf } from "./report.js";

interface Streams {
	/** Where the results go. */
	out: NodeJS.WriteStream;
	/** Where progress goes without a terminal, so that the results can be read by a program. */
	notes: NodeJS.WritableStream;
}

/** Lines without a terminal, at most. */
const LINES = 10;

export class Progress {
	readonly #screen: Screen;
	readonly #streams: Streams;
	/** Those that are not done yet. */
	readonly #files: Set<string>;
	readonly #total: number;
	/** Those that run, in the order in which they began. */
	readonly #running = new Set<string>();
	#tests = 0;
	#failed = 0;
	#lines = 0;

	/** @param files of the tests, as node:test is given them */
	constructor(streams: Streams, files: readonly string[]) {
		this.#streams = streams;
		this.#screen = new Screen(streams.out);
		this.#files = new Set(files.map((file) => resolve(file)));
		this.#total = this.#files.size;
		if (streams.out.isTTY) this.#show();
		else streams.notes.write(`Running ${this.#total} test ${this.#total === 1 ? "file" : "files"}\n`);
	}

	/** A file's own events have its path for a name. Those of tests come as they happen, `test:pass` and `test:fail` in the files' order. */
	take(event: TestEvent): void {
		if (event.type !== "test:dequeue" && event.type !== "test:complete") return;
		const path = resolve(event.data.name);
		if (!this.#files.has(path)) {
			if (event.type === "test:complete") this.#count(event);
		} else if (event.type === "test:dequeue") this.#running.add(path);
		else this.#end(path);
		if (this.#streams.out.isTTY) this.#show();
	}

	/** A result, or a part of one; ends in a line end. */
	log(text: string): void {
		if (this.#streams.out.isTTY) this.#screen.log(text.replace(/\n$/, ""));
		else this.#streams.out.write(text);
	}

	close(): void {
		this.#screen.close();
	}

	#count({ data }: Extract<TestEvent, { type: "test:complete" }>): void {
		this.#tests++;
		if (data.details.passed === false) this.#failed++;
	}

	#end(path: string): void {
		this.#files.delete(path);
		this.#running.delete(path);
		const tenths = Math.floor((LINES * this.#done) / this.#total);
		if (this.#streams.out.isTTY || this.#total < LINES || tenths <= this.#lines) return;
		this.#lines = tenths;
		this.#streams.notes.write(`${this.#state}\n`);
	}

	get #done(): number {
		return this.#total - this.#files.size;
	}

	get #state(): string {
		const failed = this.#failed > 0 ? `, ${this.#failed} failed` : "";
		return `${this.#done} of ${this.#total} files, ${this.#tests} tests${failed}`;
	}

	#show(): void {
		const { dim } = styleFor(this.#streams.out);
		const [first] = this.#running;
		const running = first ? `  ${relative("tests", sourceOf(first))}` : "";
		this.#screen.status(dim(`${this.#state}${running}`), dim(this.#state));
	}
}
