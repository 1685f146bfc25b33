import { stripVTControlCharacters } from "node:util";

/** A log that runs upwards, with one line below it that shows how things stand; without a terminal, the log alone. */
export class Screen {
	readonly #out: NodeJS.WriteStream;
	readonly #isTerminal: boolean;
	/** The status in full, then shorter ones for narrow terminals. */
	#texts: readonly string[] = [];
	/** Columns that the status on the screen takes. */
	#shown = 0;

	constructor(out: NodeJS.WriteStream) {
		this.#out = out;
		this.#isTerminal = out.isTTY && process.env.TERM !== "dumb";
		if (this.#isTerminal) out.on("resize", this.#draw);
	}

	log(text: string): void {
		if (!this.#isTerminal) this.#out.write(`${text}\n`);
		else {
			this.#out.write(`${this.#erasure()}${text}\n`);
			this.#shown = 0;
			this.#draw();
		}
	}

	/** Replaces the last line, with the first of the texts that it has room for; nothing without a terminal. */
	status(...texts: string[]): void {
		this.#texts = texts;
		if (this.#isTerminal) this.#draw();
	}

	close(): void {
		this.status();
		this.#out.off("resize", this.#draw);
	}

	readonly #draw = (): void => {
		const erasure = this.#erasure();
		const text = this.#fitting();
		this.#shown = widthOf(text);
		this.#out.write(erasure + text);
	};

	/** The last column stays free: a cursor beyond it may be a line further down. */
	#fitting(): string {
		const room = this.#columns - 1;
		const text = this.#texts.find((candidate) => widthOf(candidate) <= room);
		return text ?? stripVTControlCharacters(this.#texts.at(-1) ?? "").slice(0, room);
	}

	/** A terminal that has become narrower has broken the status into lines. */
	#erasure(): string {
		const above = Math.max(0, Math.ceil(this.#shown / this.#columns) - 1);
		return above > 0 ? `\r\x1b[${above}A\x1b[J` : "\r\x1b[K";
	}

	get #columns(): number {
		return this.#out.columns || 80;
	}
}

function widthOf(text: string): number {
	return stripVTControlCharacters(text).length;
}
