import type { Encoder } from "./encoder";
import type { Pieces } from "./pieces";
import type { Writer } from "./writer";

const enum Code {
	LF = 10,
	CR = 13,
}

/** 7bit and 8bit (RFC 2045, 2.7 and 2.8): a text as it is, every line end as CRLF. */
export class PlainEncoder implements Encoder {
	#pieces: Pieces;
	/** What of the piece has not been written yet. */
	#from = 0;
	#to = 0;
	/** The byte before. */
	#before: number = Code.LF;

	constructor(pieces: Pieces) {
		this.#pieces = pieces;
	}

	reset(): void {
		this.#pieces.reset();
		this.#from = this.#to = 0;
		this.#before = Code.LF;
	}

	render(writer: Writer): boolean {
		const pieces = this.#pieces;
		const { target, limit } = writer;
		let { at } = writer;
		let { bytes } = pieces;
		let from = this.#from;
		let to = this.#to;
		let before = this.#before;
		while (at <= limit) {
			if (from === to) {
				from = 0;
				to = pieces.next();
				if (!to) break;
				bytes = pieces.bytes;
			}
			const code = bytes[from++]!;
			if (code > Code.CR || (code !== Code.CR && code !== Code.LF)) target[at++] = code;
			else if (code === Code.CR || before !== Code.CR) {
				target[at] = Code.CR;
				target[at + 1] = Code.LF;
				at += 2;
			}
			before = code;
		}
		writer.at = at;
		writer.lineStart = before === Code.LF || before === Code.CR ? at : at - 1;
		this.#from = from;
		this.#to = to;
		this.#before = before;
		return !to;
	}
}
