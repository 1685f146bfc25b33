import { base64Size } from "./base64";
import { MailError } from "./error";
import type { Pieces } from "./pieces";
import { CARRIAGE_RETURN, charCodeAt, indexOf, LINE_FEED, slice } from "./strings";

/** Content-Transfer-Encoding (RFC 2045, 6). */
export type TransferEncoding = "7bit" | "8bit" | "quoted-printable" | "base64";

/** Octets of a line without its end (RFC 5322, 2.1.1). */
const LONGEST_LINE = 998;

/** Characters that are made into bytes at once, to see whether each is one. */
const PIECE = 1024;

/** Characters of which there may be a few copies for a moment. */
const FEW = 256;

/** Of so many octets line ends need not be counted: any server takes 64 KB (RFC 5321, 4.5.3.1.7). */
export const SMALL = 16_384;

const { lastIndexOf } = String.prototype;

/** The typings lack that it takes a part. */
const { fromArrayBuffer } = String as unknown as {
	fromArrayBuffer(buffer: ArrayBufferLike, from: number, count: number): string;
};

const NUL = "\0";
const LINE_END = "\r\n";
const EQUALS = "=";
const BOUNDARY = "--=";
const FEED_DOT = "\n.";
const FEED_BOUNDARY = "\n--=";
const RETURN_DOT = "\r.";
const RETURN_BOUNDARY = "\r--=";

const enum Code {
	MINUS = 45,
	DOT = 46,
	EQUALS = 61,
	DELETE = 127,
}

/** What a survey finds out. */
export interface Surveyed {
	encoding: TransferEncoding;
	/** Octets in this encoding, of quoted-printable a few more than will be. */
	size: number;
}

/**
 * Octets of a string in UTF-8.
 * @throws MailError for a NUL or half a surrogate pair
 */
export const octetsOf = (text: string, length: number): number => {
	// the SDK's engine makes one byte of it, so that it looks like ASCII
	if (indexOf.call(text, NUL) >= 0) throw new MailError("text", "a NUL");
	let octets = 0;
	for (let from = 0; from < length; from += PIECE) {
		const piece = length > PIECE ? slice.call(text, from, from + PIECE) : text;
		const bytes = bytesOf(piece);
		octets += bytes;
		if (bytes > (length - from < PIECE ? length - from : PIECE) && hasHalfPair(piece))
			throw new MailError("text", "what is no character");
	}
	return octets;
};

/**
 * Whether the lines of a string can go as they are, which XS's own searches tell a hundred times faster than a look at
 * every byte; not all that can are found.
 * @param bytes the most that a character has
 */
export const isTidy = (text: string, length: number, bytes: number, hasCR: boolean): boolean => {
	const first = charCodeAt.call(text, 0);
	if (first === Code.DOT || (first === Code.MINUS && indexOf.call(text, BOUNDARY) === 0)) return false;
	if (hasOddLine(text, hasCR)) return false;
	const longest = LONGEST_LINE / bytes;
	for (let from = 0; length - from > longest; ) {
		const end = lastIndexOf.call(text, LINE_FEED, from + longest);
		if (end < from) return false;
		from = end + 1;
	}
	return true;
};

/** Octets of such a string with CRLF at every line end; of one that no server refuses for its size, at most. */
export const sizeOf = (text: string, length: number, octets: number, hasCR: boolean): number => {
	if (octets <= SMALL) return octets + length;
	let size = octets;
	for (let from = 0; from < length; from += FEW) {
		// a piece, for a search walks to where it begins
		const piece = slice.call(text, from, from + FEW);
		size += lineEndsOf(piece, hasCR);
	}
	return size;
};

/** Whether there is half a surrogate pair, which nothing else in XS looks for. */
const hasHalfPair = (text: string): boolean => {
	try {
		for (let from = 0; charCodeAt.call(text, from) >= 0; from += FEW) encodeURI(slice.call(text, from, from + FEW));
		return false;
	} catch {
		return true;
	}
};

/** Whether a line is too long, but for what other pieces have of it. */
const hasLongLine = (text: string, hasCR: boolean): boolean => {
	for (let from = 0; ; ) {
		let end = indexOf.call(text, LINE_FEED, from);
		const cr = hasCR ? indexOf.call(text, CARRIAGE_RETURN, from) : -1;
		if (cr >= 0 && (cr < end || end < 0)) end = cr;
		if (bytesOf(end < 0 ? slice.call(text, from) : slice.call(text, from, end)) > LONGEST_LINE) return true;
		if (end < 0) return false;
		from = end + 1;
	}
};

/** Whether a line begins with a dot, or with what could be taken for a boundary of ours: but for the first one. */
const hasOddLine = (text: string, hasCR: boolean): boolean =>
	indexOf.call(text, FEED_DOT) >= 0 ||
	indexOf.call(text, FEED_BOUNDARY) >= 0 ||
	(hasCR && (indexOf.call(text, RETURN_DOT) >= 0 || indexOf.call(text, RETURN_BOUNDARY) >= 0));

const bytesOf = (text: string): number => ArrayBuffer.fromString(text).byteLength;

const countOf = (text: string, found: string): number => {
	let count = 0;
	for (let at = -1; (at = indexOf.call(text, found, at + 1)) >= 0; ) count++;
	return count;
};

/** How many octets it takes more if every line end is CRLF. */
const lineEndsOf = (text: string, hasCR: boolean): number => {
	const feeds = countOf(text, LINE_FEED);
	return hasCR ? feeds + countOf(text, CARRIAGE_RETURN) - 2 * countOf(text, LINE_END) : feeds;
};

/**
 * Reads a text for the best encoding: none if mail can carry it as it is, otherwise the shorter one. Lines that could be
 * taken for a boundary of ours, or that begin with a dot, are hidden by encoding them. What is not UTF-8 is encoded, too.
 *
 * A window is looked at as a string, by XS's own functions. So there is nothing exact about what is beyond ASCII: of a
 * character of three bytes or four, as many as it has but one are counted twice. Control characters, which texts hardly
 * have, are not counted.
 * @throws MailError for a text with a NUL
 */
export const survey = (result: Surveyed, pieces: Pieces, eightBit: boolean): void => {
	/** With CRLF as the line end. */
	let octets = 0;
	/** Those that quoted-printable would encode, at most. */
	let quoted = 0;
	let high = false;
	/** There is what must not go as it is, even where the server takes 8bit. */
	let mustEncode = false;
	/** There may be a CR in the tail. */
	let seenCR = false;
	/** Octets of the line so far; what comes next may begin a line or go on with a boundary. */
	let column = 0;
	let tail = LINE_FEED;
	for (let count: number; (count = pieces.next()); ) {
		let text: string | undefined;
		try {
			text = fromArrayBuffer(pieces.bytes.buffer, 0, count);
		} catch {
			// not UTF-8
		}
		// some versions of XS stop at a NUL
		if (text === undefined || bytesOf(text) !== count) {
			mustEncode = high = true;
			quoted += quotedOf(pieces.bytes, count);
			octets += 2 * count;
			continue;
		}
		// of a string with a NUL XS makes two bytes, or one
		if (indexOf.call(text, NUL) >= 0) throw new MailError("text", "a NUL");
		const more = count - text.length;
		const hasCR = indexOf.call(text, CARRIAGE_RETURN) >= 0;
		if (hasCR) seenCR = true;
		if (more) high = true;
		quoted += 2 * more + countOf(text, EQUALS);
		octets += count + lineEndsOf(text, hasCR);
		if (mustEncode || (high && !eightBit)) continue;
		let first = indexOf.call(text, LINE_FEED);
		let last = lastIndexOf.call(text, LINE_FEED);
		if (hasCR) {
			const cr = indexOf.call(text, CARRIAGE_RETURN);
			if (cr < first || first < 0) first = cr;
			last = Math.max(last, lastIndexOf.call(text, CARRIAGE_RETURN));
		}
		column += first < 0 ? count : bytesOf(slice.call(text, 0, first));
		tail += text;
		mustEncode = column > LONGEST_LINE || hasOddLine(tail, seenCR) || (more > 0 && hasHalfPair(text));
		// most pieces are too short for a line that is too long
		if (count > LONGEST_LINE && hasLongLine(text, hasCR)) mustEncode = true;
		if (first >= 0) column = bytesOf(slice.call(text, last + 1));
		tail = slice.call(tail, -3);
	}
	pieces.reset();
	if (!mustEncode && (!high || eightBit)) {
		result.encoding = high ? "8bit" : "7bit";
		result.size = octets;
	} else chooseShorter(result, octets, quoted);
};

/** The same for a string beyond ASCII where the server does not take 8bit: there is little left to find out. */
export const surveyString = (result: Surveyed, text: string, length: number, octets: number, hasCR: boolean): void => {
	let quoted = 2 * (octets - length);
	let size = octets;
	for (let from = 0; from < length; from += FEW) {
		const piece = slice.call(text, from, from + FEW);
		quoted += countOf(piece, EQUALS);
		size += lineEndsOf(piece, hasCR);
	}
	chooseShorter(result, size, quoted);
};

/**
 * @param octets with CRLF as the line end
 * @param quoted those that quoted-printable would encode
 */
const chooseShorter = (result: Surveyed, octets: number, quoted: number): void => {
	if (quoted * 16 > octets * 3) {
		result.encoding = "base64";
		result.size = base64Size(octets);
	} else {
		const characters = octets + 2 * quoted;
		result.encoding = "quoted-printable";
		result.size = characters + Math.ceil(characters / 20);
	}
};

/**
 * How many of so many bytes, which are no UTF-8, quoted-printable would encode.
 * @throws MailError for a NUL
 */
const quotedOf = (bytes: Uint8Array, count: number): number => {
	let quoted = 0;
	for (let i = 0; i < count; i++) {
		const code = bytes[i]!;
		if (!code) throw new MailError("text", "a NUL");
		if (code >= Code.DELETE || code === Code.EQUALS) quoted++;
	}
	return quoted;
};
