import { textOf } from "./encoder";

/** What a line may begin with that a server could take for a command of a mail transaction: four letters in upper case. */
const enum Verb {
	AUTH = 0x41555448,
	BDAT = 0x42444154,
	BURL = 0x4255524c,
	DATA = 0x44415441,
	EHLO = 0x45484c4f,
	HELO = 0x48454c4f,
	LHLO = 0x4c484c4f,
	MAIL = 0x4d41494c,
	RCPT = 0x52435054,
	RSET = 0x52534554,
	SAML = 0x53414d4c,
	SEND = 0x53454e44,
	SOML = 0x534f4d4c,
}

const UPPER_CASE = 0xdfdfdfdf;
const LF = 10;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const NEWLINE = "\n";

/** Bytes that are made into a string at once: about a line. */
const PIECE_BYTES = 80;

/**
 * The end of a chunk (BDAT, RFC 3030) of `bytes[from, end)`. A server that offers chunks and refuses one may read on where it
 * stands, and so take what it has for commands: a text that someone else has written could send a mail. So a chunk ends behind
 * the first letter of a line that could be one. What follows on the wire is the next BDAT, and then the rest of that line;
 * neither is a command any more.
 */
export const chunkEnd = (bytes: Uint8Array, from: number, end: number): number => {
	for (let at = from; at < end; ) {
		while (bytes[at] === 32 || bytes[at] === 9) at++;
		if (at + 4 <= end && isVerb(bytes, at)) return at + 1;
		at = lineEnd(bytes, at, end) + 1;
	}
	return end;
};

/** The place of the next LF; `end` where there is none. Of ASCII the engine makes strings, which it searches fast. */
const lineEnd = (bytes: Uint8Array, from: number, end: number): number => {
	for (let at = from; at < end; ) {
		const stop = at + PIECE_BYTES < end ? at + PIECE_BYTES : end;
		const text = textOf(bytes, at, stop);
		if (text.length === stop - at) {
			const place = text.indexOf(NEWLINE);
			if (place >= 0) return at + place;
			at = stop;
		} else for (; at < stop; at++) if (bytes[at] === LF) return at;
	}
	return end;
};

const isVerb = (bytes: Uint8Array, at: number): boolean => {
	const letters = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
	switch (letters & UPPER_CASE) {
		case Verb.AUTH:
		case Verb.BDAT:
		case Verb.BURL:
		case Verb.DATA:
		case Verb.EHLO:
		case Verb.HELO:
		case Verb.LHLO:
		case Verb.MAIL:
		case Verb.RCPT:
		case Verb.RSET:
		case Verb.SAML:
		case Verb.SEND:
		case Verb.SOML:
			return true;
		default:
			return false;
	}
};
