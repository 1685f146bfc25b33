/** Encoded words: text other than ASCII in a header field (RFC 2047). */

import { LINE, type Writer } from "./writer";
import { codePointAt, stride, utf8Byte, utf8Length } from "./unicode";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const HEX = "0123456789ABCDEF";

/** RFC 2047 2: an encoded word is at most 75 characters, of which 12 are its frame. */
const WORD = 75;
const FRAME = 12;
/** What one code point may need: four bytes as `=XX`. */
const WIDEST = 12;

/** Characters that need no encoding in Q anywhere, a display name included (RFC 2047 5 (3)). */
function isPlain(code: number): boolean {
	return code >= 0x61 && code <= 0x7a || code >= 0x41 && code <= 0x5a || code >= 0x30 && code <= 0x39
		|| code === 0x21 || code === 0x2a || code === 0x2b || code === 0x2d || code === 0x2f;
}

/** Length in Q of one code point. */
function lengthInQ(code: number): number {
	return isPlain(code) || code === 0x20 ? 1 : 3 * utf8Length(code);
}

/** Sets the span that is to be encoded and the shorter of the two encodings for it. */
export function setSpan(writer: Writer, value: string, from: number, to: number): void {
	let bytes = 0;
	let quoted = 0;
	for (let i = from; i < to;) {
		const code = codePointAt(value, i);
		bytes += utf8Length(code);
		quoted += lengthInQ(code);
		i += stride(value, i, code);
	}
	writer.spanFrom = writer.position = from;
	writer.spanTo = to;
	writer.position = from;
	writer.base64 = quoted * 3 > bytes * 4;
}

/** Whether some of the text would be taken for an encoded word. */
export function looksEncoded(value: string, from: number, to: number): boolean {
	const at = value.indexOf("=?", from);
	return at >= 0 && at < to;
}

/** Writes the next encoded word of the span, on this line if some of it fits there. Moves `position`. */
export function encodedWord(writer: Writer, value: string): void {
	if (writer.room < FRAME + WIDEST)
		writer.fold();
	else
		writer.space(0);
	const room = Math.min(WORD, LINE - writer.column) - FRAME;
	writer.text(writer.base64 ? "=?UTF-8?B?" : "=?UTF-8?Q?");
	if (writer.base64)
		base64Word(writer, value, (room >> 2) * 3);
	else
		quotedWord(writer, value, room);
	writer.text("?=");
}

function quotedWord(writer: Writer, value: string, room: number): void {
	let at = writer.position;
	while (at < writer.spanTo) {
		const code = codePointAt(value, at);
		room -= lengthInQ(code);
		if (room < 0)
			break;
		if (code === 0x20)
			writer.byte(0x5f);
		else if (isPlain(code))
			writer.byte(code);
		else {
			const length = utf8Length(code);
			for (let i = 0; i < length; i++)
				hex(writer, utf8Byte(code, i, length));
		}
		at += stride(value, at, code);
	}
	writer.position = at;
}

function hex(writer: Writer, byte: number): void {
	writer.byte(0x3d);
	writer.byte(HEX.charCodeAt(byte >> 4));
	writer.byte(HEX.charCodeAt(byte & 15));
}

function base64Word(writer: Writer, value: string, room: number): void {
	let at = writer.position;
	let bits = 0;
	let count = 0;
	while (at < writer.spanTo) {
		const code = codePointAt(value, at);
		const length = utf8Length(code);
		room -= length;
		if (room < 0)
			break;
		for (let i = 0; i < length; i++) {
			bits = bits << 8 | utf8Byte(code, i, length);
			if (++count === 3) {
				sextets(writer, bits, 4);
				bits = count = 0;
			}
		}
		at += stride(value, at, code);
	}
	if (count) {
		sextets(writer, bits << 8 * (3 - count), count + 1);
		for (let i = count; i < 3; i++)
			writer.byte(0x3d);
	}
	writer.position = at;
}

function sextets(writer: Writer, bits: number, count: number): void {
	for (let shift = 18; count; shift -= 6, count--)
		writer.byte(ALPHABET.charCodeAt(bits >> shift & 63));
}
