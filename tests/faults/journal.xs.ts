/**
 * 10,000 journals, each with some of its records damaged: a start never fails on one, gives back every record that is whole,
 * and only alerts that make sense; and the next start finds the same.
 */

import type { Alert } from "alert/alerts";
import { Journal, type JournalStore } from "alert/journal";
import { equal, ok, test } from "harness";
import { Random } from "./random";

const SEED = 20_261_130;
const JOURNALS = 10_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const QUEUE = 8;
const events = [
	undefined,
	"water in the cellar",
	"",
	"地下室有水，请马上来看",
	"Tür offen: 12 °C",
	" ",
	"x".repeat(80),
];
/** What a bit, a cut or a stranger may leave: also what is no Unicode, and ends a text for others. */
const characters = [
	"\0",
	"\n",
	" ",
	".",
	"0",
	"z",
	"A",
	"/",
	"~",
	"\x7f",
	"\xff",
	"é",
	"水",
	"\ud800",
	"\udfff",
	"🦆",
	"-",
	"_",
];

class Store implements JournalStore {
	entries = new Map<string, unknown>();

	set(domain: string, key: string, value: string): void {
		this.entries.delete(`${domain}/${key}`);
		this.entries.set(`${domain}/${key}`, value);
	}

	get(domain: string, key: string): unknown {
		return this.entries.get(`${domain}/${key}`);
	}

	delete(domain: string, key: string): void {
		this.entries.delete(`${domain}/${key}`);
	}

	keys(domain: string): string[] {
		const keys: string[] = [];
		for (const name of this.entries.keys()) if (name.startsWith(`${domain}/`)) keys.push(name.slice(domain.length + 1));
		return keys;
	}
}

const clock = { timeOf: (ticks: number) => (ticks % 5 === 0 ? undefined : NOON + ticks) };

const recipients = ["ada@example.org", "grace@example.org"];

type AnyJournal = Journal & {
	load?(most: number, ticks: number): Alert | undefined;
	restore?(most: number, ticks: number): Alert | undefined;
};

const journalOf = (store: Store): AnyJournal =>
	new (Journal as unknown as new (...parts: unknown[]) => AnyJournal)(store, clock, recipients);

/** What a start finds, as text. */
const start = (store: Store): Alert[] => {
	const journal = journalOf(store);
	const found: Alert[] = [];
	let next = journal.load ? journal.load(QUEUE, 7) : journal.restore!(QUEUE, 7);
	for (; next; next = next.next) found.push(next);
	return found;
};

/** Some damage to a text. */
const damage = (random: Random, text: string): string => {
	const at = random.below(text.length + 1);
	switch (random.below(6)) {
		case 0:
			return text.slice(0, at);
		case 1:
			return text.slice(0, at) + random.of(characters) + text.slice(at + 1);
		case 2:
			return text.slice(0, at) + random.of(characters) + text.slice(at);
		case 3:
			return text.slice(0, at) + text.slice(at + 1);
		case 4:
			return text.slice(0, at) + text;
		default:
			return random.of(["", " ", "  ", "zzzzzzzzzzzz", "1 1 1 1 1 1", "-1 0", "null", "9".repeat(62)]);
	}
};

/** As much of a text as the flash can hold. */
const fitting = (text: string, bytes: number): string => {
	let fits = text;
	while (ArrayBuffer.fromString(fits).byteLength > bytes) fits = fits.slice(0, -1);
	return fits;
};

const idOf = (random: Random): string => {
	const part = (): string => random.below(0x7fffffff).toString(36);
	return `${part()}${part()}.${part()}`;
};

const checkAlert = (alert: Alert): void => {
	const { id, event, count, restored } = alert;
	ok(id.length <= 31 && id.split(".").length === 2, `id ${id}`);
	for (const character of id) ok("0123456789abcdefghijklmnopqrstuvwxyz.".includes(character), `id ${id}`);
	ok(Number.isInteger(count) && count >= 1 && count <= 0x7fffffff, `count ${count}`);
	ok(event === undefined || (typeof event === "string" && ArrayBuffer.fromString(event).byteLength <= 62), `${event}`);
	const time = restored?.time;
	ok(time === undefined || (Number.isInteger(time) && time >= 0 && time <= 253_402_300_799_999), `time ${time}`);
};

test(`${JOURNALS} damaged journals: every start goes on, with all that is whole`, () => {
	const random = new Random(SEED);
	const world = globalThis as unknown as { trace(...texts: unknown[]): void };
	const { trace } = world;
	let damaged = 0;
	let found = 0;
	let removed = 0;
	world.trace = (...texts) => {
		if (String(texts[0]).startsWith("journal: a record that cannot be read is removed")) removed++;
	};
	try {
		for (let i = 0; i < JOURNALS; i++) {
			const store = new Store();
			const whole = new Set<string>();
			const records = 1 + random.below(QUEUE);
			for (let j = 0; j < records; j++) {
				const id = idOf(random);
				const before = new Set(store.entries.keys());
				journalOf(store).write({
					...{ id, event: random.of(events), ticks: random.below(1_000_000), count: 1 + random.below(40) },
					...{ isLate: false, next: undefined },
				} as Alert);
				if (random.below(2)) {
					whole.add(id);
					continue;
				}
				for (const [name, value] of [...store.entries]) {
					if (before.has(name)) continue;
					store.entries.delete(name);
					const [domain, key] = name.split("/") as [string, string];
					const isKey = random.below(4) === 0;
					const other: unknown = random.below(12)
						? fitting(damage(random, value as string), 62)
						: random.of([7, true, undefined, null]);
					store.entries.set(`${domain}/${isKey ? fitting(damage(random, key), 31) : key}`, isKey ? value : other);
					damaged++;
				}
			}
			const alerts = start(store);
			ok(alerts.length <= QUEUE);
			for (const alert of alerts) checkAlert(alert);
			const ids = new Set(alerts.map(({ id }) => id));
			for (const id of whole) ok(ids.has(id), `journal ${i}: the whole record ${id} is lost`);
			equal(ids.size, alerts.length, "an alert twice");
			const again = start(store).map(({ id, event, count }) => `${id} ${count} ${event}`);
			equal(again.join("\n"), alerts.map(({ id, event, count }) => `${id} ${count} ${event}`).join("\n"));
			found += alerts.length;
		}
	} finally {
		world.trace = trace;
	}
	trace(
		`journals ${JOURNALS}, records damaged ${damaged}, alerts found ${found}, records removed ${removed}, lost 0\n`,
	);
	ok(damaged > JOURNALS && removed > 1_000 && found > JOURNALS);
});
