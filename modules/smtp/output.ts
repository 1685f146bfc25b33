import { argumentError, type SMTPPhase } from "./error";
import { decodeText } from "./text";

/** What the buffer has behind its capacity, by where it begins. */
export const enum Layout {
	/** What was read of a message; before it is a little room, so that a full buffer is always quite full, and a message's end fits. */
	Read = 6,
	/** A command that is to be used again. */
	Command = 86,
	Bytes = 98,
	/** Room that a message's source finds at least. Less would do, but some would have to copy. */
	Input = 80,
}

/** In each of four bytes: the lowest bit, a space, the highest bit. */
const ONES = 0x01010101;
const SPACES = 0x20202020;
const HIGH_BITS = -0x7f7f7f80;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const FILLING = "   ";

/**
 * The bytes on their way to the socket, and the one place through which every command goes. A command is written
 * between `begin` and `end`; each of its characters passes `text`, which refuses CR, LF, NUL, every other control
 * character and, unless UTF-8 was agreed upon, everything beyond ASCII.
 */
export class Output {
	/** Shows each command as it is written, secrets masked. */
	onCommand: ((command: string) => void) | undefined;
	/** Commands are formatted and checked, but taken back at their end: nothing will be sent. */
	checking = false;
	bytes!: Uint8Array;
	/** How many bytes have been written, from the buffer's start. Beyond the capacity, a command has found no room. */
	length = 0;
	/** How many of them, from the start, are to go to the socket. */
	committed = 0;
	/** Octets in one command, CRLF included (RFC 5321, 4.5.3.1.4: 512, more with extensions). */
	capacity!: number;
	/** The views made last. */
	private lastView: Uint8Array | undefined;
	private lastRoom: Uint8Array | undefined;
	private start = 0;
	private phase: SMTPPhase = "command";
	private isUTF8 = false;
	/** Where what base64 carries begins; -1 outside base64. */
	private base64 = -1;
	private secretFrom = -1;

	/** @param capacity bytes that can wait, and so the longest command */
	constructor(capacity: number) {
		this.allocate(capacity);
	}

	/** Makes room for commands of so many bytes: for a token, and back. Nothing may be waiting. */
	resize(capacity: number): void {
		if (capacity !== this.capacity) this.allocate(capacity);
	}

	/** Begins a command, after those that are waiting. */
	begin(phase: SMTPPhase, utf8 = false): void {
		this.start = this.length;
		this.phase = phase;
		this.isUTF8 = utf8;
		this.base64 = this.secretFrom = -1;
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
			if (this.checking) this.rollback();
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
		const words = new Int32Array(buffer, 0, (count + 3) >> 2);
		for (let i = (count + 3) >> 2; i-- > 0; ) {
			// Beyond ASCII, below a space, or DEL: each shows in the highest bit of its byte.
			const word = words[i]!;
			if ((word | (word - SPACES) | (word + ONES)) & HIGH_BITS) return this.inspect(buffer, count);
		}
		this.append(buffer, count);
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

	/** From here on what the command carries is a secret: the trace shows asterisks in its place. */
	secret(): void {
		if (this.secretFrom < 0) this.secretFrom = this.length;
	}

	/** Begins base64 (RFC 4648, 4): what `utf8` and `byte` write until `base64End` will be encoded. */
	base64Begin(): void {
		this.base64 = this.length;
	}

	/** The UTF-8 of a string; for what base64 carries, so any character may come. */
	utf8(value: string): void {
		const buffer = ArrayBuffer.fromString(value);
		const count = buffer.byteLength;
		if (count === value.length) this.append(buffer, count);
		else this.inspect(buffer, count);
	}

	/** Encodes in place, from the last three bytes to the first. */
	base64End(): void {
		const { bytes, capacity, length } = this;
		const start = this.base64;
		let from = length;
		let to = start + 4 * (((length - start + 2) / 3) | 0);
		this.base64 = -1;
		this.length = to;
		if (to > capacity) return;
		for (let count = (length - start) % 3 || 3; from > start; count = 3) {
			from -= count;
			let bits = bytes[from]! << 16;
			if (count > 1) bits |= bytes[from + 1]! << 8;
			if (count > 2) bits |= bytes[from + 2]!;
			to -= 4;
			for (let i = 3; i >= 0; i--) {
				const digit = bits & 63;
				bits >>= 6;
				if (i > count) bytes[to + i] = 61;
				else if (digit < 26) bytes[to + i] = digit + 65;
				else if (digit < 52) bytes[to + i] = digit + 71;
				else bytes[to + i] = digit < 62 ? digit - 4 : digit === 62 ? 43 : 47;
			}
		}
	}

	/** One byte, unchecked. */
	byte(byte: number): void {
		if (this.length < this.capacity) this.bytes[this.length++] = byte;
		else this.length = this.capacity + 1;
	}

	/** The first `count` bytes, to be handed to the socket: the same object as the last time where it is of use. */
	view(count: number): Uint8Array {
		if (this.lastView?.length === count) return this.lastView;
		this.lastView = new Uint8Array(this.bytes.buffer, 0, count);
		return this.lastView;
	}

	/** The buffer from `start` to its capacity, or beyond that where too little is left for a message's source; the same object likewise. */
	room(start: number): Uint8Array {
		if (this.lastRoom?.byteOffset === start) return this.lastRoom;
		const { capacity } = this;
		const end = capacity - start < Layout.Input ? capacity + Layout.Command : capacity;
		this.lastRoom = new Uint8Array(this.bytes.buffer, start, end - start);
		return this.lastRoom;
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
		if (end <= this.capacity && !this.checking) this.bytes.set(new Uint8Array(buffer, 0, count), this.length);
		this.length = end;
	}

	/** Writes UTF-8 in which there may be what must not be sent. */
	private inspect(buffer: ArrayBuffer, count: number): void {
		const bytes = new Uint8Array(buffer);
		const isText = this.base64 < 0;
		for (let i = 0; i < count; i++) {
			let byte = bytes[i]!;
			if (byte === 0xc0) {
				byte = 0; // as the engine writes NUL within strings
				i++;
			}
			if (isText && (byte < 32 || byte === 127)) this.refuse("a line end or another control character");
			if (isText && byte >= 0x80 && !this.isUTF8) this.refuse("a character beyond ASCII, which takes SMTPUTF8");
			if (byte === 0xed && bytes[i + 1]! >= 0xa0) this.refuse("half a surrogate pair");
			this.byte(byte);
		}
	}

	private allocate(capacity: number): void {
		this.bytes = new Uint8Array(capacity + Layout.Bytes);
		this.capacity = capacity;
		this.lastView = this.lastRoom = undefined;
	}

	private report(): void {
		const end = this.secretFrom < 0 ? this.length - 2 : this.secretFrom;
		let command = "";
		for (let i = this.start; i < end; i++) command += String.fromCodePoint(this.bytes[i]!);
		this.onCommand?.(decodeText(command) + (this.secretFrom < 0 ? "" : "***"));
	}

	private refuse(what: string): never {
		this.rollback();
		throw argumentError(this.phase, `${this.phase}: an argument contains ${what}`);
	}
}
