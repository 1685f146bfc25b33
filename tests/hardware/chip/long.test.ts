/** A long life of the emulated chip: takes ten minutes, so it is run by hand, with ALERTS=1000. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firmware, messageID, obstacle, Scene } from "./image.js";

const count = Number(process.env.ALERTS ?? 0);
const missing = (await obstacle()) || (count ? false : "takes ten minutes; run by hand: ALERTS=1000");

/** Wi-Fi is lost at each of so many alerts, and comes back after the press. */
const LOST_EVERY = 25;
/** By then all that is allocated once has been. */
const SETTLED = 30;
/** Between two alerts: longer than the LED shows that one was sent, and than a contact bounces. */
const PAUSE_MS = 3_000;

test("a thousand alerts in one life, Wi-Fi lost now and then: all arrive, once, and heap and stack are flat", {
	skip: missing,
}, async (context) => {
	const scene = await Scene.open(await firmware("plain"), context);
	await scene.powerOn();
	assert.ok(await scene.untilReady());
	const heaps: number[] = [];
	const stacks: number[] = [];
	for (let alert = 1; alert <= count; alert++) {
		const loses = alert % LOST_EVERY === 0;
		if (loses) scene.board.setWiFi("lost");
		await scene.press();
		if (loses) {
			await scene.board.advance(1_000);
			scene.board.setWiFi("back");
		}
		assert.ok(await scene.untilMails(alert, 120_000), `alert ${alert}: ${scene.end?.reason ?? "no mail"}`);
		await scene.board.advance(PAUSE_MS);
		const { freeHeap, applicationStack } = await scene.board.figures();
		heaps.push(freeHeap);
		stacks.push(applicationStack);
		if (alert % 100 === 0)
			context.diagnostic(`${alert} alerts: ${freeHeap} bytes of heap free, stack ${applicationStack}`);
	}
	assert.equal(scene.mails.length, count);
	assert.equal(new Set(scene.mails.map(messageID)).size, count);
	const settled = heaps.slice(SETTLED);
	context.diagnostic(`heap free between alerts: ${Math.min(...settled)} to ${Math.max(...settled)}`);
	assert.ok(Math.min(...settled.slice(-SETTLED)) >= Math.min(...settled.slice(0, SETTLED)), "the heap shrinks");
	assert.equal(stacks.at(-1), stacks[SETTLED]);
	const { exceptions, watchdogBites, flashErases, mostWorn } = await scene.board.figures();
	context.diagnostic(`flash erases ${flashErases}, the most worn sector ${mostWorn}`);
	assert.deepEqual([exceptions, watchdogBites], [0, 0]);
});
