/** Firmware of the SDK's that is an access point, hangs, restarts: NONOS's own code deals with that. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join, resolve } from "node:path";
import { before, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { build } from "../../../commands/sdk/build.js";
import { findChipTools } from "../../../commands/sdk/tools.js";
import { ChipBoard, type ChipOptions } from "../../../hardware/chip/board.js";
import { obstacle } from "./image.js";

const name = "firmware of the SDK's on the emulated chip";
const missing = await obstacle();
const STEP_MS = 50;
const LIMIT_MS = 20_000;

/** Builds app/main.ts. @returns where its ELF and its flash image are */
async function buildApp(): Promise<{ elf: string; image: string }> {
	const { root, env } = findChipTools();
	const out = resolve("build/chip/firmware/app/out");
	mkdirSync(out, { recursive: true });
	const args = ["-m", "-p", "esp/nodemcu", "-t", "build", "-o", out, "tests/hardware/chip/app/manifest.json"];
	const { status } = await build("mcconfig", args, { env, verbose: false, foreign: [root] });
	if (status !== 0) throw new Error("the firmware cannot be built");
	const made = (part: string, file: string) => join(out, part, "esp/nodemcu/release/app", file);
	return { elf: made("tmp", "main.elf"), image: made("bin", "main.bin") };
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await new Promise((done) => server.once("listening", done));
	const { port } = server.address() as AddressInfo;
	await new Promise((done) => server.close(done));
	return port;
}

if (missing) test(name, { skip: missing }, () => {});
else
	suite(name, () => {
		let app: { elf: string; image: string };
		before(async () => {
			app = await buildApp();
		});

		/** A chip that has started, its lines, and a way to say a word to its page, which answers within some of its time. */
		async function running(options: ChipOptions = {}) {
			const port = await freePort();
			const board = await ChipBoard.start({ pace: "free", ...app, forwardPoint: { [port]: 80 }, ...options });
			const lines: string[] = [];
			board.on("trace", (line) => lines.push(line));
			board.on("note", (who, text) => lines.push(`${who}: ${text}`));
			let over = false;
			void board.exited.then(() => {
				over = true;
			});
			await board.advance(2_000);
			const say = async (word: string): Promise<string> => {
				let answer = "";
				const socket = connect(port, "127.0.0.1", () => socket.write(word));
				socket.on("data", (data) => {
					answer += data;
				});
				socket.on("error", () => {});
				for (let passed = 0; !answer.endsWith("\n") && !over && passed < LIMIT_MS; passed += STEP_MS) {
					await board.advance(STEP_MS);
					await delay(0);
				}
				socket.destroy();
				return answer;
			};
			return { board, lines, say };
		}

		test("an access point is joined from the desk, and its page is read", async () => {
			const { board, say } = await running();
			assert.equal(await say("hello"), "hello from the access point\n");
			assert.equal((await board.close()).kind, "closed");
		});

		test("what hangs is ended by NONOS's soft watchdog, with the place", async () => {
			const { board, say } = await running();
			await say("hang");
			const { kind, reason } = await board.exited;
			assert.equal(kind, "soft watchdog");
			assert.match(reason, /^soft watchdog: the event loop did not come round for 3\.2 s, in \w+/);
		});

		test("as on the chip it then tells where it was, starts anew, and works", async () => {
			const { board, lines, say } = await running({ faults: "go-on", lives: "many" });
			await say("hang");
			assert.ok(lines.includes("Soft WDT reset"), lines.join("\n"));
			assert.equal(await say("hello"), "hello from the access point\n");
			assert.equal((await board.figures()).watchdogBites, 1);
			await board.close();
		});

		test("a restart that is asked for is one", async () => {
			const { board, lines, say } = await running({ lives: "many" });
			await say("restart");
			assert.ok(lines.includes("chip: the firmware restarts the chip"), lines.join("\n"));
			assert.equal(await say("hello"), "hello from the access point\n");
			await board.close();
		});
	});
