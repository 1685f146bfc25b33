const CR = 13;
const LF = 10;
const DOT = 46;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const NOTHING = "";
const RETURN = "\r";
const NEWLINE = "\n";

/** What stands before the next byte. */
const enum Before {
	Text,
	LineEnd,
	/** A line end too; LF may belong to it. */
	CR,
}

/** The engine's own function, with more arguments than its typings have. */
interface Engine {
	fromArrayBuffer(buffer: ArrayBufferLike, from: number, count: number): string;
}

/**
 * Turns a message into what may follow DATA (RFC 5321, 2.3.8 and 4.5.2): every CR, LF and CRLF becomes CRLF, so that no
 * bare CR or LF ever leaves, and a line's leading dot is doubled. Pieces may be split anywhere. One encoder serves
 * one message; with `dots` false (BDAT, RFC 3030) only line ends are mended.
 */
export class DataEncoder {
	/** Where in the input the last call stopped reading, and where the input ended. */
	position = 0;
	end = 0;
	private dots: boolean;
	private before = Before.LineEnd;

	constructor(dots = true) {
		this.dots = dots;
	}

	/**
	 * Encodes `buffer[from, end)` into `buffer[to, limit)`; the two may not overlap. Stops at the end of either,
	 * `position` tells where to go on reading.
	 * @returns the end of what was written
	 */
	encode(buffer: Uint8Array, from: number, end: number, to: number, limit: number): number {
		const text = asciiOf(buffer, from, end);
		const start = from;
		const dots = this.dots;
		let before = this.before;
		// The next of each, or `end`. Without a text a single one counts as both.
		let cr = -1;
		let lf = -1;
		while (from < end && to < limit - 1) {
			if (!text) {
				if (lf < from) {
					lf = from;
					for (let byte = buffer[lf]; lf < end && byte !== CR && byte !== LF; ) byte = buffer[++lf];
					cr = lf;
					if (lf < end - 1 && buffer[lf] === CR && buffer[lf + 1] === LF) lf++;
				}
			} else {
				if (cr < from && (cr = start + text.indexOf(RETURN, from - start)) < from) cr = end;
				if (lf < from && (lf = start + text.indexOf(NEWLINE, from - start)) < from) lf = end;
			}
			const isLine = lf === cr + 1 && lf < end;
			const stop = isLine ? lf + 1 : cr < lf ? cr : lf;
			if (stop > from) {
				// Nothing of this changes, and a line's end is not torn.
				if (dots && before !== Before.Text && buffer[from] === DOT) buffer[to++] = DOT;
				let count = stop - from;
				if (count > limit - to) {
					count = limit - to;
					if (isLine && from + count > cr) count = cr - from;
				}
				buffer.copyWithin(to, from, from + count);
				from += count;
				to += count;
				before = isLine && from === stop ? Before.LineEnd : Before.Text;
			} else {
				const isCR = buffer[from++] === CR;
				if (isCR || before !== Before.CR) {
					buffer[to++] = CR;
					buffer[to++] = LF;
				}
				before = isCR ? Before.CR : Before.LineEnd;
			}
		}
		this.before = before;
		this.position = from;
		this.end = end;
		return to;
	}

	/**
	 * Ends the message: a line end where one is missing and, for DATA, the line with a single dot: at most 5 bytes.
	 * @returns the end of what was written
	 */
	finish(buffer: Uint8Array, to: number): number {
		if (this.before === Before.Text) {
			buffer[to++] = CR;
			buffer[to++] = LF;
		}
		return this.dots ? endData(buffer, to) : to;
	}
}

/** The bytes as a string, which the engine searches fast, where they are ASCII; "" where not. */
const asciiOf = (bytes: Uint8Array, from: number, end: number): string => {
	try {
		const text = (String as unknown as Engine).fromArrayBuffer(bytes.buffer, from, end - from);
		if (text.length === end - from) return text;
	} catch {} // not UTF-8
	return NOTHING;
};

/** Writes the line that ends a message after DATA; @returns the end of what was written */
export const endData = (buffer: Uint8Array, to: number): number => {
	buffer[to] = DOT;
	buffer[to + 1] = CR;
	buffer[to + 2] = LF;
	return to + 3;
};
