/**
 * Two parsers that know nothing of the composer, mailparser and Python's email, read what it wrote: they must find what
 * was described, and no defect.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, describe as suite, test } from "node:test";
import { VirtualBoard } from "../../../hardware/virtual/board.js";
import { type Description, describe } from "./descriptions.js";
import { expected, foundByMailparser, foundByPython, hasPython } from "./found.js";

const COUNT = 240;

const descriptions = describe(COUNT);
const messages: Buffer[] = [];

/** Composes the messages on a virtual board. */
async function compose(): Promise<void> {
	const folder = resolve("build", "tests", "tests", "modules", "mail", "parsers");
	const manifest = join(folder, "manifest.json");
	const room = {
		static: 1 << 20,
		chunk: { initial: 1 << 18, incremental: 4096 },
		heap: { initial: 8192, incremental: 512 },
	};
	mkdirSync(folder, { recursive: true });
	writeFileSync(
		manifest,
		JSON.stringify({
			include: ["attachments", "flowed"].map((name) => resolve(`modules/mail/manifest_${name}.json`)),
			modules: {
				main: resolve("tests/modules/mail/parsers.xs"),
				described: resolve("tests/modules/mail/described"),
				descriptions: resolve("tests/modules/mail/descriptions"),
			},
			creation: { ...room, stack: 1024, keys: { initial: 512, incremental: 128 } },
		}),
	);
	const input = Buffer.from(descriptions.map((description) => `${JSON.stringify(description)}\n`).join(""));
	const board = await VirtualBoard.start({ manifest, input, watchdogMs: 60_000 });
	let digits = "";
	board.on("report", (text) => {
		if (text !== ".") digits += text;
		else {
			messages.push(Buffer.from(digits, "hex"));
			digits = "";
		}
	});
	board.on("trace", (line) => console.error(line));
	assert.deepEqual(await board.exited, { code: 0, reason: "exit" });
	await board.close();
	assert.equal(messages.length, COUNT);
}

suite("what the composer writes", () => {
	before(compose);

	test("every line ends in CRLF, is no longer than 998, and does not begin with a dot", () => {
		for (const message of messages) {
			const lines = message.toString("latin1").split("\r\n");
			assert.equal(lines.pop(), "");
			for (const line of lines) assert.match(line, /^(?!\.)[^\r\n\0]{0,998}$/);
		}
	});

	test("Bcc is in none", () => {
		for (const message of messages) assert.ok(!message.includes("secret@"));
	});

	test(`mailparser finds in ${COUNT} messages what was described`, async () => {
		for (const [index, message] of messages.entries())
			assert.deepEqual(
				await foundByMailparser(message),
				expected(descriptions[index] as Description),
				`message ${index}`,
			);
	});

	test(`Python's email finds in ${COUNT} messages what was described`, { skip: !hasPython && "NO PYTHON HERE" }, () => {
		for (const [index, found] of foundByPython(messages).entries())
			assert.deepEqual(found, expected(descriptions[index] as Description), `message ${index}`);
	});
});
