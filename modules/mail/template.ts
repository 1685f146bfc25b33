import { MailError } from "./error";
import type { Pieces } from "./pieces";
import { charCodeAt } from "./strings";

/** What stands for the placeholders, by their names. */
export type Values = Readonly<Record<string, string | number | undefined>>;

/** Characters that are made into bytes at once. */
const PIECE = 64;

const { indexOf, slice } = String.prototype;

const enum Code {
	QUOTE = 0x22,
	AMPERSAND = 0x26,
	APOSTROPHE = 0x27,
	LESS = 0x3c,
	GREATER = 0x3e,
}

/** A value in a page: what it says, it says as text. */
export const escapeHTML = (text: string): string => {
	let result = "";
	let from = 0;
	for (let i = 0, code: number; (code = charCodeAt.call(text, i)) >= 0; i++) {
		const entity = entityFor(code);
		if (!entity) continue;
		result += slice.call(text, from, i) + entity;
		from = i + 1;
	}
	return from ? result + slice.call(text, from) : text;
};

const entityFor = (code: number): string | undefined => {
	switch (code) {
		case Code.AMPERSAND:
			return "&amp;";
		case Code.LESS:
			return "&lt;";
		case Code.GREATER:
			return "&gt;";
		case Code.QUOTE:
			return "&quot;";
		case Code.APOSTROPHE:
			return "&#39;";
		default:
			return undefined;
	}
};

/**
 * A text with `{{placeholders}}`, filled in a piece at a time: the template may be in flash and long, it is never made
 * into a text as a whole. To be given to a TextPart, or to `compose` as its text or page.
 */
export class TemplatePieces implements Pieces {
	bytes!: Uint8Array;
	private template: string;
	private values: readonly Values[];
	private encode: (text: string) => string;
	private position = 0;
	/** The value being written, from this character on. */
	private value: string | undefined;
	private from = 0;

	/**
	 * @param values by name, looked for in the first, then the second...
	 * @param encode applied to every value: `escapeHTML` in a page
	 * @throws MailError for a placeholder that has no value, or no end
	 */
	constructor(template: string, values: Values | readonly Values[], encode: (text: string) => string = asItIs) {
		this.template = template;
		this.values = Array.isArray(values) ? values : [values as Values];
		this.encode = encode;
		while (this.text() !== undefined);
		this.reset();
	}

	reset(): void {
		this.position = this.from = 0;
		this.value = undefined;
	}

	next(): number {
		const text = this.text();
		if (text === undefined) return 0;
		const buffer = ArrayBuffer.fromString(text);
		this.bytes = new Uint8Array(buffer);
		return buffer.byteLength;
	}

	/** The next piece as a string, never empty; undefined at the end. */
	text(): string | undefined {
		const template = this.template;
		for (;;) {
			if (this.value !== undefined) {
				const from = this.from;
				this.from = from + PIECE;
				const piece = slice.call(this.value, from, from + PIECE);
				if (piece !== "") return this.encode(piece);
				this.value = undefined;
			}
			const from = this.position;
			const open = indexOf.call(template, "{{", from);
			if (open !== from) {
				const to = open < 0 || open > from + PIECE ? from + PIECE : open;
				this.position = to;
				const piece = slice.call(template, from, to);
				return piece === "" ? undefined : piece;
			}
			const close = indexOf.call(template, "}}", open);
			if (close < 0) throw new MailError("template", "a placeholder has no end");
			this.value = valueFor(this.values, slice.call(template, open + 2, close));
			this.from = 0;
			this.position = close + 2;
		}
	}
}

const valueFor = (values: readonly Values[], name: string): string => {
	for (let i = 0; i < values.length; i++) {
		const value = values[i]![name];
		if (typeof value === "string") return value;
		if (typeof value === "number") return `${value}`;
	}
	throw new MailError(name, "no value for this placeholder");
};

/** A template filled as a whole, such as that of a subject. */
export const fill = (template: string, values: Values | readonly Values[]): string => {
	const pieces = new TemplatePieces(template, values);
	let text = "";
	for (let piece: string | undefined; (piece = pieces.text()) !== undefined; ) text += piece;
	return text;
};

const asItIs = (text: string): string => text;
