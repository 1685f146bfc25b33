import { envelopeAddress } from "./address";
import type { MessageSource } from "./types";

/**
 * What `sendmail` and `data` send: text, sent as UTF-8; bytes, sent as they are; or a source, read piece by piece and
 * once. Line ends become CRLF in each, and dots are doubled, on the way.
 */
export type Message = string | Uint8Array | MessageSource;

/** What `send_message` sends: a message that knows who sends it and who gets it, such as an `EmailMessage` of modules/mail. */
export interface AddressedMessage {
	/** Addresses without names. */
	readonly envelope: { readonly from: string; readonly to: readonly string[] };
	/** Its header has addresses beyond ASCII. */
	readonly utf8: boolean;
	/**
	 * Its bytes, from the beginning, as a server takes them that offers SMTPUTF8 or not, 8BITMIME or not.
	 * `eightBit` tells whether there are bytes beyond ASCII in its body.
	 */
	source(utf8: boolean, eightBit: boolean): MessageSource & { readonly eightBit: boolean };
}

/** What must be known of a message before MAIL. */
export interface Measure {
	/** Octets with line ends as CRLF, before dots are doubled. */
	size: number;
	/** There are octets beyond ASCII. */
	eightBit: boolean;
}

/** `message` as a source that begins at its start. */
export const sourceOf = (message: Message): MessageSource => {
	if (typeof message === "string") return new TextSource(message);
	return message instanceof Uint8Array ? new BytesSource(message) : message;
};

/** Reads a source to its end. */
export const measure = (source: MessageSource): Measure => {
	const buffer = new Uint8Array(128);
	let size = 0;
	let eightBit = false;
	let afterCR = false;
	for (let count = source.read(buffer); count > 0; count = source.read(buffer))
		for (let i = 0; i < count; i++) {
			const byte = buffer[i] as number;
			if (byte !== 10) size += byte === 13 ? 2 : 1;
			else if (!afterCR) size += 2;
			if (byte > 127) eightBit = true;
			afterCR = byte === 13;
		}
	return { size, eightBit };
};

/**
 * The address in angle brackets, as MAIL and RCPT have it: "<a@b>" of `a@b`, `<a@b>` and `Name <a@b>`.
 * @throws SMTPError (argument) for what is not one address
 */
export const quoteaddr = (address: string): string => `<${envelopeAddress(address, "command")}>`;

/** The text as it goes after DATA: CR, LF and CRLF become CRLF, a line's leading dot is doubled. `sendmail` does it by itself. */
export const quotedata = (text: string): string => {
	const lines = `\n${text.replaceAll("\r\n", "\n").replaceAll("\r", "\n")}`.replaceAll("\n.", "\n..");
	return lines.slice(1).replaceAll("\n", "\r\n");
};

class TextSource implements MessageSource {
	private text: string;
	private at = 0;

	constructor(text: string) {
		this.text = text;
	}

	read(buffer: Uint8Array): number {
		// A character is four bytes of UTF-8 at most. Half a surrogate pair waits for the other half.
		let piece = this.text.slice(this.at, this.at + (buffer.length >> 2));
		const last = piece.charCodeAt(piece.length - 1);
		if (last >= 0xd800 && last < 0xdc00 && piece.length > 1) piece = piece.slice(0, -1);
		this.at += piece.length;
		const bytes = new Uint8Array(ArrayBuffer.fromString(piece));
		buffer.set(bytes);
		return bytes.length;
	}
}

class BytesSource implements MessageSource {
	private bytes: Uint8Array;
	private at = 0;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	read(buffer: Uint8Array): number {
		const piece = this.bytes.subarray(this.at, this.at + buffer.length);
		this.at += piece.length;
		buffer.set(piece);
		return piece.length;
	}
}
