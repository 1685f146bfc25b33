import { MailError } from "./error";
import { charCodeAt, slice, utf8Length } from "./strings";

/** The room that every renderer can count on, in bytes: a folded line of an encoded word, or a line of a body. */
export const ROOM = 80;

/** Header lines are folded to this many characters where they can be (RFC 2047, 2; RFC 5322, 2.1.1 asks for 78). */
export const LINE = 76;

/** Characters of a longer text that are written at a time: of four bytes each they still fit. */
const PIECE = ROOM >> 2;

/** Constants are in flash: a literal in a preloaded function would be a chunk of the heap each time. */
export const EMPTY = "";
const SPACE = " ";
const COLON = ": ";
const LINE_END = "\r\n";

/** Bytes that wait at least to be copied together. */
const PENDING = 96;

/** The character codes of hexadecimal digits. */
export const HEX: readonly number[] = Object.freeze(
	[48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 65, 66, 67, 68, 69, 70],
	true,
);

/** How a name is written. */
export const enum Style {
	/** There is none. */
	NONE,
	ATOMS,
	QUOTED,
	Q,
	B,
}

const enum Code {
	LF = 10,
	CR = 13,
	SPACE = 32,
	DELETE = 127,
}

/**
 * Where the next byte goes, and how far the rendering of the field at hand has come. One writer serves a whole message:
 * what a field's renderer must know when it is called again is kept here, not in an object a field. What is declared has
 * no slot before it is first set: few mails need it.
 */
export class Writer {
	/** Undefined where all is rendered for its errors and its length alone. */
	declare target?: Uint8Array;
	/** Index in `target` of the next byte. */
	at = 0;
	/** The last index at which a renderer may be called: ROOM before the end of `target`. */
	limit = 0;
	/** Index at which the line begins; below 0 if some of it has been read already. */
	lineStart = 0;
	/** The next token needs no space before it: a field, or a line of it, has just begun. */
	fresh = true;
	/** Non-ASCII may stand in addresses as it is (RFC 6532). */
	declare utf8?: boolean;
	/** Some address needs quotes that it was given without. */
	declare quotes?: boolean;

	/** The name of the field being rendered. */
	field = EMPTY;
	/** What its renderer does next; 0 at the beginning. In a body the character before. */
	phase = 0;
	/** Entry of its list, and member of a group; section of a parameter. */
	entry = 0;
	declare member: number;
	/** A string that is being written, and how far. In a body how far its text, or a piece of it, has been written. */
	declare value: string;
	position = 0;
	/** Text that has been checked and counted, but not copied to `target`: short pieces go together. */
	private pending = EMPTY;
	/** Index behind what has been copied. */
	private copied = 0;

	/** Where a run ends, which is written before the renderer is called again; 0 for none. */
	declare runTo?: number;
	/** So are encoded words, until the span has been written. */
	declare encoding?: boolean;
	/** The part of `value` that is a name or an address, or that is to be encoded. In a body the end of its piece. */
	declare spanFrom: number;
	declare spanTo: number;
	declare style: Style;
	/** Where base64 reads a file's bytes: a part of `target`. */
	declare window?: Uint8Array | undefined;

	/** Goes on writing at the beginning of a buffer. */
	aim(target: Uint8Array): void {
		this.lineStart -= this.at;
		this.at = this.copied = 0;
		if (target === this.target) return;
		this.target = target;
		this.limit = target.length - ROOM;
		if (this.window) this.window = undefined;
	}

	/** Starts again, with what has not been copied left out. */
	restart(): void {
		this.pending = this.field = EMPTY;
		this.lineStart = this.copied = this.at;
		this.clear();
	}

	/** Characters in the line so far. */
	get column(): number {
		return this.at - this.lineStart;
	}

	/** Starts a field: its name, a colon and a space. */
	begin(name: string): void {
		this.field = name;
		this.phase = this.entry = 0;
		if (this.target) this.pending += name + COLON;
		this.at += name.length + 2;
		this.fresh = true;
	}

	/** Starts a body, which is written to the target directly; of one in pieces `spanTo` is to be 0, for there is none yet. */
	reset(): void {
		this.flush();
		this.clear();
		// what every field begins with takes no slots where there are no fields
		delete (this as Partial<Writer>).field;
		delete (this as Partial<Writer>).fresh;
		delete (this as Partial<Writer>).entry;
	}

	private clear(): void {
		this.phase = this.entry = this.position = 0;
		if (this.runTo) this.runTo = 0;
		if (this.encoding) this.encoding = false;
	}

	/** Writes what is known to have so many bytes, and to have its place there. */
	add(text: string, bytes: number): void {
		if (this.target) this.pending += text;
		this.at += bytes;
	}

	/** Writes ASCII that comes from the composer itself. */
	literal(text: string): void {
		this.add(text, text.length);
	}

	/** Copies what waits to the target once it is worth it: from where little has been called, for the stack is short. */
	ease(): void {
		if (this.pending !== EMPTY && this.at - this.copied > PENDING) this.flush();
	}

	/** Copies to the target what waits for it. To be called before anything is written to it directly. */
	flush(): void {
		const { pending } = this;
		if (pending === EMPTY) return;
		const { at } = this;
		const bytes = new Uint8Array(ArrayBuffer.fromString(pending));
		this.target!.set(bytes, at - bytes.length);
		this.pending = EMPTY;
		this.copied = at;
	}

	/** A byte as two digits, after the sign that says so: `=XX`, `%XX`. */
	escape(sign: number, code: number): void {
		if (this.pending !== EMPTY) this.flush();
		const { target, at } = this;
		if (target) {
			target[at] = sign;
			target[at + 1] = HEX[code >> 4]!;
			target[at + 2] = HEX[code & 15]!;
		}
		this.at = at + 3;
	}

	byte(code: number): void {
		if (this.pending !== EMPTY) this.flush();
		const { target } = this;
		if (target) target[this.at] = code;
		this.at += 1;
	}

	/** Writes printable ASCII, or UTF-8 where that is agreed on, and refuses all else. */
	text(value: string, from = 0, to = ROOM): void {
		let bytes = 0;
		for (let i = from; i < to; i++) {
			const code = charCodeAt.call(value, i);
			if (code >= Code.SPACE && code < Code.DELETE) bytes++;
			else if (!(code >= 0)) break;
			else if (code > Code.DELETE && this.utf8) bytes += utf8Length(code);
			else throw new MailError(this.field, "not printable ASCII");
		}
		this.add(slice.call(value, from, to), bytes);
	}

	/** Writes text of any length: what does not fit now is written before the renderer is called again. */
	run(value: string, from: number, to: number): void {
		this.value = value;
		this.position = from;
		this.runTo = to;
	}

	/** Goes on with a run. */
	goOn(): void {
		const { position } = this;
		const runTo = this.runTo!;
		let to = position + PIECE;
		if (to >= runTo) {
			to = runTo;
			this.runTo = 0;
		}
		this.position = to;
		this.text(this.value, position, to);
	}

	/** Separates two tokens: by a space, or by a fold if the next `length` characters do not fit in this line. */
	space(length: number): void {
		if (!this.fresh) {
			if (this.column + 1 + length > LINE) this.fold();
			else this.add(SPACE, 1);
		}
		this.fresh = false;
	}

	/** Goes on in the next line, which begins with a space (RFC 5322, 2.2.3). */
	fold(): void {
		this.endLine();
		this.add(SPACE, 1);
		this.fresh = true;
	}

	endLine(): void {
		const { target, at } = this;
		if (this.pending !== EMPTY) this.pending += LINE_END;
		else if (target) {
			target[at] = Code.CR;
			target[at + 1] = Code.LF;
		}
		this.at = this.lineStart = at + 2;
	}
}
