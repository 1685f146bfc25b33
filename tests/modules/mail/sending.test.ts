/** A file goes from the composer through the client to a server, whole, in little memory. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { Inbox } from "../../../commands/inbox.js";
import { VirtualBoard } from "../../../hardware/virtual/board.js";
import { byteAt } from "./descriptions.js";

const folder = resolve("build/tests/tests/modules/mail/sending");
const manifest = join(folder, "manifest.json");

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Sends a file of some length. @returns the bytes of slots and chunks that it took above idle */
async function send(length: number): Promise<number> {
	const inbox = await Inbox.start();
	const board = await VirtualBoard.start({
		manifest,
		config: { port: inbox.port, length },
		network: { connected: true },
		collectAlways: true,
		watchdogMs: 120_000,
	});
	const traced: string[] = [];
	board.on("trace", (line) => traced.push(line));
	try {
		assert.deepEqual(await board.exited, { code: 0, reason: "exit" }, traced.join(""));
		const file = inbox.mails[0]?.parsed.attachments[0]?.content;
		assert.ok(file);
		assert.equal(digest(file), digest(Buffer.from(Array.from({ length }, (_, index) => byteAt(index)))));
		const { usedPeak, idleSlots, idleChunks, slotSize } = await board.figures();
		return usedPeak - idleSlots * slotSize - idleChunks;
	} finally {
		await board.close();
		await inbox.close();
	}
}

describe("a file from the composer to a server", () => {
	before(() => {
		mkdirSync(folder, { recursive: true });
		const app = {
			include: [resolve("modules/mail/manifest_attachments.json"), resolve("modules/smtp/manifest.json")],
			modules: {
				main: resolve("tests/modules/mail/sending.xs"),
				descriptions: resolve("tests/modules/mail/descriptions"),
			},
			preload: ["descriptions"],
			creation: { static: 21504, stack: 320 },
		};
		writeFileSync(manifest, JSON.stringify(app));
	});

	test("arrives whole, and takes the same for 10 KB and 1 MB", async () => {
		const short = await send(10_000);
		const long = await send(1_000_000);
		assert.ok(Math.abs(long - short) <= 16, `${short} and ${long} bytes`);
	});
});
