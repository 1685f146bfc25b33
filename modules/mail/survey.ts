import { base64Size } from "./base64";
import { MailError } from "./error";
import type { Pieces } from "./pieces";
import { runEnd, wordsOf } from "./run";

/** Content-Transfer-Encoding (RFC 2045, 6). */
export type TransferEncoding = "7bit" | "8bit" | "quoted-printable" | "base64";

/** Octets of a line without its end (RFC 5322, 2.1.1). */
export const LONGEST_LINE = 998;

const enum Code {
	NONE = 0,
	TAB = 9,
	LF = 10,
	CR = 13,
	SPACE = 32,
	MINUS = 45,
	DOT = 46,
	EQUALS = 61,
	DELETE = 127,
	/** UTF-8 has neither the first, but in the NUL of an XS string, nor the others together: half a surrogate pair. */
	OVERLONG = 0xc0,
	SURROGATE = 0xed,
	SURROGATE_NEXT = 0xa0,
}

/** What a survey finds out. */
export interface Surveyed {
	encoding: TransferEncoding;
	/** Octets in this encoding, of quoted-printable a few more than will be. */
	size: number;
}

/**
 * Reads a text for the best encoding: none if mail can carry it as it is, otherwise the shorter one. Lines that could be
 * taken for a boundary of ours, or that begin with a dot, are hidden by encoding them.
 * @throws MailError for a text with a NUL or half a surrogate pair
 */
export const survey = (result: Surveyed, pieces: Pieces, eightBit: boolean): void => {
	/** With CRLF as the line end. */
	let octets = 0;
	/** Those that quoted-printable would encode, and those over ASCII. */
	let quoted = 0;
	let high = 0;
	/** There is what must not go as it is, even where the server takes 8bit. */
	let mustEncode = false;
	let column = 0;
	let minuses = 0;
	let before = 0;
	for (let count: number; (count = pieces.next()); octets += count) {
		const { bytes } = pieces;
		const words = pieces.words ?? wordsOf(bytes);
		for (let i = 0; i < count; i++) {
			// what changes nothing: all that is plain, but where a line begins like one that must be hidden
			if (column ? before < Code.DELETE && (column > 2 || !minuses) : bytes[i]! > Code.DOT) {
				const end = runEnd(bytes, words, i, count);
				if (end > i) {
					column += end - i;
					i = end;
					before = Code.NONE;
					if (i === count) break;
				}
			}
			const last = before;
			const code = bytes[i]!;
			before = code;
			column++;
			if (code > Code.EQUALS && code < Code.DELETE) continue;
			if (code >= Code.DELETE) {
				quoted++;
				if (code !== Code.DELETE) high++;
				if (code === Code.OVERLONG || (last === Code.SURROGATE && code >= Code.SURROGATE_NEXT))
					throw new MailError("text", "what is no character");
			} else if (code === Code.CR || code === Code.LF) {
				if (column > LONGEST_LINE + 1) mustEncode = true;
				octets += last === Code.CR && code === Code.LF ? -1 : 1;
				column = minuses = 0;
			} else if (code === Code.EQUALS) {
				quoted++;
				if (minuses === 2 && column === 3) mustEncode = true;
			} else if (code < Code.SPACE && code !== Code.TAB) {
				if (!code) throw new MailError("text", "a NUL");
				quoted++;
			} else if (code === Code.MINUS && column <= 2) minuses++;
			else if (code === Code.DOT && column === 1) mustEncode = true;
		}
	}
	if (column > LONGEST_LINE) mustEncode = true;
	pieces.reset();
	if (!mustEncode && (!high || eightBit)) {
		result.encoding = high ? "8bit" : "7bit";
		result.size = octets;
	} else if (quoted * 16 > octets * 3) {
		result.encoding = "base64";
		result.size = base64Size(octets);
	} else {
		const characters = octets + 2 * quoted;
		result.encoding = "quoted-printable";
		result.size = characters + Math.ceil(characters / 20);
	}
};
