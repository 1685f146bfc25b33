import { wordsOf } from "./run";
import type { Source } from "./source";
import { charCodeAt } from "./strings";

/** Bytes that come a piece at a time, where it suits their origin: nothing is copied. */
export interface Pieces {
	/** The piece at hand, from its beginning, which is that of its buffer. */
	readonly bytes: Uint8Array;
	/** The same four at a time, where the array is always the same. */
	readonly words?: Int32Array;
	/** Goes on to the next piece and returns how many bytes it has; 0 at the end. */
	next(): number;
	/** Starts again. */
	reset(): void;
	/** Lets go of what can be made again: it may be a while until it is asked for, or never. */
	release?(): void;
}

/** Characters, which XS counts as code points, that are made into bytes at once. */
const PIECE = 256;

/** Bytes that are read from a source at once: so many fit wherever there is ROOM. */
const WINDOW = 72;

const { slice } = String.prototype;

/** The UTF-8 bytes of a string. Those of a short one are made only once. */
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

/** What a source gives, a window at a time. */
export class SourcePieces implements Pieces {
	readonly bytes = new Uint8Array(WINDOW);
	readonly words = wordsOf(this.bytes);
	private source: Source;

	constructor(source: Source) {
		this.source = source;
	}

	next(): number {
		return this.source.read(this.bytes);
	}

	reset(): void {
		this.source.reset();
	}
}
