/** Bodies of text in the encodings that mail may carry (RFC 2045 6). */

import { ROOM, type Writer } from "./writer";
import { type Source } from "./source";

export type TransferEncoding = "7bit" | "quoted-printable" | "base64";

const WINDOW = 96;
const LONGEST_LINE = 998;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const HEX = "0123456789ABCDEF";

const enum Code {
	END = -1,
	TAB = 9,
	LF = 10,
	CR = 13,
	SPACE = 32,
	EQUALS = 61,
}

/** The encoding that fits the content best: as it is if mail can carry that, else the shorter of the other two. */
export function chooseEncoding(source: Source): TransferEncoding {
	const window = new Uint8Array(WINDOW);
	let total = 0;
	let encoded = 0;
	let line = 0;
	let longest = 0;
	for (let count; (count = source.read(window)); total += count) {
		for (let i = 0; i < count; i++) {
			const code = window[i]!;
			if (code === Code.LF || code === Code.CR)
				line = 0;
			else if (++line > longest)
				longest = line;
			if (code > 126 || code < 32 && code !== Code.LF && code !== Code.CR && code !== Code.TAB)
				encoded++;
		}
	}
	source.reset();
	if (!encoded && longest <= LONGEST_LINE)
		return "7bit";
	return encoded * 6 > total ? "base64" : "quoted-printable";
}

/** Renders a text: line ends become CRLF, then the encoding is applied. */
export class TextBody {
	readonly encoding: TransferEncoding;
	#source: Source;
	#window = new Uint8Array(WINDOW);
	#from = 0;
	#to = 0;
	#column = 0;
	#afterCR = false;
	#pendingLF = false;
	#space: number = Code.END;
	#ended = false;

	constructor(source: Source, encoding = chooseEncoding(source)) {
		this.#source = source;
		this.encoding = encoding;
	}

	reset(): void {
		this.#source.reset();
		this.#from = this.#to = this.#column = 0;
		this.#afterCR = this.#pendingLF = this.#ended = false;
		this.#space = Code.END;
	}

	/** Writes the next piece; true when all is written. */
	render(writer: Writer): boolean {
		if (this.#ended)
			return true;
		const limit = writer.at + ROOM;
		switch (this.encoding) {
			case "7bit":
				return this.#plain(writer, limit);
			case "quoted-printable":
				return this.#quoted(writer, limit);
			default:
				return this.#base64(writer, limit);
		}
	}

	/** The next byte of the text with its line ends as CRLF. */
	#next(): number {
		if (this.#pendingLF) {
			this.#pendingLF = false;
			return Code.LF;
		}
		let code = this.#byte();
		if (this.#afterCR && code === Code.LF)
			code = this.#byte();
		this.#afterCR = code === Code.CR;
		if (code === Code.CR || code === Code.LF) {
			this.#pendingLF = true;
			return Code.CR;
		}
		return code;
	}

	#byte(): number {
		if (this.#from === this.#to) {
			this.#from = 0;
			this.#to = this.#source.read(this.#window);
			if (!this.#to)
				return Code.END;
		}
		return this.#window[this.#from++]!;
	}

	#plain(writer: Writer, limit: number): boolean {
		while (writer.at + 2 <= limit) {
			const code = this.#next();
			if (code === Code.END)
				return this.#end(writer);
			writer.byte(code);
			this.#column = code === Code.LF ? 0 : this.#column + 1;
		}
		return false;
	}

	#quoted(writer: Writer, limit: number): boolean {
		while (writer.at + 15 <= limit) {
			const code = this.#next();
			if (this.#space !== Code.END) {
				this.#quote(writer, this.#space, code === Code.CR || code === Code.END);
				this.#space = Code.END;
			}
			if (code === Code.END)
				return this.#end(writer);
			if (code === Code.SPACE || code === Code.TAB)
				this.#space = code;
			else if (code === Code.CR || code === Code.LF) {
				writer.byte(code);
				this.#column = 0;
			}
			else
				this.#quote(writer, code, code < 32 || code > 126 || code === Code.EQUALS);
		}
		return false;
	}

	#quote(writer: Writer, code: number, encode: boolean): void {
		const length = encode ? 3 : 1;
		if (this.#column + length > 75) {
			writer.byte(Code.EQUALS);
			writer.endLine();
			this.#column = 0;
		}
		this.#column += length;
		if (encode) {
			writer.byte(Code.EQUALS);
			writer.byte(HEX.charCodeAt(code >> 4));
			writer.byte(HEX.charCodeAt(code & 15));
		}
		else
			writer.byte(code);
	}

	#base64(writer: Writer, limit: number): boolean {
		while (writer.at + 6 <= limit) {
			let bits = 0;
			let count = 0;
			for (; count < 3; count++) {
				const code = this.#next();
				if (code === Code.END)
					break;
				bits |= code << 16 - 8 * count;
			}
			for (let i = 0; i < 4 && count; i++)
				writer.byte(i > count ? Code.EQUALS : ALPHABET.charCodeAt(bits >> 18 - 6 * i & 63));
			this.#column += count ? 4 : 0;
			if (count < 3)
				return this.#end(writer);
			if (this.#column === 76) {
				writer.endLine();
				this.#column = 0;
			}
		}
		return false;
	}

	#end(writer: Writer): boolean {
		if (this.#column)
			writer.endLine();
		return this.#ended = true;
	}
}
