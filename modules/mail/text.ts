import { Base64Encoder } from "./base64";
import type { Encoder } from "./encoder";
import { MailError } from "./error";
import { LinesSource } from "./lines";
import type { Part } from "./part";
import { type Pieces, SourcePieces, StringPieces } from "./pieces";
import { PlainEncoder } from "./plain";
import { QuotedEncoder } from "./quoted";
import type { Source } from "./source";
import type { Writer } from "./writer";

/** Content-Transfer-Encoding (RFC 2045, 6). */
export type TransferEncoding = "7bit" | "8bit" | "quoted-printable" | "base64";

export interface TextOptions {
	/** Default: `"plain"`. */
	readonly subtype?: string | undefined;
	/** Further parameters of the Content-Type, as they are: `"; format=flowed"`. */
	readonly parameters?: string | undefined;
	/** The server takes 8bit (8BITMIME, RFC 6152). */
	readonly eightBit?: boolean | undefined;
}

/** Octets of a line without its end (RFC 5322, 2.1.1). */
const LONGEST_LINE = 998;

const enum Phase {
	BEGIN,
	TYPE,
	ENCODING,
	BODY,
}

/** A text, in the encoding that suits it best. */
export class TextPart implements Part {
	readonly encoding: TransferEncoding;
	#subtype: string;
	#parameters: string;
	#encoder: Encoder;
	#phase = Phase.BEGIN;

	/** @throws MailError for a text with a NUL or half a character */
	constructor(text: string | Source, options: TextOptions = {}) {
		const pieces = typeof text === "string" ? new StringPieces(text) : new SourcePieces(text);
		this.#subtype = options.subtype ?? "plain";
		this.#parameters = options.parameters ?? "";
		this.encoding = encodingFor(pieces, options.eightBit ?? false);
		this.#encoder = encoderFor(this.encoding, pieces);
	}

	reset(): void {
		this.#phase = Phase.BEGIN;
		this.#encoder.reset();
	}

	render(writer: Writer): boolean {
		switch (this.#phase) {
			case Phase.BODY:
				return this.#encoder.render(writer);
			case Phase.BEGIN:
				writer.begin("Content-Type");
				writer.text("text/");
				writer.text(this.#subtype);
				writer.text("; charset=utf-8");
				break;
			case Phase.TYPE:
				writer.text(this.#parameters);
				writer.endLine();
				break;
			default:
				writer.begin("Content-Transfer-Encoding");
				writer.text(this.encoding);
				writer.endLine();
				writer.endLine();
		}
		this.#phase += 1;
		return false;
	}
}

const encoderFor = (encoding: TransferEncoding, pieces: Pieces): Encoder => {
	if (encoding === "base64") return new Base64Encoder(new LinesSource(pieces));
	if (encoding === "quoted-printable") return new QuotedEncoder(pieces);
	return new PlainEncoder(pieces);
};

const enum Code {
	TAB = 9,
	LF = 10,
	CR = 13,
	SPACE = 32,
	MINUS = 45,
	DOT = 46,
	EQUALS = 61,
	DELETE = 127,
	/** A lead byte that UTF-8 never has, but in the NUL of an XS string. */
	OVERLONG = 0xc0,
	/** UTF-8 never has both: they would be half of a surrogate pair. */
	SURROGATE = 0xed,
	SURROGATE_NEXT = 0xa0,
}

/**
 * The best encoding for a text (RFC 2045, 6): none if mail can carry it as it is, otherwise the shorter one. Lines that
 * could be taken for a boundary of ours, or that begin with a dot, are hidden by encoding them.
 * @throws MailError
 */
const encodingFor = (pieces: Pieces, eightBit: boolean): TransferEncoding => {
	let total = 0;
	/** Bytes that quoted-printable would encode, and those over ASCII. */
	let quoted = 0;
	let high = 0;
	/** Bytes of the line, and minuses at its beginning. */
	let column = 0;
	let minuses = 0;
	let before = 0;
	let mustEncode = false;
	for (let count: number; (count = pieces.next()); total += count) {
		const { bytes } = pieces;
		for (let i = 0; i < count; i++) {
			const code = bytes[i]!;
			column++;
			if (code > Code.EQUALS && code < Code.DELETE) continue;
			if (code >= Code.DELETE) {
				quoted++;
				if (code === Code.DELETE) mustEncode = true;
				else high++;
				if (code === Code.OVERLONG || (before === Code.SURROGATE && code >= Code.SURROGATE_NEXT))
					throw new MailError("text", "not Unicode");
			} else if (code === Code.CR || code === Code.LF) {
				if (column > LONGEST_LINE + 1) mustEncode = true;
				column = minuses = 0;
			} else if (code === Code.EQUALS) {
				quoted++;
				if (minuses === 2 && column === 3) mustEncode = true;
			} else if (code < Code.SPACE && code !== Code.TAB) {
				if (!code) throw new MailError("text", "a NUL");
				quoted++;
				mustEncode = true;
			} else if (code === Code.MINUS && column <= 2) minuses++;
			else if (code === Code.DOT && column === 1) mustEncode = true;
			before = code;
		}
	}
	if (column > LONGEST_LINE) mustEncode = true;
	pieces.reset();
	if (!mustEncode && (!high || eightBit)) return high ? "8bit" : "7bit";
	return quoted * 16 > total * 3 ? "base64" : "quoted-printable";
};
