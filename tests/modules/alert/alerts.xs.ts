import { deepEqual, equal, ok, test } from "harness";
import { after, barred, DAY_MS, HOUR_MS, putOff, refused, Scene } from "./scene";

test("an alert is sent at once where there is a network", async () => {
	const scene = new Scene();
	scene.alerts.raise("water");
	equal(scene.alerts.pending, 1);
	await after(1);
	deepEqual(scene.told, ["sending water"]);
	await scene.end();
	deepEqual(scene.told, ["sending water", "sent water"]);
	equal(scene.alerts.pending, 0);
	equal(scene.alerts.condition, undefined);
});

test("eight that wait go in one session, in their order", async () => {
	const scene = new Scene();
	scene.change("connecting");
	for (let i = 0; i < 8; i++) scene.alerts.raise(`${i}`);
	scene.change("online");
	for (let i = 0; i < 8; i++) await scene.end();
	equal(scene.sessions, 1);
	deepEqual(
		scene.sending.map(({ event }) => event),
		["0", "1", "2", "3", "4", "5", "6", "7"],
	);
	equal(scene.alerts.pending, 0);
});

test("what is raised while a session is open goes in it", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await after(1);
	scene.alerts.raise("b");
	await scene.end();
	await scene.end();
	scene.alerts.raise("c");
	await scene.end();
	deepEqual(scene.told, ["sending a", "sent a", "sending b", "sent b", "sending c", "sent c"]);
	equal(scene.sessions, 2);
});

test("a refusal of one does not stop the next, nor end the session", async () => {
	const scene = new Scene();
	for (const event of ["a", "b", "c"]) scene.alerts.raise(event);
	await scene.end(refused());
	await scene.end(putOff());
	await scene.end();
	deepEqual(scene.told, [
		"sending a",
		"failed a: no such user",
		"sending b",
		"failed b: greylisted",
		"sending c",
		"sent c",
	]);
	equal(scene.sessions, 1);
	equal(scene.alerts.pending, 2);
	scene.alerts.close();
});

test("trouble on the way keeps the alert, which is tried again as the same one", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await scene.end(barred("no connection"));
	equal(scene.alerts.pending, 1);
	equal(scene.alerts.condition, "waiting");
	ok(scene.againMs! >= 4_000 && scene.againMs! <= 5_000, `${scene.againMs}`);
	await after(3_900);
	deepEqual(scene.told, ["sending a", "failed a: no connection"]);
	await after(1_200);
	deepEqual(scene.since(2), ["sending a"]);
	await scene.end();
	equal(scene.sending[0], scene.sending[1]);
	equal(scene.alerts.pending, 0);
	await after(HOUR_MS);
	equal(scene.sessions, 2);
});

test("attempts become rarer, from 5 seconds to 10 minutes, for the way's trouble and for the mail's own", async () => {
	for (const failure of [barred("no connection"), putOff()]) {
		const scene = new Scene();
		scene.alerts.raise("a");
		for (const seconds of [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]) {
			await scene.end(failure);
			const { sessions } = scene;
			await after(seconds * 800 - 100);
			equal(scene.sessions, sessions);
			await after(seconds * 200 + 200);
			equal(scene.sessions, sessions + 1, `after ${seconds} s`);
		}
		await scene.end();
		scene.alerts.raise("b");
		await scene.end(failure);
		await after(5_100);
		equal(scene.since(scene.told.length - 1)[0], "sending b");
		await scene.end();
	}
});

test("trouble on the way is everyone's: no one is tried before the pause is over, and the order stays", async () => {
	const scene = new Scene();
	for (const event of ["a", "b"]) scene.alerts.raise(event);
	await scene.end(barred("no connection"));
	scene.alerts.raise("c");
	await after(3_900);
	equal(scene.sessions, 1);
	await after(1_200);
	for (let i = 0; i < 3; i++) await scene.end();
	deepEqual(scene.told, [
		"sending a",
		"failed a: no connection",
		"waiting b: server",
		"waiting c: server",
		"sending a",
		"sent a",
		"sending b",
		"sent b",
		"sending c",
		"sent c",
	]);
	equal(scene.sessions, 2);
});

test("those that are put off together are tried together, and what is raised meanwhile does not wait for them", async () => {
	const scene = new Scene();
	for (const event of ["a", "b", "c"]) scene.alerts.raise(event);
	for (let i = 0; i < 6; i++) {
		for (let j = 0; j < 3; j++) await scene.end(putOff());
		if (i < 5) await after(400_000);
	}
	const { sessions } = scene;
	equal(sessions, 6);
	const told = scene.told.length;
	scene.alerts.raise("d");
	await scene.end();
	deepEqual(scene.since(told), ["sending d", "sent d"]);
	await after(400_000);
	for (let i = 0; i < 3; i++) await scene.end();
	equal(scene.sessions, sessions + 2);
	equal(scene.alerts.pending, 0);
});

test("refused for good it has three more attempts, after an hour, six and a day; then it is given up", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await scene.end(refused());
	for (const hours of [1, 6, 24]) {
		const { sessions } = scene;
		equal(Math.floor(scene.againMs! / HOUR_MS), hours);
		await after(hours * HOUR_MS - 10);
		equal(scene.sessions, sessions);
		await after(40_000);
		equal(scene.sessions, sessions + 1, `after ${hours} h`);
		await scene.end(refused());
	}
	deepEqual(scene.since(scene.told.length - 2), ["sending a", "undelivered a: no such user"]);
	equal(scene.alerts.pending, 0);
	await after(30 * DAY_MS);
	equal(scene.sessions, 4);
});

test("trouble on the way counts for no one, however often", async () => {
	const scene = new Scene();
	for (const event of ["a", "b"]) scene.alerts.raise(event);
	for (let i = 0; i < 100; i++) {
		await scene.end(barred("no connection"));
		await after(600_001);
	}
	await scene.end();
	await scene.end();
	equal(scene.alerts.pending, 0);
	ok(!scene.told.some((line) => line.startsWith("undelivered")));
});

test("what is older than it may be is given up, also those whose turn has not come", async () => {
	const scene = new Scene();
	for (const event of ["a", "b"]) scene.alerts.raise(event);
	scene.closed = barred("no connection");
	await after(3 * DAY_MS - 1_000);
	equal(scene.alerts.pending, 2);
	await after(2_100);
	deepEqual(scene.since(scene.told.length - 2), ["undelivered a: no connection", "undelivered b: no connection"]);
	equal(scene.alerts.pending, 0);
	const { sessions } = scene;
	ok(sessions > 400 && sessions < 600, `${sessions}`);
	await after(DAY_MS);
	equal(scene.sessions, sessions);
});

test("so is what is put off again and again, or waits for a network", async () => {
	const scene = new Scene({ giveUpMs: HOUR_MS });
	scene.closed = putOff();
	scene.alerts.raise("a");
	await after(1.3 * HOUR_MS);
	equal(scene.since(scene.told.length - 1)[0], "undelivered a: greylisted");
	scene.change("connecting");
	scene.alerts.raise("b");
	await after(HOUR_MS + 2_000);
	deepEqual(scene.since(scene.told.length - 2), [
		"failed b: no network after 60 s",
		"undelivered b: no network after 60 s",
	]);
	scene.change("online");
	await after(1_000);
	equal(scene.alerts.pending, 0);
});

test("a server that must be left alone is, whatever the network does", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await after(1);
	scene.restMs = 900_000;
	await scene.end(barred("the password was refused", true));
	equal(scene.againMs, 900_000);
	equal(scene.alerts.condition, "misconfigured");
	await after(10_000);
	scene.change("connecting");
	scene.change("online");
	scene.alerts.raise("b");
	await after(800_000);
	equal(scene.sessions, 1);
	scene.restMs = 0;
	await after(100_000);
	await scene.end();
	await scene.end();
	equal(scene.alerts.pending, 0);
	equal(scene.alerts.condition, undefined);
});

test("a network that comes back ends the pause, of the way and of those that were put off", async () => {
	for (const failure of [barred("no connection"), putOff()]) {
		const scene = new Scene();
		scene.alerts.raise("a");
		for (let i = 0; i < 6; i++) {
			await scene.end(failure);
			if (i < 5) await after(200_000);
		}
		await after(10_000);
		const told = scene.told.length;
		scene.change("connecting");
		await after(10_000);
		deepEqual(scene.since(told), []);
		scene.change("online");
		await after(1);
		deepEqual(scene.since(told), ["sending a"]);
		await scene.end(failure);
		await after(5_100);
		deepEqual(scene.since(told + 2), ["sending a"]);
		await scene.end();
	}
});

test("but no refusal for good is forgotten by it", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await scene.end(refused());
	scene.change("connecting");
	scene.change("online");
	await after(HOUR_MS - 1_000);
	equal(scene.sessions, 1);
	await after(32_000);
	equal(scene.sessions, 2);
	await scene.end();
});

test("an attempt that ends twice counts once", async () => {
	const scene = new Scene();
	let first: { end(): void; settle(): void } | undefined;
	const twice = new Scene({
		delivery: {
			restMs: 0,
			start(queue) {
				first = queue;
				scene.sending.push(queue.next()!);
			},
		},
	});
	twice.alerts.raise("a");
	await after(1);
	first!.settle();
	first!.settle();
	first!.end();
	first!.end();
	equal(twice.alerts.pending, 0);
	deepEqual(twice.told, ["sending a", "sent a"]);
});

test("where the queue is full, equal events are counted with the last that is not under way", async () => {
	const scene = new Scene();
	for (let i = 0; i < 8; i++) scene.alerts.raise(i % 2 ? "door" : "water");
	await after(1);
	for (const event of ["water", "water", "door", "smoke"]) scene.alerts.raise(event);
	equal(scene.alerts.pending, 8);
	const sent: string[] = [];
	for (let i = 0; i < 8; i++) {
		sent.push(`${scene.current.event}x${scene.current.count}`);
		await scene.end();
	}
	deepEqual(sent, ["waterx1", "doorx1", "waterx1", "doorx1", "waterx1", "doorx1", "waterx3", "doorx3"]);
	equal(scene.alerts.pending, 0);
});

test("what some have already is news to all when one more is counted with it", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await after(1);
	const alert = scene.current;
	const { id } = alert;
	alert.served = 1;
	await scene.end(putOff());
	for (let i = 0; i < 8; i++) scene.alerts.raise("b");
	scene.alerts.raise("a");
	ok(!alert.served && alert.id !== id && alert.count === 2);
	scene.alerts.close();
});

test("each remembers its moment, and has an identifier of its own", async () => {
	const scene = new Scene();
	scene.alerts.raise();
	await after(1_500);
	scene.alerts.raise();
	await scene.end();
	const [first, second] = scene.sending;
	equal(second!.ticks - first!.ticks, 1_500);
	ok(first!.id !== second!.id);
	equal(first!.event, undefined);
});

test("without a network it waits, says so, and goes when there is one", async () => {
	const scene = new Scene();
	scene.change("connecting");
	scene.alerts.raise("a");
	scene.change("waiting");
	scene.change("connecting");
	await after(30_000);
	scene.change("online");
	await scene.end();
	await after(120_000);
	deepEqual(scene.told, ["waiting a: network", "sending a", "sent a"]);
});

test("one that waits too long is told as failed, but goes when it can", async () => {
	const scene = new Scene();
	scene.change("connecting");
	scene.alerts.raise("a");
	await after(59_900);
	deepEqual(scene.told, ["waiting a: network"]);
	await after(200);
	deepEqual(scene.since(1), ["failed a: no network after 60 s"]);
	equal(scene.alerts.pending, 1);
	scene.change("online");
	await scene.end();
	deepEqual(scene.since(2), ["sending a", "sent a"]);
});

test("each that is raised while nothing can go is told as waiting, and has its own patience", async () => {
	const scene = new Scene();
	scene.change("connecting");
	scene.alerts.raise("a");
	await after(30_000);
	scene.alerts.raise("b");
	await after(31_000);
	deepEqual(scene.told, ["waiting a: network", "waiting b: network", "failed a: no network after 60 s"]);
	await after(30_000);
	deepEqual(scene.since(3), ["failed b: no network after 60 s"]);
	scene.alerts.raise("c");
	await after(200_000);
	deepEqual(scene.since(4), ["waiting c: network", "failed c: no network after 60 s"]);
	scene.alerts.close();
});

test("one more than there is room for is told, too", async () => {
	const scene = new Scene();
	scene.change("connecting");
	for (let i = 0; i < 8; i++) scene.alerts.raise(`${i}`);
	await after(600_000);
	const told = scene.told.length;
	scene.alerts.raise("more");
	deepEqual(scene.since(told), ["waiting 7: network"]);
	await after(61_000);
	deepEqual(scene.since(told + 1), ["failed 7: no network after 60 s"]);
	scene.alerts.close();
});

test("a network that comes and goes does not prolong the patience", async () => {
	const scene = new Scene({ needsClock: true });
	scene.change("connecting", false);
	scene.alerts.raise("a");
	for (let i = 0; i < 20; i++) {
		await after(25_000);
		scene.change(i & 1 ? "connecting" : "online", false);
	}
	deepEqual(scene.told, [
		"waiting a: network",
		"waiting a: clock",
		"waiting a: network",
		"failed a: no network after 60 s",
	]);
	scene.alerts.close();
});

test("a clock that soon may be set is awaited, but not for long", async () => {
	const scene = new Scene();
	scene.change("online", false, true);
	scene.alerts.raise("a");
	scene.change("online", true);
	await scene.end();
	deepEqual(scene.told, ["waiting a: clock", "sending a", "sent a"]);

	const late = new Scene();
	late.change("online", false, true);
	late.alerts.raise("b");
	await after(3_000);
	late.alerts.update();
	await after(1_900);
	equal(late.sending.length, 0);
	await after(200);
	deepEqual(late.told, ["waiting b: clock", "sending b"]);
	await late.end();
});

test("a clock that is not to be expected is not awaited", async () => {
	const scene = new Scene();
	scene.change("online", false, false);
	scene.alerts.raise("a");
	await after(1);
	deepEqual(scene.told, ["sending a"]);
	await scene.end();
});

test("a clock that is needed is awaited as long as it takes", async () => {
	const scene = new Scene({ needsClock: true });
	scene.change("online", false, false);
	scene.alerts.raise("a");
	await after(70_000);
	deepEqual(scene.told, ["waiting a: clock", "failed a: no clock after 60 s"]);
	scene.change("online", true);
	await scene.end();
	deepEqual(scene.told.slice(2), ["sending a", "sent a"]);
});

test("first the network, then the clock, with one patience for both", async () => {
	const scene = new Scene({ needsClock: true });
	scene.change("connecting", false, true);
	scene.alerts.raise("a");
	await after(30_000);
	scene.change("online", false, true);
	await after(29_000);
	scene.change("online", true);
	await scene.end();
	deepEqual(scene.told, ["waiting a: network", "waiting a: clock", "sending a", "sent a"]);
});

test("a network that goes while a mail is under way leaves it to the mail's own fate", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await after(1);
	scene.change("connecting");
	await scene.end(barred("disconnected"));
	deepEqual(scene.told, ["sending a", "failed a: disconnected"]);
	scene.change("online");
	await after(1);
	await scene.end();
	equal(scene.alerts.pending, 0);
});

test("a session is begun in a turn of its own, for memory's sake", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	equal(scene.sending.length, 0);
	await after(1);
	equal(scene.sending.length, 1);
	await scene.end();
});

test("closed, it forgets what waits and tells nothing of what was under way", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	scene.alerts.raise("b");
	await after(1);
	scene.alerts.close();
	equal(scene.alerts.pending, 0);
	await scene.end();
	deepEqual(scene.told, ["sending a"]);
});

test("closed before its turn, a mail is not begun; closed while it waits, neither", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	scene.alerts.close();
	await after(120_000);
	equal(scene.sending.length, 0);

	const waiting = new Scene();
	waiting.change("connecting");
	waiting.alerts.raise("a");
	waiting.alerts.close();
	await after(120_000);
	waiting.change("online");
	deepEqual(waiting.told, ["waiting a: network"]);
});

test("weeks of waiting, in which the ticks wrap, neither end an alert early nor late", async () => {
	const scene = new Scene({ giveUpMs: 20 * DAY_MS });
	for (let i = 0; i < 4; i++) {
		scene.closed = barred("no connection");
		scene.alerts.raise("a");
		await after(20 * DAY_MS - 3_000);
		equal(scene.alerts.pending, 1);
		await after(5_000);
		equal(scene.alerts.pending, 0);
		scene.closed = undefined;
		scene.alerts.raise("b");
		await scene.end();
		equal(scene.since(scene.told.length - 1)[0], "sent b");
		await after(30 * DAY_MS);
	}
});
