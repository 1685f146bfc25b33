import { argumentError, type SMTPPhase } from "./error";
import { decodeText } from "./text";

/** Room for the bytes that the encoder writes at once: a line end and the line with the final dot. */
const SLACK = 6;
/** Bytes that are read from a message's source at once. */
const INPUT_BYTES = 128;

/**
 * The bytes on their way to the socket, and the one place through which every command goes. A command is written
 * between `begin` and `end`; each of its characters passes `text`, which refuses CR, LF, NUL, every other control
 * character and, unless UTF-8 was agreed upon, everything beyond ASCII. Nothing is allocated: characters are encoded straight into the buffer.
 */
export class Output {
	/** Shows each command as it is written, secrets masked. */
	onCommand: ((command: string) => void) | undefined;
	/** Commands are formatted and checked, but taken back at their end: nothing will be sent. */
	checking = false;
	bytes!: Uint8Array;
	/** How many bytes have been written, from the buffer's start. */
	length = 0;
	/** How many of them, from the start, are to go to the socket. */
	committed = 0;
	/** Octets in one command, CRLF included (RFC 5321, 4.5.3.1.4: 512, more with extensions). */
	capacity!: number;
	/** How far a message's bytes may be written: a little beyond the capacity, so that a full buffer is always quite full. */
	limit!: number;
	/** The rest of the buffer, behind the limit: where a message's source is read to. */
	input!: Uint8Array;
	#usual: number;
	#view!: Uint8Array;
	#start = 0;
	#phase: SMTPPhase = "command";
	#utf8 = false;
	#overflow = false;
	/** Base64: 1 followed by the bytes of a group that is not complete; 0 outside base64. */
	#group = 0;
	#secret = -1;

	/** @param capacity bytes that can wait, and so the longest command */
	constructor(capacity: number) {
		this.#usual = capacity;
		this.allocate(capacity);
	}

	/**
	 * Makes room for a command of so many bytes, where it is longer than usual (a token), or without an argument takes
	 * back what it made. Nothing may be waiting.
	 */
	resize(capacity = this.#usual): void {
		if (capacity > this.capacity || (capacity === this.#usual && capacity < this.capacity)) this.allocate(capacity);
	}

	/** Begins a command, after those that are waiting. */
	begin(phase: SMTPPhase, utf8 = false): void {
		this.#start = this.length;
		this.#phase = phase;
		this.#utf8 = utf8;
		this.#overflow = false;
		this.#group = 0;
		this.#secret = -1;
	}

	/**
	 * Ends the command with CRLF.
	 * @returns false if there was no room: the command is taken back, to be written again when the output has drained
	 * @throws SMTPError (argument) if it is longer than a command may be
	 */
	end(): boolean {
		this.byte(13);
		this.byte(10);
		if (!this.#overflow) {
			if (this.checking) this.rollback();
			else {
				this.committed = this.length;
				this.report();
			}
			return true;
		}
		const alone = this.#start === 0;
		this.rollback();
		if (alone) throw argumentError(this.#phase, `${this.#phase}: the command is longer than ${this.capacity} bytes`);
		return false;
	}

	/** Takes back the command begun last. */
	rollback(): void {
		this.length = this.#start;
	}

	/**
	 * Writes characters of a command.
	 * @throws SMTPError (argument) for a control character, half a surrogate pair, or a character beyond ASCII where UTF-8 is not agreed upon
	 */
	text(value: string): void {
		const { length } = value;
		for (let i = 0; i < length; ) {
			const code = value.charCodeAt(i);
			if (code < 32 || code === 127) this.refuse("a line end or another control character");
			if (code < 0x80 || this.#utf8) i = this.character(value, i, code);
			else this.refuse("a character beyond ASCII, which takes SMTPUTF8");
		}
	}

	/** Writes characters as xtext (RFC 3461, 4): "+", "=" and what is not printable as "+" and two hexadecimal digits. */
	xtext(value: string): void {
		for (let i = 0; i < value.length; i++) {
			const code = value.charCodeAt(i);
			if (code < 32 || code > 126) this.refuse("a character that xtext cannot carry");
			if (code > 32 && code !== 43 && code !== 61) this.byte(code);
			else {
				this.byte(43);
				this.byte(hexDigit(code >> 4));
				this.byte(hexDigit(code & 15));
			}
		}
	}

	/** From here on what the command carries is a secret: the trace shows asterisks in its place. */
	secret(): void {
		if (this.#secret < 0) this.#secret = this.length;
	}

	/** Begins base64 (RFC 4648, 4): what `utf8` and `byte` are given until `base64End` is encoded in groups of three. */
	base64Begin(): void {
		this.#group = 1;
	}

	/** The UTF-8 of a string; for what base64 carries, so any character may come. */
	utf8(value: string): void {
		const { length } = value;
		for (let i = 0; i < length; ) i = this.character(value, i, value.charCodeAt(i));
	}

	base64End(): void {
		const group = this.#group;
		this.#group = 0;
		if (group >= 0x10000) this.base64(group << 8, 3);
		else if (group >= 0x100) this.base64(group << 16, 2);
	}

	/** One byte, unchecked; within base64 it is encoded. */
	byte(byte: number): void {
		if (this.#group) this.group(byte);
		else if (this.length < this.capacity) this.bytes[this.length++] = byte;
		else this.#overflow = true;
	}

	/** The first `count` bytes, to be handed to the socket. The same object for a full buffer each time. */
	view(count: number): Uint8Array {
		return count === this.capacity ? this.#view : new Uint8Array(this.bytes.buffer, 0, count);
	}

	/** Forgets the first `count` bytes. */
	drop(count: number): void {
		if (count < this.length) this.bytes.copyWithin(0, count, this.length);
		this.length -= count;
		this.committed -= count;
	}

	/**
	 * Writes the UTF-8 of the character at an index, whose `charCodeAt` is `unit`.
	 * @returns the index after it: in XS a string is a row of characters, elsewhere of UTF-16 units
	 */
	private character(value: string, at: number, unit: number): number {
		if (unit < 0x80) {
			this.byte(unit);
			return at + 1;
		}
		const code = value.codePointAt(at) as number;
		if (code >= 0xd800 && code < 0xe000) this.refuse("half a surrogate pair");
		if (code < 0x800) this.byte(0xc0 | (code >> 6));
		else {
			if (code < 0x10000) this.byte(0xe0 | (code >> 12));
			else {
				this.byte(0xf0 | (code >> 18));
				this.byte(0x80 | ((code >> 12) & 63));
			}
			this.byte(0x80 | ((code >> 6) & 63));
		}
		this.byte(0x80 | (code & 63));
		return at + (code === unit ? 1 : 2);
	}

	private group(byte: number): void {
		const group = (this.#group << 8) | byte;
		this.#group = group;
		if (group < 0x1000000) return;
		this.#group = 0;
		this.base64(group, 4);
		this.#group = 1;
	}

	/** Writes three bytes as four characters, of which `digits` count. */
	private base64(bytes: number, digits: number): void {
		this.byte(base64Digit((bytes >> 18) & 63));
		this.byte(base64Digit((bytes >> 12) & 63));
		this.byte(digits > 2 ? base64Digit((bytes >> 6) & 63) : 61);
		this.byte(digits > 3 ? base64Digit(bytes & 63) : 61);
	}

	private allocate(capacity: number): void {
		const buffer = new ArrayBuffer(capacity + SLACK + INPUT_BYTES);
		this.bytes = new Uint8Array(buffer);
		this.capacity = capacity;
		this.limit = capacity + SLACK;
		this.input = new Uint8Array(buffer, capacity + SLACK, INPUT_BYTES);
		this.#view = new Uint8Array(buffer, 0, capacity);
	}

	private report(): void {
		if (!this.onCommand) return;
		const end = this.#secret < 0 ? this.length - 2 : this.#secret;
		this.onCommand(decodeText(this.bytes, this.#start, end) + (this.#secret < 0 ? "" : "***"));
	}

	private refuse(what: string): never {
		this.rollback();
		throw argumentError(this.#phase, `${this.#phase}: an argument contains ${what}`);
	}
}

const base64Digit = (value: number): number => {
	if (value < 26) return value + 65;
	if (value < 52) return value + 71;
	if (value < 62) return value - 4;
	return value === 62 ? 43 : 47;
};

const hexDigit = (value: number): number => {
	return value < 10 ? value + 48 : value + 55;
};
