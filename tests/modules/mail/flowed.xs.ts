import { equal, ok, test } from "harness";
import { flowed } from "mail/flowed";
import { bodyOf, field, message, readAll, refusedField, render } from "./rendering";

const body = (text: string) => bodyOf(render({ content: flowed(text) }));

/** What a reader makes of it (RFC 3676, 4): lines that end in a space go on in the next. */
const unflow = (text: string): string => {
	let result = "";
	for (const line of text.split("\r\n").slice(0, -1)) {
		const content = line.startsWith(" ") ? line.slice(1) : line;
		result += content.endsWith(" ") && content !== "-- " ? content : `${content}\n`;
	}
	return result;
};

test("it says that it flows", () => {
	equal(field("Content-Type", render({ content: flowed("a") })), "text/plain; charset=utf-8; format=flowed");
});

test("long lines are broken after a space, and come together again", () => {
	const paragraph = "The water in the cellar is rising, and nobody knows why, so please come and look at it now. ";
	equal(
		body(`${paragraph.repeat(2).trimEnd()}\n`),
		[
			"The water in the cellar is rising, and nobody knows why, so please ",
			"come and look at it now. The water in the cellar is rising, and nobody ",
			"knows why, so please come and look at it now.",
			"",
		].join("\r\n"),
	);
	for (let length = 0; length < 400; length += 7) {
		const text = `${paragraph.repeat(5).slice(0, length).trimEnd()}\n> quote\n  indented\nFrom here\n${paragraph.repeat(2).trimEnd()}\n`;
		const lines = body(text);
		equal(unflow(lines), text);
		ok(lines.split("\r\n").every((line) => line.length <= 78));
	}
});

test("spaces at the end of a line would mean that it goes on: they go, but for a signature's", () => {
	equal(body("a  \nb \r\n-- \nAda\n--  x\n- \n"), "a\r\nb\r\n-- \r\nAda\r\n--  x\r\n-\r\n");
});

test("quotes, From and leading spaces are stuffed", () => {
	equal(body(">a\n From\nFrom\n>\n \n"), " >a\r\n  From\r\n From\r\n >\r\n\r\n");
});

test("many spaces in a row stay within a line", () => {
	equal(unflow(body(`a${" ".repeat(20)}b\n`)), `a${" ".repeat(20)}b\n`);
});

test("a word longer than a line goes whole; a reset gives the same", () => {
	const word = "x".repeat(200);
	equal(body(`a ${word} b\n`), `a ${word} \r\nb\r\n`);
	const source = message({ content: flowed(`${"a b ".repeat(300)}\n>\n`) });
	const whole = readAll(source, 50);
	source.reset();
	equal(readAll(source), whole);
});

test("a NUL and half a character are no text", () => {
	for (const text of ["a\0b", JSON.parse('"a\\ud83d"')])
		for (const eightBit of [false, true])
			equal(
				refusedField(() => flowed(text, eightBit)),
				"text",
			);
});
