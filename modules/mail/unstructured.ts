import { isAtext } from "./address";
import { MailError } from "./error";
import { asciiLength, charCodeAt, indexOf, printableLength } from "./strings";
import { beginSpan } from "./words";
import { LINE, type Writer } from "./writer";

/** A longer word might not fit in a line of 998: it is encoded, and so can be folded. */
const LONGEST_WORD = 900;

/** Octets of a line (RFC 5322, 2.1.1); a word that has one to itself stands behind the space that folds it. */
const LONGEST_LINE = 998;

const enum Code {
	TAB = 0x09,
	SPACE = 0x20,
	DOT = 0x2e,
	EQUALS = 0x3d,
	QUESTION = 0x3f,
	DELETE = 0x7f,
}

const enum Phase {
	BEGIN,
	SPAN,
	TEXT,
}

/**
 * Writes the next piece of free text, such as a subject (RFC 5322, 2.2.1); true when all of it is written.
 * @param hasSyntax it is of a structured field, in which only words beyond ASCII are encoded, in phrases (RFC 2047, 5 (3))
 */
export const unstructured = (writer: Writer, value: string, hasSyntax = false): boolean => {
	if (writer.phase === Phase.TEXT) return next(writer, value, hasSyntax);
	if (writer.phase === Phase.BEGIN) {
		if (plain(writer, value)) return true;
		writer.spanTo = 0;
		findSpan(writer, value, hasSyntax);
		if (hasSyntax) checkPhrase(writer, value);
	} else if (writer.spanTo) beginSpan(writer);
	writer.position = 0;
	writer.phase += 1;
	return false;
};

/** Writes all of a text that fits in the line as it is: most do. */
export const plain = (writer: Writer, value: string): boolean => {
	// what has been checked before it is written may still have tabs in it, or be of another script
	const length = writer.target ? asciiLength(value) : printableLength(value);
	if (length <= 0 || writer.column + length > LINE) return false;
	if (indexOf.call(value, "=?") >= 0 || indexOf.call(value, "  ") >= 0) return false;
	if (charCodeAt.call(value, 0) === Code.SPACE || charCodeAt.call(value, length - 1) === Code.SPACE) return false;
	writer.add(value, length);
	writer.endLine();
	return true;
};

/** Goes on at the beginning, at the space before a word, or within what is encoded. */
const next = (writer: Writer, value: string, hasSyntax: boolean): boolean => {
	const { position } = writer;
	if (!(charCodeAt.call(value, position) >= 0)) {
		writer.endLine();
		return true;
	}
	let to = position ? position + 1 : 0;
	if (position < writer.spanTo && to >= writer.spanFrom) {
		if (position < writer.spanFrom) writer.position = to;
		writer.value = value;
		writer.encoding = true;
		return false;
	}
	const from = to;
	// of several spaces all but the first belong to the word: so no line has spaces alone
	if (hasSyntax) while (charCodeAt.call(value, to) === Code.SPACE) to++;
	for (let code: number; (code = charCodeAt.call(value, to)) >= 0 && code !== Code.SPACE; ) to++;
	if (hasSyntax) checkWord(writer, position, to - from);
	writer.space(to - from);
	writer.run(value, from, to);
	return false;
};

/**
 * A word with a syntax stands as it is, on a line of its own if need be.
 * @throws MailError where no line has room for it (RFC 5322, 2.1.1)
 */
const checkWord = (writer: Writer, position: number, length: number): void => {
	if (length >= LONGEST_LINE) throw new MailError(writer.field, "a word that is longer than a line can be");
	if (!position && writer.column + length > LONGEST_LINE) writer.fold();
};

/** @throws MailError where what must be encoded is no phrase: in an address, a URL or a quoted string */
const checkPhrase = (writer: Writer, value: string): void => {
	const { spanTo } = writer;
	for (let i = spanTo ? writer.spanFrom : 0; i < spanTo; i++) {
		const code = charCodeAt.call(value, i);
		if (code < Code.DELETE && code !== Code.SPACE && !isAtext(code) && code !== Code.DOT)
			throw new MailError(writer.field, "not ASCII where it cannot be encoded: in an address, a URL or quotes");
	}
};

/**
 * All from the first word that must be encoded to the last is encoded, with the spaces between, which would be lost
 * between encoded words (RFC 2047, 6.2). Of several spaces in a row, and of one at either end, only what is encoded
 * survives: they stand around words of no characters, encoded with the word after them or, at the end, before them.
 */
const findSpan = (writer: Writer, value: string, hasSyntax: boolean): void => {
	let first = -1;
	let last = 0;
	let previous = 0;
	/** The word at hand: where it begins, and whether it must be encoded. */
	let from = 0;
	let encode = false;
	for (let to = 0, before = 0; ; to++) {
		const code = charCodeAt.call(value, to);
		if (code > Code.SPACE && code < Code.DELETE) {
			if (code === Code.QUESTION && before === Code.EQUALS && !hasSyntax) encode = true;
			before = code;
			continue;
		}
		if (code === Code.SPACE || !(code >= 0)) {
			const empty = to === from;
			if (encode || (!hasSyntax && (empty || to - from > LONGEST_WORD))) {
				if (first < 0) first = empty && code !== Code.SPACE ? previous : from;
				last = to;
			}
			if (code !== Code.SPACE) break;
			previous = from;
			from = to + 1;
			encode = empty && !hasSyntax;
		} else {
			if (code < Code.SPACE && code !== Code.TAB) throw new MailError(writer.field, "a control character");
			encode = true;
		}
	}
	if (!last) return;
	writer.value = value;
	writer.spanFrom = first;
	writer.spanTo = last;
};
