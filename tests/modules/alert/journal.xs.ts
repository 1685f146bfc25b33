import type { Alert } from "alert/alerts";
import { Journal, type JournalStore, timeOf } from "alert/journal";
import { deepEqual, equal, ok, test } from "harness";
import Preference from "preference";
import { FakeStore, sizeOf } from "./scene";

const NOON = Date.UTC(2026, 10, 22, 12);
const ID = "3k9zq1x7vw.mwrjre6h";

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

/** What a restart finds. */
const restored = (store: JournalStore, ticks = 7): Alert[] => {
	const found: Alert[] = [];
	for (let next = new Journal(store, clock()).restore(8, ticks); next; next = next.next) found.push(next);
	return found;
};

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

test("a record says when, how often, how many attempts have not ended, and what", () => {
	const store = new FakeStore();
	const journal = new Journal(store, clock(NOON));
	journal.write(alert("water in the cellar"));
	journal.begin(alert(undefined, { count: 36 }));
	journal.end(alert("water"));
	new Journal(store, clock()).begin(alert(""));
	deepEqual(store.done, [
		`set ${ID} mwrsbl5o 1 0 water in the cellar`,
		`set ${ID} mwrsbl5o 10 1`,
		`set ${ID} mwrsbl5o 1 0 water`,
		`set ${ID}  1 1 `,
	]);
});

test("a restored one keeps its time and the attempts that have not ended, until one does", () => {
	const store = new FakeStore();
	const journal = new Journal(store, clock(NOON));
	const old = alert("water", { restored: { time: 36, attempts: 1 } });
	journal.write(old);
	journal.begin(old);
	journal.end(old);
	journal.begin(old);
	deepEqual(
		store.done,
		["10 1 1", "10 1 2", "10 1 0", "10 1 1"].map((numbers) => `set ${ID} ${numbers} water`),
	);
});

for (const [name, store] of [
	["the fake", new FakeStore()],
	["the board's preferences", Preference as JournalStore],
] as const)
	test(`what is written is read, with ${name}`, () => {
		for (const event of [undefined, "", " ", "water", "0 1 2", "水位：三米", "🚨\u{10ffff}é", "a\nb"])
			for (const count of [1, 35, 36, 0x7fffffff])
				for (const attempts of [0, 1, 3, 40])
					for (const time of [undefined, 0, NOON, Date.UTC(9999, 11, 31, 23, 59, 59, 999)]) {
						const old = alert(event, { ticks: 7, count, restored: { time, attempts } });
						new Journal(store, clock()).write(old);
						const [found, ...others] = restored(store);
						deepEqual(others, []);
						equal(found?.restored?.failure !== undefined, attempts >= 3);
						deepEqual({ ...found, restored: { time, attempts } }, { ...old });
						equal(timeOf(found as Alert, clock(12)), time);
					}
		new Journal(store, clock()).remove(ID);
		deepEqual(restored(store), []);
	});

test("the time of an alert that was raised since the start is the clock's", () => {
	equal(timeOf(alert(), clock(NOON)), NOON + 1_500);
	equal(timeOf(alert(), clock()), undefined);
});

test("what has no place is cut off at a character, in any script", () => {
	const store = new FakeStore();
	for (const character of ["x", "é", "水", "🚨"])
		for (let shift = 0; shift < 4; shift++)
			for (let length = 8; length < 70; length++) {
				const event = "y".repeat(shift) + character.repeat(length);
				deepEqual(
					tracedBy(() => new Journal(store, clock(NOON)).write(alert(event, { count: 99 }))),
					[],
				);
				const kept = restored(store)[0]?.event ?? "";
				ok(event.startsWith(kept), kept);
				const left = 62 - sizeOf(store.get("alerts", ID) as string);
				ok(kept === event || (left >= 0 && left < sizeOf(character)), `${left} bytes left of ${event}`);
			}
});

test("what is in the flash is not trusted: a record that makes no sense is removed, and told", () => {
	const good = "mwrsbl5o 1 0 water";
	const records: [key: string, value: unknown][] = [
		...["", " ", "  ", "   ", "mwrsbl5o", "mwrsbl5o ", "mwrsbl5o 1", "mwrsbl5o 1 ", "mwrsbl5o  0 water"],
		...[
			"mwrsbl5o 0 0",
			"-1 1 0",
			"1.5 1 0",
			"Mwrsbl5o 1 0",
			"mwrsbl5o 1 -1",
			"mwrsbl5o -1 0",
			"mwrsbl5o x-1 0 water",
			"mwrsbl5o 1 0;x",
			"mwrsbl5o 1 0\t",
		],
		...["zzzzzzzzzz 1 0", "mwrsbl5o zzzzzzz 0", "mwrsbl5o 1 zzzzzzz", '{"event":"water"}', "水 1 0", "z".repeat(62)],
		...[undefined, 7, -1, true, new ArrayBuffer(62), null, {}],
	].map((value) => [ID, value]);
	for (const key of ["", ".", "a.", ".a", "a", "a..b", "a.b.c", "a b.c", "a\r\nBcc: x.y", "A.b", "a>.b", "é.b", "水"])
		records.push([key, good]);
	records.push([`${"a".repeat(30)}.b`, good]);
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

test("at most eight are restored; the rest waits for the next start", () => {
	const store = new FakeStore();
	for (let i = 0; i < 20; i++) store.entries.set(`alerts/1.${i}`, ` 1 0 ${i}`);
	deepEqual(
		restored(store).map(({ event }) => event),
		["0", "1", "2", "3", "4", "5", "6", "7"],
	);
	equal(store.entries.size, 20);
});

test("by time; those without one last, as they were kept; those that are given up first", () => {
	const store = new FakeStore();
	const records = [" 1 0 u", "b 1 0 b", " 1 2 v", "a 1 0 a", "c 1 3 x", "c 1 0 c", " 1 4 y", "a 1 0 d"];
	records.forEach((record, i) => void store.entries.set(`alerts/1.${i}`, record));
	equal(
		restored(store)
			.map(({ event }) => event)
			.join(" "),
		"x y a d b c u v",
	);
});

test("what others keep is not touched", () => {
	const store = new FakeStore();
	store.entries.set("wifi/a.b", "home");
	store.entries.set("alerts/a.b", "nonsense");
	deepEqual(restored(store), []);
	deepEqual([...store.entries.keys()], ["wifi/a.b"]);
});

test("a flash that is full or broken costs one line, and no alert", () => {
	const store = new FakeStore();
	const journal = new Journal(store, clock());
	store.isFull = true;
	const lines = tracedBy(() => {
		journal.write(alert("a"));
		journal.begin(alert("a"));
	});
	deepEqual(lines, [`alert ${ID}: a restart would lose it: can't save prefs\n`]);
	store.isFull = false;
	deepEqual(
		tracedBy(() => journal.write(alert("a"))),
		[],
	);
	equal(restored(store).length, 1);
	store.isFull = true;
	equal(tracedBy(() => journal.write(alert("a"))).length, 1);
});

test("a store that throws whatever it is asked ends nothing", () => {
	const broken = (): never => {
		throw new Error("broken");
	};
	const journal = new Journal({ set: broken, get: broken, delete: broken, keys: broken }, clock());
	const lines = tracedBy(() => {
		journal.write(alert("a"));
		journal.remove(ID);
		journal.restore(8, 0);
	});
	deepEqual(lines, [
		`alert ${ID}: a restart would lose it: broken\n`,
		`alert ${ID}: cannot be removed from the journal: broken\n`,
		"journal: cannot be read: broken\n",
	]);
});
