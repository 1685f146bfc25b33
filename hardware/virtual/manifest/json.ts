/** JSON that people write, read so that an error names the place and quotes nothing: there may be a password. */

/** The text is not JSON. */
export class JSONError extends Error {
	override name = "JSONError";

	/** @param index of the first character that does not belong there */
	constructor(text: string, index: number) {
		const before = text.slice(0, index).split("\n");
		const what = index >= text.length ? "it ends too early" : "this is not JSON";
		super(`line ${before.length}, column ${(before.at(-1) ?? "").length + 1}: ${what}`);
	}
}

/** @throws JSONError */
export function parseJSON(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new JSONError(text, new Scanner(text).failure());
	}
}

const space = /[ \t\n\r]*/y;
const string = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** As much of a string, or of a word, as is right. */
const begun = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/** Looks for the place where JSON (RFC 8259) ends to be JSON, with a stack of its own: the text may be deep. */
class Scanner {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	failure(): number {
		const open: string[] = [];
		do {
			if (!this.#value(open)) return this.#at;
			while (open.length > 0 && this.#takes(open.at(-1) === "{" ? "}" : "]")) open.pop();
			if (open.length > 0 && !(this.#takes(",") && (open.at(-1) === "[" || this.#name()))) return this.#at;
		} while (open.length > 0);
		this.#match(space);
		return this.#at;
	}

	/** A scalar, an empty object or array, or the beginning of one up to its first value. */
	#value(open: string[]): boolean {
		for (;;) {
			if (this.#takes("{")) {
				if (this.#takes("}")) return true;
				open.push("{");
				if (!this.#name()) return false;
			} else if (this.#takes("[")) {
				if (this.#takes("]")) return true;
				open.push("[");
			} else return this.#match(scalar) || this.#isString();
		}
	}

	#name(): boolean {
		this.#match(space);
		return this.#isString() && this.#takes(":");
	}

	#isString(): boolean {
		if (this.#match(string)) return true;
		this.#match(begun); // to the character that is wrong in it
		return false;
	}

	#takes(character: string): boolean {
		this.#match(space);
		if (this.#text[this.#at] !== character) return false;
		this.#at++;
		return true;
	}

	/** Goes on behind what matches here. @returns whether something does */
	#match(pattern: RegExp): boolean {
		pattern.lastIndex = this.#at;
		if (!pattern.test(this.#text)) return false;
		this.#at = pattern.lastIndex;
		return true;
	}
}
