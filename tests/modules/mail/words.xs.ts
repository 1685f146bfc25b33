import { equal, ok, test } from "harness";
import { field, message, refusedField, render } from "./rendering";

const subject = (text: string) => field("Subject", render({ subject: text }))!;

/** What RFC 2047 makes of a field: encoded words, next to one another without the space between. */
const decode = (text: string): string => {
	let result = "";
	let afterWord = false;
	for (const token of text.split("\r\n").join("").split(" ")) {
		const isWord = token.startsWith("=?UTF-8?") && token.endsWith("?=");
		if (result && !(isWord && afterWord)) result += " ";
		result += isWord ? decodeWord(token) : token;
		afterWord = isWord;
	}
	return result;
};

const decodeWord = (word: string): string => {
	const text = word.slice(10, -2);
	if (word[8] === "Q") return decodeURIComponent(text.replaceAll("_", " ").replaceAll("%", "=25").replaceAll("=", "%"));
	let escaped = "";
	let bits = 0;
	let count = 0;
	for (const character of text.replaceAll("=", "")) {
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
		bits = (bits << 6) | alphabet.indexOf(character);
		count += 6;
		if (count >= 8) {
			count -= 8;
			escaped += `%${((bits >> count) & 255).toString(16).padStart(2, "0")}`;
		}
	}
	return decodeURIComponent(escaped);
};

test("a short subject is as it is", () => {
	equal(subject("Water in the cellar"), "Water in the cellar");
	equal(subject(""), "");
});

test("a long one is folded at spaces, at 76 characters", () => {
	equal(
		subject("one two three four five six seven eight nine ten eleven twelve thirteen fourteen"),
		"one two three four five six seven eight nine ten eleven twelve\r\n thirteen fourteen",
	);
	for (let length = 60; length < 90; length++)
		for (const line of `Subject: ${subject(`${"x".repeat(length)} y z`)}`.split("\r\n"))
			ok(line.length <= 76 || !line.trim().includes(" ", 9), line);
});

test("Q for few other characters, B for many", () => {
	equal(subject("Käsekuchen"), "=?UTF-8?Q?K=C3=A4sekuchen?=");
	equal(subject("Käse"), "=?UTF-8?B?S8Okc2U=?=");
	equal(subject("水位过高"), "=?UTF-8?B?5rC05L2N6L+H6auY?=");
});

test("only what must be is encoded, with what is between", () => {
	equal(subject("the Käsekuchen and the Öl are bad"), "the =?UTF-8?Q?K=C3=A4sekuchen_and_the_=C3=96l?= are bad");
});

test("encoded words end at code points, have at most 75 characters and lines of 76", () => {
	for (let length = 1; length < 130; length++)
		for (const unit of ["ä", "水", "👩‍👧 ", "aé", "a"]) {
			const text = `${"x".repeat(length % 70)} ${unit.repeat(length)}é`;
			const lines = `Subject: ${subject(text)}`.split("\r\n");
			for (const line of lines) {
				ok(line.length <= 76 || line === `Subject: ${"x".repeat(length % 70)}`, line);
				for (const word of line.trim().split(" ")) if (word.startsWith("=?")) ok(word.length <= 75, word);
			}
			equal(decode(lines.join("\r\n").slice(9)), text);
		}
});

test("spaces survive: several in a row, and at either end", () => {
	for (const text of ["a  b", "a   b", " a", "a ", "  ", " ", " a b ", "a b  c d", "x  ", "é  é", "a é ", "a\tb"])
		equal(decode(subject(text)), text);
});

test("what looks encoded is encoded", () => {
	equal(subject("not a =?word, really"), "not a =?UTF-8?B?PT93b3JkLA==?= really");
});

test("a word too long for a line is encoded", () => {
	equal(subject("x".repeat(900)), "x".repeat(900));
	for (const line of subject("x".repeat(901)).split("\r\n")) ok(line.length <= 76);
	equal(decode(subject(`a ${"x".repeat(2000)} b`)), `a ${"x".repeat(2000)} b`);
});

test("half a surrogate pair is no text", () => {
	equal(
		refusedField(() => message({ subject: JSON.parse('"\\ud83d"') })),
		"Subject",
	);
});

test("a field with a long name has room too", () => {
	const name = `X-${"y".repeat(58)}`;
	const value = field(name, render({ headers: [[name, "äöü".repeat(10)]] }))!;
	equal(decode(value.trimStart()), "äöü".repeat(10));
});
