import { charCodeAt, indexOf, slice } from "./strings";
import { LONGEST_LINE } from "./survey";
import { ROOM, type Writer } from "./writer";

/** Characters that are made into bytes at once, to see whether each is one. */
const PIECE = 1024;

/** Of so many characters line ends need not be counted: any server takes 64 KB (RFC 5321, 4.5.3.1.7). */
export const SMALL = 16_384;

/** Characters in which line ends are counted at once. */
const COUNTED = 256;

/** Characters that are written at once: three times as many bytes are in use for a moment. */
const MOST = 160;

const { lastIndexOf } = String.prototype;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const LINE_FEED = "\n";
export const CARRIAGE_RETURN = "\r";
const NUL = "\0";
const BOUNDARY = "--=";
const DOT_BEGINS = "\n.";
const BOUNDARY_BEGINS = "\n--=";

const enum Code {
	LF = 10,
	CR = 13,
	MINUS = 45,
	DOT = 46,
}

/**
 * Whether a text can go as it is and be written by `ascii`: it is all ASCII, every CR has its LF, and no line is too long,
 * begins with a dot or could be taken for a boundary of ours. XS's own searches tell that a hundred times faster than a
 * look at every byte.
 */
export const isPlainASCII = (text: string, hasCR: boolean): boolean => {
	const { length } = text;
	for (let from = 0; from < length; from += PIECE) {
		const rest = length - from;
		const piece = length > PIECE ? slice.call(text, from, from + PIECE) : text;
		if (ArrayBuffer.fromString(piece).byteLength !== (rest < PIECE ? rest : PIECE)) return false;
	}
	// the SDK's engine makes one byte of it, too
	if (indexOf.call(text, NUL) >= 0) return false;
	const first = charCodeAt.call(text, 0);
	if (first === Code.DOT || (first === Code.MINUS && indexOf.call(text, BOUNDARY) === 0)) return false;
	if (indexOf.call(text, DOT_BEGINS) >= 0 || indexOf.call(text, BOUNDARY_BEGINS) >= 0) return false;
	if (hasCR)
		for (let at = -1; (at = indexOf.call(text, CARRIAGE_RETURN, at + 1)) >= 0; )
			if (charCodeAt.call(text, at + 1) !== Code.LF) return false;
	for (let from = 0; length - from > LONGEST_LINE; ) {
		const end = lastIndexOf.call(text, LINE_FEED, from + LONGEST_LINE);
		if (end < from) return false;
		from = end + 1;
	}
	return true;
};

/** Octets of such a text with CRLF at every line end. */
export const asciiSize = (text: string, hasCR: boolean): number => {
	const { length } = text;
	let size = length;
	for (let from = 0; from < length; from += COUNTED) {
		// a piece, for a search walks to where it begins
		const piece = slice.call(text, from, from + COUNTED);
		for (let at = -1; (at = indexOf.call(piece, LINE_FEED, at + 1)) >= 0; ) size++;
		if (hasCR) for (let at = -1; (at = indexOf.call(piece, CARRIAGE_RETURN, at + 1)) >= 0; ) size--;
	}
	return size;
};

/**
 * Writes as much as fits of such a text, every line end as CRLF.
 * @returns true at the end
 */
export const ascii = (writer: Writer, text: string, hasCR: boolean): boolean => {
	const { length } = text;
	const { limit } = writer;
	const target = writer.target!;
	const room = limit + ROOM;
	let { position } = writer;
	while (position < length) {
		const { at } = writer;
		if (at > limit) {
			writer.position = position;
			return false;
		}
		let count = room - at;
		if (count > MOST) count = MOST;
		if (count > length - position) count = length - position;
		const piece = slice.call(text, position, position + count);
		target.set(new Uint8Array(ArrayBuffer.fromString(piece)), at);
		let end = at + count;
		let added = 0;
		for (let lf = -1; (lf = indexOf.call(piece, LINE_FEED, lf + 1)) >= 0 && lf < count; ) {
			const to = at + lf + added;
			if (hasCR && lf && target[to - 1] === Code.CR) continue;
			if (to + 1 === room) {
				// no place for both
				end = to;
				count = lf;
				break;
			}
			target.copyWithin(to + 1, to, end);
			target[to] = Code.CR;
			added++;
			if (end < room) end++;
			else count--; // the last character has lost its place
		}
		// what comes next must know of it
		if (hasCR && target[end - 1] === Code.CR) {
			end--;
			count--;
		}
		writer.at = end;
		position += count;
	}
	// whether the last line is open shows in the column
	if (length && target[writer.at - 1] === Code.LF) writer.lineStart = writer.at;
	return true;
};
