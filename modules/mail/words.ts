import { MailError } from "./error";
import { charCodeAt, type Encodable, slice, utf8Byte, utf8Length } from "./strings";
import { LINE, Style, type Writer } from "./writer";

/** An encoded word has at most 75 characters, of which 12 are its frame (RFC 2047, 2). */
export const WORD = 75;
const FRAME = 12;
/** The most that one code point needs: four bytes as `=XX`. */
const WIDEST = 12;

const enum Code {
	SPACE = 0x20,
	EQUALS = 0x3d,
	UNDERSCORE = 0x5f,
	/** Halves of pairs, no characters. */
	SURROGATES = 0xd800,
	SURROGATES_END = 0xe000,
}

/** What may stand in Q as it is, in a display name too (RFC 2047, 5 (3)). */
const isPlain = (code: number): boolean => {
	if (code >= 0x61) return code <= 0x7a;
	if (code >= 0x41) return code <= 0x5a;
	return (code >= 0x2f && code <= 0x39) || code === 0x21 || code === 0x2a || code === 0x2b || code === 0x2d;
};

/**
 * Chooses the shorter of the two encodings for the span.
 * @returns the characters of the encoded word, should it be one
 */
export const beginSpan = (writer: Writer): number => {
	const { value, spanTo } = writer;
	let bytes = 0;
	let quoted = 0;
	for (let i = writer.spanFrom; i < spanTo; i++) {
		const code = charCodeAt.call(value, i);
		if (code >= Code.SURROGATES && code < Code.SURROGATES_END) throw new MailError(writer.field, "not Unicode");
		const length = utf8Length(code);
		bytes += length;
		quoted += code === Code.SPACE || isPlain(code) ? 1 : 3 * length;
	}
	const encoded = (((bytes + 2) / 3) | 0) * 4;
	const isB = quoted > encoded;
	writer.style = isB ? Style.B : Style.Q;
	return FRAME + (isB ? encoded : quoted);
};

/** Writes the next encoded word of the span, of whole code points: in this line if it has room for one. */
export const encodedWord = (writer: Writer): void => {
	if (LINE - writer.column - (writer.fresh ? 0 : 1) < FRAME + WIDEST) writer.fold();
	writer.space(0);
	const room = LINE - writer.column < WORD ? LINE - writer.column - FRAME : WORD - FRAME;
	if (writer.style === Style.B) {
		writer.literal("=?UTF-8?B?");
		inB(writer, (room >> 2) * 3);
	} else {
		writer.literal("=?UTF-8?Q?");
		writer.flush();
		inQ(writer, room);
	}
	writer.literal("?=");
	if (writer.position >= writer.spanTo) writer.encoding = false;
};

const inQ = (writer: Writer, room: number): void => {
	while (writer.position < writer.spanTo) {
		const code = charCodeAt.call(writer.value, writer.position);
		const length = code === Code.SPACE || isPlain(code) ? 0 : utf8Length(code);
		room -= length ? 3 * length : 1;
		if (room < 0) break;
		if (!length) writer.byte(code === Code.SPACE ? Code.UNDERSCORE : code);
		else for (let i = 0; i < length; i++) writer.escape(Code.EQUALS, utf8Byte(code, i, length));
		writer.position++;
	}
};

const inB = (writer: Writer, room: number): void => {
	const { value, position, spanTo } = writer;
	let to = position;
	for (; to < spanTo; to++) {
		room -= utf8Length(charCodeAt.call(value, to));
		if (room < 0) break;
	}
	const bytes = new Uint8Array(ArrayBuffer.fromString(slice.call(value, position, to)));
	writer.literal((bytes as Uint8Array & Encodable).toBase64());
	writer.position = to;
};
