import { argumentError, type SMTPPhase } from "./error";
import { decodeText } from "./text";

/** How the command at hand is written, as bits. */
const enum Mode {
	ASCII = 0,
	UTF8 = 1,
	/** What comes will be encoded in base64, so it may be anything. */
	Base64 = 2,
	/** There is something in it that a trace must not show. */
	Secret = 4,
	/** It is formatted and checked, but taken back at its end: nothing will be sent. */
	Check = 8,
}

/** In each of four bytes: the lowest bit, a space, the highest bit. */
const ONES = 0x01010101;
const SPACES = 0x20202020;
const HIGH_BITS = -0x7f7f7f80;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const FILLING = "   ";

/** What ECMAScript 2026 has, and XS since 2024. */
interface Base64 {
	toBase64(): string;
}

/**
 * The bytes on their way to the socket, and the one place through which every command goes. A command is written
 * between `begin` and `end`; each of its characters passes `text`, which refuses CR, LF, NUL, every other control
 * character and, unless UTF-8 was agreed upon, everything beyond ASCII.
 */
export class Output {
	/** Shows each command as it is written, secrets masked. */
	declare onCommand: ((command: string) => void) | undefined;
	bytes!: Uint8Array;
	/** How many bytes have been written, from the buffer's start. Beyond the capacity, a command has found no room. */
	length = 0;
	/** How many of them, from the start, are to go to the socket. */
	committed = 0;
	/** Octets in one command, CRLF included (RFC 5321, 4.5.3.1.4: 512, more with extensions). */
	capacity!: number;
	private start = 0;
	private phase: SMTPPhase = "command";
	private mode: number = Mode.ASCII;
	/** Where base64 begins, which is a secret. */
	declare private secretFrom: number;

	/** @param capacity bytes that can wait, and so the longest command */
	constructor(capacity: number) {
		this.allocate(capacity);
	}

	/** Makes room for commands of so many bytes: for a token, and back. Nothing may be waiting. */
	resize(capacity: number): void {
		if (capacity !== this.capacity) this.allocate(capacity);
	}

	/** Lets the buffer go until there is something to write, if nothing waits in it: a message that is being made needs memory. */
	release(): void {
		if (this.length === 0) (this as { bytes: Uint8Array | undefined }).bytes = undefined;
	}

	/** Begins a command, after those that are waiting. */
	begin(phase: SMTPPhase, utf8 = false): void {
		if (!this.bytes) this.allocate(this.capacity);
		this.start = this.length;
		this.phase = phase;
		this.mode = (this.mode & Mode.Check) | (utf8 ? Mode.UTF8 : Mode.ASCII);
	}

	/** From here on commands are formatted and checked, but taken back at their end; or so no more. */
	check(isCheck: boolean): void {
		this.mode = isCheck ? Mode.Check : Mode.ASCII;
	}

	/**
	 * Ends the command with CRLF.
	 * @returns false if there was no room: the command is taken back, to be written again when the output has drained
	 * @throws SMTPError (argument) if it is longer than a command may be
	 */
	end(): boolean {
		const { bytes, capacity, length } = this;
		this.length = length + 2;
		if (length + 2 <= capacity) {
			bytes[length] = 13;
			bytes[length + 1] = 10;
			if (this.mode & Mode.Check) this.rollback();
			else {
				this.committed = this.length;
				if (this.onCommand) this.report();
			}
			return true;
		}
		const alone = this.start === 0;
		this.rollback();
		if (alone) throw argumentError(this.phase, `${this.phase}: the command is longer than ${this.capacity} bytes`);
		return false;
	}

	/** Takes back the command begun last. */
	rollback(): void {
		this.length = this.start;
	}

	/**
	 * Writes characters of a command.
	 * @throws SMTPError (argument) for a control character, half a surrogate pair, or a character beyond ASCII where UTF-8 is not agreed upon
	 */
	text(value: string): void {
		// Four at a time; what fills the last four is printable too.
		const buffer = ArrayBuffer.fromString(value + FILLING);
		const count = buffer.byteLength - 3;
		let left = (count + 3) >> 2;
		const words = new Int32Array(buffer, 0, left);
		let bits = 0;
		while (left > 0) {
			// Beyond ASCII, below a space, or DEL: each shows in the highest bit of its byte.
			const word = words[--left]!;
			bits |= (word - SPACES) | (word + ONES);
		}
		if (bits & HIGH_BITS) this.inspect(buffer, count);
		else this.append(buffer, count);
	}

	/** Writes characters as xtext (RFC 3461, 4): "+", "=" and what is not printable as "+" and two hexadecimal digits. */
	xtext(value: string): void {
		let text = "";
		for (let i = 0; i < value.length; i++) {
			const code = value.charCodeAt(i);
			if (code < 32 || code > 126) this.refuse("a character that xtext cannot carry");
			if (code > 32 && code !== 43 && code !== 61) text += String.fromCodePoint(code);
			else text += `+${code === 32 ? "20" : code === 43 ? "2B" : "3D"}`;
		}
		this.text(text);
	}

	/**
	 * Begins base64 (RFC 4648, 4): what `utf8` and `byte` write until `base64End` will be encoded. It is a secret: the trace
	 * shows asterisks in place of the rest of the command.
	 */
	base64Begin(): void {
		this.mode |= Mode.Base64 | Mode.Secret;
		this.secretFrom = this.length;
	}

	/** The UTF-8 of a string; for what base64 carries, so any character may come. */
	utf8(value: string): void {
		const buffer = ArrayBuffer.fromString(value);
		const count = buffer.byteLength;
		if (count === value.length) this.append(buffer, count);
		else this.inspect(buffer, count);
	}

	/** Encodes what has come since `base64Begin`. */
	base64End(): void {
		const { bytes, capacity, length, secretFrom } = this;
		this.mode &= ~Mode.Base64;
		if (length > capacity) return;
		const plain: Uint8Array & Partial<Base64> = new Uint8Array(bytes.buffer, secretFrom, length - secretFrom);
		const text = plain.toBase64!();
		this.length = secretFrom;
		this.append(ArrayBuffer.fromString(text), text.length);
	}

	/** One byte, unchecked. */
	byte(byte: number): void {
		if (this.length < this.capacity) this.bytes[this.length++] = byte;
		else this.length = this.capacity + 1;
	}

	/** The first `count` bytes, to be handed to the socket. */
	view(count: number): Uint8Array {
		const { bytes } = this;
		return count === this.capacity ? bytes : new Uint8Array(bytes.buffer, 0, count);
	}

	/** The buffer from `start` on, to be written to. */
	room(start: number): Uint8Array {
		const { bytes } = this;
		return start === 0 ? bytes : new Uint8Array(bytes.buffer, start, this.capacity - start);
	}

	/** Forgets the first `count` bytes. */
	drop(count: number): void {
		const { length } = this;
		if (count < length) this.bytes.copyWithin(0, count, length);
		this.length = length - count;
		this.committed -= count;
	}

	private append(buffer: ArrayBuffer, count: number): void {
		const end = this.length + count;
		if (end <= this.capacity && !(this.mode & Mode.Check))
			this.bytes.set(new Uint8Array(buffer, 0, count), this.length);
		this.length = end;
	}

	/** Writes UTF-8 in which there may be what must not be sent. */
	private inspect(buffer: ArrayBuffer, count: number): void {
		const bytes = new Uint8Array(buffer);
		const { mode } = this;
		const isText = !(mode & Mode.Base64);
		for (let i = 0; i < count; i++) {
			let byte = bytes[i]!;
			if (byte === 0xc0) {
				byte = 0; // as the engine writes NUL within strings
				i++;
			}
			if (isText && (byte < 32 || byte === 127)) this.refuse("a line end or another control character");
			if (isText && byte >= 0x80 && !(mode & Mode.UTF8)) this.refuse("a character beyond ASCII, which takes SMTPUTF8");
			if (byte === 0xed && bytes[i + 1]! >= 0xa0) this.refuse("half a surrogate pair");
			this.byte(byte);
		}
	}

	private allocate(capacity: number): void {
		this.bytes = new Uint8Array(capacity);
		this.capacity = capacity;
	}

	private report(): void {
		const isSecret = this.mode & Mode.Secret;
		const end = isSecret ? this.secretFrom : this.length - 2;
		let command = "";
		for (let i = this.start; i < end; i++) command += String.fromCodePoint(this.bytes[i]!);
		this.onCommand?.(decodeText(command) + (isSecret ? "***" : ""));
	}

	private refuse(what: string): never {
		this.rollback();
		throw argumentError(this.phase, `${this.phase}: an argument contains ${what}`);
	}
}
