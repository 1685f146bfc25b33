import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { Screen } from "../../commands/run/screen.js";

const texts = ["the status in full, \x1b[2m44 columns wide, you see\x1b[22m", "the short status", "short"];

/** A terminal of so many columns, and what was written on it since it was last asked. */
function terminal(columns: number) {
	process.env.TERM = "xterm";
	const stream = new PassThrough();
	const out = Object.assign(stream, { isTTY: true, columns }) as unknown as NodeJS.WriteStream;
	return { out, written: () => String(stream.read() ?? ""), screen: new Screen(out) };
}

for (const [columns, shown] of [
	[80, texts[0]],
	[45, texts[0]],
	[44, texts[1]],
	[17, texts[1]],
	[10, texts[2]],
	[4, "sho"],
	[0, texts[0]],
] as const)
	test(`${columns} columns`, () => {
		const { screen, written } = terminal(columns);
		screen.status(...texts);
		assert.equal(written(), `\r\x1b[K${shown}`);
	});

test("a line of the log goes above the status", () => {
	const { screen, written } = terminal(80);
	screen.status("status");
	written();
	screen.log("line");
	assert.equal(written().replaceAll("\r\x1b[K", "<"), "<line\n<status");
});

test("a terminal that becomes narrower is left with one status", () => {
	const { screen, written, out } = terminal(80);
	screen.status(...texts);
	written();
	out.columns = 20;
	out.emit("resize");
	assert.equal(written(), `\r\x1b[2A\x1b[J${texts[1]}`);
	screen.close();
	assert.equal(out.listenerCount("resize"), 0);
});

test("without a terminal there is the log alone", () => {
	const stream = new PassThrough();
	const screen = new Screen(stream as unknown as NodeJS.WriteStream);
	screen.status("status");
	screen.log("line");
	assert.equal(String(stream.read()), "line\n");
});
