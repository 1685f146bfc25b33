import type { Alert } from "alert/alerts";
import { Journal, type JournalStore, timeOf } from "alert/journal";
import { formatRecord, parseRecord } from "alert/record";
import { deepEqual, equal, ok, test } from "harness";
import Preference from "preference";
import { FakeStore, sizeOf } from "./scene";

const NOON = Date.UTC(2026, 10, 22, 12);
const ID = "3k9zq1x7vw.mwrjre6h";
const ten = Array.from({ length: 10 }, (_, i) => `${i}@example.org`);

/** A clock that was set, or not. */
const clock = (madeAt?: number) => ({
	timeOf: (ticks: number) => (madeAt === undefined ? undefined : madeAt + ticks),
});

const alert = (event?: string, more: Partial<Alert> = {}): Alert => ({
	event,
	ticks: 1_500,
	id: ID,
	count: 1,
	isLate: false,
	next: undefined,
	...more,
});

const journalOf = (store: JournalStore, madeAt?: number, to: readonly string[] = ten) =>
	new Journal(store, clock(madeAt), to);

/** What a restart finds. */
const restored = (store: JournalStore, most = 8, to = ten): Alert[] => {
	const found: Alert[] = [];
	for (let next = journalOf(store, undefined, to).load(most, 7); next; next = next.next) found.push(next);
	return found;
};

/** A record with its check. */
const record = (event: string | undefined, time: number | undefined, more = {}): string =>
	formatRecord({ event, time, count: 1, refusals: 0, served: 0, list: 0, ...more });

/** What the modules trace while something is done. */
const tracedBy = (action: () => void): string[] => {
	const lines: string[] = [];
	const world = globalThis as unknown as { trace(...texts: unknown[]): void };
	const { trace } = world;
	world.trace = (...texts) => void lines.push(texts.join(""));
	try {
		action();
	} finally {
		world.trace = trace;
	}
	return lines;
};

test("the alert of an attempt in which the board stopped is one that the server may have", () => {
	const store = new FakeStore();
	const journal = journalOf(store, NOON);
	const other = alert("door", { id: "1a.b" });
	for (const each of [alert("water"), other]) journal.write(each);
	journal.begin(other);
	deepEqual(
		restored(store).map(({ event, isUnread }) => [event, isUnread]),
		[
			["water", undefined],
			["door", true],
		],
	);
});

test("a record says when, how often, how often it was refused, who has it, and what", () => {
	const store = new FakeStore();
	const journal = journalOf(store, NOON);
	journal.write(alert("water in the cellar"));
	journal.write(alert(undefined, { count: 36 }));
	journal.write(alert("", { refusals: 2 }));
	deepEqual(
		store.alerts.map(([key, text]) => [key, parseRecord(text)]),
		[[ID, { event: "", time: NOON + 1_500, count: 1, refusals: 2, served: 0, list: 0 }]],
	);
	ok(store.done[0]!.startsWith(`set ${ID} mwrsbl5o 1 0000`), store.done[0]);
	ok(store.done[0]!.endsWith(" water in the cellar"), store.done[0]);
	ok(/^set \S+ mwrsbl5o 10 0000\w\w$/.test(store.done[1]!), store.done[1]);
});

test("a record is renewed under another key, and only then the old one removed", () => {
	const store = new FakeStore();
	const journal = journalOf(store, NOON);
	const old = alert("water");
	for (let i = 0; i < 3; i++) journal.write(old);
	journal.remove(old);
	deepEqual(
		store.done.map((line) => line.split(" ").slice(0, 2).join(" ")),
		[`set ${ID}`, `set ${ID}-`, `delete ${ID}`, `set ${ID}`, `delete ${ID}-`, `delete ${ID}`],
	);
	equal(store.entries.size, 0);
});

test("whenever the power goes, an alert that was in flash is there, once, and as it was or is", () => {
	let losses = 0;
	for (let cut = 0; cut < 14; cut++) {
		const store = new FakeStore();
		const journal = journalOf(store, NOON);
		const old = alert("water", { served: 3 });
		journal.write(old);
		store.cutAfter = cut;
		tracedBy(() => {
			journal.begin(old);
			journal.write(old);
			journal.end();
			old.count++;
			old.served = 0;
			old.id = "new.id";
			journal.rename(old, ID);
			journal.bury(old, "no such user");
		});
		store.cutAfter = Number.POSITIVE_INFINITY;
		const after = journalOf(store);
		const live = after.load(8, 7);
		const dead = after.deadLetters();
		const count = (live ? 1 : 0) + (live?.next ? 1 : 0) + dead.length;
		// a rename is a new alert to all: between its two writes both are there, and both are sent
		ok(count === 1 || (count === 2 && store.alerts.length === 2), `${cut}: ${count}`);
		if (!count) losses++;
		ok(store.entries.size <= 3, `${cut}: ${store.entries.size}`);
	}
	equal(losses, 0);
});

test("who has it is known after a restart, unless there are other recipients now", () => {
	const store = new FakeStore();
	for (const served of [1, 35, 36, 0b1010101010, 0b1111111111]) {
		const old = alert("water", { served });
		journalOf(store).write(old);
		equal(restored(store)[0]!.served, served);
		equal(restored(store, 8, ["someone@example.org", ...ten.slice(1)])[0]!.served, undefined);
		journalOf(store).remove(old);
	}
});

test("a restored one keeps its time and its refusals", () => {
	const store = new FakeStore();
	store.entries.set(`alerts/${ID}`, record("water", 36, { refusals: 2 }));
	const journal = journalOf(store, NOON);
	const old = journal.load(8, 7)!;
	deepEqual(old.restored, { time: 36, refusals: 2 });
	journal.write(old);
	const kept = parseRecord(store.alerts[0]![1])!;
	deepEqual([kept.time, kept.refusals, kept.event], [36, 2, "water"]);
});

test("attempts that begin and do not end are counted, as long as their alert is there", () => {
	const store = new FakeStore();
	journalOf(store).write(alert("water"));
	for (const stops of [0, 1, 2]) {
		const journal = journalOf(store);
		const old = journal.load(8, 7)!;
		equal(journal.stops, stops);
		journal.begin(old);
	}
	const ended = journalOf(store);
	ended.load(8, 7);
	ended.end();
	equal(ended.stops, 0);
	const sent = journalOf(store);
	const last = sent.load(8, 7)!;
	equal(sent.stops, 0);
	sent.begin(last);
	sent.remove(last);
	sent.write(alert("door", { id: "7.8" }));
	const other = journalOf(store);
	other.load(8, 7);
	equal(other.stops, 0);
});

test("what stands for an attempt is not trusted either", () => {
	for (const value of [
		"",
		"x",
		"1",
		"1 ",
		"-1 3.4",
		"1e9 3.4",
		"Infinity 3.4",
		"0x10 3.4",
		7,
		undefined,
		null,
		"\xff 3.4",
		"1.5 3.4",
	]) {
		const store = new FakeStore();
		store.entries.set("alerts/3.4", record("water", NOON));
		store.entries.set("attempt/attempt", value);
		const journal = journalOf(store);
		journal.load(8, 7);
		ok(journal.stops >= 0 && journal.stops < 1_000 && Number.isInteger(journal.stops), `${value}: ${journal.stops}`);
	}
});

for (const [name, store] of [
	["the fake", new FakeStore()],
	["the board's preferences", Preference as JournalStore],
] as const)
	test(`what is written is read, with ${name}`, () => {
		for (const event of [undefined, "", " ", "water", "0 1 2", "水位：三米", "🚨\u{10ffff}é", "a\nb"])
			for (const count of [1, 35, 36, 0x7fffffff])
				for (const refusals of [0, 1, 3])
					for (const time of [undefined, 0, NOON, Date.UTC(9999, 11, 31, 23, 59, 59, 999)]) {
						const old = alert(event, { ticks: 7, count, restored: { time, refusals } });
						journalOf(store).write(old);
						const [found, ...others] = restored(store);
						deepEqual(others, []);
						deepEqual(found, old);
						equal(timeOf(found as Alert, clock(12)), time);
						journalOf(store).remove(old);
					}
		deepEqual(restored(store), []);
	});

test("records of earlier firmware are read", () => {
	const store = new FakeStore();
	store.entries.set("alerts/a.1", "mwrsbl5o 1 0 water in the cellar");
	store.entries.set("alerts/a.2", " 3 2");
	deepEqual(
		restored(store).map(({ event, count, restored }) => [event, count, restored?.time]),
		[
			["water in the cellar", 1, NOON + 1_500],
			[undefined, 3, undefined],
		],
	);
});

test("the time of an alert that was raised since the start is the clock's", () => {
	equal(timeOf(alert(), clock(NOON)), NOON + 1_500);
	equal(timeOf(alert(), clock()), undefined);
});

test("what has no place is cut off at a character, in any script", () => {
	for (const character of ["x", "é", "水", "🚨"])
		for (let shift = 0; shift < 4; shift++)
			for (let length = 8; length < 70; length++) {
				const store = new FakeStore();
				const event = "y".repeat(shift) + character.repeat(length);
				deepEqual(
					tracedBy(() => journalOf(store, NOON).write(alert(event, { count: 99 }))),
					[],
				);
				const kept = restored(store)[0]?.event ?? "";
				ok(event.startsWith(kept), kept);
				const left = 62 - sizeOf(store.get("alerts", ID) as string);
				ok(kept === event || (left >= 0 && left < sizeOf(character)), `${left} bytes left of ${event}`);
			}
});

test("what is in the flash is not trusted: a record that makes no sense is removed, and told", () => {
	const good = record("water", NOON);
	const records: [key: string, value: unknown][] = [
		...["", " ", "  ", "   ", "mwrsbl5o", "mwrsbl5o ", "mwrsbl5o 1", "mwrsbl5o 1 ", "mwrsbl5o  0 water"],
		...["mwrsbl5o 0 0", "-1 1 0", "1.5 1 0", "Mwrsbl5o 1 0", "mwrsbl5o 1 -1", "mwrsbl5o -1 0", "mwrsbl5o x-1 0 water"],
		...[
			"mwrsbl5o 1 0;x",
			"mwrsbl5o 1 0\t",
			"mwrsbl5o 1 00 water",
			"mwrsbl5o 1 000000 water",
			"mwrsbl5o 1 0000000 water",
		],
		...["zzzzzzzzzz 1 0", "mwrsbl5o zzzzzzz 0", "mwrsbl5o 1 zzzzzzz", '{"event":"water"}', "水 1 0", "z".repeat(62)],
		...[undefined, 7, -1, true, new ArrayBuffer(62), null, {}],
	].map((value) => [ID, value]);
	for (const key of [
		"",
		".",
		"a.",
		".a",
		"a",
		"a..b",
		"a.b.c",
		"a b.c",
		"a\r\nBcc: x.y",
		"A.b",
		"a>.b",
		"é.b",
		"水",
		"-",
	])
		records.push([key, good]);
	records.push([`${"a".repeat(30)}.b`, good], [`${ID}--`, good], ["-a.b", good]);
	for (const [key, value] of records) {
		const store = new FakeStore();
		store.entries.set(`alerts/${key}`, value);
		store.entries.set("alerts/1.2", good);
		let found: Alert[] = [];
		const lines = tracedBy(() => {
			found = restored(store);
		});
		deepEqual(lines, ["journal: a record that cannot be read is removed\n"], `${key}: ${value}`);
		deepEqual(store.done, [`delete ${key}`]);
		deepEqual(
			found.map(({ id, event }) => [id, event]),
			[["1.2", "water"]],
		);
	}
});

test("a record in which a single byte is not what was written is no record, and the one before it counts", () => {
	const old = record("door", NOON);
	const whole = record("water in the cellar", NOON, { served: 5, list: 3, refusals: 1 });
	let taken = 0;
	for (let i = 0; i < whole.length; i++)
		for (const change of [0x01, 0x20, 0x40]) {
			const torn = whole.slice(0, i) + String.fromCharCode(whole.charCodeAt(i) ^ change) + whole.slice(i + 1);
			const store = new FakeStore();
			store.entries.set("alerts/1.2", old);
			store.entries.set("alerts/1.2-", torn);
			tracedBy(() => {
				const found = restored(store);
				equal(found.length, 1);
				if (found[0]!.event !== "door") taken++;
				equal(store.entries.size, 1);
			});
		}
	equal(taken, 0);
	// what of the flash was not written reads as 0xff
	for (let end = 0; end < whole.length; end++) {
		const store = new FakeStore();
		store.entries.set("alerts/1.2", whole.slice(0, end) + "\xff".repeat(62 - end));
		tracedBy(() => deepEqual(restored(store), [], whole.slice(0, end)));
	}
});

test("10,000 mutated journals: nothing throws, hangs or is kept that is no record", () => {
	let seed = 1;
	const random = (below: number) => (seed = (seed * 48_271) % 0x7fffffff) % below;
	const whole = [
		record("water", NOON),
		record(undefined, undefined),
		record("水位", 1, { refusals: 35 }),
		"mwrsbl5o 1 0 water",
	];
	let kept = 0;
	for (let i = 0; i < 10_000; i++) {
		const store = new FakeStore();
		for (let j = random(4); j >= 0; j--) {
			const characters = [...whole[random(whole.length)]!];
			for (let k = random(3); k > 0; k--) {
				const at = random(characters.length + 1);
				const piece = random(4) ? String.fromCharCode(random(256)) : String.fromCharCode(random(0x10000) || 1);
				characters.splice(at, random(2), ...(random(3) ? [piece] : []));
			}
			const key = random(8) ? `${random(4)}.${random(3)}${random(3) ? "" : "-"}` : String.fromCharCode(random(128));
			store.entries.set(`alerts/${key}`, characters.join(""));
		}
		tracedBy(() => {
			const journal = journalOf(store);
			for (let next = journal.load(8, 7); next; next = next.next) {
				kept++;
				ok(next.count >= 1 && next.restored!.refusals < 36 && (next.served ?? 0) < 1296, show(next));
			}
			const dead = journal.deadLetters();
			equal(journal.dead, dead.length);
			journal.forget(dead);
			equal(journal.dead, 0);
		});
	}
	ok(kept > 5_000, `${kept}`);
});

const show = (value: Alert): string => JSON.stringify({ ...value, next: undefined });

test("more than the queue holds are counted, and come when there is room, in order", () => {
	const store = new FakeStore();
	for (let i = 0; i < 20; i++) store.entries.set(`alerts/1.${i}`, record(`${i}`, undefined));
	const journal = journalOf(store);
	const first = journal.load(8, 0);
	const names = (alert: Alert | undefined): string => (alert ? `${alert.event} ${names(alert.next)}` : "");
	equal(names(first), "0 1 2 3 4 5 6 7 ");
	equal(journal.more, 12);
	equal(names(journal.load(4, 0, first)), "8 9 10 11 ");
	equal(journal.more, 8);
	equal(store.entries.size, 20);
});

test("by time; those without one last, as they were kept; at the very end the one that may be what stops the board", () => {
	const store = new FakeStore();
	["u", "b2", "v", "a1", "x1", "c3", "d1"].forEach(([event, time], i) => {
		store.entries.set(`alerts/1.${i}`, record(event, time === undefined ? undefined : Number(time)));
	});
	const names = () =>
		restored(store)
			.map(({ event }) => event)
			.join(" ");
	equal(names(), "a x d b c u v");
	store.entries.set("attempt/attempt", "2 1.4");
	equal(names(), "a x d b c u v");
	store.entries.set("attempt/attempt", "3 1.4");
	equal(names(), "a d b c u v x");
});

test("a flash that loses what is written is told, once, and relied upon for nothing", () => {
	const store = new FakeStore();
	const losing: JournalStore = { ...storeOf(store), set: () => {} };
	const journal = journalOf(losing, NOON);
	const lines = tracedBy(() => {
		ok(!journal.write(alert("a")));
		ok(!journal.add(alert("b", { id: "1.3" })));
	});
	deepEqual(lines, [`alert ${ID}: a restart would lose it: it is not there, for a write was cut before\n`]);
	equal(journal.more, 0);
});

const storeOf = (store: FakeStore): JournalStore => ({
	set: (domain, key, value) => store.set(domain, key, value),
	get: (domain, key) => store.get(domain, key),
	delete: (domain, key) => store.delete(domain, key),
	keys: (domain) => store.keys(domain),
});

test("what was given up is kept with its reason until it is forgotten, and does not come again", () => {
	const store = new FakeStore();
	const journal = journalOf(store, NOON);
	const one = alert("water");
	journal.write(one);
	journal.bury(one, "the recipient was refused: 550 5.1.1 no such user here, and so on and on");
	const two = alert("door", { id: "7.8", count: 3 });
	journal.write(two);
	journal.bury(two, "水".repeat(30));
	equal(journal.dead, 2);

	const later = journalOf(store);
	equal(later.load(8, 7), undefined);
	equal(later.dead, 2);
	const letters = later.deadLetters();
	deepEqual(
		letters.map(({ event, count, time, reason }) => [event, count, time, reason]),
		[
			["water", 1, NOON + 1_500, "the recipient was refused: 550 5.1.1 no such user here, and so"],
			["door", 3, NOON + 1_500, "水".repeat(20)],
		],
	);
	later.forget(letters);
	equal(later.dead, 0);
	equal(store.entries.size, 0);
});

test("eight are kept of those that are given up; more are counted with the last", () => {
	const store = new FakeStore();
	const journal = journalOf(store, NOON);
	for (let i = 0; i < 11; i++) {
		const one = alert(`${i}`, { id: `1.${i}` });
		journal.write(one);
		journal.bury(one, "too old");
	}
	deepEqual(
		journal.deadLetters().map(({ event, count }) => `${event}x${count}`),
		["0x1", "1x1", "2x1", "3x1", "4x1", "5x1", "6x1", "7x4"],
	);
	equal(store.entries.size, 16);
});

test("what others keep is not touched", () => {
	const store = new FakeStore();
	store.entries.set("wifi/a.b", "home");
	store.entries.set("alerts/a.b", "nonsense");
	deepEqual(restored(store), []);
	deepEqual([...store.entries.keys()], ["wifi/a.b"]);
});

test("a flash that is full or broken costs one line, and no alert; what it has, it keeps", () => {
	const store = new FakeStore();
	const journal = journalOf(store);
	store.isFull = true;
	const old = alert("a");
	const lines = tracedBy(() => {
		ok(!journal.write(old));
		journal.begin(old);
	});
	deepEqual(lines, [`alert ${ID}: a restart would lose it: can't save prefs\n`]);
	store.isFull = false;
	deepEqual(
		tracedBy(() => journal.write(old)),
		[],
	);
	equal(restored(store).length, 1);
	store.isFull = true;
	equal(tracedBy(() => journal.begin(old)).length, 1);
	equal(restored(store).length, 1);
	old.id = "new.1";
	tracedBy(() => journal.rename(old, ID));
	equal(restored(store).length, 1);
});

test("a store that throws whatever it is asked ends nothing", () => {
	const broken = (): never => {
		throw new Error("broken");
	};
	const journal = journalOf({ set: broken, get: broken, delete: broken, keys: broken });
	const old = alert("a");
	const lines = tracedBy(() => {
		journal.write(old);
		old.slot = 0;
		journal.remove(old);
		journal.load(8, 0);
		deepEqual(journal.deadLetters(), []);
		journal.bury(old, "too old");
	});
	deepEqual(lines, [
		`alert ${ID}: a restart would lose it: broken\n`,
		`alert ${ID}: cannot be removed from the journal: broken\n`,
		"journal: cannot be read: broken\n",
		"journal: cannot be read: broken\n",
	]);
});
