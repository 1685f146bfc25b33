import type { Pieces } from "./pieces";
import { runEnd, wordsOf } from "./run";
import { HEX, ROOM, type Writer } from "./writer";

/** Characters of an encoded line, before the = of a soft line break. */
const LONGEST_LINE = 75;

/** The most that is written for one byte: a soft line break, and the byte as three. */
const MOST = 6;

const enum Code {
	/** No character: the end of the text. */
	NONE = 0,
	TAB = 9,
	LF = 10,
	CR = 13,
	SPACE = 32,
	DOT = 46,
	EQUALS = 61,
	DELETE = 127,
}

/**
 * Writes as much as fits of a text in quoted-printable (RFC 2045, 6.7), every line end as CRLF. A dot at the beginning of
 * a line is encoded too, so that no relay can trip over it. White space at the end of a piece waits for the next one,
 * since at the end of a line it must be encoded.
 *
 * As much of a piece as will have room is copied to the end of the target, and from there run by run to where it belongs:
 * XS has no other way to copy a part of an array without an object for it.
 * @returns true at the end
 */
export const quoted = (writer: Writer, pieces: Pieces): boolean => {
	const { limit } = writer;
	const target = writer.target!;
	let { at, lineStart, position: from, spanTo: to, phase: before } = writer;
	let { bytes } = pieces;
	let words = from < to ? wordsOf(bytes) : undefined;
	/** Where a run ends that has begun; up to which byte the piece has been copied, and how far from its place in it. */
	let runTo = 0;
	let copied = 0;
	let offset = 0;
	for (;;) {
		if (from === to) {
			if (at > limit) break;
			from = runTo = copied = 0;
			to = pieces.next();
			if (to && (!words || bytes !== pieces.bytes)) words = wordsOf((bytes = pieces.bytes));
			if (before === Code.SPACE || before === Code.TAB) {
				writer.at = at;
				writer.lineStart = lineStart;
				put(writer, before, to ? bytes[0]! : Code.NONE);
				({ at, lineStart } = writer);
				before = Code.NONE;
			}
			if (!to) break;
		}
		if (from >= runTo) runTo = runEnd(words!, from, to);
		let left = lineStart + LONGEST_LINE - at;
		if (from < runTo) {
			if (at > limit) break;
			if (left <= 0) {
				target[at] = Code.EQUALS;
				target[at + 1] = Code.CR;
				target[at + 2] = Code.LF;
				lineStart = at += 3;
				left = LONGEST_LINE;
			}
			if (left < LONGEST_LINE || bytes[from] !== Code.DOT) {
				if (from >= copied || at + MOST > from + offset) {
					let part = bytes;
					copied = bytes.length;
					if (at + copied + MOST > limit + ROOM) {
						copied = from + ((limit + ROOM - at) >> 1);
						if (copied > to) copied = to;
						part = bytes.subarray(from, copied); // not within the call that takes it: the stack is short
					}
					target.set(part, limit + ROOM - part.length);
					offset = limit + ROOM - copied;
				}
				let end = left < runTo - from ? from + left : runTo;
				if (end > copied) end = copied;
				if (end === runTo && bytes[end - 1] === Code.SPACE && (end === to || bytes[end]! < Code.SPACE)) end--;
				if (end > from) {
					target.copyWithin(at, from + offset, end + offset);
					at += end - from;
					from = end;
					before = Code.NONE;
					if (end < runTo || end === to) continue;
					left = lineStart + LONGEST_LINE - at;
				}
			}
		}
		if (at > limit) break;
		let code = bytes[from++]!;
		if (code === Code.LF || code === Code.CR) {
			if (code === Code.CR || before !== Code.CR) {
				target[at] = Code.CR;
				target[at + 1] = Code.LF;
				lineStart = at += 2;
			}
		} else if (code >= Code.DELETE && left >= 3) {
			// what follows it in its character comes at once, and needs no search
			const end = left < 12 ? from : from + 3 < to ? from + 3 : to;
			do {
				target[at] = Code.EQUALS;
				target[at + 1] = HEX[code >> 4]!;
				target[at + 2] = HEX[code & 15]!;
				at += 3;
			} while (from < end && (code = bytes[from]!) > Code.DELETE && from++);
			code = Code.NONE;
		} else if (from < to || (code !== Code.SPACE && code !== Code.TAB)) {
			writer.at = at;
			writer.lineStart = lineStart;
			put(writer, code, bytes[from]!);
			({ at, lineStart } = writer);
		}
		before = code;
	}
	writer.at = at;
	writer.lineStart = lineStart;
	writer.position = from;
	writer.spanTo = to;
	writer.phase = before;
	return !to;
};

/** Writes a character that may have to be encoded, in the next line if this one has no room for it. */
const put = (writer: Writer, code: number, next: number): void => {
	let encode = code < Code.SPACE || code >= Code.DELETE || code === Code.EQUALS;
	if (code === Code.SPACE || code === Code.TAB) encode = next === Code.CR || next === Code.LF || next === Code.NONE;
	if (writer.at - writer.lineStart + (encode ? 3 : 1) > LONGEST_LINE) {
		writer.byte(Code.EQUALS);
		writer.endLine();
	}
	if (encode || (code === Code.DOT && writer.at === writer.lineStart)) writer.escape(Code.EQUALS, code);
	else writer.byte(code);
};
