import { ascii, asciiSize, CARRIAGE_RETURN, isPlainASCII, SMALL } from "./ascii";
import { base64Lines } from "./base64";
import { LinesSource } from "./lines";
import type { Part } from "./part";
import { type Pieces, SourcePieces, StringPieces } from "./pieces";
import { plain } from "./plain";
import { quoted } from "./quoted";
import type { Source } from "./source";
import { indexOf } from "./strings";
import { type Surveyed, survey, type TransferEncoding } from "./survey";
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
	private phase = Phase.BEGIN;
	/** A text that XS can write in large pieces; what is declared has no slot where it is not needed. */
	declare private text?: string;
	declare private hasCR?: boolean;
	/** The pieces of any other, and for base64 their lines. */
	declare private pieces?: Pieces;
	declare private lines?: LinesSource;
	/** Of a short text that can go as it is there is nothing to remember. */
	declare private surveyed?: Surveyed;
	/** Default: `PLAIN`. */
	declare private type?: string;

	/**
	 * @param eightBit the server takes 8bit (8BITMIME, RFC 6152)
	 * @throws MailError for a text with a NUL or half a surrogate pair
	 */
	constructor(text: string | Source | Pieces, eightBit = false, type = PLAIN) {
		if (type !== PLAIN) this.type = type;
		if (typeof text === "string") {
			const hasCR = indexOf.call(text, CARRIAGE_RETURN) >= 0;
			if (isPlainASCII(text, hasCR)) {
				this.text = text;
				if (hasCR) this.hasCR = true;
				if (text.length > SMALL) this.surveyed = { encoding: SEVEN_BIT, size: asciiSize(text, hasCR) };
				return;
			}
		}
		const pieces = piecesOf(text);
		const surveyed = {} as Surveyed;
		survey(surveyed, pieces, eightBit);
		this.surveyed = surveyed;
		this.pieces = pieces;
		if (surveyed.encoding === "base64") this.lines = new LinesSource(pieces);
	}

	/** Chosen by the text and by what the server takes. */
	get encoding(): TransferEncoding {
		return this.surveyed ? this.surveyed.encoding : SEVEN_BIT;
	}

	get size(): number {
		return HEADER + (this.surveyed ? this.surveyed.size : 2 * this.text!.length);
	}

	get eightBit(): boolean {
		return this.encoding === "8bit";
	}

	reset(): void {
		this.phase = Phase.BEGIN;
		this.pieces?.reset();
		this.lines?.reset();
	}

	render(writer: Writer): boolean {
		switch (this.phase) {
			case Phase.BODY: {
				if (this.text !== undefined) return ascii(writer, this.text, this.hasCR ?? false);
				if (this.lines) return base64Lines(writer, this.lines);
				const pieces = this.pieces!;
				const { encoding } = this;
				if (encoding === "quoted-printable" ? !quoted(writer, pieces) : !plain(writer, pieces)) return false;
				pieces.release?.();
				return true;
			}
			case Phase.BEGIN:
				writer.begin(CONTENT_TYPE);
				if (this.type === undefined) writer.literal(PLAIN);
				else writer.text(this.type);
				writer.endLine();
				break;
			default:
				writer.begin(CONTENT_TRANSFER_ENCODING);
				writer.literal(this.encoding);
				writer.endLine();
				writer.endLine();
				writer.reset();
				if (this.pieces) writer.spanTo = 0;
		}
		this.phase += 1;
		return false;
	}
}

const piecesOf = (text: string | Source | Pieces): Pieces => {
	if (typeof text === "string") return new StringPieces(text);
	return "next" in text ? text : new SourcePieces(text);
};
