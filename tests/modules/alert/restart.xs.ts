import type { AlertsOptions, Failure } from "alert/alerts";
import { Journal } from "alert/journal";
import { formatRecord, parseRecord } from "alert/record";
import { deepEqual, equal, ok, test } from "harness";
import { after, barred, DAY_MS, FakeStore, HOUR_MS, putOff, refused, Scene } from "./scene";

const to = ["ada@example.org", "grace@example.org"];

/** A board that has started, with what the store has. */
const start = (store: FakeStore, options: Partial<AlertsOptions> = {}): Scene => {
	return new Scene((network) => ({ journal: new Journal(store, network.clock, to), ...options }));
};

/** What was done with the store, by the event of the record, or what else it was. */
const done = (store: FakeStore): string[] =>
	store.done.map((line) => {
		const [verb, key, ...value] = line.split(" ");
		return [
			verb,
			key === "attempt" ? "attempt" : "record",
			...(key === "attempt" ? value.slice(0, 1) : value.slice(3)),
		].join(" ");
	});

const fill = (store: FakeStore, key: string, event: string, more = {}): void => {
	const record = { event, time: undefined, count: 1, refusals: 0, served: 0, list: 0, ...more };
	store.entries.set(`alerts/${key}`, formatRecord(record));
};

test("a success is raised, an attempt, removed", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.alerts.raise("water");
	deepEqual(done(store), ["set record water"]);
	await after(1);
	deepEqual(done(store), ["set record water", "set attempt 1"]);
	await scene.end();
	deepEqual(done(store), ["set record water", "set attempt 1", "delete record"]);
	deepEqual(store.alerts, []);
});

test("it is written before anything is sent, and before it is told", () => {
	const store = new FakeStore();
	let kept = 0;
	const scene = start(store, { onChanged: () => (kept = store.entries.size) });
	scene.change("connecting");
	scene.alerts.raise("water");
	equal(kept, 1);
	scene.alerts.close();
	equal(store.entries.size, 1);
});

test("trouble on the way writes no record anew, however often", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.closed = barred("no connection");
	scene.alerts.raise("a");
	await after(DAY_MS);
	deepEqual(new Set(done(store)), new Set(["set record a", "set attempt 1", "delete attempt"]));
	equal(store.done.filter((line) => line.endsWith(" a")).length, 1);
	scene.alerts.close();
});

test("a refusal for good is kept, and one that was given up stays in the flash with its reason", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.alerts.raise("a");
	for (const hours of [1, 6, 24]) {
		await scene.end(refused());
		await after(hours * HOUR_MS + 40_000);
	}
	equal(parseRecord(store.alerts[0]![1])!.refusals, 3);
	await scene.end(refused());
	equal(scene.alerts.pending, 0);
	equal(scene.alerts.condition, "undelivered");
	equal(store.alerts.length, 1);
	const later = start(store);
	await after(DAY_MS);
	deepEqual(later.told, []);
	equal(later.alerts.condition, "undelivered");
	const [letter] = new Journal(store, later.network.clock, to).deadLetters();
	deepEqual([letter!.event, letter!.reason], ["a", "no such user"]);
});

test("refusals are counted across restarts; the attempt that a start makes is one more chance", async () => {
	const store = new FakeStore();
	let scene = start(store);
	scene.alerts.raise("a");
	await scene.end(refused());
	for (let i = 0; i < 10; i++) {
		scene = start(store);
		await after(1);
		await scene.end(refused());
		equal(parseRecord(store.alerts[0]![1])!.refusals, 1);
	}
	await after(HOUR_MS + 40_000);
	await scene.end(refused());
	equal(parseRecord(store.alerts[0]![1])!.refusals, 2);
	scene = start(store);
	await after(1);
	await scene.end();
	equal(scene.alerts.pending, 0);
	deepEqual(store.alerts, []);
});

test("who has it already is known after a restart", async () => {
	const store = new FakeStore();
	const before = start(store);
	before.alerts.raise("a");
	await after(1);
	before.current.served = 2;
	await before.end({ ...putOff(), scope: "recipient" });
	const scene = start(store);
	await after(1);
	equal(scene.current.served, 2);
	await scene.end();
	deepEqual(store.alerts, []);
});

test("what is counted is kept", () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.change("connecting");
	for (let i = 0; i < 10; i++) scene.alerts.raise("a");
	equal(store.entries.size, 8);
	deepEqual(
		store.alerts.map(([, record]) => parseRecord(record)!.count),
		[1, 1, 1, 1, 1, 1, 1, 3],
	);
	scene.alerts.close();
});

test("news for all takes another identifier along into the journal; whenever the power goes, the alert is in it", async () => {
	for (let cut = 0; cut < 6; cut++) {
		const store = new FakeStore();
		const scene = start(store);
		for (let i = 0; i < 8; i++) scene.alerts.raise(i ? "b" : "a");
		await after(1);
		const alert = scene.current;
		const { id } = alert;
		alert.served = 1;
		await scene.end(putOff());
		store.cutAfter = cut;
		scene.alerts.raise("a");
		store.cutAfter = Number.POSITIVE_INFINITY;
		const kept = store.alerts.filter(([, record]) => parseRecord(record)!.event === "a");
		ok(kept.length >= 1, `${cut}`);
		if (cut > 2) {
			ok(alert.id !== id && store.entries.has(`alerts/${alert.id}`));
			equal(kept.length, 1);
		}
		scene.alerts.close();
	}
});

test("more than the queue has room for wait in the flash, and come in order as there is room", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.network.clock.madeAt = 1_000_000;
	scene.change("connecting");
	for (let i = 0; i < 14; i++) {
		scene.alerts.raise(`${i}`);
		await after(5);
	}
	equal(scene.alerts.pending, 14);
	equal(store.entries.size, 14);
	equal(scene.told.length, 14);
	scene.change("online");
	for (let i = 0; i < 14; i++) await scene.end();
	deepEqual(
		scene.sending.map(({ event }) => event),
		Array.from({ length: 14 }, (_, i) => `${i}`),
	);
	equal(scene.sessions, 1);
	equal(scene.alerts.pending, 0);
	deepEqual(store.alerts, []);
});

test("what has no room there either is counted, and nothing that was kept is lost", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.change("connecting");
	for (let i = 0; i < 40; i++) scene.alerts.raise(`${i}`);
	equal(store.entries.size, 16);
	scene.change("online");
	let count = 0;
	while (scene.alerts.pending) {
		await after(1);
		count += scene.current.count;
		await scene.end();
	}
	equal(count, 40);
});

test("a restart with more records than the queue holds delivers all, in order", async () => {
	const store = new FakeStore();
	for (let i = 0; i < 13; i++) fill(store, `1.${i}`, `${i}`, { time: 1_000 + i });
	const scene = start(store);
	equal(scene.alerts.pending, 13);
	await after(1);
	scene.alerts.raise("new");
	for (let i = 0; i < 14; i++) await scene.end();
	deepEqual(
		scene.sending.map(({ event }) => event),
		[...Array.from({ length: 13 }, (_, i) => `${i}`), "new"],
	);
	deepEqual(store.alerts, []);
});

test("after a restart all are sent, oldest first, as what they were", async () => {
	const store = new FakeStore();
	const before = start(store);
	before.network.clock.madeAt = 1_000_000;
	before.change("connecting");
	for (const event of ["a", "b", undefined]) {
		before.alerts.raise(event);
		await after(10);
	}
	const ids = store.alerts.map(([key]) => key);
	before.alerts.close();

	const scene = start(store);
	equal(scene.alerts.pending, 3);
	equal(scene.alerts.condition, "waiting");
	deepEqual(scene.told, []);
	await after(1);
	for (let i = 0; i < 3; i++) await scene.end();
	deepEqual(scene.told, ["sending a", "sent a", "sending b", "sent b", "sending undefined", "sent undefined"]);
	deepEqual(
		scene.sending.map(({ id }) => id),
		ids,
	);
	const times = scene.sending.map(({ restored }) => restored?.time ?? 0);
	ok(times[0]! > 1_000_000 && times[1]! - times[0]! === 10 && times[2]! - times[1]! === 10, `${times}`);
	deepEqual(store.alerts, []);
});

test("a time that was never known stays unknown", async () => {
	const store = new FakeStore();
	fill(store, "a.b", "a");
	const scene = start(store);
	scene.network.clock.madeAt = 2_000_000;
	await after(1);
	await scene.end(refused());
	equal(scene.current.restored!.time, undefined);
	equal(parseRecord(store.alerts[0]![1])!.time, undefined);
	scene.alerts.close();
});

test("what was restored waits for the network, and is told as any other", async () => {
	const store = new FakeStore();
	fill(store, "a.b", "a");
	const scene = start(store);
	scene.change("connecting");
	await after(59_900);
	deepEqual(scene.told, ["waiting a: network"]);
	await after(200);
	deepEqual(scene.since(1), ["failed a: no network after 60 s"]);
	await after(10_000);
	scene.alerts.raise("b");
	scene.change("online");
	await scene.end();
	await scene.end();
	deepEqual(scene.since(2), ["waiting b: network", "sending a", "sent a", "sending b", "sent b"]);
});

test("one that is too old when the board starts is given an attempt all the same", async () => {
	const ways: [failure: Failure | undefined, told: string][] = [
		[undefined, "sent a"],
		[barred("no connection"), "undelivered a: no connection"],
	];
	for (const [failure, told] of ways) {
		const store = new FakeStore();
		fill(store, "a.b", "a", { time: 1_000 });
		const scene = start(store);
		scene.network.clock.madeAt = 30 * DAY_MS;
		await after(1);
		await scene.end(failure);
		equal(scene.since(scene.told.length - 1)[0], told);
		scene.alerts.close();
	}
});

test("an alert's age is counted across restarts", async () => {
	const store = new FakeStore();
	let scene = start(store);
	scene.network.clock.madeAt = 1_000_000;
	scene.alerts.raise("a");
	await scene.end(barred("no connection"));
	scene.alerts.close();
	scene = start(store);
	scene.network.clock.madeAt = 1_000_000 + 2 * DAY_MS;
	scene.closed = barred("no connection");
	await after(DAY_MS - 10_000);
	equal(scene.alerts.pending, 1);
	await after(10_000);
	equal(scene.alerts.pending, 0);
	equal(scene.alerts.condition, "undelivered");
});

test("a board that stops in attempts waits longer at each start, and never gives up for that", async () => {
	const store = new FakeStore();
	start(store).alerts.raise("a");
	await after(1); // the first attempt: of the board that is closed here nothing more is heard
	for (const seconds of [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]) {
		const scene = start(store);
		await after(10);
		scene.change("connecting");
		scene.change("online"); // as every board does
		await after(seconds * 800 - 100);
		equal(scene.sessions, 0, `${seconds}`);
		await after(seconds * 200 + 200);
		equal(scene.sessions, 1, `${seconds}`);
	}
	const scene = start(store);
	await after(HOUR_MS);
	await scene.end();
	deepEqual(scene.since(scene.told.length - 2), ["sending a", "sent a"]);
	deepEqual(store.alerts, []);
	const later = start(store);
	later.alerts.raise("b");
	await after(1);
	equal(later.sessions, 1);
	await later.end();
});

test("an alert that stops the board again and again lets the others go first", async () => {
	const store = new FakeStore();
	for (const event of ["a", "b", "c"]) fill(store, `1.${event}`, event);
	store.entries.set("attempt/attempt", "3 1.a");
	const scene = start(store);
	await after(30_000);
	for (let i = 0; i < 3; i++) await scene.end();
	deepEqual(
		scene.sending.map(({ event }) => event),
		["b", "c", "a"],
	);
});

test("an attempt that ended counts no more", async () => {
	const store = new FakeStore();
	const before = start(store);
	before.alerts.raise("a");
	await before.end(barred("busy"));
	before.alerts.close();
	const scene = start(store);
	await after(1);
	equal(scene.sessions, 1);
	await scene.end();
	equal(scene.alerts.pending, 0);
});

test("without room in the flash it goes all the same", async () => {
	const store = new FakeStore();
	store.isFull = true;
	const scene = start(store);
	scene.alerts.raise("a");
	await scene.end();
	deepEqual(scene.told, ["sending a", "sent a"]);
	for (let i = 0; i < 12; i++) scene.alerts.raise(`${i}`);
	equal(scene.alerts.pending, 8);
	scene.alerts.close();
});

test("closed, it leaves the journal as it is", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.alerts.raise("a");
	await after(1);
	scene.alerts.close();
	await scene.end();
	equal(scene.alerts.pending, 0);
	equal(store.alerts.length, 1);
});
