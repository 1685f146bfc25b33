/** Line ends of a text, wherever it is cut: whatever its source gives at a time, and whatever its reader's buffer. */
import { equal, ok, test } from "harness";
import type { Pieces } from "mail/pieces";
import { TextPart } from "mail/text";
import { bodyOf, field, message, readAll, refusedField } from "./rendering";

const READERS = [1, 2, 3, 57, 80, 81, 100, 536, 4096] as const;
const GIVEN = [1, 2, 3, 57, 127, 128] as const;

const bytesOf = (text: string): Uint8Array => new Uint8Array(ArrayBuffer.fromString(text));

/** Gives so many bytes at a time, and when it is read again those of another text. */
class Source {
	private at = 0;

	constructor(
		private bytes: Uint8Array,
		private most = 128,
		private then = bytes,
	) {}

	read(buffer: Uint8Array): number {
		const part = this.bytes.subarray(this.at, this.at + Math.min(this.most, buffer.length));
		buffer.set(part);
		this.at += part.length;
		return part.length;
	}

	reset(): void {
		this.at = 0;
		this.bytes = this.then;
	}
}

/** Gives so many characters at a time, each time in a buffer that has just as many bytes. */
class Characters implements Pieces {
	bytes!: Uint8Array;
	private at = 0;

	constructor(
		private text: string,
		private most: number,
	) {}

	next(): number {
		this.bytes = bytesOf(this.text.slice(this.at, this.at + this.most));
		this.at += this.most;
		return this.bytes.length;
	}

	reset(): void {
		this.at = 0;
	}
}

/** Every line end as CRLF. */
const canonical = (text: string): string =>
	text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll("\n", "\r\n");

/** Its bytes in UTF-8, a byte a character, with a line end. */
const linesOf = (text: string): string => {
	const lines = canonical(text);
	return readAll(new Source(bytesOf(lines.endsWith("\n") ? lines : `${lines}\r\n`)));
};

let seed = 1;

/** So many words by chance; none makes a line that must be encoded. */
const textOf = (words: readonly string[], count: number): string => {
	let text = "=";
	for (let i = 0; i < count; i++) {
		seed = (seed * 16807) % 2147483647;
		text += words[seed % words.length];
	}
	return text;
};

const ends = ["\r", "\n", "\r\n", "\r\n", "\n\r", "\t", "\x0b"];
const feeds = ["\n", "\n", "a", "b.", "and a few words more, so that a run is long"];
const ascii = [...ends, "a", "b.", "c--=", "and a few words more, so that a run is long"];
const utf8 = [...ends, "a", "ü", "€", "😀.", "und ein paar Wörter mehr, so daß er länger wird"];
const chinese = [...ends, "水位过高"];

test("a text from a source as it is, and a string", () => {
	for (const words of [feeds, ascii, utf8, chinese])
		for (let round = 0; round < 30; round++) {
			const text = textOf(words, 1 + 5 * round);
			const lines = linesOf(text);
			for (const given of GIVEN) {
				const content = new TextPart(new Source(bytesOf(text), given), true);
				const reader = READERS[(round + given) % READERS.length]!;
				const whole = readAll(message({ content }), reader);
				ok(field("Content-Transfer-Encoding", whole)!.endsWith("bit"));
				equal(bodyOf(whole), lines, `${given} bytes at a time, read by ${reader}`);
				const pieces = new TextPart(new Characters(text, given), true);
				equal(bodyOf(readAll(message({ content: pieces }), reader)), lines, `${given} characters at a time`);
			}
			for (const reader of READERS) equal(bodyOf(readAll(message({ text, eightBit: true }), reader)), lines);
		}
});

test("a text from a source in base64", () => {
	for (let round = 1; round < 30; round++) {
		const text = textOf(chinese, 5 * round) + "水位过高".repeat(5 * round);
		for (const given of GIVEN) {
			const content = new TextPart(new Source(bytesOf(text), given));
			const whole = readAll(message({ content }), READERS[(round + given) % READERS.length]);
			equal(field("Content-Transfer-Encoding", whole), "base64");
			const bytes = bytesOf(canonical(text)) as Uint8Array & { toBase64(): string };
			equal(bodyOf(whole).replaceAll("\r\n", ""), bytes.toBase64());
		}
	}
});

test("lines of 998 octets from a source", () => {
	const text = `${"x".repeat(998)}\r\n`.repeat(3);
	for (const reader of READERS)
		equal(bodyOf(readAll(message({ content: new TextPart(new Source(bytesOf(text))) }), reader)), text);
});

test("a long string", () => {
	for (const words of [feeds, ascii, utf8, chinese]) {
		const text = textOf(words, 3000) + (words === feeds ? `\n${"abcdefghijklm".repeat(76)}`.repeat(3) : "");
		const lines = linesOf(text);
		for (const reader of READERS) equal(bodyOf(readAll(message({ text, eightBit: true }), reader)), lines);
	}
});

test("a source that says something else when it is read again cannot end the mail", () => {
	for (const end of ["\n", "\r", "\r\n"])
		for (const length of [0, 1, 79, 126, 127, 128, 129, 400])
			for (const given of GIVEN) {
				const before = length ? "x".repeat(length) + end : "";
				const source = new Source(bytesOf(`${before}x`), given, bytesOf(`${before}.${end}`));
				const mail = message({ content: new TextPart(source) });
				equal(
					refusedField(() => readAll(mail, 100)),
					"text",
				);
			}
});
