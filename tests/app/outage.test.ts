/** Servers that are not well for hours and days, with the whole app, in virtual time. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { patience } from "../patience.js";
import { HANG_UP, MailServer } from "./mail-server.js";
import { DAY, HOUR, MINUTE, SECOND, VirtualApp } from "./virtual.js";

const account = { smtpUser: "board", smtpPassword: "secret", allowCleartextAuth: true };

const storageOf = (t: TestContext): string => {
	const storage = mkdtempSync(join(tmpdir(), "flash-"));
	t.after(() => rmSync(storage, { recursive: true }));
	return storage;
};

/** Presses that come while there is no network are alerts that wait. */
const pressOffline = async (app: VirtualApp, count: number): Promise<void> => {
	app.board.wifi.drop();
	await app.board.advance(SECOND);
	for (let i = 0; i < count; i++) await app.press();
};

test("eight alerts that wait: one connection, one login, eight mails, in order", patience, async (t) => {
	const server = new MailServer();
	const app = await VirtualApp.start(t, { servers: [server], config: account });
	await app.ready();
	await pressOffline(app, 8);
	app.board.wifi.restore();
	for (let i = 0; i < 600 && server.mails.length < 8; i++) await app.board.advance(100);
	await app.board.advance(SECOND);
	const waited = app.traced
		.filter((line) => line.endsWith("waiting for the network"))
		.map((line) => line.split(" ")[1]);
	assert.deepEqual([server.sessions, server.count("EHLO"), server.count("AUTH"), server.count("QUIT")], [1, 1, 1, 1]);
	assert.deepEqual(
		server.mails.map(({ messageId }) => `${messageId.slice(1).split("@")[0]}:`),
		waited,
	);
	assert.equal(new Set(waited).size, 8);
});

test("a refusal of one does not stop the next, whatever is refused", patience, async (t) => {
	for (const verb of ["MAIL", "RCPT", "DATA", "message"])
		for (const answer of ["550 5.7.1 no", "451 4.7.1 not now"]) {
			let asked = 0;
			const server = new MailServer({
				answer: (line) => (line.startsWith(verb) && ++asked === 2 ? answer : undefined),
			});
			const app = await VirtualApp.start(t, { servers: [server], config: account });
			await app.ready();
			await pressOffline(app, 4);
			app.board.wifi.restore();
			await app.until(": sent");
			await app.board.advance(2 * SECOND);
			assert.equal(server.mails.length, 3, `${verb} ${answer}: ${app.alerts.join("\n")}`);
			assert.equal(server.sessions, 1);
			assert.equal(app.alerts.filter((line) => line.startsWith("failed")).length, 1);
			await app.board.advance(2 * HOUR);
			assert.equal(server.mails.length, 4, `${verb} ${answer}`);
			assert.equal(new Set(server.mails.map(({ messageId }) => messageId)).size, 4);
			await app.board.close();
		}
});

test("a server that ends the session at the second of three mails gets the others in the next", patience, async (t) => {
	const server = new MailServer({
		answer: (line, session) =>
			session === 0 && line === "message" && server.mails.length === 1 ? `421 4.3.2 enough${HANG_UP}` : undefined,
	});
	const app = await VirtualApp.start(t, { servers: [server], config: account });
	await app.ready();
	await pressOffline(app, 3);
	app.board.wifi.restore();
	await app.board.advance(MINUTE);
	assert.equal(server.mails.length, 3);
	assert.equal(new Set(server.mails.map(({ messageId }) => messageId)).size, 3);
});

test(
	"a wrong password: at most four logins in the first hour, told at once, delivered when it is mended at the server",
	patience,
	async (t) => {
		let isMended = false;
		for (const refusal of [
			"535 5.7.8 bad credentials",
			"525 5.7.13 disabled",
			"554 no such account", // may be said of the mechanism: the other one is tried, too
			"550 5.7.1 blocked",
			"454 4.7.0 too many",
			`535 no${HANG_UP}`,
			HANG_UP,
		]) {
			isMended = false;
			const server = new MailServer({ answer: (line) => (!isMended && line.startsWith("AUTH") ? refusal : undefined) });
			const app = await VirtualApp.start(t, { servers: [server], config: account });
			await app.ready();
			await app.press();
			await app.until(": failed");
			// neither another press nor another network is another login
			for (let i = 0; i < 6; i++) {
				await app.press();
				app.board.wifi.drop();
				await app.board.advance(5 * MINUTE);
				app.board.wifi.restore();
				await app.board.advance(5 * MINUTE);
			}
			assert.ok(server.logins <= 4 && server.logins >= 2, `${refusal}: ${server.logins} logins`);
			await app.board.advance(DAY);
			assert.ok(server.logins <= 30, `${refusal}: ${server.logins} logins in a day`);
			isMended = true;
			await app.board.advance(1.2 * HOUR);
			assert.equal(server.mails.length, 7, `${refusal}: ${app.alerts.join("\n")}`);
			await app.board.close();
		}
	},
);

test("the LED says that someone must look at the configuration, until it is well", patience, async (t) => {
	let isMended = false;
	const server = new MailServer({ answer: (line) => (!isMended && line.startsWith("AUTH") ? "535 no" : undefined) });
	const app = await VirtualApp.start(t, { servers: [server], config: account, light: true });
	await app.ready();
	await app.press();
	await app.board.advance(10 * SECOND);
	app.light.length = 0;
	await app.board.advance(10 * SECOND);
	assert.equal(app.light.filter((value) => value).length, 30, "three flashes a second");
	isMended = true;
	await app.board.advance(HOUR);
	app.light.length = 0;
	await app.board.advance(10 * SECOND);
	assert.deepEqual(app.light, []);
});

test(
	"the second account takes over when the first has failed twice, and the first is tried again later",
	patience,
	async (t) => {
		const faults = ["554 go away", HANG_UP, "", "HTTP/1.1 302 Found"];
		for (const greeting of faults) {
			let isWell = false;
			const one = new MailServer({ greeting: () => (isWell ? undefined : greeting) });
			const two = new MailServer();
			const fallback = {
				fallbackHost: "192.0.2.26",
				fallbackSecurity: "none",
				fallbackUser: "spare",
				fallbackPassword: "other",
				fallbackFrom: "spare@example.com",
			};
			const app = await VirtualApp.start(t, { servers: [one, two], config: { ...account, ...fallback } });
			await app.ready();
			await app.press();
			await app.until(": sent");
			assert.equal(one.sessions, 2, greeting);
			assert.deepEqual([two.mails[0]?.from, two.mails.length, one.mails.length], ["spare@example.com", 1, 0]);
			assert.match(two.mails[0]?.text ?? "", /^From: spare@example\.com\r$/m);
			await app.press();
			await app.until(": sent");
			assert.equal(one.sessions, 2, "the second account stays");
			await app.board.advance(1.2 * HOUR);
			await app.press();
			await app.until(": sent");
			assert.deepEqual([one.sessions, two.mails.length], [3, 3], "the first is tried again, once");
			isWell = true;
			await app.board.advance(1.2 * HOUR);
			await app.press();
			await app.until(": sent");
			assert.deepEqual([one.mails.length, two.mails.length], [1, 3]);
			await app.board.close();
		}
	},
);

test(
	"where the password of the first account is refused the second takes over, and the first is left alone",
	patience,
	async (t) => {
		const one = new MailServer({ answer: (line) => (line.startsWith("AUTH") ? "535 no" : undefined) });
		const two = new MailServer();
		const config = { ...account, fallbackHost: "192.0.2.26", fallbackSecurity: "none" };
		const app = await VirtualApp.start(t, { servers: [one, two], config });
		await app.ready();
		await app.press();
		await app.until(": sent", MINUTE);
		assert.deepEqual([one.logins, two.mails.length, two.mails[0]?.from], [1, 1, "board@example.org"]);
		for (let i = 0; i < 12; i++) {
			await app.press();
			await app.board.advance(5 * MINUTE);
		}
		assert.equal(two.mails.length, 13);
		assert.ok(one.logins <= 4, `${one.logins} logins`);
	},
);

test("where both are away, both are tried, and the alert goes by whichever is well", patience, async (t) => {
	for (const well of [0, 1]) {
		let isWell = false;
		const servers = [0, 1].map((i) => new MailServer({ greeting: () => (isWell && i === well ? undefined : HANG_UP) }));
		const app = await VirtualApp.start(t, {
			servers,
			config: { fallbackHost: "192.0.2.26", fallbackSecurity: "none" },
		});
		await app.ready();
		await app.press();
		await app.board.advance(5 * HOUR);
		assert.ok((servers[0]?.sessions ?? 0) > 5 && (servers[1]?.sessions ?? 0) > 5);
		isWell = true;
		await app.until(": sent", 1.3 * HOUR, SECOND);
		assert.equal(servers[well]?.mails.length, 1);
		await app.board.close();
	}
});

test(
	"one that is given up is kept with its reason, shown by the LED, and told in the next mail",
	patience,
	async (t) => {
		const storage = storageOf(t);
		let refuses = true;
		const server = new MailServer({
			answer: (line) => (refuses && line.startsWith("RCPT") ? "550 5.1.1 no such user" : undefined),
		});
		const app = await VirtualApp.start(t, { servers: [server], storage });
		await app.ready();
		await app.press();
		await app.board.advance(2 * DAY);
		assert.equal(server.count("RCPT"), 4);
		assert.equal(
			app.alerts.at(-1),
			"undelivered: the recipient was refused: 550 5.1.1 no such user; it is kept, and the next mail tells of it",
		);
		await app.board.close();

		refuses = false;
		const later = await VirtualApp.start(t, { servers: [server], storage, seed: 2, light: true });
		await later.ready();
		later.light.length = 0;
		await later.board.advance(10 * SECOND);
		assert.equal(later.light.filter((value) => value).length, 10, "two flashes in two seconds");
		assert.equal(server.mails.length, 0);
		await later.press();
		await later.until(": sent");
		assert.match(
			server.mails[0]?.text ?? "",
			/\r\n\r\nCould not be sent: Button pressed, 2026-11-22 12:00:\d\d UTC: the recipient was refused: 550 5\.1\.1 no such user$/,
		);
		await later.board.advance(10 * SECOND);
		later.light.length = 0;
		await later.press();
		await later.until(": sent");
		assert.doesNotMatch(server.mails[1]?.text ?? "", /Could not be sent/);
		await later.board.advance(10 * SECOND);
		later.light.length = 0;
		await later.board.advance(10 * SECOND);
		assert.deepEqual(later.light, []);
		const left = JSON.parse(readFileSync(join(storage, "preferences.json"), "utf8")) as { domain: string }[];
		assert.deepEqual(
			left.map(({ domain }) => domain),
			["attempt"],
		);
	},
);

test(
	"a server that is away for three days: the alerts are given up then, and told when it is back; not earlier",
	patience,
	async (t) => {
		for (const [giveUpAfter, ms] of [
			["3d", 3 * DAY],
			["2h", 2 * HOUR],
		] as const) {
			let isAway = true;
			const server = new MailServer({ greeting: () => (isAway ? HANG_UP : undefined) });
			const config: Record<string, string> = giveUpAfter === "3d" ? {} : { giveUpAfter };
			const app = await VirtualApp.start(t, { servers: [server], config });
			await app.ready();
			await app.press();
			await app.press();
			await app.board.advance(ms - 2 * SECOND);
			assert.ok(!app.alerts.some((line) => line.startsWith("undelivered")));
			await app.board.advance(MINUTE);
			assert.equal(app.alerts.filter((line) => line.startsWith("undelivered")).length, 2);
			isAway = false;
			await app.board.advance(HOUR);
			assert.equal(server.mails.length, 0);
			await app.press();
			await app.until(": sent");
			assert.equal((server.mails[0]?.text ?? "").match(/^Could not be sent: Button pressed/gm)?.length, 2);
			await app.board.close();
		}
	},
);

test(
	"of two recipients the one that was refused for good is tried again alone, and the reason is hers",
	patience,
	async (t) => {
		const server = new MailServer({
			answer: (line) => (line.includes("<never@") ? "550 5.1.1 unknown" : undefined),
		});
		const app = await VirtualApp.start(t, { servers: [server], config: { to: "ada@example.org,never@example.com" } });
		await app.ready();
		await app.press();
		await app.board.advance(2 * DAY);
		assert.equal(server.mails.length, 1);
		assert.deepEqual(server.mails[0]?.to, ["ada@example.org"]);
		assert.equal(server.count("RCPT TO:<never@"), 4);
		assert.match(app.alerts.at(-1) ?? "", /^undelivered: never@example\.com: 550 5\.1\.1 unknown/);
	},
);

test("after a restart it goes to those who have it not, and to no one twice", patience, async (t) => {
	const storage = storageOf(t);
	let refused = ["grace@", "joan@"];
	const server = new MailServer({
		answer: (line) => (refused.some((name) => line.includes(`<${name}`)) ? "451 4.2.1 later" : undefined),
	});
	const to = "ada@example.org,grace@example.org,mary@example.org,joan@example.org";
	const first = await VirtualApp.start(t, { servers: [server], storage, config: { to } });
	await first.ready();
	await first.press();
	await first.until(": failed");
	await first.board.close();
	refused = ["joan@"];
	const second = await VirtualApp.start(t, { servers: [server], storage, config: { to }, seed: 2 });
	await second.until(": failed");
	await second.board.close();
	refused = [];
	const third = await VirtualApp.start(t, { servers: [server], storage, config: { to }, seed: 3 });
	await third.until(": sent");
	assert.deepEqual(
		server.mails.map(({ to }) => to.map((address) => address.split("@")[0]).join()),
		["ada,mary", "grace", "joan"],
	);
	assert.equal(new Set(server.mails.map(({ messageId }) => messageId)).size, 1);
});

test("one that fails says when it is tried again", patience, async (t) => {
	const server = new MailServer({ greeting: (session) => (session === 0 ? "421 busy" : undefined) });
	const app = await VirtualApp.start(t, { servers: [server] });
	await app.ready();
	await app.press();
	await app.until(": failed");
	assert.match(app.alerts.at(-1) ?? "", /, another attempt follows in [45] s$/);
	const ms = await app.until(": sent", MINUTE);
	assert.ok(ms <= 5_500, `${ms}`);
});

test("sent is said when the server has taken it, whether or not it says goodbye", patience, async (t) => {
	const server = new MailServer({ answer: (line) => (line === "QUIT" ? "" : undefined) });
	const app = await VirtualApp.start(t, { servers: [server] });
	await app.ready();
	await app.press();
	assert.ok((await app.until(": sent", MINUTE)) <= 200);
});

test(
	"eight that were given up are told in the next mails, to ten recipients, within the app's memory",
	patience,
	async (t) => {
		const storage = storageOf(t);
		let isAway = true;
		const server = new MailServer({
			greeting: () => (isAway ? `554 5.7.1 ${"go away, and do not come back, ".repeat(9)}` : undefined),
		});
		const to = Array.from({ length: 10 }, (_, i) => `person-${i}@a-rather-long-name.example.org`).join();
		const config = {
			...account,
			...{ to, language: "zh", device: "地下室".repeat(8), event: "水位：三米。".repeat(10), giveUpAfter: "1h" },
			...{
				fallbackHost: "192.0.2.26",
				fallbackUser: "u".repeat(80),
				fallbackPassword: "p".repeat(80),
				fallbackSecurity: "none",
			},
		};
		const app = await VirtualApp.start(t, { servers: [server, server], storage, config });
		await app.ready();
		for (let i = 0; i < 16; i++) await app.press();
		await app.board.advance(2 * HOUR);
		assert.equal(app.alerts.filter((line) => line.startsWith("undelivered")).length, 8);
		await app.board.close();
		isAway = false;
		const later = await VirtualApp.start(t, { servers: [server, server], storage, config, seed: 2 });
		await later.ready();
		await pressOffline(later, 8);
		later.board.wifi.restore();
		await later.board.advance(MINUTE);
		assert.equal(server.mails.length, 8, later.traced.slice(-20).join("\n"));
		const told = server.mails.map(({ text }) => {
			const body = text.slice(text.indexOf("\r\n\r\n") + 4);
			return (
				Buffer.from(body, "base64")
					.toString("utf8")
					.match(/^未能发送：/gm)?.length ?? 0
			);
		});
		assert.deepEqual(told, [3, 3, 2, 0, 0, 0, 0, 0]);
		const { staticPeak } = await later.board.figures();
		t.diagnostic(`peak ${staticPeak} of ${later.board.app.creation.static} bytes`);
		assert.ok(staticPeak <= later.board.app.creation.static);
	},
);

test("what the server may have already is not changed under the same Message-ID", patience, async (t) => {
	let isWell = false;
	const server = new MailServer();
	const app = await VirtualApp.start(t, {
		servers: [],
		network: {
			peers: (_address, _port, connection) => {
				const before = server.mails.length;
				const isLost = () => !isWell && server.mails.length > before;
				const send = (data: string | Uint8Array) => (isLost() ? connection.end() : connection.send(data));
				return server.connect({ ...connection, send, end: () => connection.end() });
			},
		},
	});
	await app.ready();
	await pressOffline(app, 8);
	app.board.wifi.restore();
	await app.board.advance(MINUTE);
	assert.equal(
		new Set(server.mails.map(({ messageId }) => messageId)).size,
		8,
		"it has all, and its answers were lost",
	);
	await app.press(); // there is no room: it is counted with the last
	isWell = true;
	await app.board.advance(HOUR);
	const heads = new Map<string, string>();
	for (const { messageId, text } of server.mails) {
		const head = /\r\n\r\n(.*)/.exec(text)?.[1] ?? "";
		assert.equal(head, heads.get(messageId) ?? head, "who drops copies would drop news");
		heads.set(messageId, head);
	}
	assert.equal([...heads.values()].filter((head) => head.includes("=C3=97")).length, 1);
});
