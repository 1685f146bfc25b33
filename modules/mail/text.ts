import { ascii, asciiSize, CARRIAGE_RETURN, isPlainASCII } from "./ascii";
import { Base64 } from "./base64";
import { LinesSource } from "./lines";
import type { Part } from "./part";
import { type Pieces, SourcePieces, StringPieces } from "./pieces";
import { plain } from "./plain";
import { quoted } from "./quoted";
import type { Source } from "./source";
import { indexOf } from "./strings";
import { survey, type TransferEncoding } from "./survey";
import type { Writer } from "./writer";

/** Content-Types of texts. */
export const PLAIN = "text/plain; charset=utf-8";
export const HTML = "text/html; charset=utf-8";

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const SEVEN_BIT = "7bit";
const CONTENT_TYPE = "Content-Type";
const CONTENT_TRANSFER_ENCODING = "Content-Transfer-Encoding";

/** Octets of the header, about. */
const HEADER = 120;

const enum Phase {
	BEGIN,
	ENCODING,
	BODY,
}

/** A text, in the encoding that suits it best. */
export class TextPart implements Part {
	/** Chosen by the text and by what the server takes. */
	encoding!: TransferEncoding;
	size!: number;
	private type: string;
	/** A text that XS can write in large pieces, or the pieces of any other. */
	private text: string | undefined;
	private hasCR = false;
	private pieces: Pieces | undefined;
	private base64: Base64 | undefined;
	private phase = Phase.BEGIN;

	/**
	 * @param eightBit the server takes 8bit (8BITMIME, RFC 6152)
	 * @throws MailError for a text with a NUL or half a surrogate pair
	 */
	constructor(text: string | Source | Pieces, eightBit = false, type = PLAIN) {
		this.type = type;
		if (typeof text === "string") {
			this.hasCR = indexOf.call(text, CARRIAGE_RETURN) >= 0;
			if (isPlainASCII(text, this.hasCR)) {
				this.text = text;
				this.encoding = SEVEN_BIT;
				this.size = HEADER + asciiSize(text, this.hasCR);
				return;
			}
		}
		const pieces = piecesOf(text);
		survey(this, pieces, eightBit);
		this.size += HEADER;
		this.pieces = pieces;
		if (this.encoding === "base64") this.base64 = new Base64(new LinesSource(pieces));
	}

	get eightBit(): boolean {
		return this.encoding === "8bit";
	}

	reset(): void {
		this.phase = Phase.BEGIN;
		this.pieces?.reset();
		this.base64?.reset();
	}

	render(writer: Writer): boolean {
		const { encoding } = this;
		switch (this.phase) {
			case Phase.BODY: {
				if (this.text !== undefined) return ascii(writer, this.text, this.hasCR);
				if (this.base64) return this.base64.render(writer);
				const pieces = this.pieces!;
				if (encoding === "quoted-printable" ? !quoted(writer, pieces) : !plain(writer, pieces)) return false;
				pieces.release?.();
				return true;
			}
			case Phase.BEGIN:
				writer.begin(CONTENT_TYPE);
				if (this.type === PLAIN) writer.literal(PLAIN);
				else writer.text(this.type);
				writer.endLine();
				break;
			default:
				writer.begin(CONTENT_TRANSFER_ENCODING);
				writer.literal(encoding);
				writer.endLine();
				writer.endLine();
				writer.reset();
		}
		this.phase += 1;
		return false;
	}
}

const piecesOf = (text: string | Source | Pieces): Pieces => {
	if (typeof text === "string") return new StringPieces(text);
	return "next" in text ? text : new SourcePieces(text);
};
