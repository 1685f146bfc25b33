import { equal, ok, test, throws } from "harness";
import { Attachment } from "mail/attachment";
import { PreferenceSource } from "mail/preference";
import { BytesSource } from "mail/sources";
import { fileSource, flashSource } from "mail/storage";
import { TextPart } from "mail/text";
import Preference from "preference";
import { BUFFERS, message, readAll, refusedField, render } from "./rendering";
import { FakeECMA419File, FakeFile } from "./sdk/xs/fake-files";
import { FakeFlash } from "./sdk/xs/fake-flash";

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 3)) & 255).buffer;
const text = (buffer: ArrayBuffer) => readAll(new BytesSource(buffer));

/** As many bytes as are said, but fewer of them are there. */
class Lost extends FakeFile {
	override get length(): number {
		return super.length + 1;
	}
	override read(type: ArrayBufferConstructor, count: number): ArrayBuffer {
		return this.position < super.length ? super.read(type, count) : new ArrayBuffer(0);
	}
}

test("files of both kinds give their bytes, whatever the buffer, once and again", () => {
	for (const length of [0, 1, 95, 96, 97, 1000])
		for (const file of [new FakeFile(bytes(length)), new FakeECMA419File(bytes(length))]) {
			const source = fileSource(file);
			equal(source.size, length);
			for (const size of BUFFERS) {
				equal(readAll(source, size), text(bytes(length)));
				equal(source.read(new Uint8Array(10)), 0);
				source.reset();
			}
		}
});

test("two readers of one file do not disturb each other", () => {
	const file = new FakeFile(bytes(1000));
	const [one, other] = [fileSource(file), fileSource(file)];
	const buffer = new Uint8Array(300);
	one.read(buffer);
	equal(readAll(other), text(bytes(1000)));
	equal(readAll(one), text(bytes(1000).slice(300)));
});

test("a file that has lost its end is an error, not a shorter file", () => {
	const content = new Attachment({ source: fileSource(new Lost(bytes(200))) });
	equal(
		refusedField(() => render({ content })),
		"attachment",
	);
});

test("of flash a part, or all of it, to the last byte", () => {
	const flash = new FakeFlash(bytes(4096));
	const whole = text(bytes(4096));
	equal(readAll(flashSource(flash)), whole);
	equal(readAll(flashSource(flash, 4095)), whole.slice(4095));
	equal(readAll(flashSource(flash, 100, 1100), 57), whole.slice(100, 1100));
	equal(readAll(flashSource(flash, 4096)), "");
	equal(flashSource(flash, 100, 1100).size, 1000);
	for (const [from, to] of [
		[-1, 10],
		[10, 9],
		[0, 4097],
		[Number.NaN, 10],
	] as const)
		throws(() => flashSource(flash, from, to), RangeError);
});

test("preferences one after the other, as bytes and as words", () => {
	const keys = ["text", "none", "bytes", "number", "empty", "truth"];
	Preference.set("log", "text", "Pegel: 水\r\n");
	Preference.set("log", "bytes", bytes(61));
	Preference.set("log", "number", -12);
	Preference.set("log", "empty", "");
	Preference.set("log", "truth", true);
	const expected = `${text(ArrayBuffer.fromString("Pegel: 水\r\n"))}${text(bytes(61))}-12true`;
	const source = new PreferenceSource(Preference, "log", keys);
	for (const size of BUFFERS) {
		equal(readAll(source, size), expected);
		equal(source.read(new Uint8Array(10)), 0);
		source.reset();
		source.read(new Uint8Array(5));
		source.reset();
	}
	equal(readAll(new PreferenceSource(Preference, "log", [])), "");
	equal(readAll(new PreferenceSource(Preference, "other", keys)), "");
});

test("a value is looked up when it is its turn", () => {
	const asked: string[] = [];
	const get = (_domain: string, key: string) => {
		asked.push(key);
		return "x".repeat(60);
	};
	const source = new PreferenceSource({ get }, "log", ["a", "b", "c"]);
	equal(asked.length, 0);
	source.read(new Uint8Array(50));
	equal(asked.join(), "a");
	const mail = message({ content: new Attachment({ source }) });
	equal(mail.size, undefined);
	ok(asked.length < 3);
});

test("values can be a text, too", () => {
	const source = new PreferenceSource({ get: (_domain: string, key: string) => `${key}\n` }, "log", ["a", "b"]);
	ok(render({ content: new TextPart(source) }).endsWith("\r\n\r\na\r\nb\r\n"));
});
