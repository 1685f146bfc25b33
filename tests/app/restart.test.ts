/** What becomes of alerts when the board loses power: it is killed, and another starts with the same flash. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { PATIENCE_MS, patience } from "../patience.js";
import { Bench, type BenchOptions } from "./bench.js";

const THEN = new Date("2026-01-02T03:04:05Z");
const LATER = new Date("2026-05-06T07:08:09Z");

interface Entry {
	domain: string;
	key: string;
	value: string;
}

/** A board's flash, for as long as the test takes. */
class Flash {
	readonly #context: TestContext;
	readonly #folder = mkdtempSync(join(tmpdir(), "flash-"));
	readonly #file = join(this.#folder, "preferences.json");
	readonly #benches: Bench[] = [];

	constructor(context: TestContext) {
		this.#context = context;
		context.after(async () => {
			for (const { board } of this.#benches) await board.close();
			rmSync(this.#folder, { recursive: true });
		});
	}

	/** Starts a board with this flash; each has other random numbers. */
	async start(options: BenchOptions = {}): Promise<Bench> {
		const seed = this.#benches.length + 1;
		const bench = await Bench.start(this.#context, { storage: this.#folder, seed, ...options });
		this.#benches.push(bench);
		return bench;
	}

	/** Records of alerts, by their identifiers. */
	get alerts(): [id: string, record: string][] {
		const entries = JSON.parse(readFileSync(this.#file, "utf8")) as Entry[];
		return entries
			.filter(({ domain }) => domain === "alerts")
			.map(({ key, value }) => [key, Buffer.from(value, "base64").toString().replace(/\0$/, "")]);
	}

	/** Whatever the flash may hold. */
	fill(records: [id: string, record: Buffer][]): void {
		const entries = records.map(([key, record]) => ({
			...{ domain: "alerts", key, type: "s", size: 100 },
			value: Buffer.concat([record, Buffer.of(0)]).toString("base64"),
		}));
		writeFileSync(this.#file, JSON.stringify(entries));
	}
}

const idIn = (line: string): string => /^alert (\S+):/.exec(line)?.[1] ?? "";

test(
	"an alert that waits for the network outlives a loss of power, with its time and identifier",
	patience,
	async (t) => {
		const flash = new Flash(t);
		const event = "水位：三米。".repeat(5);
		const options = { config: { event } };
		const before = await flash.start({ ...options, network: { sntp: THEN } });
		await before.line("clock set");
		before.board.wifi.drop();
		await before.line("network: connecting");
		await before.press();
		const id = idIn(await before.line("waiting for the network"));
		await before.board.close();
		assert.deepEqual(
			flash.alerts.map(([key]) => key),
			[id],
		);

		const bench = await flash.start({ ...options, network: { sntp: LATER } });
		const [mail] = await bench.mails(1);
		assert.equal(mail?.parsed.messageId, `<${id}@example.org>`);
		const date = mail?.parsed.date?.getTime() ?? 0;
		assert.ok(date >= THEN.getTime() && date < LATER.getTime(), `${mail?.parsed.date}`);
		assert.match(mail?.parsed.text ?? "", /^Time: 2026-01-02 03:\d\d:\d\d UTC$/m);
		const [happened = ""] = (mail?.parsed.text ?? "").split("\n");
		assert.ok(event.startsWith(happened) && happened.length > 12, happened);
		assert.equal(idIn(await bench.line(": sent")), id);
		assert.deepEqual(flash.alerts, []);
		await bench.board.close();

		const third = await flash.start({ ...options, inbox: bench.inbox });
		await third.line("clock set");
		await delay(200);
		assert.deepEqual(
			third.traced.filter((line) => line.startsWith("alert")),
			[],
		);
		assert.equal(bench.inbox.mails.length, 1);
	},
);

test("a time that was not known is not known later; two alerts stay two", patience, async (t) => {
	const flash = new Flash(t);
	const network = { wifi: { SSID: "home", stepMs: 2 * PATIENCE_MS } };
	const before = await flash.start({ network, config: { debounceMs: 10 } });
	await before.press();
	await delay(100);
	await before.press();
	await before.line("waiting for the network");
	assert.equal(flash.alerts.length, 2);
	const ids = flash.alerts.map(([id]) => id);
	await before.board.close();

	const bench = await flash.start();
	const mails = await bench.mails(2);
	assert.deepEqual(
		mails.map(({ parsed }) => parsed.messageId),
		ids.map((id) => `<${id}@example.org>`),
	);
	for (const { parsed, raw } of mails) {
		assert.equal(parsed.subject, "alert: Button pressed");
		assert.doesNotMatch(raw.toString(), /^Date:/m);
		assert.match(parsed.text ?? "", /^Time: unknown, the clock is not set$/m);
	}
	await bench.line(`alert ${ids[1]}: sent`);
	assert.deepEqual(flash.alerts, []);
});

test("one that the server puts off, and one that it refuses, go on after a restart", patience, async (t) => {
	const flash = new Flash(t);
	let code = 451;
	const server = {
		onRcptTo(_address: unknown, _session: unknown, done: (error?: Error | null) => void) {
			done(code ? Object.assign(new Error("no"), { responseCode: code }) : null);
		},
	};
	const before = await flash.start({ server });
	await before.line("clock set");
	await before.press();
	const id = idIn(await before.line(": failed"));
	assert.match(flash.alerts[0]?.[1] ?? "", /^\w+ 1 0000\w\w$/);
	await before.board.close();

	code = 550;
	const second = await flash.start({ inbox: before.inbox });
	assert.equal(idIn(await second.line(": failed")), id);
	assert.match(flash.alerts[0]?.[1] ?? "", /^\w+ 1 1000\w\w$/);
	await second.board.close();

	code = 0;
	const third = await flash.start({ inbox: before.inbox });
	assert.equal(idIn(await third.line(": sent")), id);
	assert.deepEqual(flash.alerts, []);
});

test("a board that stops while it sends waits longer at each start, and then sends", patience, async (t) => {
	const flash = new Flash(t);
	let heard: () => void = () => {};
	let isWell = false;
	const server = {
		onData(stream: NodeJS.ReadableStream, _session: unknown, done: () => void) {
			stream.resume().on("end", () => {
				if (isWell) done();
				else heard();
			});
		},
	};
	const first = await flash.start({ server });
	const { inbox } = first;
	await first.line("clock set");
	let bench = first;
	for (let attempt = 1; attempt <= 2; attempt++) {
		const data = new Promise<void>((done) => {
			heard = done;
		});
		if (attempt === 1) await bench.press();
		else bench = await flash.start({ inbox });
		await data;
		await bench.board.close();
	}
	const id = idIn(await first.line(": sending"));
	isWell = true;
	bench = await flash.start({ inbox });
	await bench.line(`alert ${id}: waiting for the server`);
	await bench.line(`alert ${id}: sent`);
	assert.deepEqual(flash.alerts, []);
});

test("whatever the flash holds, the board starts, says so once for each, and sends", patience, async (t) => {
	const flash = new Flash(t);
	const whole = Buffer.from("mwrsbl5o 1 0 ");
	flash.fill([
		["a.1", Buffer.from('{"event":"water"}')],
		["a.2", Buffer.concat([whole, Buffer.of(0xe6, 0xb0)])],
		["a.3", Buffer.concat([whole, Buffer.of(0xff, 0x80)])],
		["a.4", Buffer.of(0xf0)],
		["a b\r\nBcc", whole],
		["a.5", Buffer.concat([whole, Buffer.from("water")])],
	]);
	const bench = await flash.start();
	await bench.line("a.5: sent");
	assert.equal(bench.traced.filter((line) => line === "journal: a record that cannot be read is removed").length, 5);
	await bench.press();
	const mails = await bench.mails(2);
	assert.deepEqual(
		mails.map(({ parsed }) => parsed.subject),
		["alert: water", "alert: Button pressed"],
	);
});
