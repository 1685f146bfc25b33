import type { Encoder } from "./encoder";
import type { Pieces } from "./pieces";
import type { Writer } from "./writer";

/** Characters of an encoded line, before the = of a soft line break. */
const LONGEST_LINE = 75;

const enum Code {
	NONE = 0,
	TAB = 9,
	LF = 10,
	CR = 13,
	SPACE = 32,
	DOT = 46,
	EQUALS = 61,
	DELETE = 127,
}

/**
 * Quoted-printable (RFC 2045, 6.7) of a text, every line end as CRLF. A dot at the beginning of a line is encoded too,
 * so that no relay can trip over it.
 */
export class QuotedEncoder implements Encoder {
	#pieces: Pieces;
	/** What of the piece has not been written yet. */
	#from = 0;
	#to = 0;
	/** White space that is held back: at the end of a line it must be encoded. */
	#space: number = Code.NONE;
	#afterCR = false;

	constructor(pieces: Pieces) {
		this.#pieces = pieces;
	}

	reset(): void {
		this.#pieces.reset();
		this.#from = this.#to = 0;
		this.#space = Code.NONE;
		this.#afterCR = false;
	}

	render(writer: Writer): boolean {
		const pieces = this.#pieces;
		const { target, limit } = writer;
		let { bytes } = pieces;
		let from = this.#from;
		let to = this.#to;
		let space = this.#space;
		let afterCR = this.#afterCR;
		while (writer.at <= limit) {
			if (from === to) {
				from = 0;
				to = pieces.next();
				if (!to) break;
				bytes = pieces.bytes;
			}
			const code = bytes[from++]!;
			if (code > Code.SPACE && code < Code.DELETE && code !== Code.EQUALS) {
				if (space) {
					put(writer, space, false);
					space = Code.NONE;
				}
				const column = writer.at - writer.lineStart;
				if (column && column < LONGEST_LINE) target[writer.at++] = code;
				else put(writer, code, code === Code.DOT);
			} else if (code === Code.LF && afterCR) {
				// the line has ended already
			} else if (code === Code.CR || code === Code.LF) {
				if (space) put(writer, space, true);
				space = Code.NONE;
				writer.endLine();
			} else {
				if (space) put(writer, space, false);
				space = code === Code.SPACE || code === Code.TAB ? code : Code.NONE;
				if (!space) put(writer, code, true);
			}
			afterCR = code === Code.CR;
		}
		if (!to && space) {
			put(writer, space, true);
			space = Code.NONE;
		}
		this.#from = from;
		this.#to = to;
		this.#space = space;
		this.#afterCR = afterCR;
		return !to;
	}
}

/** Writes a character, or its code as `=XX`, in the next line if this one has no room for it. */
const put = (writer: Writer, code: number, encode: boolean): void => {
	if (writer.at - writer.lineStart + (encode ? 3 : 1) > LONGEST_LINE) {
		writer.byte(Code.EQUALS);
		writer.endLine();
	}
	if (encode) writer.escape(Code.EQUALS, code);
	else writer.byte(code);
};
