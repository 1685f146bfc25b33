/** The reader of sessions finds what must not be on the wire. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readSession } from "./wire.js";

const read = (text: string) => readSession(Buffer.from(text, "latin1"));

test("messages by DATA, dot-stuffing undone, and by BDAT in chunks", () => {
	const { commands, messages } = read(
		"EHLO me\r\nDATA\r\na\r\n..\r\n\r\n.\r\nDATA\r\n.\r\nBDAT 3\r\nb\r\nBDAT 3\r\n.\r\nBDAT 0 LAST\r\nQUIT\r\n",
	);
	assert.deepEqual(commands, ["EHLO me", "DATA", "DATA", "BDAT 3", "BDAT 3", "BDAT 0 LAST", "QUIT"]);
	assert.deepEqual(
		messages.map(({ by, bytes }) => [by, bytes.toString()]),
		[
			["DATA", "a\r\n.\r\n\r\n"],
			["DATA", ""],
			["BDAT", "b\r\n.\r\n"],
		],
	);
});

for (const [what, said] of [
	["LF by itself in a command", "EHLO\nme\r\n"],
	["CR by itself in a message", "DATA\r\na\rb\r\n.\r\n"],
	["LF by itself in a message", "DATA\r\na\nb\r\n.\r\n"],
	["a message that ends in LF", "BDAT 4 LAST\r\n\r\na\n"],
	["a dot that is not doubled", "DATA\r\n.a\r\n.\r\n"],
	["a line of 999 octets", `DATA\r\n${"x".repeat(999)}\r\n.\r\n`],
	["NUL", "DATA\r\na\0b\r\n.\r\n"],
	["a message without an end", "DATA\r\na\r\n"],
] as const)
	test(`found: ${what}`, () => void assert.throws(() => read(said)));
