import { MailError } from "./error";
import { charCodeAt, utf8Byte, utf8Length } from "./strings";

/** The room that every renderer can count on, in bytes: a folded line of an encoded word, or a line of a body. */
export const ROOM = 80;

/** Header lines are folded to this many characters where they can be (RFC 2047, 2; RFC 5322, 2.1.1 asks for 78). */
export const LINE = 76;

/** Characters of a longer text that are written at a time: of four bytes each they still fit. */
const PIECE = ROOM >> 2;

/** The character codes of hexadecimal digits. */
const HEX: readonly number[] = Object.freeze([48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 65, 66, 67, 68, 69, 70], true);

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
	COLON = 58,

	DELETE = 127,
}

/**
 * Where the next byte goes, and how far the rendering of the field at hand has come. One writer serves a whole message:
 * what a field's renderer must know when it is called again is kept here, not in an object a field.
 */
export class Writer {
	/** Undefined where all is rendered for its errors and its length alone. */
	target: Uint8Array | undefined;
	/** Index in `target` of the next byte. */
	at = 0;
	/** The last index at which a renderer may be called: ROOM before the end of `target`. */
	limit = 0;
	/** Index at which the line begins; below 0 if some of it has been read already. */
	lineStart = 0;
	/** The next token needs no space before it: a field, or a line of it, has just begun. */
	fresh = true;
	/** Non-ASCII may stand in addresses as it is (RFC 6532). */
	utf8 = false;

	/** The name of the field being rendered. */
	field = "";
	/** What its renderer does next; 0 at the beginning. In a body the character before. */
	phase = 0;
	/** Entry of its list, and member of a group. In a body where the next piece of a text begins. */
	entry = 0;
	member = 0;
	/** A string that is being written, and how far. */
	value = "";
	position = 0;
	/** Where a run ends, which is written before the renderer is called again; 0 for none. */
	runTo = 0;
	/** So are encoded words, until the span has been written. */
	encoding = false;
	/** The part of `value` that is a name or an address, or that is to be encoded. In a body the end of what is read. */
	spanFrom = 0;
	spanTo = 0;
	style: Style = Style.NONE;

	/** Goes on writing at `at` in another buffer. */
	aim(target: Uint8Array, at = 0): void {
		this.rewind(at);
		this.target = target;
		this.limit = target.length - ROOM;
	}

	/** Goes on writing at `at`. */
	rewind(at = 0): void {
		this.lineStart += at - this.at;
		this.at = at;
	}

	/** Characters in the line so far. */
	get column(): number {
		return this.at - this.lineStart;
	}

	/** Starts a field: its name, a colon and a space. */
	begin(name: string): void {
		this.field = name;
		this.reset();
		this.text(name);
		this.byte(Code.COLON);
		this.byte(Code.SPACE);
		this.fresh = true;
	}

	/** Forgets the field: another one begins, or a body. */
	reset(): void {
		this.phase = this.entry = this.member = this.position = this.runTo = this.spanTo = 0;
		this.value = "";
		this.encoding = false;
	}

	/** A byte as two digits, after the sign that says so: `=XX`, `%XX`. */
	escape(sign: number, code: number): void {
		const { target, at } = this;
		if (target) {
			target[at] = sign;
			target[at + 1] = HEX[code >> 4]!;
			target[at + 2] = HEX[code & 15]!;
		}
		this.at = at + 3;
	}

	byte(code: number): void {
		const { target } = this;
		if (target) target[this.at] = code;
		this.at += 1;
	}

	/**
	 * Writes printable ASCII, or UTF-8 where that is agreed on. Nothing else gets into a header: here all of its
	 * characters pass.
	 */
	text(value: string, from = 0, to = ROOM): void {
		const { target } = this;
		let { at } = this;
		for (let i = from; i < to; i++) {
			const code = charCodeAt.call(value, i);
			if (code >= Code.SPACE && code < Code.DELETE) {
				if (target) target[at] = code;
				at++;
			} else if (!(code >= 0)) break;
			else if (code > Code.DELETE && this.utf8) {
				this.at = at;
				this.character(code);
				at = this.at;
			} else throw new MailError(this.field, "not printable ASCII");
		}
		this.at = at;
	}

	/** Writes a code point in UTF-8. */
	character(code: number): void {
		const length = utf8Length(code);
		for (let i = 0; i < length; i++) this.byte(utf8Byte(code, i, length));
	}

	/** Writes text of any length: what does not fit now is written before the renderer is called again. */
	run(value: string, from: number, to: number): void {
		this.value = value;
		this.position = from;
		this.runTo = to;
	}

	/** Goes on with a run. */
	goOn(): void {
		const { position, runTo } = this;
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
			else this.byte(Code.SPACE);
		}
		this.fresh = false;
	}

	/** Goes on in the next line, which begins with a space (RFC 5322, 2.2.3). */
	fold(): void {
		this.endLine();
		this.byte(Code.SPACE);
		this.fresh = true;
	}

	endLine(): void {
		const { target, at } = this;
		if (target) {
			target[at] = Code.CR;
			target[at + 1] = Code.LF;
		}
		this.at = this.lineStart = at + 2;
	}
}
