import { equal, ok, test } from "harness";
import { TextPart } from "mail/text";
import { bodyOf, field, isCanonical, message, readAll, refusedField, render } from "./rendering";

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

test("dots and boundaries at the beginning of a line are hidden", () => {
	for (const text of [".", "a\n.b", "a\r.b", "a\r\n.b", "--=_1, and", "a\n--=x, and", "a\r--=x, and", "a\r\n--=x, and"])
		equal(encodingOf(text), "quoted-printable", text);
	for (const text of ["a.", "a\n--", "a--=_1", "-=_", "--\n=", "a\n -.=--=", "a\r\n--\r="])
		equal(encodingOf(text), "7bit", text);
});

test("control characters are carried by mail (RFC 5321, 4.5.2), but not in quoted-printable", () => {
	equal(body("a\x1bb\x7f\x07\t\x0b\x0c, and more"), "a\x1bb\x7f\x07\t\x0b\x0c, and more\r\n");
	equal(
		body("a\x1bb\x7f\x07\t\x0b\x0c, and so on: é, or so it was, I think"),
		"a=1Bb=7F=07\t=0B=0C, and so on: =C3=A9, or so it was, I think\r\n",
	);
});

test("a text of any length, and lines of any, whatever ends them", () => {
	for (const end of ["\n", "\r\n", "\r"])
		for (let length = 1; length < 80; length += 6) {
			const lines: string[] = [];
			for (let i = 0, left = 1500; left > 0; i++) {
				lines.push("abcdefghij".repeat(8).slice(0, (i * length) % 81));
				left -= lines[i]!.length + 1;
			}
			for (const last of ["", end, `${end}${end}x`]) {
				const text = lines.join(end) + last;
				const whole = readAll(message({ text }));
				const expected = lines.join("\r\n") + last.replaceAll(end, "\r\n");
				equal(bodyOf(whole), expected.endsWith("\n") ? expected : `${expected}\r\n`);
				for (const size of [79, 81, 199, 300]) equal(readAll(message({ text }), size), whole);
			}
		}
});

test("a text in UTF-8 of any length, and lines of any, whatever ends them, where the server takes 8bit", () => {
	for (const end of ["\n", "\r\n", "\r"])
		for (const letters of ["abcdäfghij", "水位过高水位过高水位", "🙂abc🙂def🙂g"])
			for (let length = 1; length < 80; length += 13) {
				let text = "";
				for (let i = 0; i < 30; i++) text += letters.repeat(8).slice(0, (i * length) % 70) + end;
				text += "ü";
				const whole = readAll(message({ text, eightBit: true }));
				equal(field("Content-Transfer-Encoding", whole), "8bit");
				equal(bodyOf(whole), utf8(`${text.replaceAll(end, "\r\n")}\r\n`));
				for (const size of [79, 81, 199, 300]) equal(readAll(message({ text, eightBit: true }), size), whole);
				const content = new TextPart(new BytesSource(text), true);
				equal(bodyOf(readAll(message({ content }))), bodyOf(whole));
			}
});

test("lines of a text in UTF-8: what must be hidden, and at most 998 octets", () => {
	for (const text of ["ä\n.", ".ä", "ä\r\n--=", "ä\r--=", `ä\n${"水".repeat(333)}`]) {
		ok(encodingOf(text, true) !== "8bit", text);
		const content = new TextPart(new BytesSource(text), true);
		ok(field("Content-Transfer-Encoding", render({ content })) !== "8bit", text);
	}
	for (const text of [`ä\n${"水".repeat(332)}`, "ä.\n-.", "ä--=\n--"]) {
		equal(encodingOf(text, true), "8bit");
		const content = new TextPart(new BytesSource(text), true);
		equal(field("Content-Transfer-Encoding", render({ content })), "8bit");
	}
});

test("a line that begins and ends within one piece of a text may have 998 octets, too", () => {
	for (const end of ["\n", "\r", "\r\n"]) {
		equal(encodingOf(`a${end}bc${"🙂".repeat(249)}${end}d`, true), "8bit");
		for (const rest of ["", end, `${end}d`]) ok(encodingOf(`a${end}${"🙂".repeat(250)}${rest}`, true) !== "8bit");
	}
});

test("lines of a source, wherever it is cut", () => {
	const odd = [".", "--=", "x".repeat(999)];
	const even = ["--", "x.", `${"x".repeat(998)}\r\n`];
	for (let length = 0; length < 300; length++)
		for (const end of ["\n", "\r", "\r\n"]) {
			const before = "x".repeat(length) + end;
			for (const line of odd) {
				const content = new TextPart(new BytesSource(before + line));
				ok(field("Content-Transfer-Encoding", render({ content })) !== "7bit");
			}
			for (const line of even) {
				const whole = render({ content: new TextPart(new BytesSource(before + line)) });
				equal(field("Content-Transfer-Encoding", whole), "7bit");
				equal(bodyOf(whole), `${"x".repeat(length)}\r\n${line}${line.endsWith("\n") ? "" : "\r\n"}`);
			}
		}
});

test("the size of what is encoded is known, and not too small", () => {
	for (const letters of ["Grüße = x", "水 and more of it, and", "a line with = and é\r\n", "🙂, and what it means"]) {
		const content = new TextPart(new BytesSource(letters.repeat(200)));
		const mail = message({ content });
		const { length } = readAll(mail);
		ok(mail.size! >= length && mail.size! < length * 1.2 + 200, `${mail.size} of ${length}`);
	}
});

test("a source of something else than UTF-8 keeps its bytes", () => {
	const latin1 = Uint8Array.of(71, 114, 252, 223, 101, 10, ...Array.from({ length: 200 }, () => 97), 228);
	for (const eightBit of [false, true]) {
		const whole = render({ content: new TextPart(new BytesSource(latin1), eightBit) });
		equal(field("Content-Transfer-Encoding", whole), "quoted-printable");
		ok(bodyOf(whole).startsWith("Gr=FC=DFe\r\naaa") && bodyOf(whole).endsWith("a=E4\r\n"), whole);
	}
	for (const length of [0, 60, 142, 143, 144, 200])
		for (const last of ["é", ""]) {
			const text = `${"x".repeat(length)}\0${last}`;
			equal(
				refusedField(() => new TextPart(new BytesSource(text))),
				"text",
			);
		}
});

test("the size of a long text is known, whatever ends its lines", () => {
	for (const end of ["\n", "\r\n"]) {
		const mail = message({ text: `${"x".repeat(70)}${end}`.repeat(250) });
		const { length } = readAll(mail);
		ok(mail.size! >= length && mail.size! < length + 100, `${mail.size} of ${length}`);
	}
});

test("empty lines, and none", () => {
	for (const before of ["", "x", "xy"]) equal(body(before + "\n".repeat(700)), before + "\r\n".repeat(700));
	equal(body("\r".repeat(700)), "\r\n".repeat(700));
	equal(body(""), "");
});

test("quoted-printable", () => {
	equal(body("é=\t \n.x\n a \r\nz \x1b, and more"), "=C3=A9=3D\t=20\r\n=2Ex\r\n a=20\r\nz =1B, and more\r\n");
	equal(body(`.${"a".repeat(72)}`), `=2E${"a".repeat(72)}\r\n`);
	equal(body(`.${"a".repeat(73)}`), `=2E${"a".repeat(72)}=\r\na\r\n`);
	equal(body(`.${"a".repeat(71)}é`), `=2E${"a".repeat(71)}=\r\n=C3=A9\r\n`);
	equal(body(`.${"a".repeat(72)}. b`), `=2E${"a".repeat(72)}=\r\n=2E b\r\n`);
	for (let more = 0; more < 8; more++)
		equal(body(`.${"a".repeat(72)}.${"b".repeat(more)}`), `=2E${"a".repeat(72)}=\r\n=2E${"b".repeat(more)}\r\n`);
	equal(body(`.${"a".repeat(71)} \nb`), `=2E${"a".repeat(71)}=\r\n=20\r\nb\r\n`);
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

/** Quoted-printable by the character, as RFC 2045 tells it. */
const encodeSlowly = (text: string): string => {
	let result = "";
	let column = 0;
	for (let i = 0; i < text.length; i++) {
		const character = text[i]!;
		const next = text[i + 1] ?? "\n";
		if (character === "\n") {
			result += "\r\n";
			column = 0;
			continue;
		}
		const blank = character === " " || character === "\t";
		const plain = blank ? next !== "\n" : character > " " && character < "\x7f" && character !== "=";
		const escapes = plain ? character : encodeURIComponent(character).replaceAll("%", "=");
		for (let from = 0; from < escapes.length; from += 3) {
			let piece = escapes.slice(from, from + 3);
			// a character is not cut
			if (column + (from ? 0 : escapes.length > 3 ? 12 : piece.length) > 75) {
				result += "=\r\n";
				column = 0;
			}
			if (character === "." && !column) piece = "=2E";
			result += piece;
			column += piece.length;
		}
	}
	return text.endsWith("\n") ? result : `${result}\r\n`;
};

/** Its bytes in UTF-8, a byte a character. */
const utf8 = (text: string): string => readAll(new BytesSource(text));

/** Gives so many bytes at a time, and as many as are asked for, or a few less. */
class BytesSource {
	#bytes: Uint8Array;
	#most: number;
	#at = 0;

	constructor(text: string | Uint8Array, most = 4096) {
		this.#bytes = typeof text === "string" ? new Uint8Array(ArrayBuffer.fromString(text)) : text;
		this.#most = most;
	}

	read(buffer: Uint8Array): number {
		const bytes = this.#bytes.subarray(this.#at, this.#at + Math.min(this.#most, buffer.length - (this.#at % 4)));
		buffer.set(bytes);
		this.#at += bytes.length;
		return bytes.length;
	}

	reset(): void {
		this.#at = 0;
	}
}

test("quoted-printable of what is looked at four at a time: every character at every place", () => {
	const words = [
		"über",
		".",
		"a = b",
		"-",
		"--",
		"\t",
		" ",
		"\n",
		"x.y",
		"\x1b[0m",
		"\x7f",
		"plain",
		"words",
		"\n.",
		" \n",
		"🙂",
	];
	let seed = 1;
	for (let round = 0; round < 40; round++) {
		let text =
			"é, and so on: it must be encoded, but it has little of it, so that it stays readable all the same\n".repeat(4);
		while (text.length < 900) {
			seed = (seed * 16807) % 2147483647;
			text += `${words[seed % words.length]}${"abcdefghijklmnop".slice(seed % 13)}`;
		}
		const expected = encodeSlowly(text);
		for (const size of [80, 83, 250, 1000]) equal(bodyOf(readAll(message({ text }), size)), expected);
		const content = new TextPart(new BytesSource(text));
		equal(bodyOf(readAll(message({ content }), 80 + round)), expected);
	}
});

test("quoted-printable: no character is cut, wherever the line and the reader's buffer end", () => {
	for (let length = 0; length < 76; length++) {
		const text = `é${"x".repeat(length)}水位水位${"y".repeat(160)}ßüß🙂水ß${"z".repeat(100)}`;
		const expected = encodeSlowly(text);
		for (const size of [80, 83, 120, 536]) equal(bodyOf(readAll(message({ text }), size)), expected);
	}
});

/** Reads quoted-printable, and looks at what every reader of mail counts on (RFC 2045, 6.7); bytes as characters. */
const decode = (text: string): string => {
	let result = "";
	for (const line of text.slice(0, -2).split("\r\n")) {
		ok(line.length <= 76 && !line.startsWith(".") && !line.endsWith(" ") && !line.endsWith("\t"), line);
		const end = line.endsWith("=") ? line.length - 1 : line.length;
		for (let i = 0; i < end; i++) {
			const character = line[i]!;
			ok(character === "\t" || (character >= " " && character < "\x7f"), line);
			result +=
				character === "=" ? String.fromCharCode(Number.parseInt(line.slice(i + 1, (i += 2) + 1), 16)) : character;
		}
		if (end === line.length) result += "\r\n";
	}
	return result;
};

test("quoted-printable of any bytes, in pieces of any length, says the same", () => {
	const alphabet = "\r\n\r\n \t.=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t-\x7f\x1b\xfc\xc3\xa4\xff";
	let seed = 1;
	for (const step of [1, 2, 3, 4, 57, 127, 128, 191, 192, 193])
		for (const size of [80, 81, 83, 100, 256, 536]) {
			const bytes = new Uint8Array(700);
			for (let i = 0; i < bytes.length; i++) {
				seed = (seed * 16807) % 2147483647;
				bytes[i] = alphabet.charCodeAt(seed % (seed & 64 ? 12 : alphabet.length));
			}
			bytes[0] = 0xe9;
			// little room for much
			for (let i = 0; i < 40; i++) bytes[size + i] = 0xf0;
			// spaces at a line's end are where most could go wrong
			const expected = readAll(new BytesSource(bytes)).replaceAll("\r\n", "\n").replaceAll("\r", "\n");
			const content = new TextPart(new BytesSource(bytes, step));
			const text = readAll(message({ content }), size);
			equal(field("Content-Transfer-Encoding", text), "quoted-printable");
			equal(decode(bodyOf(text)).slice(0, expected.replaceAll("\n", "\r\n").length), expected.replaceAll("\n", "\r\n"));
			content.reset();
			equal(readAll(message({ content }), 4096), text);
		}
});

test("base64 of a text has CRLF in it, and lines of 76", () => {
	equal(body("水\n水\r水\r\n"), "5rC0DQrmsLQNCuawtA0K\r\n");
	const lines = body("水位过高\n".repeat(50)).split("\r\n");
	equal(lines.pop(), "");
	ok(lines.every((line, i) => (i < lines.length - 1 ? line.length === 76 : line.length % 4 === 0)));
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

test("half a character from a source is encoded like all that is not UTF-8, whether the server takes 8bit or not", () => {
	const half = Uint8Array.of(...Array.from({ length: 50 }, () => 97), 0xed, 0xa0, 0xbd, 98);
	for (const eightBit of [false, true]) {
		const whole = render({ content: new TextPart(new BytesSource(half), eightBit) });
		equal(field("Content-Transfer-Encoding", whole), "quoted-printable");
		ok(bodyOf(whole).endsWith("a=ED=A0=BDb\r\n"), whole);
	}
});
