import { type Pieces, StringPieces } from "./pieces";
import { octetsOf } from "./survey";
import { PLAIN, TextPart } from "./text";

/** A line is broken at the first space after so many characters. */
const WIDTH = 66;

/** Bytes that are made at once, and of them what one character may need, which has up to four itself. */
const WINDOW = 96;
const MOST = 13;

/** So many spaces in a row are no longer held back. */
const MOST_SPACES = 4;

const enum Code {
	LF = 10,
	CR = 13,
	SPACE = 32,
	MINUS = 45,
	GREATER = 62,
	F = 70,
}

/**
 * A text whose paragraphs flow with their reader's window, however long its lines (RFC 3676); readers that do not know
 * of it see lines of a common length.
 * @throws MailError for a text that is none
 */
export const flowed = (text: string, eightBit = false): TextPart => {
	octetsOf(text, text.length); // in pieces half a character would pass
	return new TextPart(new FlowedPieces(text), eightBit, `${PLAIN}; format=flowed`);
};

/** Breaks long lines after a space, and stuffs a space before what could be taken for a quote or the like. */
class FlowedPieces implements Pieces {
	readonly bytes = new Uint8Array(WINDOW);
	private text: StringPieces;
	private from = 0;
	private to = 0;
	private at = 0;
	/** Characters of the line so far; spaces held back, since those at its end mean that it goes on. */
	private column = 0;
	private spaces = 0;
	/** The line has been `--` so far, and with one space is a signature's (RFC 3676, 4.3). */
	private dashes = true;
	private before = 0;

	constructor(text: string) {
		this.text = new StringPieces(text);
	}

	reset(): void {
		this.text.reset();
		this.from = this.to = this.column = this.spaces = this.before = 0;
		this.dashes = true;
	}

	next(): number {
		this.at = 0;
		for (;;) {
			if (this.from === this.to) {
				this.from = 0;
				this.to = this.text.next();
				if (!this.to) break;
			}
			const code = this.text.bytes[this.from]!;
			if (this.at > WINDOW - MOST && (code < 0x80 || code >= 0xc0)) break; // a character is not cut
			this.from += 1;
			if (code === Code.CR || (code === Code.LF && this.before !== Code.CR)) this.endLine();
			else if (code === Code.SPACE && this.spaces < MOST_SPACES) this.spaces += 1;
			else if (code !== Code.LF) this.put(code);
			this.before = code;
		}
		return this.at;
	}

	private put(code: number): void {
		const spaces = this.spaces;
		if (!this.column && (spaces || mustStuff(code))) this.stuff();
		for (; this.spaces; this.spaces -= 1) this.write(Code.SPACE);
		if (spaces && this.column > WIDTH && code !== Code.SPACE) {
			this.breakLine();
			if (mustStuff(code)) this.stuff();
		}
		if (code !== Code.MINUS || this.column > 1) this.dashes = false;
		this.write(code);
	}

	private stuff(): void {
		this.write(Code.SPACE);
		this.dashes = false;
	}

	private endLine(): void {
		if (this.dashes && this.column === 2 && this.spaces) this.write(Code.SPACE);
		this.spaces = 0;
		this.breakLine();
		this.dashes = true;
	}

	private breakLine(): void {
		this.write(Code.CR);
		this.write(Code.LF);
		this.column = 0;
	}

	private write(code: number): void {
		this.bytes[this.at] = code;
		this.at += 1;
		this.column += 1;
	}
}

/** A quote, or a line that some take for the beginning of another message (RFC 3676, 4.4). */
const mustStuff = (code: number): boolean => code === Code.GREATER || code === Code.F;
