import type { Pieces } from "./pieces";
import type { Writer } from "./writer";

/** Characters of an encoded line, before the = of a soft line break. */
const LONGEST_LINE = 75;

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
 * @returns true at the end
 */
export const quoted = (writer: Writer, pieces: Pieces): boolean => {
	const { limit } = writer;
	const target = writer.target!;
	let { bytes } = pieces;
	let { at, position: from, spanTo: to, phase: before } = writer;
	let lineEnd = writer.lineStart + LONGEST_LINE;
	while (at <= limit) {
		if (from === to) {
			from = 0;
			to = pieces.next();
			bytes = pieces.bytes;
			if (before === Code.SPACE || before === Code.TAB) {
				writer.at = at;
				put(writer, before, Code.NONE, to ? bytes[0]! : Code.NONE);
				at = writer.at;
				lineEnd = writer.lineStart + LONGEST_LINE;
				before = Code.NONE;
			}
			if (!to) break;
		}
		const code = bytes[from++]!;
		// most characters are just one more in their line
		if (at < lineEnd && (code > Code.EQUALS ? code < Code.DELETE : code > Code.DOT && code !== Code.EQUALS))
			target[at++] = code;
		else if (code === Code.SPACE && at < lineEnd && from < to && bytes[from]! > Code.SPACE) target[at++] = code;
		else if (from < to || (code !== Code.SPACE && code !== Code.TAB)) {
			writer.at = at;
			put(writer, code, before, bytes[from] ?? Code.NONE);
			at = writer.at;
			lineEnd = writer.lineStart + LONGEST_LINE;
		}
		before = code;
	}
	writer.at = at;
	writer.position = from;
	writer.spanTo = to;
	writer.phase = before;
	return !to;
};

/** Writes any character between two others, in the next line if this one has no room for it. */
const put = (writer: Writer, code: number, before: number, next: number): void => {
	if (code === Code.CR || code === Code.LF) {
		if (code === Code.CR || before !== Code.CR) writer.endLine();
		return;
	}
	let encode = code < Code.SPACE || code >= Code.DELETE || code === Code.EQUALS;
	if (code === Code.SPACE || code === Code.TAB) encode = next === Code.CR || next === Code.LF || next === Code.NONE;
	if (writer.at - writer.lineStart + (encode ? 3 : 1) > LONGEST_LINE) {
		writer.byte(Code.EQUALS);
		writer.endLine();
	}
	if (encode || (code === Code.DOT && writer.at === writer.lineStart)) writer.escape(Code.EQUALS, code);
	else writer.byte(code);
};
