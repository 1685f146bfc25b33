import type { SMTPReply } from "./error";
import { decodeText, enhancedEnd, stripEnhanced } from "./text";

/** What the parser has come to. */
export const enum ReplyEvent {
	/** More bytes are needed. */
	None,
	/** A line of a reply that goes on is complete. */
	Line,
	/** The reply is complete. */
	Reply,
	/** What came is not a reply; `lineText` says why. The connection is of no use any more. */
	Malformed,
}

/** Receives the text of a reply's lines, where a reply is read for its content (EHLO). */
export interface LineScanner {
	/** The text of a line, after the code and its separator: a character an octet. `line` counts from 0. */
	scan(text: string, line: number): void;
}

/** Octets in one line, CRLF included. RFC 5321, 4.5.3.1.5 asks for 512; servers send more. */
export const LINE_LIMIT = 2048;
/** Lines in one reply. */
export const LINE_COUNT_LIMIT = 128;
/** Octets of text that are looked at in a line that says what is offered, or is a challenge. */
const SCANNED_BYTES = 320;
/** Octets of text kept of a refusal: a person will read no more of it (`Told`), but for codes and what is masked. */
const REFUSAL_BYTES = 192;

/** Of a reply code. */
const CODE_DIGITS = 3;

const enum Code {
	TAB = 9,
	CR = 13,
	SPACE = 32,
	HYPHEN = 45,
	ZERO = 48,
	FIVE = 53,
}

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const NOTHING = "";
const NEWLINE = "\n";
const NO_CODE = "a line does not begin with a reply code";

/**
 * Reads replies (RFC 5321, 4.2), in whatever pieces they arrive: pieces are given to `push`, lines taken by `next`. A
 * reply that succeeds leaves nothing but its code; the text of refusals (4yz, 5yz) and challenges (3yz) is kept,
 * bounded. Lines may end in CRLF or LF. Empty lines and white space before a code are passed over, and what follows a code
 * may be anything but a letter or a digit: servers and what stands before them are not tidy.
 *
 * What came is searched by the engine's own string functions, which take a twentieth of the time of a loop.
 */
export class ReplyParser {
	/** Code of the reply under way or just completed. */
	code = 0;
	/** Keep the text of every reply, not only of those a person will read. */
	declare keepText?: boolean;
	/** Gets the text of the lines that follow. */
	declare scanner?: LineScanner | undefined;
	/** Bytes that came after the line taken last. */
	unread = 0;
	/** What came and was not taken yet: a character an octet. */
	private input = NOTHING;
	/** How far it was taken. */
	private start = 0;
	/** Lines of the reply so far. */
	private line = 0;
	// What most sessions never need has no place before it is needed.
	declare private textLimit?: number;
	/** What is kept: a character an octet. */
	declare private keptText?: string;
	declare private keptLine?: string;
	/** How many octets of the line that has not ended were thrown away. */
	declare private thrown?: number;

	/** @param textLimit octets of text to keep at most */
	constructor(textLimit?: number) {
		if (textLimit !== undefined) this.textLimit = textLimit;
	}

	/** Takes bytes that came, `count` of them, as `octets` made them. */
	push(text: string, count: number): void {
		if (this.unread === 0) this.input = text;
		else if (this.thrown && text.indexOf(NEWLINE) < 0) {
			this.thrown += count; // more of a line that is too long to be kept
			return;
		} else this.input += text;
		this.unread += count;
	}

	/** Takes the next line. */
	next(): ReplyEvent {
		const { input, start, thrown = 0 } = this;
		const first = input.charCodeAt(start) - Code.ZERO;
		if (first <= Code.SPACE - Code.ZERO && this.skipBlank()) return this.next();
		const { unread } = this;
		if (unread === 0) return ReplyEvent.None;
		const end = input.indexOf(NEWLINE, start);
		const length = end < 0 ? unread : end + 1 - start;
		if (length + thrown > LINE_LIMIT) return this.fail(`a reply line is longer than ${LINE_LIMIT} bytes`);
		if (!(first > 0 && first < 6)) return this.fail(NO_CODE);
		if (end < 0) return this.wait(start ? input.slice(start) : input, length);
		const second = input.charCodeAt(start + 1) - Code.ZERO;
		const third = input.charCodeAt(start + 2) - Code.ZERO;
		if (!(second >= 0 && second < 10 && third >= 0 && third < 10)) return this.fail(NO_CODE);
		this.unread = unread - length;
		// What is at its end holds no memory while the reply is dealt with.
		if (unread === length) this.input = NOTHING;
		this.start = unread === length ? 0 : end + 1;
		if (thrown) this.thrown = 0;
		const separator = input.charCodeAt(start + 3);
		if (separator > Code.HYPHEN && isWord(separator))
			return this.fail("a reply code is not followed by a space or a hyphen");
		const code = first * 100 + second * 10 + third;
		const line = this.line;
		if (line === 0) {
			if (this.keptText) this.keptText = NOTHING;
		} else if (code !== this.code) return this.fail(`the code changes from ${this.code} to ${code} within one reply`);
		this.code = code;
		const goesOn = separator === Code.HYPHEN;
		const { scanner } = this;
		if (scanner || (code >= 300 && code !== 354) || this.keepText) {
			// of a line that was cut, nothing of its end
			const to = thrown ? this.limitOf(input) : input.charCodeAt(end - 1) === Code.CR ? end - 1 : end;
			const text = input.slice(start + 4, to);
			scanner?.scan(text, line);
			if (!scanner || code >= 400 || this.keepText) this.keep(text, goesOn);
		}
		if (!goesOn) {
			if (line) this.line = 0;
			return ReplyEvent.Reply;
		}
		this.line = line + 1;
		if (line + 1 >= LINE_COUNT_LIMIT) return this.fail(`a reply has more than ${LINE_COUNT_LIMIT} lines`);
		return ReplyEvent.Line;
	}

	/** Passes over white space and empty lines before the next line. @returns how many bytes */
	skipBlank(): number {
		const { input, unread } = this;
		const end = this.start + unread;
		let at = this.start;
		for (let code = input.charCodeAt(at); at < end && isBlank(code); ) code = input.charCodeAt(++at);
		const count = at - this.start;
		this.unread = unread - count;
		this.start = at === end ? 0 : at;
		if (at === end) this.input = NOTHING;
		return count;
	}

	/**
	 * Nothing more will come: takes what there is of a reply for all of it, where its code has come.
	 * @returns whether the parser holds a reply now
	 */
	end(): boolean {
		this.skipBlank();
		if (this.unread >= CODE_DIGITS) {
			this.push(NEWLINE, 1);
			const event = this.next();
			if (event !== ReplyEvent.Line) return event === ReplyEvent.Reply;
		}
		const { line } = this;
		this.line = 0;
		return line > 0;
	}

	/** The reply just completed, with what was kept of its text. */
	get reply(): SMTPReply {
		return replyOf(this.code, this.text);
	}

	/** The text that was kept of the reply just completed, enhanced status codes included; lines joined by LF. */
	get text(): string {
		return decodeText(this.octets, this.textLimit ?? SCANNED_BYTES);
	}

	/** The same as it came, a character an octet. */
	get octets(): string {
		return this.keptText ?? NOTHING;
	}

	/** The text of the line just completed as it came, where `keepText` is set, or why it is Malformed. */
	get lineText(): string {
		return this.keptLine ?? NOTHING;
	}

	/** Forgets what has come: for a new connection. */
	reset(): void {
		this.input = NOTHING;
		if (this.keptText) this.keptText = NOTHING;
		this.unread = this.start = this.line = 0;
		if (this.thrown) this.thrown = 0;
	}

	/** Puts the line aside that has begun. */
	private wait(rest: string, length: number): ReplyEvent {
		const most = this.limitOf(rest);
		if (length > most) {
			this.thrown = (this.thrown ?? 0) + length - most;
			this.input = rest.slice(0, most);
			this.unread = most;
		} else this.input = rest;
		this.start = 0;
		return ReplyEvent.None;
	}

	/** Keeps a line's text, as far as there is room. An empty first line leaves no trace. */
	private keep(text: string, goesOn: boolean): void {
		const { keptText = NOTHING, code } = this;
		const room = (this.textLimit ?? (code >= 400 ? REFUSAL_BYTES : SCANNED_BYTES)) - keptText.length;
		if (this.keepText) this.keptLine = text;
		if (room <= 0 || !(keptText || text)) return;
		let part = text;
		if (text.length >= room) part = text.slice(0, room);
		else if (goesOn) part += NEWLINE;
		this.keptText = keptText ? keptText + part : part;
	}

	/** Octets that are looked at of a line that does not come at once, by its beginning. */
	private limitOf(line: string): number {
		const { textLimit } = this;
		if (textLimit !== undefined || this.keepText) return CODE_DIGITS + 1 + (textLimit ?? SCANNED_BYTES);
		const first = line.charCodeAt(0) - Code.ZERO;
		if (first > 3) return CODE_DIGITS + 1 + REFUSAL_BYTES;
		// what succeeds, and the invitation to send a message
		const isPlain = first !== 3 || line.charCodeAt(1) === Code.FIVE;
		return CODE_DIGITS + 1 + (isPlain && !this.scanner ? 0 : SCANNED_BYTES);
	}

	private fail(problem: string): ReplyEvent {
		this.keptLine = problem;
		return ReplyEvent.Malformed;
	}
}

/** A reply with this text, of which an enhanced status code is told apart. */
export const replyOf = (code: number, text: string): SMTPReply => {
	const end = enhancedEnd(text);
	return { code, enhanced: end ? text.slice(0, end) : undefined, text: end ? stripEnhanced(text, end) : text };
};

const isBlank = (code: number): boolean => code === Code.SPACE || (code >= Code.TAB && code <= Code.CR);

/** A letter or a digit. */
const isWord = (code: number): boolean => {
	const letter = code & ~32;
	return (code >= Code.ZERO && code <= 57) || (letter >= 65 && letter <= 90);
};

/** Bytes as text, a character an octet. The engine makes it of ASCII; the rest is rare. */
export const octets = (buffer: ArrayBuffer): string => {
	try {
		const text = String.fromArrayBuffer(buffer);
		if (text.length === buffer.byteLength) return text; // in some versions it stops at NUL
	} catch {} // not UTF-8
	const bytes = new Uint8Array(buffer);
	const { length } = bytes;
	let text = NOTHING;
	let i = 0;
	// several at a time, as each is a string of its own until the next
	for (; i + 4 <= length; i += 4) text += String.fromCodePoint(bytes[i]!, bytes[i + 1]!, bytes[i + 2]!, bytes[i + 3]!);
	for (; i < length; i++) text += String.fromCodePoint(bytes[i]!);
	return text;
};
