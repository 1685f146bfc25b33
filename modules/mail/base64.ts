import { MailError } from "./error";
import type { Source } from "./source";
import type { Encodable } from "./strings";
import { ROOM, type Writer } from "./writer";

/** A line has 76 characters for 57 bytes. */
const LINE_BYTES = 57;
const LINE_CHARACTERS = 76;
const LINE_OCTETS = LINE_CHARACTERS + 2;
/** So many lines are made at once, where they have room: more take less time, and 152 bytes of memory each. Of six a buffer of 512 bytes is full. */
const LINES = 3;
const WINDOW_BYTES = LINES * LINE_BYTES;
const WINDOW_CHARACTERS = LINES * LINE_CHARACTERS;
const WINDOW_OCTETS = LINES * LINE_OCTETS;

const enum Code {
	LF = 10,
	CR = 13,
}

/**
 * Writes a source's bytes in base64 (RFC 2045, 6.8), as many lines as fit, by the engine's own encoder: a few times as fast
 * as any of ours, though it leaves some garbage. The bytes are read to the end of the target. (All here, for the stack is
 * short.)
 * @returns true at the end, with the last line left open
 * @throws MailError for a source that says it has read what it cannot have
 */
export const base64Lines = (writer: Writer, source: Source): boolean => {
	const { limit } = writer;
	const target = writer.target!;
	const room = limit + ROOM;
	let { at } = writer;
	/** The line before must be ended. */
	let isOpen = at > writer.lineStart;
	let ended = false;
	while (at <= limit && !ended) {
		const size = room - at < WINDOW_OCTETS ? LINE_BYTES : WINDOW_BYTES;
		let bytes = size === LINE_BYTES ? target.subarray(room - size) : (writer.window ??= target.subarray(room - size));
		let count = source.read(bytes);
		for (let more = count; count !== size; count += more) {
			if (!(more >= 0 && count < size)) throw new MailError("attachment", `its source's read returned ${more}`);
			if (!more) break;
			more = source.read(bytes.subarray(count));
		}
		if (count < size) {
			ended = true;
			if (!count) break;
			bytes = bytes.subarray(0, count);
		}
		const text = new Uint8Array(ArrayBuffer.fromString((bytes as Uint8Array & Encodable).toBase64()));
		count = text.length;
		if (isOpen) {
			target[at] = Code.CR;
			target[at + 1] = Code.LF;
			at += 2;
		}
		isOpen = true;
		if (count > LINE_CHARACTERS) {
			// to where the last line belongs if all are full; those before go back to their own places
			let from = at + WINDOW_OCTETS - WINDOW_CHARACTERS - 2;
			target.set(text, from);
			for (; count > LINE_CHARACTERS; count -= LINE_CHARACTERS) {
				target.copyWithin(at, from, from + LINE_CHARACTERS);
				from += LINE_CHARACTERS;
				at += LINE_OCTETS;
				target[at - 2] = Code.CR;
				target[at - 1] = Code.LF;
			}
			if (from > at) target.copyWithin(at, from, from + count);
		} else target.set(text, at);
		at += count;
	}
	writer.at = at;
	if (isOpen) writer.lineStart = at - 1;
	return ended;
};

/** Octets that so many bytes become, with the line ends between them. */
export const base64Size = (bytes: number): number => {
	const characters = Math.ceil(bytes / 3) * 4;
	return characters + Math.floor((characters ? characters - 1 : 0) / LINE_CHARACTERS) * 2;
};
