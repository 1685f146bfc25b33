import type { Source } from "./source";
import { base64Alphabet } from "./words";
import type { Writer } from "./writer";

/** A line has 64 characters for 48 bytes: sixteen words of 32 bits for twelve. */
const LINE_BYTES = 48;
const LINE_CHARACTERS = 64;
/** Bytes read from a source at a time. */
const WINDOW = 2 * LINE_BYTES;

const EQUALS = 61;

/**
 * Base64 (RFC 2045, 6.8). It works on words of 32 bits, since to reach an element of a typed array costs XS more than
 * all there is to do with it; for that, what is read and what is written pass through a buffer of the encoder's own.
 */
export class Base64 {
	#source: Source;
	/** The window, and behind it a line. */
	#words: Int32Array;
	#window: Uint8Array;
	#line: Uint8Array;

	constructor(source: Source) {
		const buffer = new ArrayBuffer(WINDOW + LINE_CHARACTERS);
		this.#source = source;
		this.#words = new Int32Array(buffer);
		this.#window = new Uint8Array(buffer, 0, WINDOW);
		this.#line = new Uint8Array(buffer, WINDOW);
	}

	reset(): void {
		this.#source.reset();
	}

	/** Writes as much as fits; true at the end, with the last line left open. */
	render(writer: Writer): boolean {
		const words = this.#words;
		const line = this.#line;
		const target = writer.target!;
		const { limit } = writer;
		while (writer.at <= limit) {
			let { position: from, spanTo: to } = writer;
			if (from === to) {
				from = 0;
				to = writer.spanTo = this.fill();
				if (!to) return true;
			}
			if (writer.phase) writer.endLine();
			writer.phase = 1;
			encodeLine(words, from >> 2);
			target.set(line, writer.at);
			writer.position = from + LINE_BYTES;
			writer.at += LINE_CHARACTERS;
			if (writer.position > to) endText(writer, to - from);
		}
		return false;
	}

	/** Reads the next lines: all of the window, unless it is the end. */
	private fill(): number {
		const source = this.#source;
		const window = this.#window;
		let count = source.read(window);
		for (let more = count; more && count < WINDOW; count += more) more = source.read(window.subarray(count));
		if (count < WINDOW) window.fill(0, count);
		return count;
	}
}

/** Shortens the last line to what its `count` bytes become. */
const endText = (writer: Writer, count: number): void => {
	const characters = (((count + 2) / 3) | 0) << 2;
	const { at } = writer;
	const end = at - LINE_CHARACTERS + characters;
	const rest = count % 3;
	if (rest) writer.target![end - 1] = EQUALS;
	if (rest === 1) writer.target![end - 2] = EQUALS;
	writer.at = end;
	writer.position = writer.spanTo;
};

/** Octets that so many bytes become, with the line ends between them. */
export const base64Size = (bytes: number): number => {
	const characters = Math.ceil(bytes / 3) * 4;
	return characters + Math.floor((characters ? characters - 1 : 0) / LINE_CHARACTERS) * 2;
};

/** Encodes the twelve words from `from` on into the line. */
const encodeLine = (words: Int32Array, from: number): void => {
	const alphabet = base64Alphabet;
	for (let to = WINDOW >> 2; to < (WINDOW + LINE_CHARACTERS) >> 2; from += 3, to += 4) {
		const a = words[from]!;
		const b = words[from + 1]!;
		const c = words[from + 2]!;
		// the first byte of the text is the lowest of the word, the first character too
		words[to] =
			alphabet[(a >> 2) & 63]! |
			(alphabet[((a << 4) & 48) | ((a >> 12) & 15)]! << 8) |
			(alphabet[((a >> 6) & 60) | ((a >> 22) & 3)]! << 16) |
			(alphabet[(a >> 16) & 63]! << 24);
		words[to + 1] =
			alphabet[(a >> 26) & 63]! |
			(alphabet[((a >> 20) & 48) | ((b >> 4) & 15)]! << 8) |
			(alphabet[((b << 2) & 60) | ((b >> 14) & 3)]! << 16) |
			(alphabet[(b >> 8) & 63]! << 24);
		words[to + 2] =
			alphabet[(b >> 18) & 63]! |
			(alphabet[((b >> 12) & 48) | ((b >> 28) & 15)]! << 8) |
			(alphabet[((b >> 22) & 60) | ((c >> 6) & 3)]! << 16) |
			(alphabet[c & 63]! << 24);
		words[to + 3] =
			alphabet[(c >> 10) & 63]! |
			(alphabet[((c >> 4) & 48) | ((c >> 20) & 15)]! << 8) |
			(alphabet[((c >> 14) & 60) | ((c >> 30) & 3)]! << 16) |
			(alphabet[(c >> 24) & 63]! << 24);
	}
};
