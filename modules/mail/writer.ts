import { MailError } from "./error";

/** A renderer is called only while its writer has at least this much room, and writes no more at a time. */
export const ROOM = 80;

/** Lines are folded to this many characters where they can be (RFC 5322 2.1.1 asks for 78, RFC 2047 for 76). */
export const LINE = 76;

const enum Code {
	LF = 10,
	CR = 13,
	SPACE = 32,
	TILDE = 126,
}

/**
 * The place where the next byte goes, and how far into its line and its field the rendering has come.
 * One writer serves a whole message: what a renderer must know when it is called again stands here.
 */
export class Writer {
	target!: Uint8Array;
	/** Index in `target` of the next byte. */
	at = 0;
	/** Bytes already in the line. */
	column = 0;
	/** What the field's renderer is at; 0 when a field begins. */
	phase = 0;
	/** Entry of a list and its member (of a group). */
	entry = 0;
	member = 0;
	/** The string being written where it stands in no list. */
	value = "";
	/** Position in the string being encoded, where its encoded span ends, and whether that is Q or B. */
	position = 0;
	spanFrom = 0;
	spanTo = 0;
	base64 = false;
	/** The field being rendered, for errors. */
	field = "";

	/** Nothing stands yet after the colon. */
	#fresh = true;
	#run: string | undefined;
	#runFrom = 0;
	#runTo = 0;

	/** Starts a field: its name, a colon and a space. */
	begin(name: string): void {
		this.field = name;
		this.phase = this.entry = this.member = this.position = this.spanFrom = this.spanTo = 0;
		this.column = 0;
		this.text(name);
		this.text(": ");
		this.#fresh = true;
	}

	byte(code: number): void {
		this.target[this.at++] = code;
		this.column += 1;
	}

	/** Writes printable ASCII, at most ROOM of it in all between two calls of a renderer. */
	text(value: string, from = 0, to = value.length): void {
		for (let i = from; i < to; i++) {
			const code = value.charCodeAt(i);
			if (code < Code.SPACE || code > Code.TILDE)
				throw new MailError(this.field, "only printable ASCII can stand here");
			this.byte(code);
		}
	}

	/** Writes text of any length: what does not fit now follows before the renderer is called again. */
	run(value: string, from: number, to: number): void {
		this.#run = value;
		this.#runFrom = from;
		this.#runTo = to;
	}

	/** Goes on with a run; false when there is none. */
	continue(): boolean {
		if (this.#run === undefined)
			return false;
		const to = Math.min(this.#runTo, this.#runFrom + ROOM);
		this.text(this.#run, this.#runFrom, to);
		this.#runFrom = to;
		if (to === this.#runTo)
			this.#run = undefined;
		return true;
	}

	endLine(): void {
		this.byte(Code.CR);
		this.byte(Code.LF);
		this.column = 0;
	}

	/** Characters left in this line for the next token after the space before it. */
	get room(): number {
		return LINE - this.column - (this.#fresh ? 0 : 1);
	}

	/** Separates two tokens by a space, or by a fold if the next `length` characters would not fit in this line. */
	space(length: number): void {
		if (this.#fresh) {
			this.#fresh = false;
			return;
		}
		if (this.room < length)
			this.endLine();
		this.byte(Code.SPACE);
	}

	/** Goes on in the next line. */
	fold(): void {
		this.#fresh = false;
		this.endLine();
		this.byte(Code.SPACE);
	}
}
