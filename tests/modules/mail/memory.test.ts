/** What composing takes of the memory of a chip, beside the buffer of the reader, and that it is the same for any length. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { type Figures, VirtualBoard } from "../../../hardware/virtual/board.js";
import { engineTarget } from "../../../hardware/virtual/build-engine.js";

interface Measured {
	length: number;
	/** Bytes of slots and chunks in use above idle. */
	bytes: number;
	stack: number;
	collections: number;
}

const folder = resolve("build/tests/tests/modules/mail/memory");
const manifest = join(folder, "manifest.json");

/** @param attachment its length; 0: no file, -1: no message at all */
async function measure(attachment: number, encoding = "base64"): Promise<Measured> {
	const collectAlways = encoding === "base64"; // whose garbage is not what this is about
	const config = { attachment, encoding };
	const board = await VirtualBoard.start({ manifest, config, collectAlways, watchdogMs: 120_000 });
	let length = 0;
	board.on("report", (text) => {
		length = Number(text);
	});
	assert.deepEqual(await board.exited, { code: 0, reason: "exit" });
	const figures: Figures = await board.figures();
	await board.close();
	const { usedPeak, idleSlots, idleChunks, slotSize, stackPeak, collections } = figures;
	return { length, bytes: usedPeak - idleSlots * slotSize - idleChunks, stack: stackPeak, collections };
}

const skip = (await engineTarget()) === "m64" && "ONLY ON A 32-BIT ENGINE: slots of 32 bytes are not the chip's";

describe("the composer's memory", { skip }, () => {
	before(() => {
		mkdirSync(folder, { recursive: true });
		const app = {
			include: [resolve("modules/mail/manifest_attachments.json")],
			modules: { main: resolve("tests/modules/mail/memory.xs") },
			// it grows in small steps, so that what waits to be collected does not show
			creation: {
				static: 32768,
				chunk: { initial: 256, incremental: 64 },
				heap: { initial: 64, incremental: 8 },
				stack: 256,
			},
		};
		writeFileSync(manifest, JSON.stringify(app));
	});

	test("an alert of text takes less than a kilobyte", async () => {
		const { bytes } = await measure(0);
		assert.ok(bytes <= 960, `${bytes} bytes`);
	});

	for (const encoding of ["base64", "quoted-printable"])
		test(`a file in ${encoding} takes little more than one, the same for 10 KB and 1 MB`, async () => {
			const [short, long] = [await measure(10_000, encoding), await measure(1_000_000, encoding)];
			assert.ok(short.length > 10_000 && long.length > 1_000_000);
			assert.ok(Math.abs(long.bytes - short.bytes) <= 64, `${short.bytes} and ${long.bytes} bytes`);
			assert.ok(long.bytes <= 1344, `${long.bytes} bytes`);
		});

	test("it calls no deeper than the stack of a chip allows, beside a client", async () => {
		const idle = await measure(-1);
		for (const length of [0, 1000]) {
			const { stack } = await measure(length);
			assert.ok(stack - idle.stack <= 136, `${stack - idle.stack} slots`);
		}
	});
});
