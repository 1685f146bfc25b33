import { mechanismsOf } from "./options";
import type { SMTPOptions } from "./types";

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

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const SPACE = " ";

/** By the bits of Extension. */
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

/** What the server offers: reads it from its reply to EHLO (RFC 5321, 4.1.1.1). */
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

	/** Takes a line of the reply, but for the first; as it stands if that tells all, else tidied up. */
	scan(text: string, options: SMTPOptions): void {
		if (!this.take(text, options)) this.take(tidy(text), options);
	}

	/** @returns false where another spelling may tell more */
	private take(text: string, options: SMTPOptions): boolean {
		const end = text.indexOf(SPACE);
		const keyword = end < 0 ? text : text.slice(0, end);
		let extension = 0;
		for (let i = keywords.length; i-- > 0 && !extension; ) if (keyword === keywords[i]) extension = 1 << i;
		this.extensions |= extension;
		if (extension === Extension.SIZE && end > 0) {
			const limit = +text.slice(end);
			this.sizeLimit = limit > 0 ? limit : 0;
		}
		if (extension !== Extension.AUTH) return extension !== 0;
		const mechanisms = mechanismsOf(options);
		const offered = `${text} `;
		let isComplete = true;
		for (let i = 0; i < mechanisms.length; i++)
			if (offered.indexOf(` ${mechanisms[i]?.name} `) > 0) this.mechanisms |= 1 << i;
			else isComplete = false;
		return isComplete;
	}
}

/** "=", as in "AUTH=LOGIN", and "," ":" ";". */
const isSeparator = (code: number): boolean => code === 61 || code === 44 || code === 58 || code === 59;

/**
 * In upper case, without space or hyphen before it, and with spaces for separators and for whatever is not printable; `toUpperCase` would bring Unicode's tables into flash.
 */
const tidy = (text: string): string => {
	let upper = "";
	let isSpace = false;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code <= 32 || code > 126 || isSeparator(code) || (code === 45 && upper === "")) {
			isSpace = upper !== "";
			continue;
		}
		if (isSpace) upper += SPACE;
		isSpace = false;
		upper += String.fromCodePoint(code >= 97 && code <= 122 ? code - 32 : code);
	}
	return upper;
};
