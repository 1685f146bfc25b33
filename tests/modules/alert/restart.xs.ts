import type { AlertsOptions } from "alert/alerts";
import { Journal } from "alert/journal";
import { deepEqual, equal, ok, test } from "harness";
import { after, FakeStore, Scene, temporary } from "./scene";

/** A board that has started, with what the store has. */
const start = (store: FakeStore, options: Partial<AlertsOptions> = {}): Scene => {
	return new Scene((network) => ({ journal: new Journal(store, network.clock), ...options }));
};

/** What was done with the store, without keys. */
const done = (store: FakeStore): string[] =>
	store.done.map((line) => {
		const [verb, , ...value] = line.split(" ");
		return [verb, ...value].join(" ");
	});

test("a success is three writes: raised, an attempt, removed", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.alerts.raise("water");
	deepEqual(done(store), ["set  1 0 water"]);
	await after(1);
	deepEqual(done(store), ["set  1 0 water", "set  1 1 water"]);
	await scene.end();
	deepEqual(done(store), ["set  1 0 water", "set  1 1 water", "delete"]);
	equal(store.entries.size, 0);
});

test("it is written before anything is sent, and before it is told", () => {
	const store = new FakeStore();
	let kept = 0;
	const scene = start(store, { onChanged: () => (kept = store.entries.size) });
	scene.alerts.raise("water");
	equal(kept, 1);
	scene.alerts.close();
	equal(store.entries.size, 1);
});

test("a failure for good removes it, a temporary one ends the attempt", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.alerts.raise("a");
	await scene.end(temporary("busy"));
	deepEqual(done(store).slice(2), ["set  1 0 a"]);
	await after(5_100);
	await scene.end(new Error("no such user"));
	deepEqual(done(store).slice(3), ["set  1 1 a", "delete"]);
});

test("a mail that could not be begun has ended, too", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.throws = temporary("no address");
	scene.alerts.raise("a");
	await after(1);
	deepEqual(done(store), ["set  1 0 a", "set  1 1 a", "set  1 0 a"]);
	scene.alerts.close();
});

test("what is counted is kept", () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.change("connecting");
	for (let i = 0; i < 10; i++) scene.alerts.raise(`${i}`);
	equal(store.entries.size, 8);
	deepEqual(done(store).slice(7), ["set  1 0 7", "set  2 0 7", "set  3 0 7"]);
	scene.alerts.close();
});

test("news for all takes another identifier along into the journal", async () => {
	const store = new FakeStore();
	const scene = start(store);
	for (let i = 0; i < 8; i++) scene.alerts.raise(`${i}`);
	await scene.refuse();
	const last = scene.sending[0]!.alert;
	const { id } = last;
	last.recipients = ["ada@example.org"];
	scene.alerts.raise("more");
	ok(last.id !== id && store.entries.has(`alerts/${last.id}`) && !store.entries.has(`alerts/${id}`));
	equal(store.entries.size, 8);
	scene.alerts.close();
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
	const ids = [...store.entries.keys()];
	before.alerts.close();

	const scene = start(store);
	equal(scene.alerts.pending, 3);
	deepEqual(scene.told, []);
	await after(1);
	for (let i = 0; i < 3; i++) await scene.end();
	deepEqual(scene.told, ["sending a", "sent a", "sending b", "sent b", "sending undefined", "sent undefined"]);
	deepEqual(
		scene.sending.map(({ alert }) => `alerts/${alert.id}`),
		ids,
	);
	const times = scene.sending.map(({ alert }) => alert.restored?.time ?? 0);
	ok(times[0]! > 1_000_000 && times[1]! - times[0]! === 10 && times[2]! - times[1]! === 10, `${times}`);
	equal(store.entries.size, 0);
});

test("a time that was not known when it was raised is kept once it is; one that never was stays unknown", async () => {
	const store = new FakeStore();
	const before = start(store);
	before.alerts.raise("a");
	before.network.clock.madeAt = 1_000_000;
	await after(1);
	before.alerts.close();
	const [[key, value] = []] = [...store.entries];
	ok(/^\w+ 1 1 a$/.test(value as string), value as string);
	store.entries.set(key as string, " 1 0 a");

	const scene = start(store);
	scene.network.clock.madeAt = 2_000_000;
	await scene.end();
	equal(scene.sending[0]!.alert.restored!.time, undefined);
	ok(store.done.slice(-2)[0]?.endsWith("  1 1 a"));
});

test("what was restored waits for the network, and is told as any other", async () => {
	const store = new FakeStore();
	store.entries.set("alerts/a.b", " 1 0 a");
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

test("restored ones and new ones together are eight apart; what is restored is counted on", async () => {
	const store = new FakeStore();
	for (let i = 0; i < 8; i++) store.entries.set(`alerts/1.${i}`, ` 2 1 ${i}`);
	const scene = start(store);
	scene.alerts.raise("more");
	equal(scene.alerts.pending, 8);
	deepEqual(done(store), ["set  3 1 7"]);
	scene.alerts.close();
});

test("an alert that stops the board is tried three times, then told as failed, and gone", async () => {
	const store = new FakeStore();
	start(store).alerts.raise("a");
	await after(1); // the first attempt: of the board that is closed here nothing more is heard
	for (let i = 0; i < 2; i++) {
		const scene = start(store);
		await after(1);
		deepEqual(scene.told, ["sending a"]);
		equal(scene.sending.length, 1);
	}
	deepEqual(done(store), ["set  1 0 a", "set  1 1 a", "set  1 2 a", "set  1 3 a"]);
	const scene = start(store);
	await after(1);
	deepEqual(scene.told, [
		"failed a: the board stopped in each of 3 attempts to send it: is its power supply too weak?",
	]);
	equal(scene.sending.length, 0);
	equal(store.entries.size, 0);
	equal(scene.alerts.pending, 0);
});

test("each that is given up is there to be seen, also without a network; then the others have their turn", async () => {
	const store = new FakeStore();
	for (const [id, record] of [
		["1.1", "1 1 0 a"],
		["1.2", "2 1 3 b"],
		["1.3", "3 1 7 c"],
	] as const)
		store.entries.set(`alerts/${id}`, record);
	const scene = start(store);
	scene.change("connecting");
	equal(store.entries.size, 2);
	await after(3_900);
	equal(scene.told.length, 1);
	await after(200);
	deepEqual(
		scene.told.map((line) => line.slice(0, 18)),
		["failed b: the boar", "failed c: the boar"],
	);
	await after(4_000);
	deepEqual(scene.since(2), ["waiting a: network"]);
	scene.change("online");
	await scene.end();
	equal(store.entries.size, 0);
});

test("an attempt that ended counts no more", async () => {
	const store = new FakeStore();
	store.entries.set("alerts/a.b", " 1 2 a");
	const scene = start(store);
	for (let i = 0; i < 5; i++) {
		await scene.end(temporary("busy"));
		await after(100_000);
	}
	deepEqual(done(store).slice(0, 4), ["set  1 3 a", "set  1 0 a", "set  1 1 a", "set  1 0 a"]);
	await scene.end();
	equal(store.entries.size, 0);
});

test("without room in the flash it goes all the same", async () => {
	const store = new FakeStore();
	store.isFull = true;
	const scene = start(store);
	scene.alerts.raise("a");
	await scene.end();
	deepEqual(scene.told, ["sending a", "sent a"]);
});

test("closed, it leaves the journal as it is", async () => {
	const store = new FakeStore();
	const scene = start(store);
	scene.alerts.raise("a");
	await after(1);
	scene.alerts.close();
	await scene.end();
	equal(scene.alerts.pending, 0);
	equal(store.entries.size, 1);
});
