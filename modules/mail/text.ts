import { base64Lines } from "./base64";
import { LinesSource } from "./lines";
import type { Part } from "./part";
import { type Pieces, SourcePieces, StringPieces } from "./pieces";
import { plain, plainASCII, plainLines } from "./plain";
import { quoted } from "./quoted";
import type { Source } from "./source";
import { CARRIAGE_RETURN, indexOf, slice } from "./strings";
import { isTidy, octetsOf, SMALL, type Surveyed, sizeOf, survey, surveyString, type TransferEncoding } from "./survey";
import type { Writer } from "./writer";

/** Content-Types of texts. */
export const PLAIN = "text/plain; charset=utf-8";
export const HTML = "text/html; charset=utf-8";

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const SEVEN_BIT = "7bit";
const EIGHT_BIT = "8bit";
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
	/** A string that goes as it is; what is declared has no slot where it is not needed. */
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
	 * @throws MailError for a text with a NUL, and for a string with half a surrogate pair
	 */
	constructor(text: string | Source | Pieces, eightBit = false, type = PLAIN) {
		if (type !== PLAIN) this.type = type;
		if (typeof text !== "string") {
			const pieces = "read" in text ? new SourcePieces(text) : text;
			const surveyed = {} as Surveyed;
			survey(surveyed, pieces, eightBit);
			this.take(pieces, surveyed);
		} else {
			const { length } = text;
			const octets = octetsOf(text, length);
			const isASCII = octets === length;
			const hasCR = indexOf.call(text, CARRIAGE_RETURN) >= 0;
			if ((isASCII || eightBit) && isTidy(text, length, isASCII ? 1 : 4, hasCR)) {
				this.text = text;
				if (hasCR) this.hasCR = true;
				if (!isASCII || length > SMALL)
					this.surveyed = { encoding: isASCII ? SEVEN_BIT : EIGHT_BIT, size: sizeOf(text, length, octets, hasCR) };
			} else {
				const pieces = new StringPieces(text);
				const surveyed = {} as Surveyed;
				if (isASCII || eightBit) survey(surveyed, pieces, eightBit);
				else surveyString(surveyed, text, length, octets, hasCR);
				this.take(pieces, surveyed);
			}
		}
	}

	/** What comes in pieces. */
	private take(pieces: Pieces, surveyed: Surveyed): void {
		pieces.release?.();
		this.pieces = pieces;
		this.surveyed = surveyed;
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
		return this.encoding === EIGHT_BIT;
	}

	get mediaType(): string {
		const { type = PLAIN } = this;
		return slice.call(type, 0, indexOf.call(type, ";"));
	}

	reset(): void {
		this.phase = Phase.BEGIN;
		this.pieces?.reset();
		this.lines?.reset();
	}

	render(writer: Writer): boolean {
		switch (this.phase) {
			case Phase.BODY: {
				if (this.text !== undefined)
					return this.hasCR || this.eightBit
						? plainLines(writer, this.text, this.hasCR ?? false)
						: plainASCII(writer, this.text);
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
