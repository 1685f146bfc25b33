import type { Source } from "./source";
import { base64 } from "./strings";
import { ROOM, type Writer } from "./writer";

/** A line has 76 characters for 57 bytes. */
const LINE_BYTES = 57;
const LINE_CHARACTERS = 76;
/** Bytes read from a source at a time, and encoded together where there is room. */
const WINDOW = 2 * LINE_BYTES;

const enum Code {
	LF = 10,
	CR = 13,
}

/** Base64 (RFC 2045, 6.8), by the engine's own encoder, a few times as fast as any of ours. It leaves some garbage. */
export class Base64 {
	#source: Source;
	#window = new Uint8Array(WINDOW);

	constructor(source: Source) {
		this.#source = source;
	}

	reset(): void {
		this.#source.reset();
	}

	/**
	 * Writes as much as fits; true at the end, with the last line left open. Lines are written all at once behind where they
	 * belong, and then each to its place. (All here, for the stack is short.)
	 */
	render(writer: Writer): boolean {
		const window = this.#window;
		const { limit } = writer;
		const target = writer.target!;
		let { at, position, spanTo } = writer;
		while (at <= limit) {
			if (position === spanTo) {
				position = 0;
				spanTo = this.fill();
				if (!spanTo) break;
			}
			const lines = ((limit + ROOM - at) / (LINE_CHARACTERS + 2)) | 0;
			let end = position + lines * LINE_BYTES;
			if (end > spanTo) end = spanTo;
			const bytes = end - position < WINDOW ? window.subarray(position, end) : window;
			position = end;
			const text = new Uint8Array(ArrayBuffer.fromString(base64(bytes)));
			const count = text.length;
			let from = at + 2 * Math.ceil(count / LINE_CHARACTERS);
			target.set(text, from);
			for (end = from + count; from < end; from += LINE_CHARACTERS) {
				if (writer.phase) {
					target[at] = Code.CR;
					target[at + 1] = Code.LF;
					at += 2;
				}
				writer.phase = 1;
				const to = end - from < LINE_CHARACTERS ? end : from + LINE_CHARACTERS;
				target.copyWithin(at, from, to);
				at += to - from;
			}
			writer.lineStart = at - 1; // the last line is open
		}
		writer.at = at;
		writer.position = position;
		writer.spanTo = spanTo;
		return !spanTo;
	}

	/** Reads the next lines: all of the window, unless it is the end. */
	private fill(): number {
		const source = this.#source;
		const window = this.#window;
		let count = source.read(window);
		for (let more = count; more && count < WINDOW; count += more) more = source.read(window.subarray(count));
		return count;
	}
}

/** Octets that so many bytes become, with the line ends between them. */
export const base64Size = (bytes: number): number => {
	const characters = Math.ceil(bytes / 3) * 4;
	return characters + Math.floor((characters ? characters - 1 : 0) / LINE_CHARACTERS) * 2;
};
