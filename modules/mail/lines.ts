import type { Pieces } from "./pieces";
import type { Source } from "./source";

const enum Code {
	LF = 10,
	CR = 13,
}

/** A text with CRLF at the end of every line, as it must be before base64 is applied to it (RFC 2045, 6.8). */
export class LinesSource implements Source {
	private pieces: Pieces;
	private from = 0;
	private to = 0;
	private before = 0;
	/** The LF of a line end whose CR has been read. */
	private owesLF = false;

	constructor(pieces: Pieces) {
		this.pieces = pieces;
	}

	read(buffer: Uint8Array): number {
		const room = buffer.length;
		let at = 0;
		while (at < room) {
			let code = Code.LF as number;
			if (this.owesLF) this.owesLF = false;
			else {
				if (this.from === this.to) {
					this.from = 0;
					this.to = this.pieces.next();
					if (!this.to) break;
				}
				code = this.pieces.bytes[this.from++]!;
				const skip = code === Code.LF && this.before === Code.CR;
				this.before = code;
				if (skip) continue;
				if (code === Code.LF || code === Code.CR) {
					code = Code.CR;
					this.owesLF = true;
				}
			}
			buffer[at++] = code;
		}
		return at;
	}

	reset(): void {
		this.pieces.reset();
		this.from = this.to = this.before = 0;
		this.owesLF = false;
	}
}
