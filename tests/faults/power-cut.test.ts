/**
 * The power goes before and after each native call that touches flash or network, from the press until the mail is sent; then
 * the board starts again. No alert that was in flash is lost, and one comes twice only where the server's last answer had not
 * been acted on, with the same Message-ID. POWER_CUTS=all cuts at each place, for nine alerts too; else those are every fourth.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { MailServer } from "../app/mail-server.js";
import { MINUTE, SECOND, VirtualApp } from "../app/virtual.js";
import { patience } from "../patience.js";

/** Devices whose calls count. */
const devices = ["preference", "tcp", "udp", "dns", "wifi"];

interface Run {
	server: MailServer;
	/** Calls from the first press on. */
	calls: string[];
	/** Presses whose alert had been written, alone or as a count, before the power went. */
	kept: number;
	presses: number;
}

/** Presses, perhaps while there is no network, and lets all be sent; the power goes at a place. */
async function press(t: TestContext, storage: string, count: number, cutAt = Number.POSITIVE_INFINITY): Promise<Run> {
	const run: Run = { server: new MailServer(), calls: [], kept: 0, presses: 0 };
	let isCounting = false;
	let written = 0;
	let isOff = false;
	const app = await VirtualApp.start(t, {
		servers: [run.server],
		storage,
		losesPower(call, isDone) {
			if (!isCounting || !devices.includes(call.split(".")[0] ?? "")) return false;
			if (isDone && call === "preference.set") written++;
			isOff = run.calls.push(`${call} ${isDone ? "done" : "to do"}`) > cutAt;
			return isOff;
		},
	});
	await app.ready();
	if (count > 1) app.board.wifi.drop();
	await app.board.advance(SECOND);
	isCounting = true;
	for (let i = 0; i < count && !isOff; i++) {
		const before = written;
		run.presses++;
		await app.press();
		if (written > before) run.kept++;
	}
	if (count > 1 && !isOff) app.board.wifi.restore();
	for (let i = 0; i < 30 && !isOff && !(run.server.mails.length && app.traced.at(-1)?.endsWith(": sent")); i++)
		await app.board.advance(SECOND);
	await app.board.advance(5 * SECOND);
	await app.board.close();
	return run;
}

/** The board starts again, and sends what it has. */
async function restart(t: TestContext, storage: string, server: MailServer): Promise<void> {
	const app = await VirtualApp.start(t, { servers: [server], storage, seed: 2 });
	await app.board.advance(MINUTE);
	await app.board.close();
}

/** How often the button was pressed, by what the mails say. */
const pressesIn = (server: MailServer): number => {
	const counts = new Map<string, number>();
	for (const { messageId, text } of server.mails)
		counts.set(messageId, Number(/\(=C3=97(\d+)\)/.exec(text.split("\r\n\r\n")[1] ?? "")?.[1] ?? 1));
	return [...counts.values()].reduce((sum, count) => sum + count, 0);
};

for (const count of [1, 3, 9])
	test(`power cut at each call that touches flash or network, with ${count} alerts`, patience, async (t) => {
		const storage = mkdtempSync(join(tmpdir(), "flash-"));
		t.after(() => rmSync(storage, { recursive: true }));
		const clear = () => rmSync(join(storage, "preferences.json"), { force: true });
		const whole = await press(t, storage, count);
		assert.equal(pressesIn(whole.server), count);
		const step = count === 9 && process.env.POWER_CUTS !== "all" ? 4 : 1;
		let [cuts, lost, doubled, others] = [0, 0, 0, 0];
		for (let at = 0; at < whole.calls.length; at += step) {
			clear();
			const cut = await press(t, storage, count, at);
			const place = `cut ${at}: ${cut.calls.at(-1)}`;
			assert.equal(cut.calls.length, at + 1, "runs are alike");
			await restart(t, storage, cut.server);
			cuts++;
			if (pressesIn(cut.server) < cut.kept) lost++;
			assert.ok(pressesIn(cut.server) >= cut.kept, `${place}: ${cut.kept} kept, ${pressesIn(cut.server)} sent`);
			const ids = cut.server.mails.map(({ messageId }) => messageId);
			const twice = ids.filter((id, i) => ids.indexOf(id) < i);
			doubled += twice.length;
			// a press that was cut off may have been written all the same
			if (pressesIn(cut.server) > cut.presses) others++;
			assert.ok(twice.length <= 1, `${place}: ${twice.length} doubles`);
			if (twice.length) assert.match(cut.calls.at(-1) ?? "", unread, place);
		}
		t.diagnostic(`${cuts} cuts: ${lost} lost, ${doubled} doubled, each with the same Message-ID, ${others} of another`);
		assert.deepEqual([lost, others], [0, 0]);
	});

/** Calls between the end of a message and the removal of its record: the last answer is on its way, or about to be read. */
const unread = /^(tcp\.write done|tcp\.received|preference\.delete to do)/;
