import { equal, ok, test } from "harness";
import { bodyOf, field, isCanonical, message, refusedField, render } from "./rendering";

const encodingOf = (text: string, eightBit = false) => field("Content-Transfer-Encoding", render({ text, eightBit }));

const body = (text: string, eightBit = false) => bodyOf(render({ text, eightBit }));

test("ASCII goes as it is", () => {
	equal(encodingOf("plain\ttext\n-- \nAda"), "7bit");
	equal(body("a\rb\nc\r\nd\n\re\r\r\n"), "a\r\nb\r\nc\r\nd\r\n\r\ne\r\n\r\n");
});

test("a line may have 998 octets, not 999", () => {
	equal(encodingOf("x".repeat(998)), "7bit");
	equal(encodingOf(`a\n${"x".repeat(998)}\nb`), "7bit");
	equal(encodingOf("x".repeat(999)), "quoted-printable");
	equal(encodingOf(`a\n${"x".repeat(999)}\nb`), "quoted-printable");
});

test("a few characters of another script: quoted-printable; many: base64; 8bit where the server takes it", () => {
	equal(encodingOf("Grüße aus dem Keller"), "quoted-printable");
	equal(encodingOf("水位过高"), "base64");
	equal(encodingOf("Grüße", true), "8bit");
	equal(body("Grüße", true), "Gr\xc3\xbc\xc3\x9fe\r\n");
	equal(encodingOf(`Grüße ${"x".repeat(1000)}`, true), "quoted-printable");
});

test("control characters, dots and boundaries at the beginning of a line are hidden", () => {
	for (const text of ["a\x1bb, and more", "a text\x7f", ".", "a\n.b", "--=_1, and", "a\r--=x, and"])
		equal(encodingOf(text), "quoted-printable", text);
	for (const text of ["a.", "a\n--", "a--=_1", "-=_", "--\n=", "a\n -.=--="]) equal(encodingOf(text), "7bit", text);
});

test("quoted-printable", () => {
	equal(body("é=\t \n.x\n a \r\nz \x1b, and more"), "=C3=A9=3D\t=20\r\n=2Ex\r\n a=20\r\nz =1B, and more\r\n");
	equal(body(`\x1b${"a".repeat(72)}`), `=1B${"a".repeat(72)}\r\n`);
	equal(body(`\x1b${"a".repeat(73)}`), `=1B${"a".repeat(72)}=\r\na\r\n`);
	equal(body(`\x1b${"a".repeat(71)}é`), `=1B${"a".repeat(71)}=\r\n=C3=A9\r\n`);
	equal(body(`\x1b${"a".repeat(72)}. b`), `=1B${"a".repeat(72)}=\r\n=2E b\r\n`);
	equal(body(`\x1b${"a".repeat(71)} \nb`), `=1B${"a".repeat(71)}=\r\n=20\r\nb\r\n`);
});

test("quoted-printable decodes to the text, with lines of at most 76", () => {
	for (let length = 0; length < 260; length++) {
		const text = `a text with é${"ab .x=y\n c".repeat(40).slice(0, length)}`;
		const encoded = body(text);
		ok(isCanonical(encoded));
		ok(encoded.split("\r\n").every((line) => line.length <= 76 && !line.endsWith(" ")));
		const escaped = encoded.replaceAll("=\r\n", "").replaceAll("%", "=25").replaceAll("=", "%");
		equal(decodeURIComponent(escaped), `${text.replaceAll("\n", "\r\n")}${text.endsWith("\n") ? "" : "\r\n"}`);
	}
});

test("base64 of a text has CRLF in it, and lines of 64", () => {
	equal(body("水\n水\r水\r\n"), "5rC0DQrmsLQNCuawtA0K\r\n");
	const lines = body("水位过高\n".repeat(50)).split("\r\n");
	equal(lines.pop(), "");
	ok(lines.every((line, i) => (i < lines.length - 1 ? line.length === 64 : line.length % 4 === 0)));
});

test("base64 of every length", () => {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (let length = 1; length < 210; length++) {
		const text = "水é位🙂".repeat(60).slice(0, length);
		let escaped = "";
		let bits = 0;
		let count = 0;
		const encoded = body(`水水${text}`).replaceAll("\r\n", "");
		equal(encoded.length % 4, 0);
		for (const character of encoded.replaceAll("=", "")) {
			bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffffff;
			count += 6;
			if (count >= 8) {
				count -= 8;
				escaped += `%${((bits >> count) & 255).toString(16).padStart(2, "0")}`;
			}
		}
		equal(decodeURIComponent(escaped), `水水${text}`);
	}
});

test("a NUL and half a character are no text", () => {
	equal(
		refusedField(() => message({ text: "a\0b" })),
		"text",
	);
	equal(
		refusedField(() => message({ text: JSON.parse('"a\\ud83d"') })),
		"text",
	);
});
