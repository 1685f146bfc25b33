import type { LineScanner } from "./reply";

/** Service extensions that the client makes use of, as bits. */
export const enum Extension {
	STARTTLS = 1,
	AUTH = 2,
	PIPELINING = 4,
	CHUNKING = 8,
	SIZE = 16,
	EightBitMIME = 32,
	SMTPUTF8 = 64,
	DSN = 128,
	EnhancedStatusCodes = 256,
}

const keywords: readonly string[] = Object.freeze([
	"STARTTLS",
	"AUTH",
	"PIPELINING",
	"CHUNKING",
	"SIZE",
	"8BITMIME",
	"SMTPUTF8",
	"DSN",
	"ENHANCEDSTATUSCODES",
]);

/** Longest word that can be one of ours. */
const WORD_LIMIT = 20;

/** What the server offers, as its reply to EHLO had it (RFC 5321, 4.1.1.1). */
export class Capabilities {
	/** Bits of Extension. */
	extensions = 0;
	/** Octets that a message may have at most (RFC 1870); 0 where the server sets no limit. */
	sizeLimit = 0;
	/** Bit i: the server offers the mechanism that is i-th among those that may be used (RFC 4954). */
	mechanisms = 0;

	has(extension: Extension): boolean {
		return (this.extensions & extension) !== 0;
	}

	/** Forgets everything: before each EHLO, and when the connection's security has changed (RFC 3207, 4.2). */
	clear(): void {
		this.extensions = this.sizeLimit = this.mechanisms = 0;
	}
}

/** Reads capabilities from the lines of the reply to EHLO as they come in. No line is kept. */
export class CapabilityScanner implements LineScanner {
	#capabilities: Capabilities;
	#names: readonly { readonly name: string }[];
	#word: Uint8Array;
	#length = 0;
	#extension = 0;
	#keyword = true;

	/**
	 * @param mechanisms the AUTH mechanisms that may be used, by their registered names
	 * @param word where a word is gathered, 20 bytes at least
	 */
	constructor(capabilities: Capabilities, mechanisms: readonly { readonly name: string }[], word: Uint8Array) {
		this.#capabilities = capabilities;
		this.#names = mechanisms;
		this.#word = word;
	}

	push(byte: number, line: number): void {
		if (line === 0) return;
		if (byte === 32 || byte === 9 || (byte === 61 && this.#keyword)) this.endWord();
		else if (this.#length < WORD_LIMIT) this.#word[this.#length++] = byte;
		else this.#length = WORD_LIMIT + 1;
	}

	end(line: number): void {
		if (line > 0) this.endWord();
		this.#length = this.#extension = 0;
		this.#keyword = true;
	}

	private endWord(): void {
		const capabilities = this.#capabilities;
		if (this.#length === 0) return;
		if (this.#keyword) {
			this.#keyword = false;
			for (let i = 0; i < keywords.length; i++) if (this.is(keywords[i] as string)) this.#extension = 1 << i;
			capabilities.extensions |= this.#extension;
		} else if (this.#extension === Extension.AUTH) {
			for (let i = 0; i < this.#names.length; i++)
				if (this.is((this.#names[i] as { name: string }).name)) capabilities.mechanisms |= 1 << i;
		} else if (this.#extension === Extension.SIZE) capabilities.sizeLimit = this.number();
		this.#length = 0;
	}

	/** Whether the word is this upper-case name, in whatever case it was sent. */
	private is(name: string): boolean {
		if (this.#length !== name.length) return false;
		for (let i = 0; i < name.length; i++) {
			const byte = this.#word[i]!;
			if ((byte >= 97 && byte <= 122 ? byte - 32 : byte) !== name.charCodeAt(i)) return false;
		}
		return true;
	}

	/** The word as a decimal number; 0 where it is none. A number beyond 2^53 stays beyond every message. */
	private number(): number {
		let value = 0;
		for (let i = 0; i < this.#length; i++) {
			const digit = this.#word[i]! - 48;
			if (digit < 0 || digit > 9) return 0;
			value = value * 10 + digit;
		}
		return value;
	}
}
