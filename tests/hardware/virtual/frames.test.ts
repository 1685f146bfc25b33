/** What desk and engine say to each other, where one of them says what it should not. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { buildEngine, enginePath } from "../../../hardware/virtual/build-engine.js";
import { encodeFrame, FrameDecoder, FrameKind } from "../../../hardware/virtual/frames.js";

/** Says something to an engine and hears how it ends. */
async function say(...parts: Uint8Array[]): Promise<{ code: number | null; signal: string | null; said: string }> {
	const target = await buildEngine(process.cwd());
	const child = spawn(enginePath(process.cwd(), target), { stdio: ["pipe", "pipe", "ignore"] });
	let said = "";
	child.stdout.on("data", (data: Buffer) => {
		said += data.toString("latin1");
	});
	child.stdin.on("error", () => {});
	child.stdin.end(Buffer.concat(parts));
	const [code, signal] = await once(child, "close");
	return { code, signal, said };
}

const head = (length: number, kind: string): Buffer => {
	const bytes = Buffer.alloc(5);
	bytes.writeUInt32LE(length);
	bytes.write(kind, 4, "latin1");
	return bytes;
};

test("a frame that is longer than any can be ends the engine, which says so", async () => {
	for (const length of [0xffffffff, 0xfffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0x7ffffffe, 33_554_433]) {
		const { code, signal, said } = await say(head(length, "e"), Buffer.alloc(100));
		assert.deepEqual([code, signal], [71, null], String(length));
		assert.match(said, new RegExp(`x(a frame of|no memory for a frame of) ${length} bytes`));
	}
});

test("a desk that goes in the middle of a frame leaves nothing running", async () => {
	for (const parts of [[Buffer.alloc(0)], [Buffer.alloc(3)], [head(10, "m"), Buffer.alloc(9)]])
		assert.deepEqual([(await say(...parts)).code], [71]);
});

test("frames that make no sense, come too early or have no end in their words do the engine no harm", async () => {
	const kinds = Object.values(FrameKind).filter((kind) => kind !== FrameKind.quit);
	const bodies = ["", "\0", "name", "name\0", "7 r", "7 ", "99999999999999999999 r\0", " ".repeat(600)];
	for (const kind of ["\0", "\xff", ...kinds]) {
		if (kind === FrameKind.module || kind === FrameKind.preloaded || kind === FrameKind.share) continue; // they are programs
		const frames = bodies.map((body) => encodeFrame(kind, body));
		const { code, signal } = await say(...frames, encodeFrame(FrameKind.quit));
		assert.deepEqual([code, signal], [0, null], JSON.stringify(kind));
	}
});

test("an engine that says a frame longer than any can be is not listened to", () => {
	for (const length of [0xffffffff, 0x7fffffff, 33_554_433])
		assert.throws(() => [...new FrameDecoder().push(head(length, "t"))], /the engine says a frame of \d+ bytes/);
	const [frame] = new FrameDecoder().push(encodeFrame("t", "x".repeat(100_000)));
	assert.equal(frame?.body.length, 100_000);
});
