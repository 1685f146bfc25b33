/** What a device keeps, in a mail: the same bytes from the SDK's own resources, files and preferences as from the fakes. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { before, describe, type TestContext, test } from "node:test";
import { simpleParser } from "mailparser";
import { VirtualBoard } from "../../../../hardware/virtual/board.js";
import { buildApp, buildHost, obstacle } from "../../../hardware/tls/build.js";

const missing = obstacle();
const source = resolve("tests/modules/mail/sdk/xs");
/** mcconfig names an app by its folder. */
const folder = resolve("build/tests/tests/modules/mail/sdk/stored");

const bytes = Buffer.from(Uint8Array.from({ length: 10_001 }, (_, i) => i * 167 + (i >> 3) + (i >> 11)));
const digest = (of: Uint8Array) => createHash("sha256").update(of).digest("hex");

/** What the app says in its lines: the mail, a piece at a time, then its octets in two readings. */
function heard(lines: string[]): { text: string; size: number; again: number } {
	const said = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
	const text = said.map((line) => line.text ?? "").join("");
	return { ...said.at(-1), text };
}

async function onBoard(): Promise<ReturnType<typeof heard>> {
	const names = ["main", "mail", "bytes", "fake-files", "fake-flash"];
	const app = {
		include: ["storage", "preference"].map((name) => resolve(`modules/mail/manifest_${name}.json`)),
		modules: { "*": names.map((name) => join(source, name)), stores: join(source, "stores-board") },
		resources: { "*": "./photo" },
		creation: { static: 1 << 18, chunk: { initial: 65_536 }, heap: { initial: 4096 }, stack: 512 },
	};
	writeFileSync(join(folder, "board.json"), JSON.stringify(app));
	const board = await VirtualBoard.start({ manifest: join(folder, "board.json") });
	const lines: string[] = [];
	board.on("trace", (line) => lines.push(line));
	const ended = board.exited.then(({ reason }) => Promise.reject(new Error(`${reason} ${lines.join("")}`)));
	while (!lines.at(-1)?.startsWith('{"size"')) await Promise.race([once(board, "trace"), ended]);
	ended.catch(() => {});
	await board.close();
	return heard(lines);
}

/** Runs the simulator's build without the simulator, in a folder that has the file. */
async function onSDK(t: TestContext): Promise<ReturnType<typeof heard>> {
	const library = buildApp(folder, "lin");
	const host = buildHost();
	const cwd = mkdtempSync(join(tmpdir(), "stored-"));
	t.after(() => rmSync(cwd, { recursive: true }));
	writeFileSync(join(cwd, "photo.bin"), bytes);
	const child = spawn(host, [library], { cwd, stdio: ["ignore", "pipe", "inherit"] });
	t.after(() => child.kill());
	const lines: string[] = [];
	for await (const line of createInterface(child.stdout)) {
		lines.push(line);
		if (line.startsWith('{"size"')) return heard(lines);
	}
	throw new Error(`the app ended: ${lines.join("\n")}`);
}

describe("a mail with what a device keeps", () => {
	let expected: ReturnType<typeof heard>;

	before(async () => {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, "photo.bin"), bytes);
		writeFileSync(
			join(folder, "manifest.json"),
			JSON.stringify({ include: join(source, "manifest.json"), resources: { "*": "./photo" } }),
		);
		expected = await onBoard();
	});

	test("on the virtual board has all of it, twice", async () => {
		assert.equal(expected.text.length, expected.size);
		assert.equal(expected.again, expected.size);
		const { attachments } = await simpleParser(expected.text);
		const found = attachments.map(({ filename, content }) => [filename, digest(content)]);
		assert.deepEqual(found, [
			["resource.bin", digest(bytes)],
			["file.bin", digest(bytes)],
			["preferences.txt", digest(Buffer.from("cm; 水位\r\n-3120"))],
			["new-file.bin", digest(bytes)],
			["flash.bin", digest(bytes.subarray(1000, 5000))],
		]);
	});

	test("on the SDK is the same", { skip: missing ?? false }, async (t) => {
		assert.deepEqual(await onSDK(t), expected);
	});
});
