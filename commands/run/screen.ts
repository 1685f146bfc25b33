/** A log that runs upwards, with one line below it that shows how things stand; without a terminal, the log alone. */
export class Screen {
	readonly #out: NodeJS.WriteStream;
	readonly #clear: string;
	#status = "";

	constructor(out: NodeJS.WriteStream) {
		this.#out = out;
		this.#clear = out.isTTY && process.env.TERM !== "dumb" ? "\r\x1b[K" : "";
	}

	log(text: string): void {
		if (!this.#clear) this.#out.write(`${text}\n`);
		else this.#out.write(`${this.#clear}${text}\n${this.#status}`);
	}

	/** Replaces the last line; nothing without a terminal. */
	status(text: string): void {
		this.#status = text;
		if (this.#clear) this.#out.write(this.#clear + text);
	}

	close(): void {
		this.status("");
	}
}
