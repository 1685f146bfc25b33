import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { printable, styleFor } from "../../commands/terminal.js";

const terminal = Object.assign(new PassThrough(), { isTTY: true });

test("colours on a terminal only, and only for those who want them", () => {
	assert.equal(styleFor(terminal, { TERM: "xterm" }).red("x"), "\x1b[31mx\x1b[39m");
	assert.equal(styleFor(terminal, { TERM: "xterm", NO_COLOR: "1" }).red("x"), "x");
	assert.equal(styleFor(terminal, { TERM: "dumb" }).red("x"), "x");
	assert.equal(styleFor(new PassThrough(), { TERM: "xterm" }).red("x"), "x");
});

test("what comes from outside cannot move the cursor", () => {
	assert.equal(printable("a\x1b[2Jb\rc\u009bd"), "a\\x1b[2Jb\\x0dc\\x9bd");
	assert.equal(printable("a\nb"), "a\\x0ab");
	assert.equal(printable("a\nb\tc\r", true), "a\nb\tc\\x0d");
	assert.equal(printable("Wasser 水 😀"), "Wasser 水 😀");
});
