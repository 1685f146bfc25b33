/** Where bytes come from: a body, an attachment. */
export interface Source {
	/** Writes the next bytes at the start of `buffer` and returns how many; 0 at the end. */
	read(buffer: Uint8Array): number;
	/** Starts again from the beginning, so that the same bytes can be read once more. */
	reset(): void;
}

/** The UTF-8 bytes of a string, which is never held as a whole a second time. */
export class StringSource implements Source {
	#text: string;
	#position = 0;

	constructor(text: string) {
		this.#text = text;
	}

	read(buffer: Uint8Array): number {
		const text = this.#text;
		const from = this.#position;
		let to = Math.min(text.length, from + buffer.length / 4 | 0);
		if (to === from)
			return 0;
		const code = text.charCodeAt(to - 1);
		if (code >= 0xd800 && code < 0xdc00 && to < text.length)
			to--;
		const bytes = new Uint8Array(ArrayBuffer.fromString(text.slice(from, to)));
		buffer.set(bytes);
		this.#position = to;
		return bytes.length;
	}

	reset(): void {
		this.#position = 0;
	}
}
