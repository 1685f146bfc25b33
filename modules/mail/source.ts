/** Where bytes come from: a text, an attachment. */
export interface Source {
	/** Writes the next bytes at the start of `buffer` and returns how many; 0 at the end. */
	read(buffer: Uint8Array): number;
	/** Starts again: the same bytes can be read once more. */
	reset(): void;
	/** How many bytes there are in all, where that is known beforehand. */
	readonly size?: number | undefined;
}

const { slice } = String.prototype;

/** Characters, which XS counts as code points, that are made into bytes at once. */
const PIECE = 96;

/** The bytes of a string in UTF-8, made a piece at a time. */
export class StringSource implements Source {
	#text: string;
	#position = 0;
	#piece: Uint8Array | undefined;
	/** Bytes of the piece that have been read. */
	#done = 0;

	constructor(text: string) {
		this.#text = text;
	}

	read(buffer: Uint8Array): number {
		let piece = this.#piece;
		if (!piece) {
			const from = this.#position;
			this.#position = from + PIECE;
			const text = slice.call(this.#text, from, from + PIECE);
			const bytes = ArrayBuffer.fromString(text);
			piece = new Uint8Array(bytes);
		}
		const done = this.#done;
		const room = buffer.length;
		const left = piece.length - done;
		if (left > room) {
			buffer.set(piece.subarray(done, done + room));
			this.#piece = piece;
			this.#done = done + room;
			return room;
		}
		buffer.set(done ? piece.subarray(done) : piece);
		this.#piece = undefined;
		this.#done = 0;
		return left;
	}

	reset(): void {
		this.#piece = undefined;
		this.#position = this.#done = 0;
	}
}
