import { base64Size } from "./base64";
import { MailError } from "./error";
import type { Pieces } from "./pieces";

/** Content-Transfer-Encoding (RFC 2045, 6). */
export type TransferEncoding = "7bit" | "8bit" | "quoted-printable" | "base64";

/** Octets of a line without its end (RFC 5322, 2.1.1). */
const LONGEST_LINE = 998;

const enum Code {
	TAB = 9,
	LF = 10,
	CR = 13,
	SPACE = 32,
	MINUS = 45,
	DOT = 46,
	EQUALS = 61,
	DELETE = 127,
	/** UTF-8 has neither the first, but in the NUL of an XS string, nor the others together: half a surrogate pair. */
	OVERLONG = 0xc0,
	SURROGATE = 0xed,
	SURROGATE_NEXT = 0xa0,
}

/** What a text has in it that decides on its encoding. */
export class Survey {
	/** Octets with CRLF as the line end. */
	#octets = 0;
	/** Those that quoted-printable would encode, and those over ASCII. */
	#quoted = 0;
	#high = 0;
	/** It has what must not go as it is, even where the server takes 8bit. */
	#mustEncode = false;

	/** @throws MailError for a text with a NUL or half a surrogate pair */
	constructor(pieces: Pieces) {
		let octets = 0;
		let column = 0;
		let minuses = 0;
		let before = 0;
		for (let count: number; (count = pieces.next()); octets += count) {
			const { bytes } = pieces;
			for (let i = 0; i < count; i++) {
				const last = before;
				const code = bytes[i]!;
				before = code;
				column++;
				if (code > Code.EQUALS && code < Code.DELETE) continue;
				if (code >= Code.DELETE) {
					this.#quoted++;
					if (code === Code.DELETE) this.#mustEncode = true;
					else this.#high++;
					if (code === Code.OVERLONG || (last === Code.SURROGATE && code >= Code.SURROGATE_NEXT))
						throw new MailError("text", "what is no character");
				} else if (code === Code.CR || code === Code.LF) {
					if (column > LONGEST_LINE + 1) this.#mustEncode = true;
					octets += last === Code.CR && code === Code.LF ? -1 : 1;
					column = minuses = 0;
				} else if (code === Code.EQUALS) {
					this.#quoted++;
					// what could be taken for a boundary of ours
					if (minuses === 2 && column === 3) this.#mustEncode = true;
				} else if (code < Code.SPACE && code !== Code.TAB) {
					if (!code) throw new MailError("text", "a NUL");
					this.#quoted++;
					this.#mustEncode = true;
				} else if (code === Code.MINUS && column <= 2) minuses++;
				else if (code === Code.DOT && column === 1) this.#mustEncode = true;
			}
		}
		if (column > LONGEST_LINE) this.#mustEncode = true;
		this.#octets = octets;
		pieces.reset();
	}

	/** None if mail can carry the text as it is, otherwise the shorter one. */
	encoding(eightBit: boolean): TransferEncoding {
		if (!this.#mustEncode && (!this.#high || eightBit)) return this.#high ? "8bit" : "7bit";
		return this.#quoted * 16 > this.#octets * 3 ? "base64" : "quoted-printable";
	}

	/** Octets of the text in this encoding; of quoted-printable a few more than will be. */
	size(encoding: TransferEncoding): number {
		const octets = this.#octets;
		if (encoding === "base64") return base64Size(octets);
		if (encoding !== "quoted-printable") return octets;
		const characters = octets + 2 * this.#quoted;
		return characters + Math.ceil(characters / 20);
	}
}
