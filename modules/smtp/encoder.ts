const CR = 13;
const LF = 10;
const DOT = 46;

/**
 * Turns a message into what may follow DATA (RFC 5321, 2.3.8 and 4.5.2): every CR, LF and CRLF becomes CRLF, so that no
 * bare CR or LF ever leaves, and a line's leading dot is doubled. Pieces may be split anywhere. One encoder serves
 * one message; with `dots` false (BDAT, RFC 3030) only line ends are mended.
 */
export class DataEncoder {
	/** Where in the input the last call stopped reading. */
	position = 0;
	#dots: boolean;
	#lineStart = true;
	#afterCR = false;

	constructor(dots = true) {
		this.#dots = dots;
	}

	/**
	 * Encodes `buffer[from, end)` into `buffer[to, limit)`; the two may not overlap. Stops at the end of either,
	 * `position` tells where to go on reading.
	 * @returns the end of what was written
	 */
	encode(buffer: Uint8Array, from: number, end: number, to: number, limit: number): number {
		while (from < end && to < limit - 1) {
			const byte = buffer[from]!;
			if (byte === LF) {
				if (!this.#afterCR) to = this.endLine(buffer, to);
				this.#afterCR = false;
			} else if (byte === CR) {
				to = this.endLine(buffer, to);
				this.#afterCR = true;
			} else {
				if (this.#lineStart && byte === DOT && this.#dots) buffer[to++] = DOT;
				buffer[to++] = byte;
				this.#lineStart = this.#afterCR = false;
			}
			from++;
		}
		this.position = from;
		return to;
	}

	/**
	 * Ends the message: a line end where one is missing and, for DATA, the line with a single dot. Needs 5 bytes of room.
	 * @returns the end of what was written
	 */
	finish(buffer: Uint8Array, to: number): number {
		if (!this.#lineStart) to = this.endLine(buffer, to);
		return this.#dots ? endData(buffer, to) : to;
	}

	private endLine(buffer: Uint8Array, to: number): number {
		this.#lineStart = true;
		return endLine(buffer, to);
	}
}

const endLine = (buffer: Uint8Array, to: number): number => {
	buffer[to] = CR;
	buffer[to + 1] = LF;
	return to + 2;
};

/** Writes the line that ends a message after DATA; @returns the end of what was written */
export const endData = (buffer: Uint8Array, to: number): number => {
	buffer[to] = DOT;
	return endLine(buffer, to + 1);
};
