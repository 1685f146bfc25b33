import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ExitCode } from "../../hardware/virtual/board.js";
import { PATIENCE_MS, patience } from "../patience.js";
import { Bench } from "./bench.js";

test("a press becomes a mail that says who, what, when and how the board is", patience, async (t) => {
	const bench = await Bench.start(t, {
		config: { device: "cellar", to: "ada@example.org,grace@example.net" },
		now: new Date(),
	});
	await bench.line("clock set");
	await bench.press();
	const [mail] = await bench.mails(1);
	assert.deepEqual(mail?.envelope, { from: "board@example.org", to: ["ada@example.org", "grace@example.net"] });
	assert.equal(mail?.parsed.subject, "cellar: Button pressed");
	assert.ok(Math.abs((mail?.parsed.date?.getTime() ?? 0) - Date.now()) < PATIENCE_MS);
	assert.match(mail?.parsed.messageId ?? "", /^<\S+@example\.org>$/);
	const text = mail?.parsed.text ?? "";
	assert.match(text, /^Button pressed$/m);
	assert.match(text, /^Device: cellar$/m);
	assert.match(text, /^Time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/m);
	assert.match(text, /^Board: ESP8266$/m);
	assert.match(text, /^Running for: 0 d 00:\d\d:\d\d$/m);
	assert.match(text, /^Free memory: \d+ bytes$/m);
	assert.match(text, /^Signal strength: -61 dBm$/m);
	await bench.line(": sent");
});

test("it tells the server its own address, and says goodbye", patience, async (t) => {
	const said: string[] = [];
	const bench = await Bench.start(t);
	bench.inbox.on("dialogue", (line) => said.push(line));
	await bench.line("clock set");
	await bench.press();
	await bench.line(": sent");
	assert.ok(said.includes("C: EHLO [192.0.2.2]"), said.join("\n"));
	while (!said.includes("C: QUIT")) await once(bench.inbox, "dialogue");
});

test("a press before there is a network is sent when there is one", patience, async (t) => {
	const bench = await Bench.start(t, { clock: "manual", network: { wifi: { SSID: "home", stepMs: 1_000 } } });
	await bench.press();
	await bench.line("waiting for the network");
	await bench.lineInTime(": sent");
	assert.equal(bench.inbox.mails.length, 1);
});

test("without an answer about the time a mail has no date, and says why", patience, async (t) => {
	const bench = await Bench.start(t, { config: { sntp: "off" } });
	await bench.line("online");
	await bench.press();
	const [mail] = await bench.mails(1);
	assert.doesNotMatch(mail?.raw.toString() ?? "", /^Date:/m);
	assert.match(mail?.parsed.text ?? "", /^Time: unknown, the clock is not set$/m);
});

test("presses while a mail is under way are mails of their own", patience, async (t) => {
	const bench = await Bench.start(t, { config: { debounceMs: 10 } });
	await bench.line("clock set");
	for (let i = 0; i < 3; i++) {
		await bench.press();
		await delay(40);
	}
	const mails = await bench.mails(3);
	assert.equal(new Set(mails.map(({ parsed }) => parsed.messageId)).size, 3);
	await delay(100);
	assert.equal(bench.inbox.mails.length, 3);
});

test("a bouncing button is one mail", patience, async (t) => {
	const bench = await Bench.start(t, { clock: "manual" });
	await bench.lineInTime("clock set");
	for (let i = 0; i < 5; i++) {
		await bench.press();
		await bench.board.advance(30);
	}
	await bench.lineInTime(": sent");
	await bench.board.advance(10_000);
	assert.equal(bench.traced.filter((line) => line.endsWith(": sending")).length, 1);
	assert.equal(bench.inbox.mails.length, 1);
});

test("after the network was lost and is back, mails go again", patience, async (t) => {
	const bench = await Bench.start(t);
	await bench.line("clock set");
	bench.board.wifi.drop();
	await bench.line("network: connecting");
	await bench.press();
	await bench.line("waiting for the network");
	bench.board.wifi.restore();
	await bench.mails(1);
});

test("a server that refuses is told by trace and LED, and the next press is tried anew", patience, async (t) => {
	let refuse = true;
	const server = {
		onRcptTo(_address: unknown, _session: unknown, done: (error?: Error | null) => void) {
			done(refuse ? Object.assign(new Error("5.1.1 no such user"), { responseCode: 550 }) : null);
		},
	};
	const bench = await Bench.start(t, { server });
	await bench.line("clock set");
	await bench.press();
	assert.match(await bench.line(": failed"), /^alert \S+: failed: .*550/);
	refuse = false;
	await delay(100);
	await bench.press();
	await bench.mails(1);
});

test("a mail that a server puts off goes later, as the same mail", patience, async (t) => {
	const ids: string[] = [];
	const server = {
		onData(stream: NodeJS.ReadableStream, _session: unknown, done: (error?: Error | null) => void) {
			let text = "";
			stream.on("data", (data: Buffer) => {
				text += data.toString();
			});
			stream.on("end", () => {
				ids.push(/^Message-ID: (.*)$/im.exec(text)?.[1] ?? "");
				done(ids.length === 1 ? Object.assign(new Error("4.7.1 greylisted"), { responseCode: 451 }) : null);
			});
		},
	};
	const bench = await Bench.start(t, { server });
	await bench.line("clock set");
	await bench.press();
	assert.match(
		await bench.line(": failed"),
		/^alert \S+: failed: .*451 4\.7\.1 .*greylisted, another attempt follows in 5 s$/,
	);
	await bench.line(": sent");
	assert.equal(ids.length, 2);
	assert.match(ids[0] ?? "", /^<\S+@example\.org>$/);
	assert.equal(ids[1], ids[0]);
});

test(
	"who is put off gets the mail later, who has it does not get it again, and who is refused is not forgotten",
	patience,
	async (t) => {
		let attempts = 0;
		const server = {
			onRcptTo({ address }: { address: string }, _session: unknown, done: (error?: Error | null) => void) {
				const code = address.startsWith("never") ? 550 : address.startsWith("grace") && ++attempts < 2 ? 451 : 0;
				done(code ? Object.assign(new Error("not now"), { responseCode: code }) : null);
			},
		};
		const bench = await Bench.start(t, {
			server,
			config: { to: "ada@example.org,grace@example.net,never@example.com" },
		});
		await bench.line("clock set");
		await bench.press();
		await bench.line("never@example.com refused: 550 not now");
		const failed = await bench.line(": failed");
		assert.match(failed, /: failed: grace@example\.net: 451 not now, another attempt follows in 5 s$/);
		while (bench.inbox.mails.length < 2) await bench.inbox.next();
		assert.deepEqual(
			bench.inbox.mails.map(({ envelope }) => envelope.to),
			[["ada@example.org"], ["grace@example.net"]],
		);
		await bench.line("never@example.com: 550 not now, another attempt follows in 3630 s");
	},
);

test("a mail that the server keeps putting off does not keep the next", patience, async (t) => {
	let bad: string | undefined;
	const server = {
		async onData(stream: NodeJS.ReadableStream, _session: unknown, done: (error?: Error | null) => void) {
			const id = /^Message-ID: (.*)$/im.exec(await text(stream))?.[1];
			bad ??= id;
			done(id === bad ? Object.assign(new Error("4.7.1 not now"), { responseCode: 451 }) : null);
		},
	};
	const bench = await Bench.start(t, { server });
	await bench.line("clock set");
	await bench.press();
	await bench.line(": failed");
	await bench.press();
	const sent = /^alert (\S+): sent$/.exec(await bench.line(": sent"))?.[1];
	assert.ok(sent && !bad?.includes(sent));
});

test(
	"without an address of its own the board says nothing wrong to the server, and tries again",
	patience,
	async (t) => {
		const said: string[] = [];
		const bench = await Bench.start(t, { config: { sntp: "off" }, network: { wifi: { address: "" } } });
		bench.inbox.on("dialogue", (line) => said.push(line));
		await bench.line("online");
		await bench.press();
		assert.match(
			await bench.line(": failed"),
			/: failed: the network has given no address, another attempt follows in \d s$/,
		);
		assert.deepEqual(said, []);
	},
);

test("a server that is not there is a failure, not an end", patience, async (t) => {
	const bench = await Bench.start(t, { config: { smtpPort: 1 } });
	await bench.line("clock set");
	await bench.press();
	assert.match(await bench.line(": failed"), /^alert \S+: failed: cannot connect .*, another attempt follows in \d s$/);
});

test("the LED blinks while a mail is sent, then shows two seconds of light", patience, async (t) => {
	const bench = await Bench.start(t);
	await bench.line("clock set");
	assert.deepEqual(bench.light, [0]);
	await bench.press();
	await bench.line(": sent");
	assert.ok(bench.light.includes(1));
	while (bench.light.at(-1) !== 0) await once(bench.board, "led");
});

test("every language arrives whole", patience, async (t) => {
	const expected = { de: "Taste gedrückt", es: "Botón pulsado", fr: "Bouton appuyé", zh: "按钮已按下" };
	for (const [language, words] of Object.entries(expected)) {
		const bench = await Bench.start(t, { config: { language, device: "地下室" } });
		await bench.line("clock set");
		await bench.press();
		const [mail] = await bench.mails(1);
		assert.equal(mail?.parsed.subject, `地下室: ${words}`);
		assert.ok(mail?.parsed.text?.startsWith(`${words}\n`));
	}
});

test("a configuration that cannot work is one message that names the key", patience, async (t) => {
	const wrong: [Record<string, string>, string][] = [
		[{ smtpSecurity: "required" }, "configuration: smtpSecurity asks for TLS, and this build has none"],
		[{ ssid: "" }, "configuration: ssid is missing"],
		[{ smtpHost: "" }, "configuration: smtpHost is missing"],
		[{ smtpPort: "smtp" }, "configuration: smtpPort must be a whole number from 1 to 65535"],
		[{ to: "nobody" }, "configuration: to must be an address like name@example.org"],
		[
			{ smtpUser: "ada", smtpPassword: "secret" },
			"configuration: smtpSecurity must be required or implicit: without TLS everyone on the way can read the password",
		],
	];
	for (const [config, message] of wrong) {
		const bench = await Bench.start(t, { config });
		const line = await bench.line("configuration: ");
		assert.ok(line.startsWith(message), line);
		assert.equal(bench.traced.length, 1);
		await bench.press();
		await delay(50);
		assert.equal(bench.inbox.mails.length, 0);
		await bench.board.close();
	}
});

test("it runs within the memory that its manifest gives it, ten mails long", patience, async (t) => {
	const bench = await Bench.start(t, { config: { debounceMs: 10 } });
	assert.equal(bench.board.app.creation.static, 21504);
	await bench.line("clock set");
	for (let i = 1; i <= 10; i++) {
		await bench.press();
		await bench.mails(i);
		await delay(30);
	}
	const { staticPeak } = await bench.board.figures();
	t.diagnostic(`peak ${staticPeak} of 21504 bytes`);
	assert.ok(staticPeak <= 21504);
});

test("with too little memory the run ends and says so", patience, async (t) => {
	const bench = await Bench.start(t, {
		creation: { static: 13_000, heap: { initial: 256 }, chunk: { initial: 1024 } },
	});
	await bench.line("clock set");
	await bench.press();
	const { code, reason } = await bench.board.exited;
	assert.equal(code, ExitCode.memoryFull);
	assert.match(reason, /memory/);
});
