import { MailError } from "./error";
import type { Source } from "./source";
import { charCodeAt, slice } from "./strings";

/** Bytes that come a piece at a time, where it suits their origin: nothing is copied. */
export interface Pieces {
	/** The piece at hand, from its beginning, which is that of its buffer. */
	readonly bytes: Uint8Array;
	/** Goes on to the next piece and returns how many bytes it has; 0 at the end. */
	next(): number;
	/** Starts again. */
	reset(): void;
	/** Lets go of what can be made again: it may be a while until it is asked for, or never. */
	release?(): void;
}

/** Characters, which XS counts as code points, that are made into bytes at once. */
const PIECE = 128;

/** Bytes that are read from a source at once. */
const WINDOW = 192;

/** The UTF-8 bytes of a string. Those of a short one are made only once, unless they are let go. */
export class StringPieces implements Pieces {
	bytes!: Uint8Array;
	private text: string;
	/** The character at which the next piece begins. */
	private from = 0;
	/** The text is one piece, which is there. */
	private whole = false;

	constructor(text: string) {
		this.text = text;
	}

	next(): number {
		const text = this.text;
		const from = this.from;
		this.from = from + PIECE;
		if (!from && this.whole) return this.bytes.length;
		if (!(charCodeAt.call(text, from) >= 0)) return 0;
		this.whole = !from && !(charCodeAt.call(text, PIECE) >= 0);
		const piece = this.whole ? text : slice.call(text, from, from + PIECE);
		const buffer = ArrayBuffer.fromString(piece);
		this.bytes = new Uint8Array(buffer);
		return buffer.byteLength;
	}

	reset(): void {
		this.from = 0;
	}

	release(): void {
		this.whole = false;
		this.bytes = undefined as never;
	}
}

/** What a source gives, a window at a time, in which no character of UTF-8 is cut. */
export class SourcePieces implements Pieces {
	bytes!: Uint8Array;
	private source: Source;
	/** Where the piece ends, and how many bytes come behind it: of a character that is not whole yet. */
	private end = 0;
	private rest = 0;

	constructor(source: Source) {
		this.source = source;
	}

	/** @throws MailError for a source that says it has read what it cannot have */
	next(): number {
		this.bytes ??= new Uint8Array(WINDOW);
		if (this.rest) this.bytes.copyWithin(0, this.end, this.end + this.rest);
		// few locals and not a call within a call, for the stack is short
		let bytes: Uint8Array;
		let more: number;
		do {
			bytes = this.rest ? this.bytes.subarray(this.rest) : this.bytes;
			more = this.source.read(bytes);
			if (!(more >= 0 && more <= bytes.length)) throw new MailError("text", `its source's read returned ${more}`);
		} while (!this.take(more));
		return this.end;
	}

	reset(): void {
		this.source.reset();
		this.rest = 0;
	}

	release(): void {
		this.bytes = undefined as never;
	}

	/** Whether there is a piece, or none any more, with so many bytes more. */
	private take(more: number): boolean {
		const count = this.rest + more;
		const rest = more ? unfinished(this.bytes, count) : 0;
		this.rest = rest;
		this.end = count - rest;
		return count > rest || !more;
	}
}

/** How many bytes at the end are of a character that is not whole. */
const unfinished = (bytes: Uint8Array, count: number): number => {
	for (let left = 1; left < 4 && left <= count; left++) {
		const code = bytes[count - left]!;
		if (code < 0x80) return 0;
		if (code >= 0xc0) return left < (code < 0xe0 ? 2 : code < 0xf0 ? 3 : 4) ? left : 0;
	}
	return 0;
};
