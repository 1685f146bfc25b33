import type { Pieces } from "./pieces";
import { wordsOf } from "./run";
import type { Source } from "./source";
import { HIGH_BITS } from "./strings";

const enum Code {
	LF = 10,
	CR = 13,
}

/** Where the next CR or LF is, or `to`. Four bytes are looked at together, for a look costs more than what is done with it. */
export const lineEnd = (words: Int32Array, bytes: Uint8Array, from: number, to: number): number => {
	let i = from >> 2;
	// where there is no word any more 0 makes it look at each byte
	let word = words[i]! | 0;
	// those before it shall look like text
	if (from & 3) word |= 0x202020 >> (24 - ((from & 3) << 3));
	for (;;) {
		// under 0x0e, and not over 0x7f: the lowest is the first, and those above it may be mistaken
		const found = (word - 0x0e0e0e0e) & HIGH_BITS & ~word;
		if (found) {
			const end = (i << 2) + (found & 0xff ? 0 : found & 0xffff ? 1 : found & 0xffffff ? 2 : 3);
			if (end >= to) return to;
			const code = bytes[end]!;
			if (code === Code.LF || code === Code.CR) return end;
			word |= 0x20 << ((end & 3) << 3);
		} else word = words[++i]! | 0;
	}
};

/** A text with CRLF at the end of every line, as it must be before base64 is applied to it (RFC 2045, 6.8). */
export class LinesSource implements Source {
	private pieces: Pieces;
	private from = 0;
	private to = 0;
	/** The character before, negative as long as the LF of its line end has not been read. */
	private before = 0;

	constructor(pieces: Pieces) {
		this.pieces = pieces;
	}

	read(buffer: Uint8Array): number {
		const { pieces } = this;
		const room = buffer.length;
		let { from, to, before } = this;
		let { bytes } = pieces;
		let words = from < to ? wordsOf(bytes) : undefined;
		let at = 0;
		while (at < room) {
			if (before < 0) {
				before = -before;
				buffer[at++] = Code.LF;
				continue;
			}
			if (from === to) {
				from = 0;
				to = pieces.next();
				if (!to) break;
				if (!words || bytes !== pieces.bytes) words = wordsOf((bytes = pieces.bytes));
			}
			const most = from + room - at;
			const end = lineEnd(words!, bytes, from, most < to ? most : to);
			if (end > from) {
				const run = bytes.subarray(from, end); // not within the call that takes it: the stack is short
				buffer.set(run, at);
				at += end - from;
				before = 0;
				from = end;
			} else {
				const code = bytes[from++]!;
				if (code === Code.LF && before === Code.CR) before = code;
				else {
					buffer[at++] = Code.CR;
					before = -code;
				}
			}
		}
		this.from = from;
		this.to = to;
		this.before = before;
		return at;
	}

	reset(): void {
		this.pieces.reset();
		this.from = this.to = this.before = 0;
	}
}
