import { MailError } from "./error";
import { lineEnd } from "./lines";
import type { Pieces } from "./pieces";
import { wordsOf } from "./run";
import { CARRIAGE_RETURN, charCodeAt, indexOf, LINE_FEED, slice } from "./strings";
import { ROOM, type Writer } from "./writer";

/** Characters that are written at once: three times as many bytes are in use for a moment. */
const MOST = 160;

/** Characters in which a line end is looked for. */
const LINE = 96;

const enum Code {
	LF = 10,
	CR = 13,
	DOT = 46,
}

/**
 * Writes as much as fits of a string of ASCII without a CR as it is, every LF as CRLF: nothing but its bytes is copied.
 * @returns true at the end
 */
export const plainASCII = (writer: Writer, text: string): boolean => {
	const { length } = text;
	const { limit } = writer;
	const target = writer.target!;
	const room = limit + ROOM;
	let { at, position } = writer;
	while (position < length && at <= limit) {
		let count = room - at;
		if (count > MOST) count = MOST;
		if (count > length - position) count = length - position;
		const piece = slice.call(text, position, position + count);
		target.set(new Uint8Array(ArrayBuffer.fromString(piece)), at);
		let end = at + count;
		let added = 0;
		for (let lf = -1; (lf = indexOf.call(piece, LINE_FEED, lf + 1)) >= 0 && lf < count; ) {
			const to = at + lf + added;
			if (to + 1 === room) {
				// no place for both
				end = to;
				count = lf;
				break;
			}
			target.copyWithin(to + 1, to, end);
			target[to] = Code.CR;
			added++;
			if (end < room) end++;
			else count--; // the last character has lost its place
		}
		at = end;
		position += count;
	}
	return endOf(writer, at, position, length);
};

/**
 * Writes as much as fits of any string as it is, every line end as CRLF.
 * @returns true at the end
 */
export const plainLines = (writer: Writer, text: string, hasCR: boolean): boolean => {
	const { length } = text;
	const { limit } = writer;
	const target = writer.target!;
	let { at, position } = writer;
	while (position < length && at <= limit) {
		const left = limit + ROOM - at;
		let count = LINE;
		let piece = slice.call(text, position, position + LINE);
		let end = indexOf.call(piece, LINE_FEED);
		const cr = hasCR ? indexOf.call(piece, CARRIAGE_RETURN) : -1;
		if (cr >= 0 && (cr < end || end < 0)) end = cr;
		if (end >= 0) piece = slice.call(piece, 0, (count = end));
		let bytes = ArrayBuffer.fromString(piece);
		if (bytes.byteLength > left - 2) {
			// so few characters fit in any case
			end = -1;
			count = left >> 2;
			bytes = ArrayBuffer.fromString(slice.call(piece, 0, count));
		}
		target.set(new Uint8Array(bytes), at);
		at += bytes.byteLength;
		position += count;
		if (end < 0) continue;
		target[at] = Code.CR;
		target[at + 1] = Code.LF;
		at += 2;
		position += end === cr && charCodeAt.call(text, position + 1) === Code.LF ? 2 : 1;
	}
	return endOf(writer, at, position, length);
};

/** Notes how far a string has been written; at its end whether the last line is open, which shows in the column. */
const endOf = (writer: Writer, at: number, position: number, length: number): boolean => {
	writer.at = at;
	writer.position = position;
	if (position < length) return false;
	if (length && writer.target![at - 1] === Code.LF) writer.lineStart = at;
	return true;
};

/**
 * Writes as much as fits of a text as it is, every line end as CRLF: 7bit and 8bit (RFC 2045, 2.7 and 2.8).
 * @returns true at the end
 * @throws MailError for a dot at the beginning of a line
 */
export const plain = (writer: Writer, pieces: Pieces): boolean => {
	const { limit } = writer;
	const target = writer.target!;
	let { bytes } = pieces;
	let { at, lineStart, position: from, spanTo: to, phase: before } = writer;
	let words = from < to ? wordsOf(bytes) : undefined;
	while (at <= limit) {
		if (from === to) {
			from = 0;
			to = pieces.next();
			if (!to) break;
			if (!words || bytes !== pieces.bytes) words = wordsOf((bytes = pieces.bytes));
		}
		// behind it there is room for a line end
		const most = from + limit + ROOM - 1 - at;
		const end = lineEnd(words!, bytes, from, most < to ? most : to);
		if (end > from) {
			// the survey has not let it pass: a source that says something else now could end the mail here
			if (at === lineStart && bytes[from] === Code.DOT)
				throw new MailError("text", "has changed since it was first read");
			const run = bytes.subarray(from, end); // not within the call that takes it: the stack is short
			target.set(run, at);
			at += end - from;
			from = end;
			before = 0;
		}
		if (end < most && end < to) {
			const code = bytes[from++]!;
			if (code === Code.CR || before !== Code.CR) {
				target[at] = Code.CR;
				target[at + 1] = Code.LF;
				lineStart = at += 2;
			}
			before = code;
		}
	}
	writer.at = at;
	writer.lineStart = lineStart;
	writer.position = from;
	writer.spanTo = to;
	writer.phase = before;
	return !to;
};
