import type { SMTPReply } from "./error";
import { decodeText, enhancedEnd, lastLine, stripEnhanced } from "./text";

/** What a byte given to the parser did. */
export const enum ReplyEvent {
	/** More bytes are needed. */
	None,
	/** A line of a reply that goes on is complete. */
	Line,
	/** The reply is complete. */
	Reply,
	/** What came is not a reply; `problem` says why. The connection is of no use any more. */
	Malformed,
}

/** Receives the text of a reply's lines byte by byte, where a reply is read for its content (EHLO). */
export interface LineScanner {
	/** A byte of the text after the code and its separator. `line` counts from 0. */
	push(byte: number, line: number): void;
	/** The end of a line. */
	end(line: number): void;
}

/** Octets in one line, CRLF included. RFC 5321, 4.5.3.1.5 asks for 512; servers send more. */
export const LINE_LIMIT = 2048;
/** Lines in one reply. */
export const LINE_COUNT_LIMIT = 128;
/** Octets of text kept of a reply that a person or a mechanism will read. */
const TEXT_LIMIT = 512;

/**
 * Reads replies byte by byte (RFC 5321, 4.2), in whatever pieces they arrive. A reply that succeeds leaves nothing
 * but its code; the text of refusals (4yz, 5yz) and challenges (334)
 * is kept, bounded. Lines may end in CRLF or LF.
 */
export class ReplyParser {
	/** Code of the reply under way or just completed. */
	code = 0;
	/** Why the last byte was Malformed. */
	problem = "";
	/** Keep the text of every reply, not only of those a person will read. */
	keepText = false;
	/** Gets the text of the lines that follow, byte by byte. */
	scanner: LineScanner | undefined;
	#textLimit: number;
	#text: Uint8Array | undefined;
	#textLength = 0;
	#line = 0;
	#column = 0;
	#value = 0;
	#more = false;
	#cr = false;
	#complete = false;

	/** @param textLimit octets of text to keep at most */
	constructor(textLimit = TEXT_LIMIT) {
		this.#textLimit = textLimit;
	}

	push(byte: number): ReplyEvent {
		if (this.#complete) this.begin();
		if (++this.#column > LINE_LIMIT) return this.fail(`a reply line is longer than ${LINE_LIMIT} bytes`);
		if (byte === 10) return this.endLine();
		if (this.#column > 4) this.textByte(byte);
		else if (this.#column === 4) return this.separator(byte);
		else return this.digit(byte);
		return ReplyEvent.None;
	}

	/** The reply just completed, with what was kept of its text. */
	get reply(): SMTPReply {
		const text = this.text;
		const end = enhancedEnd(text);
		return {
			code: this.code,
			enhanced: end ? text.slice(0, end) : undefined,
			text: end ? stripEnhanced(text, end) : text,
		};
	}

	/** The text that was kept of the reply just completed, enhanced status codes included; lines joined by LF. */
	get text(): string {
		return this.#text ? decodeText(this.#text, 0, this.#textLength) : "";
	}

	/** The kept text of the line just completed. */
	get lineText(): string {
		return lastLine(this.text);
	}

	/** Forgets what has come: for a new connection. */
	reset(): void {
		this.begin();
		this.scanner = undefined;
	}

	private begin(): void {
		this.code = this.#value = this.#line = this.#column = this.#textLength = 0;
		this.#more = this.#cr = this.#complete = false;
	}

	private digit(byte: number): ReplyEvent {
		const digit = byte - 48;
		if (digit < 0 || digit > 9 || (this.#column === 1 && (digit === 0 || digit > 5)))
			return this.fail("a line does not begin with a reply code");
		this.#value = this.#value * 10 + digit;
		return ReplyEvent.None;
	}

	private separator(byte: number): ReplyEvent {
		this.#more = byte === 45;
		if (byte === 13) this.#cr = true;
		else if (byte !== 45 && byte !== 32) return this.fail("a reply code is not followed by a space or a hyphen");
		return ReplyEvent.None;
	}

	private textByte(byte: number): void {
		if (this.#cr) {
			this.#cr = false;
			this.keep(13);
		}
		if (byte === 13) this.#cr = true;
		else this.keep(byte);
	}

	private keep(byte: number): void {
		this.scanner?.push(byte, this.#line);
		if (this.keepText || this.#value >= 400 || this.#value === 334) this.store(byte);
	}

	private store(byte: number): void {
		if (!this.#text) this.#text = new Uint8Array(this.#textLimit);
		if (this.#textLength < this.#textLimit) this.#text[this.#textLength++] = byte;
	}

	private endLine(): ReplyEvent {
		if (this.#column < 4) return this.fail("a line ends within its reply code");
		if (this.#line > 0 && this.#value !== this.code)
			return this.fail(`the code changes from ${this.code} to ${this.#value} within one reply`);
		this.code = this.#value;
		this.scanner?.end(this.#line);
		this.#column = this.#value = 0;
		this.#cr = false;
		if (!this.#more) {
			this.#complete = true;
			return ReplyEvent.Reply;
		}
		if (++this.#line >= LINE_COUNT_LIMIT) return this.fail(`a reply has more than ${LINE_COUNT_LIMIT} lines`);
		if (this.#textLength) this.store(10);
		return ReplyEvent.Line;
	}

	private fail(problem: string): ReplyEvent {
		this.problem = problem;
		return ReplyEvent.Malformed;
	}
}
