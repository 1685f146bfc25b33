import type { Pieces } from "./pieces";
import { runEnd, wordsOf } from "./run";
import { HEX, ROOM, type Writer } from "./writer";

/** Constants, for a variable of the module takes a slot of the stack in each function that names it. */
const enum Length {
	/** Characters of an encoded line, before the = of a soft line break. */
	LINE = 75,
	/** What a byte becomes, and a character of four. */
	ESCAPED = 3,
	CHARACTER = 12,
	/** The most that is written before the room for it is looked at again. */
	MOST = 16,
}

const enum Code {
	/** No character. */
	NONE = 0,
	TAB = 9,
	LF = 10,
	CR = 13,
	SPACE = 32,
	DOT = 46,
	EQUALS = 61,
	DELETE = 127,
	/** From here on a byte begins a character of UTF-8. */
	FIRST = 192,
	/** And from here on one of three, and of four. */
	THREE = 224,
	FOUR = 240,
}

/**
 * Writes as much as fits of a text in quoted-printable (RFC 2045, 6.7), every line end as CRLF. A dot at the beginning of
 * a line is encoded too, so that no relay can trip over it. White space at the end waits in `writer.phase` for what comes
 * next, since before a line end it must be encoded.
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
	if (before === Code.SPACE || before === Code.TAB) target[at++] = before;
	do {
		if (from === to) {
			from = 0;
			to = pieces.next();
			if (!to) break;
			if (!words || bytes !== pieces.bytes) words = wordsOf((bytes = pieces.bytes));
		}
		let part = bytes;
		let copied = bytes.length;
		if (at + copied + Length.MOST > limit + ROOM) {
			copied = from + ((limit + ROOM - at) >> 1);
			if (copied > to) copied = to;
			part = bytes.subarray(from, copied); // not within the call that takes it: the stack is short
		}
		target.set(part, limit + ROOM - part.length);
		const offset = limit + ROOM - copied;
		if (copied > to) copied = to;
		let runTo = from;
		while (from < copied && at + Length.MOST <= from + offset) {
			if (from >= runTo) runTo = runEnd(words!, from, copied);
			let left = lineStart + Length.LINE - at;
			if (from < runTo && (left < Length.LINE || bytes[from] !== Code.DOT)) {
				before = Code.NONE;
				const end = left < runTo - from ? from + left : runTo;
				target.copyWithin(at, from + offset, end + offset);
				at += end - from;
				from = end;
				if (end < runTo) lineStart = at = softBreak(target, at);
				if (end < runTo || end === copied) continue;
				left = lineStart + Length.LINE - at;
			}
			let code = bytes[from++]!;
			if (code < Code.DELETE) {
				if (code === Code.LF || code === Code.CR) {
					if (code === Code.CR || before !== Code.CR) {
						if (left < Length.LINE) at = closeSpace(target, at, left);
						target[at] = Code.CR;
						target[at + 1] = Code.LF;
						lineStart = at += 2;
					}
					before = code;
					continue;
				}
				if (
					code === Code.TAB ||
					(code >= Code.SPACE && code !== Code.EQUALS && (code !== Code.DOT || (left > 0 && left < Length.LINE)))
				) {
					// the last ones of a piece are in no word
					before = Code.NONE;
					if (left === 0) lineStart = at = softBreak(target, at);
					target[at++] = code;
					continue;
				}
			}
			before = Code.NONE;
			// what follows it in its character stays with it, and needs no search
			let end = code < Code.FIRST ? from : code < Code.THREE ? from + 1 : code < Code.FOUR ? from + 2 : from + 3;
			if (end > copied) end = copied;
			if (left < (code < Code.FIRST ? Length.ESCAPED : Length.CHARACTER)) lineStart = at = softBreak(target, at);
			do {
				target[at] = Code.EQUALS;
				target[at + 1] = HEX[code >> 4]!;
				target[at + 2] = HEX[code & 15]!;
				at += 3;
			} while (from < end && (code = bytes[from]!) > Code.DELETE && from++);
		}
	} while (at <= limit);
	if (!to) at = closeSpace(target, at, lineStart + Length.LINE - at);
	else if (at > lineStart) {
		const last = target[at - 1]!;
		if (last === Code.SPACE || last === Code.TAB) {
			before = last;
			at--;
		}
	}
	writer.at = at;
	writer.lineStart = lineStart;
	writer.position = from;
	writer.spanTo = to;
	writer.phase = before;
	return !to;
};

/** Encodes white space that has been written last in a line, whose end follows; returns where that goes. */
const closeSpace = (target: Uint8Array, at: number, left: number): number => {
	const code = target[at - 1];
	if (code !== Code.SPACE && code !== Code.TAB) return at;
	let to = at - 1;
	if (left + 1 < Length.ESCAPED) to = softBreak(target, to);
	target[to] = Code.EQUALS;
	target[to + 1] = HEX[code >> 4]!;
	target[to + 2] = HEX[code & 15]!;
	return to + 3;
};

/** Ends a line that goes on in the next. */
const softBreak = (target: Uint8Array, at: number): number => {
	target[at] = Code.EQUALS;
	target[at + 1] = Code.CR;
	target[at + 2] = Code.LF;
	return at + 3;
};
