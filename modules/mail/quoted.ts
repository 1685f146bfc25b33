import type { Pieces } from "./pieces";
import type { Writer } from "./writer";

/** Characters of an encoded line, before the = of a soft line break. */
const LONGEST_LINE = 75;

const enum Code {
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
 * a line is encoded too, so that no relay can trip over it. White space is held back by one character, since at the end
 * of a line it must be encoded.
 * @returns true at the end
 */
export const quoted = (writer: Writer, pieces: Pieces): boolean => {
	const { limit } = writer;
	const target = writer.target!;
	let { bytes } = pieces;
	let { position: from, spanTo: to, phase: before } = writer;
	while (writer.at <= limit) {
		if (from === to) {
			from = 0;
			to = pieces.next();
			if (!to) break;
			bytes = pieces.bytes;
		}
		const code = bytes[from++]!;
		const isLineEnd = code === Code.CR || code === Code.LF;
		if (before === Code.SPACE || before === Code.TAB) put(writer, before, isLineEnd);
		if (code > Code.SPACE && code < Code.DELETE && code !== Code.EQUALS) {
			const { at } = writer;
			const column = at - writer.lineStart;
			if (column && column < LONGEST_LINE) {
				target[at] = code;
				writer.at = at + 1;
			} else put(writer, code, code === Code.DOT);
		} else if (isLineEnd) {
			if (code === Code.CR || before !== Code.CR) writer.endLine();
		} else if (code !== Code.SPACE && code !== Code.TAB) put(writer, code, true);
		before = code;
	}
	if (!to && (before === Code.SPACE || before === Code.TAB)) {
		put(writer, before, true);
		before = 0;
	}
	writer.position = from;
	writer.spanTo = to;
	writer.phase = before;
	return !to;
};

/** Writes a character, or its code as `=XX`, in the next line if this one has no room for it. */
const put = (writer: Writer, code: number, encode: boolean): void => {
	if (writer.at - writer.lineStart + (encode ? 3 : 1) > LONGEST_LINE) {
		writer.byte(Code.EQUALS);
		writer.endLine();
	}
	if (encode) writer.escape(Code.EQUALS, code);
	else writer.byte(code);
};
