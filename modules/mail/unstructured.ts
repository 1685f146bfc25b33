/** Free text in a header field: the subject, a comment, an own field (RFC 5322 2.2.1, 2.2.3). */

import { MailError } from "./error";
import { type Writer } from "./writer";
import { encodedWord, looksEncoded, setSpan } from "./words";

/** A longer word could not be kept within a line of 998: it is encoded, and so can be folded. */
const LONGEST_WORD = 900;

const enum Phase {
	BEGIN,
	WORDS,
	END,
}

/** Writes the next piece of the text; true when all of it is written. */
export function unstructured(writer: Writer, value: string): boolean {
	switch (writer.phase) {
		case Phase.BEGIN:
			findSpan(writer, value);
			writer.phase = Phase.WORDS;
			return false;
		case Phase.WORDS:
			if (writer.position >= value.length)
				writer.phase = Phase.END;
			else if (writer.position >= writer.spanFrom && writer.position < writer.spanTo)
				encodedSpan(writer, value);
			else
				plainWord(writer, value);
			return false;
		default:
			writer.endLine();
			return true;
	}
}

function plainWord(writer: Writer, value: string): void {
	const from = writer.position;
	const to = wordEnd(value, from);
	writer.space(to - from);
	writer.run(value, from, to);
	writer.position = to + 1;
}

/** After the span stands the space before the next word. */
function encodedSpan(writer: Writer, value: string): void {
	encodedWord(writer, value);
	if (writer.position === writer.spanTo)
		writer.position += 1;
}

function wordEnd(value: string, from: number): number {
	const to = value.indexOf(" ", from);
	return to < 0 ? value.length : to;
}

/**
 * All from the first word that must be encoded to the last is encoded, spaces included, since white space between two
 * encoded words is lost (RFC 2047 6.2). A word must be encoded if it is not printable ASCII, looks encoded, is too
 * long for a line, or is empty: runs of spaces survive only encoded.
 */
function findSpan(writer: Writer, value: string): void {
	let first = -1;
	let last = 0;
	for (let from = 0; from <= value.length;) {
		const to = wordEnd(value, from);
		if (value.length && mustEncode(writer, value, from, to)) {
			if (first < 0)
				first = from;
			last = to;
		}
		from = to + 1;
	}
	if (first >= 0)
		setSpan(writer, value, first, last);
	writer.position = 0;
}

function mustEncode(writer: Writer, value: string, from: number, to: number): boolean {
	if (from === to || to - from > LONGEST_WORD)
		return true;
	for (let i = from; i < to; i++) {
		const code = value.charCodeAt(i);
		if (code < 0x20 && code !== 0x09)
			throw new MailError(writer.field, "contains a control character");
		if (code < 0x20 || code > 0x7e)
			return true;
	}
	return looksEncoded(value, from, to);
}
