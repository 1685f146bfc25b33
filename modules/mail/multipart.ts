import type { Part } from "./part";
import type { Writer } from "./writer";

/** How the parts belong together (RFC 2046, 5.1; RFC 2387): the same in several forms, a page with its images, or apart. */
export type MultipartSubtype = "alternative" | "mixed" | "related";

/** What comes next: the fields of the header, and then by turns a delimiter and the part behind it. */
const enum Step {
	END = -1,
	BEGIN,
	ROOT_TYPE,
	ENCODING,
	/** Of the first part; those of the next one are 2 more. */
	DELIMITER,
	PART,
}

/**
 * Several parts in one. Its boundary, `=_1_`, is nowhere else in the message: no encoding can bring forth `=_`, a text
 * with a line that begins with `--=` is encoded, and every multipart within another has a number of its own.
 */
export class Multipart implements Part {
	private subtype: MultipartSubtype;
	private first: Part;
	private others: readonly Part[];
	private step = Step.BEGIN;
	/** Default: 1; no slot where there is no other. */
	declare private ordinal?: number;

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

	get mediaType(): string {
		return `multipart/${this.subtype}`;
	}

	reset(): void {
		this.step = Step.BEGIN;
		for (let i = 0, part: Part | undefined; (part = this.part(i)); i++) part.reset();
	}

	/** Numbers this multipart and those within. @returns the next number */
	number(first: number): number {
		let next = first + 1;
		if (first > 1 || this.ordinal) this.ordinal = first;
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
		for (let step: Step; (step = parent.step) >= Step.PART && !(step & 1); ) {
			const part = parent.part((step - Step.PART) >> 1)!;
			if (!(part instanceof Multipart)) {
				if (part.render(writer)) parent.step = step + 1;
				return false;
			}
			if (part.step === Step.END) parent.step = step + 1;
			else parent = part;
		}
		if (writer.runTo) writer.goOn();
		else if (parent.step === Step.BEGIN) parent.begin(writer);
		else if (parent.step === Step.ROOT_TYPE) parent.rootType(writer);
		else if (parent.step === Step.ENCODING) parent.encoding(writer);
		else if (parent.step !== Step.END) parent.delimiter(writer);
		return this.step === Step.END;
	}

	private begin(writer: Writer): void {
		writer.begin("Content-Type");
		writer.text("multipart/");
		writer.text(this.subtype);
		writer.text('; boundary="');
		this.boundary(writer);
		writer.text('"');
		this.step = Step.ROOT_TYPE;
	}

	/** What is related says of what type the part is that the others belong to, its first one (RFC 2387, 3.1). */
	private rootType(writer: Writer): void {
		const { mediaType } = this.first;
		if (this.subtype === "related" && mediaType !== undefined) {
			writer.add(";", 1);
			writer.fold();
			writer.literal('type="');
			writer.run(mediaType, 0, mediaType.length);
		}
		this.step = Step.ENCODING;
	}

	/** Of what has a part in 8bit this must be said, too (RFC 2045, 6.4). */
	private encoding(writer: Writer): void {
		if (this.subtype === "related" && this.first.mediaType !== undefined) writer.text('"');
		writer.endLine();
		if (this.eightBit) {
			writer.begin("Content-Transfer-Encoding");
			writer.text("8bit");
			writer.endLine();
		}
		this.step = Step.DELIMITER;
	}

	/** The line between two parts; the line end before it is its own (RFC 2046, 5.1.1). */
	private delimiter(writer: Writer): void {
		const { step } = this;
		const more = this.part((step - Step.DELIMITER) >> 1) !== undefined;
		writer.endLine();
		writer.text("--");
		this.boundary(writer);
		if (more) writer.endLine();
		else writer.text("--");
		this.step = more ? step + 1 : Step.END;
	}

	private boundary(writer: Writer): void {
		writer.text("=_");
		writer.text(`${this.ordinal ?? 1}`);
		writer.text("_");
	}
}
