import { Base64Encoder } from "./base64";
import type { Encoder } from "./encoder";
import { LinesSource } from "./lines";
import type { Part } from "./part";
import { type Pieces, SourcePieces, StringPieces } from "./pieces";
import { PlainEncoder } from "./plain";
import { QuotedEncoder } from "./quoted";
import type { Source } from "./source";
import { Survey, type TransferEncoding } from "./survey";
import type { Writer } from "./writer";

export interface TextOptions {
	/** Default: `"plain"`. */
	readonly subtype?: string | undefined;
	/** Further parameters of the Content-Type, as they are: `"; format=flowed"`. */
	readonly parameters?: string | undefined;
	/** The server takes 8bit (8BITMIME, RFC 6152). */
	readonly eightBit?: boolean | undefined;
}

/** Octets of the header, about. */
const HEADER = 120;

const enum Phase {
	BEGIN,
	TYPE,
	ENCODING,
	BODY,
}

/** A text, in the encoding that suits it best. */
export class TextPart implements Part {
	/** Chosen by the text and by what the server takes. */
	readonly encoding: TransferEncoding;
	readonly size: number;
	#subtype: string;
	#parameters: string;
	#encoder: Encoder;
	#phase = Phase.BEGIN;

	/** @throws MailError for a text with a NUL or half a character */
	constructor(text: string | Source | Pieces, options: TextOptions = {}) {
		const pieces = piecesOf(text);
		this.#subtype = options.subtype ?? "plain";
		this.#parameters = options.parameters ?? "";
		const survey = new Survey(pieces);
		this.encoding = survey.encoding(options.eightBit ?? false);
		this.size = HEADER + survey.size(this.encoding);
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

const piecesOf = (text: string | Source | Pieces): Pieces => {
	if (typeof text === "string") return new StringPieces(text);
	return "next" in text ? text : new SourcePieces(text);
};

const encoderFor = (encoding: TransferEncoding, pieces: Pieces): Encoder => {
	if (encoding === "base64") return new Base64Encoder(new LinesSource(pieces));
	if (encoding === "quoted-printable") return new QuotedEncoder(pieces);
	return new PlainEncoder(pieces);
};
