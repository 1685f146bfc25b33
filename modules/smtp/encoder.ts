const enum Byte {
	LF = 10,
	CR = 13,
	DOT = 46,
}

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const NOTHING = "";
const RETURN = "\r";
const NEWLINE = "\n";
const CRLF = "\r\n";
const NUL = "\0";

/** Bytes that are made into a string at once. That takes memory, and each search walks over all of it. */
const PIECE_BYTES = 160;

/** What is left of a piece, if it is less than that, is not searched: it becomes a string again with the rest of its line. */
const TAIL_BYTES = 72;

/** The engine's own function, with more arguments than its typings have. */
interface Engine {
	fromArrayBuffer(buffer: ArrayBufferLike, from: number, count: number): string;
}

/**
 * Turns a message into what may follow DATA (RFC 5321, 2.3.8 and 4.5.2): every CR, LF and CRLF becomes CRLF, so that no
 * bare CR or LF ever leaves, and a line's leading dot is doubled. All of that inserts bytes, none is taken away. The
 * message may be split anywhere. One encoder serves one message; with `dots` false (BDAT, RFC 3030) only line ends are
 * mended.
 */
export class DataEncoder {
	/** Where in the input the last call stopped reading, and where the input ended. */
	position = 0;
	end = 0;
	private dots: boolean;
	/** What stands before the next byte: LF, CR or anything else. */
	private before: number = Byte.LF;

	constructor(dots = true) {
		this.dots = dots;
	}

	/**
	 * Encodes `buffer[from, end)`, and writes it from `to` on; what is between `to` and `from` is room for bytes that are
	 * inserted. Stops at the end, or where there is no more room: `position` tells where to go on.
	 * @returns the end of what was written
	 */
	encode(buffer: Uint8Array, from: number, end: number, to: number): number {
		const { dots } = this;
		let { before } = this;
		let at = from;
		let text = NOTHING;
		let start = at;
		let stop = at;
		// The next of each, or `stop`.
		let cr = -1;
		let lf = -1;
		while (at < end) {
			if (at === stop) {
				start = at;
				stop = end - at > PIECE_BYTES ? at + PIECE_BYTES : end;
				text = NOTHING; // never two at a time
				text = textOf(buffer, start, stop);
				cr = lf = -1;
				if (text.length < stop - start) {
					// Characters of several bytes: places in the string are none in the buffer, but for the end of a line.
					text = lineOf(text);
					if (text) {
						stop = start + ArrayBuffer.fromString(text).byteLength;
						lf = buffer[stop - 1] === Byte.LF ? stop - 1 : stop;
						cr = lf < stop && buffer[stop - 2] === Byte.CR ? stop - 2 : stop;
					}
				}
			}
			let missing = 0;
			if (before === Byte.CR) {
				if (buffer[at] !== Byte.LF) missing = Byte.LF;
				else {
					at++;
					before = Byte.LF;
				}
			} else if (before === Byte.LF && dots && buffer[at] === Byte.DOT) missing = Byte.DOT;
			else {
				if (text) {
					if (cr < at && (cr = start + text.indexOf(RETURN, at - start)) < at) cr = stop;
					if (lf < at && (lf = start + text.indexOf(NEWLINE, at - start)) < at) lf = stop;
				} else {
					const next = lineEndOf(buffer, at, stop);
					cr = lf = stop;
					if (buffer[next] === Byte.CR) cr = next;
					else lf = next;
				}
				if (lf === cr + 1 && lf < stop) {
					at = lf + 1;
					before = Byte.LF;
					if (stop - at < TAIL_BYTES && stop < end) stop = at;
				} else if (cr < lf) {
					at = cr + 1;
					before = Byte.CR;
				} else {
					at = lf;
					if (at < stop) missing = Byte.CR;
					else before = 0;
				}
			}
			if (!missing) continue;
			if (to < from) buffer.copyWithin(to, from, at);
			to += at - from;
			from = at;
			if (to === from) break;
			buffer[to++] = before = missing;
		}
		if (to < from) buffer.copyWithin(to, from, at);
		this.before = before;
		this.position = at;
		this.end = end;
		return to + at - from;
	}

	/**
	 * Ends the message: a line end where one is missing and, for DATA, the line with a single dot: at most 5 bytes.
	 * @returns the end of what was written
	 */
	finish(buffer: Uint8Array, to: number): number {
		const { before } = this;
		if (before !== Byte.LF) {
			if (before !== Byte.CR) buffer[to++] = Byte.CR;
			buffer[to++] = Byte.LF;
		}
		return this.dots ? endData(buffer, to) : to;
	}
}

/** The bytes as a string, which the engine searches fast, without a character that is cut off at the end; "" where they are not UTF-8. */
export const textOf = (bytes: Uint8Array, from: number, end: number, isCut = false): string => {
	try {
		return (String as unknown as Engine).fromArrayBuffer(bytes.buffer, from, end - from);
	} catch {
		if (isCut) return NOTHING;
	}
	while (end > from && (bytes[--end] as number) >> 6 === 2);
	return textOf(bytes, from, end, true);
};

/**
 * The text as far as its first LF, if there is no CR but before that; else "". Nor may there be NUL: XS takes C0 80 for it, and
 * counts that as one byte or as two.
 */
const lineOf = (text: string): string => {
	const line = text.slice(0, text.indexOf(NEWLINE) + 1) || text;
	return line.indexOf(RETURN) === line.indexOf(CRLF) && line.indexOf(NUL) < 0 ? line : NOTHING;
};

/** The first CR or LF of `bytes[from, end)`, or its end, a byte at a time. */
const lineEndOf = (bytes: Uint8Array, from: number, end: number): number => {
	for (let byte = bytes[from]; from < end && byte !== Byte.CR && byte !== Byte.LF; ) byte = bytes[++from];
	return from;
};

/** Writes the line that ends a message after DATA; @returns the end of what was written */
export const endData = (buffer: Uint8Array, to: number): number => {
	buffer[to] = Byte.DOT;
	buffer[to + 1] = Byte.CR;
	buffer[to + 2] = Byte.LF;
	return to + 3;
};
