/**
 * Weeks of alerts, in virtual time, while Wi-Fi, names and the mail server fail by a fixed seed and the ticks wrap: each alert
 * comes once, or is counted in the mail of another, or is told as one that could not be sent. Memory and sockets in use are the
 * same in the end as in the beginning. SOAK=all has 5,000 alerts in 60 days; else there are 10 days.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND, VirtualApp } from "../app/virtual.js";
import { patience } from "../patience.js";
import { Account } from "./account.js";
import { Random } from "./random.js";
import { HOST, Weather } from "./weather.js";

const SEED = 7;
const [ALERTS, DAYS, GIVE_UP] = process.env.SOAK === "all" ? [5_000, 60, "2d"] : [400, 10, "10h"];
/** From here on memory must not grow. */
const SETTLED = 100;
/** Alerts between two looks at what is in use. */
const EVERY = 10;
/** What one moment may have in use beyond another: fields of the last trouble, and its reason in words. */
const SLACK = { slots: 16, chunks: 128 };
const BEGIN = new Date("2026-11-22T12:00:00Z");
const recipients = ["ada@example.org", "bob@example.org"];

/** When alerts are raised, in milliseconds from the start: alone, or several in a minute. */
function presses(random: Random): number[] {
	const meanMs = (DAYS * DAY) / ALERTS;
	const times: number[] = [];
	let last = 0;
	while (times.length < ALERTS) {
		const size = Math.min(random.below(3) ? 1 : 2 + random.below(12), ALERTS - times.length);
		let at = times.length * meanMs + random.below(meanMs);
		for (let i = 0; i < size; i++, at += random.below(20_000)) {
			last = Math.floor(Math.max(at, last + 6 * SECOND)); // a burst may reach into what comes after it
			times.push(last);
		}
	}
	return times;
}

/** What is in use while nothing waits. */
interface Use {
	alerts: number;
	slots: number;
	chunks: number;
	keys: number;
	open: Record<string, number>;
}

class Soak {
	readonly random = new Random(SEED);
	readonly weather = new Weather(this.random, () => this.app.board.wifi);
	readonly account = new Account(recipients);
	readonly uses: Use[] = [];
	app!: VirtualApp;
	/** Milliseconds since the start. */
	#now = 0;
	#changeAt = 0;
	/** Alerts that were sent or given up, in those lines of the app's that have been read. */
	readonly #ended = new Set<string>();
	#heard = 0;

	async run(t: TestContext): Promise<void> {
		await this.#start(t);
		for (const at of presses(this.random)) {
			await this.#passTo(at);
			await this.#look();
			await this.#press();
		}
		this.weather.clear();
		this.#changeAt = Number.POSITIVE_INFINITY;
		await this.#passTo(this.#now + 4 * DAY);
		await this.#press(); // its mail tells of those that could not be sent
		await this.#passTo(this.#now + HOUR);
		this.account.read(this.weather.server.mails);
		await this.#measure();
	}

	async #start(t: TestContext): Promise<void> {
		const server = { smtpHost: HOST, smtpUser: "board", smtpPassword: "secret", allowCleartextAuth: true };
		this.app = await VirtualApp.start(t, {
			servers: [],
			ticks: 2 ** 32 - (DAYS * DAY) / 2, // they wrap halfway
			config: { ...server, to: recipients.join(), giveUpAfter: GIVE_UP },
			network: { ...this.weather.network, sntp: BEGIN },
		});
		await this.#pass(MINUTE);
		assert.ok(this.app.traced.some((line) => line.endsWith("clock set")));
	}

	/** Lets time pass up to a moment, whatever the weather. */
	async #passTo(moment: number): Promise<void> {
		const { weather } = this;
		while (this.#now < moment) {
			if (this.#now >= this.#changeAt) this.#changeAt = this.#now + weather.change();
			const ms = Math.min(moment, this.#changeAt) - this.#now;
			await this.#pass(weather.isSlow ? Math.min(ms, 3 * SECOND) : ms);
			weather.flush();
		}
	}

	async #pass(ms: number): Promise<void> {
		this.#now += ms;
		await this.app.board.advance(ms);
	}

	async #press(): Promise<void> {
		this.account.raise(BEGIN.getTime() + this.#now);
		await this.app.press();
		this.#now += 200;
	}

	/** Where nothing waits, what is in use can be compared. */
	async #look(): Promise<void> {
		const { account, uses } = this;
		const next = (uses.at(-1)?.alerts ?? SETTLED - EVERY) + EVERY;
		account.read(this.weather.server.mails);
		if (account.total < account.raised || !this.#isSettled || this.app.board.open.tcp) return;
		if (account.raised >= next) await this.#measure();
	}

	/** Whether the app, too, knows of all that the server took. */
	get #isSettled(): boolean {
		const { traced } = this.app;
		for (; this.#heard < traced.length; this.#heard++) {
			const [, id, state] = /^alert (\S+): (sent|undelivered)/.exec(traced[this.#heard]!) ?? [];
			if (id && state) this.#ended.add(id);
		}
		return [...this.weather.unread].every(({ messageId }) => this.#ended.has(messageId.slice(1).split("@")[0]!));
	}

	async #measure(): Promise<void> {
		const { board } = this.app;
		await board.collect();
		const { slots, chunks, keys } = await board.figures();
		this.uses.push({ alerts: this.account.raised, slots, chunks, keys, open: board.open });
	}
}

test(
	`${ALERTS} alerts in ${DAYS} days of bad weather: all are accounted for, and nothing grows`,
	patience,
	async (t) => {
		const soak = new Soak();
		await soak.run(t);
		const { account, weather, uses } = soak;
		const { server, unread } = weather;
		const { mailed, counted, dead } = account.sums;
		const { excused, others } = account.doubles(server.mails, unread);
		const { changed } = account;
		t.diagnostic(`raised ${account.raised} in ${DAYS} days, changes of the weather ${weather.changes}`);
		t.diagnostic(`mailed ${mailed}, counted with others ${counted}, told as undelivered ${dead}: sum ${account.total}`);
		t.diagnostic(
			`sessions ${server.sessions}, answers unread ${unread.size}, so doubled ${excused}, doubled otherwise ${others}, changed ${changed}`,
		);
		t.diagnostic(`heap at ${uses.length} moments: slots ${told(uses, "slots")}; chunks ${told(uses, "chunks")}`);
		t.diagnostic(
			`open at alert ${uses[0]?.alerts}: ${openAt(uses[0])}; at ${uses.at(-1)?.alerts}: ${openAt(uses.at(-1))}`,
		);
		const ticks = server.mails.map(({ messageId }) => Number.parseInt(/\.(\w+)@/.exec(messageId)?.[1] ?? "", 36));
		assert.ok(
			ticks.some((tick, i) => tick < ticks[i - 1]! - 2 ** 31),
			"the ticks wrapped",
		);
		assert.equal(account.total, account.raised);
		assert.deepEqual([others, changed], [0, 0]);
		assert.ok(mailed > ALERTS / 4 && counted && dead && unread.size, "the weather is neither too good nor too bad");
		assert.ok(uses.length > 3 && uses[0]!.alerts < ALERTS / 2, "nothing waits now and then");
		isFlat(uses, "slots");
		isFlat(uses, "chunks");
		for (const { alerts, open, keys } of uses)
			assert.deepEqual([open, keys], [uses[0]!.open, uses[0]!.keys], `at alert ${alerts}`);
	},
);

/** The least of a late time is that of an early one, and nothing is far from it. */
function isFlat(uses: readonly Use[], key: "slots" | "chunks"): void {
	const half = Math.floor(uses.length / 2);
	const least = leastOf(uses.slice(0, half), key);
	const later = leastOf(uses.slice(half), key);
	assert.ok(later <= least + 2, `the least ${key} grew from ${least} to ${later}`);
	for (const use of uses)
		assert.ok(use[key] <= least + SLACK[key], `${key} at alert ${use.alerts}: ${use[key]} after ${least}`);
}

const leastOf = (uses: readonly Use[], key: "slots" | "chunks"): number => Math.min(...uses.map((use) => use[key]));

function told(uses: readonly Use[], key: "slots" | "chunks"): string {
	const all = uses.map((use) => use[key]);
	return `${all[0]} first, ${all.at(-1)} last, ${Math.min(...all)} to ${Math.max(...all)}`;
}

const openAt = (use: Use | undefined): string =>
	Object.entries(use?.open ?? {})
		.map(([name, count]) => `${name} ${count}`)
		.join(", ");
