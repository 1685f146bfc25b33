/** The very image that is flashed, on the emulated chip: boot, press, mail, and what goes wrong on the way. */
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import type { Firmware } from "../../../commands/chip/firmware.js";
import { busyMs, ticksToMs } from "../../../hardware/chip/figures.js";
import { firmware, messageID, obstacle, Scene } from "./image.js";

const name = "the app's firmware on the emulated chip";
const missing = await obstacle();

/** How much of a change is done when the power goes, of 256. */
const SHARES = [0, 128, 255];
/**
 * An alert's record takes two writes, as a rule, and is there when both are complete. What comes then, the attempt's own record and
 * the end of both, loses nothing.
 */
const LAST_OF_WINDOW = 2;
/** A record takes two writes of the ROM's, or, with a short id, one: four changes of flash at least. */
const FEWEST_CUTS = 4 * SHARES.length;

// A suite that is skipped would not be counted.
if (missing) test(name, { skip: missing }, () => {});
else
	suite(name, () => {
		let image: Firmware;
		before(async () => {
			image = await firmware("plain");
		});

		test("boots, takes a press, sends the mail; no exception, no long stretch, no bite", async (context) => {
			const scene = await Scene.open(image, context);
			await scene.powerOn();
			assert.ok(await scene.untilReady());
			await scene.press();
			assert.ok(await scene.untilMails(1), scene.end?.reason);
			await scene.board.advance(3_000);
			const figures = await scene.board.figures();
			context.diagnostic(
				`worked ${busyMs(figures, 80).toFixed(0)} ms at 80 MHz, ${figures.leastHeap} bytes of heap at least`,
			);
			assert.deepEqual([figures.exceptions, figures.watchdogBites], [0, 0]);
			assert.ok(ticksToMs(figures.longestTurnTicks) < 1_000);
			assert.match(scene.mails[0]?.parsed.text ?? "", /Button pressed/);
			assert.ok(scene.seen.includes("pin 16=0"), "the LED was never lit");
		});

		test("is started by the SDK's bootloader, from what is in flash", async (context) => {
			const scene = await Scene.open(image, context);
			await scene.powerOn();
			const lines: string[] = [];
			scene.board.on("trace", (line) => lines.push(line));
			assert.ok(await scene.untilReady());
			assert.match(lines[0] ?? "", /^2nd boot version : 1\.7/);
			assert.ok(lines.includes("jump to run user1 @ 1000"), lines.join("\n"));
		});

		test("while Wi-Fi is lost nothing is sent; when it is back the mail goes", async (context) => {
			const scene = await Scene.open(image, context);
			await scene.powerOn();
			assert.ok(await scene.untilReady());
			scene.board.setWiFi("lost");
			await scene.press();
			await scene.board.advance(5_000);
			assert.equal(scene.mails.length, 0);
			scene.board.setWiFi("back");
			assert.ok(await scene.untilMails(1), scene.end?.reason);
			assert.equal(scene.mails.length, 1);
		});

		test("an alert that waits outlives a power cut", async (context) => {
			const scene = await Scene.open(image, context);
			await scene.powerOn({ wifi: { present: false } });
			await scene.board.advance(2_000);
			await scene.press();
			await scene.board.advance(2_000);
			await scene.powerOff();
			assert.equal(scene.mails.length, 0);
			await scene.powerOn();
			assert.ok(await scene.untilMails(1), scene.end?.reason);
			await scene.board.advance(3_000);
			await scene.powerOff();
			await scene.powerOn();
			assert.ok(await scene.untilReady());
			await scene.board.advance(5_000);
			assert.equal(scene.mails.length, 1, "it is sent once");
		});

		test("a wrong Wi-Fi password is told apart, and tried again; nothing is lost by it", async (context) => {
			const scene = await Scene.open(image, context);
			await scene.powerOn({ wifi: { ssid: "chip", password: "another" } });
			await scene.board.advance(2_000);
			await scene.press();
			await scene.board.advance(20_000);
			assert.ok(scene.seen.filter((line) => line === "wifi wrong password").length > 1, scene.seen.join("\n"));
			assert.ok(!scene.seen.includes("wifi associated"));
			assert.equal(scene.end?.reason, undefined);
			await scene.powerOff();
			await scene.powerOn();
			assert.ok(await scene.untilMails(1), scene.end?.reason);
		});

		test("a network that is not there is looked for until it is", async (context) => {
			const scene = await Scene.open(image, context);
			await scene.powerOn({ wifi: { ssid: "chip", present: false } });
			await scene.board.advance(10_000);
			assert.ok(
				scene.seen.some((line) => line.startsWith("wifi there is no network")),
				scene.seen.join("\n"),
			);
			scene.board.setWiFi("back");
			assert.ok(await scene.untilReady());
			await scene.press();
			assert.ok(await scene.untilMails(1), scene.end?.reason);
		});

		test("a reset by its pin is a start like any other", async (context) => {
			const scene = await Scene.open(image, context);
			await scene.powerOn({ lives: "many" });
			assert.ok(await scene.untilReady());
			scene.board.reset();
			assert.ok(await scene.untilReady());
			await scene.press();
			assert.ok(await scene.untilMails(1), scene.end?.reason);
		});

		test("the power goes in the middle of each write and erase of an alert's way: lost is only what has not been written yet", async (context) => {
			const changes = await changesOfAnAlert();
			context.diagnostic(
				`an alert changes flash ${changes.last - changes.first} times, after ${changes.first} at the first start`,
			);
			const lost: [change: number, share: number][] = [];
			let cuts = 0;
			for (let change = changes.first + 1; change <= changes.last; change++)
				for (const share of SHARES) {
					const scene = await Scene.open(image, context);
					await scene.powerOn({ cut: { change, share } });
					if (await scene.untilReady()) await scene.press();
					await scene.until(() => scene.end !== undefined, 20_000);
					if (!scene.end) {
						// its record was shorter than that of the alert that was counted
						assert.ok(scene.mails.length > 0, `change ${change}`);
						continue;
					}
					assert.equal(scene.end.kind, "power cut", `change ${change}: ${scene.end.reason}`);
					cuts++;
					const before = scene.mails.length;
					await scene.powerOn();
					await scene.untilMails(1, 30_000);
					assert.equal(scene.end?.reason, undefined, `after change ${change}, ${share} of 256`);
					if (scene.mails.length === 0) lost.push([change - changes.first, share]);
					const ids = new Set(scene.mails.map(messageID));
					assert.equal(ids.size, Math.min(1, scene.mails.length), `${before} mails before the cut`);
				}
			context.diagnostic(
				`lost: ${lost.map(([change, share]) => `change ${change} at ${share} of 256`).join(", ") || "none"}`,
			);
			assert.ok(cuts >= FEWEST_CUTS, `the power was cut ${cuts} times`);
			assert.ok(
				lost.every(([change]) => change <= LAST_OF_WINDOW),
				String(lost),
			);
		});

		/** How often flash has been changed when it is ready, and when the alert has been dealt with. */
		async function changesOfAnAlert(): Promise<{ first: number; last: number }> {
			const scene = await Scene.open(image);
			await scene.powerOn();
			await scene.untilReady();
			const start = await scene.board.figures();
			await scene.press();
			await scene.untilMails(1);
			await scene.board.advance(3_000);
			const end = await scene.board.figures();
			await scene.close();
			const count = (figures: typeof start) => figures.flashWrites + figures.flashErases;
			return { first: count(start), last: count(end) };
		}
	});
