import type { Part } from "./part";
import type { Writer } from "./writer";

/** How the parts belong together (RFC 2046, 5.1; RFC 2387): the same in several forms, a page with its images, or apart. */
export type MultipartSubtype = "alternative" | "mixed" | "related";

const enum Phase {
	BEGIN,
	ENCODING,
	DELIMITER,
	PART,
	END,
}

/**
 * Several parts in one. Its boundary, `=_1_`, is nowhere else in the message: no encoding can bring forth `=_`, a text
 * with a line that begins with `--=` is encoded, and every multipart within another has a number of its own.
 */
export class Multipart implements Part {
	private subtype: MultipartSubtype;
	private first: Part;
	private others: readonly Part[];
	private ordinal = 1;
	private index = 0;
	private phase = Phase.BEGIN;

	/** @param first of alternatives the plainest, of what is related the page; `others` come after it */
	constructor(subtype: MultipartSubtype, first: Part, others: readonly Part[]) {
		this.subtype = subtype;
		this.first = first;
		this.others = others;
		this.number(1);
	}

	get size(): number | undefined {
		let size = 100;
		for (let i = 0, part: Part | undefined; (part = this.part(i)); i++) {
			if (part.size === undefined) return undefined;
			size += part.size + 12;
		}
		return size;
	}

	get eightBit(): boolean {
		for (let i = 0, part: Part | undefined; (part = this.part(i)); i++) if (part.eightBit) return true;
		return false;
	}

	reset(): void {
		this.index = 0;
		this.phase = Phase.BEGIN;
		for (let i = 0, part: Part | undefined; (part = this.part(i)); i++) part.reset();
	}

	/** Numbers this multipart and those within. @returns the next number */
	number(first: number): number {
		let next = first + 1;
		this.ordinal = first;
		for (let i = 0, part: Part | undefined; (part = this.part(i)); i++)
			if (part instanceof Multipart) next = part.number(next);
		return next;
	}

	private part(index: number): Part | undefined {
		return index ? this.others[index - 1] : this.first;
	}

	render(writer: Writer): boolean {
		// goes down to the part whose turn it is, rather than have each ask the next: the stack is short
		let parent: Multipart = this;
		while (parent.phase === Phase.PART) {
			const part = parent.part(parent.index)!;
			if (part instanceof Multipart && part.phase !== Phase.END) parent = part;
			else {
				if (part instanceof Multipart || part.render(writer)) parent.next();
				return false;
			}
		}
		if (parent.phase === Phase.BEGIN) parent.begin(writer);
		else if (parent.phase === Phase.ENCODING) parent.encoding(writer);
		else if (parent.phase === Phase.DELIMITER) parent.delimiter(writer);
		return this.phase === Phase.END;
	}

	private next(): void {
		this.index += 1;
		this.phase = Phase.DELIMITER;
	}

	private begin(writer: Writer): void {
		writer.begin("Content-Type");
		writer.text("multipart/");
		writer.text(this.subtype);
		writer.text('; boundary="');
		this.boundary(writer);
		writer.text('"');
		writer.endLine();
		this.phase = Phase.ENCODING;
	}

	/** Of what has a part in 8bit this must be said, too (RFC 2045, 6.4). */
	private encoding(writer: Writer): void {
		if (this.eightBit) {
			writer.begin("Content-Transfer-Encoding");
			writer.text("8bit");
			writer.endLine();
		}
		this.phase = Phase.DELIMITER;
	}

	/** The line between two parts; the line end before it is its own (RFC 2046, 5.1.1). */
	private delimiter(writer: Writer): void {
		const more = this.part(this.index) !== undefined;
		writer.endLine();
		writer.text("--");
		this.boundary(writer);
		if (more) writer.endLine();
		else writer.text("--");
		this.phase = more ? Phase.PART : Phase.END;
	}

	private boundary(writer: Writer): void {
		writer.text("=_");
		writer.text(`${this.ordinal}`);
		writer.text("_");
	}
}
