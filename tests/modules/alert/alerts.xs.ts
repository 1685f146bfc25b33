import { deepEqual, equal, ok, test } from "harness";
import { after, Scene, temporary } from "./scene";

test("an alert is sent at once where there is a network", async () => {
	const scene = new Scene();
	scene.alerts.raise("water");
	deepEqual(scene.told, ["sending water"]);
	equal(scene.alerts.pending, 1);
	await scene.end();
	deepEqual(scene.told, ["sending water", "sent water"]);
	equal(scene.alerts.pending, 0);
});

test("one at a time, in their order, and none is lost", async () => {
	const scene = new Scene();
	for (const event of ["a", "b", "c"]) scene.alerts.raise(event);
	await after(1_000);
	equal(scene.sending.length, 1);
	for (let i = 0; i < 3; i++) await scene.end();
	deepEqual(scene.told, ["sending a", "sent a", "sending b", "sent b", "sending c", "sent c"]);
	equal(scene.alerts.pending, 0);
});

test("a failure is told, and the next alert goes when it has been seen", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	scene.alerts.raise("b");
	await scene.end(new Error("refused"));
	await after(3_900);
	scene.alerts.update();
	deepEqual(scene.told, ["sending a", "failed a: refused"]);
	await after(200);
	deepEqual(scene.since(2), ["sending b"]);
	await scene.end();
	deepEqual(scene.since(3), ["sent b"]);
});

test("a passing failure keeps the alert, which is tried again as the same one", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await scene.end(temporary("greylisted"));
	equal(scene.alerts.pending, 1);
	await after(3_900);
	deepEqual(scene.told, ["sending a", "failed a: greylisted"]);
	await after(1_200);
	deepEqual(scene.since(2), ["sending a"]);
	await scene.end();
	deepEqual(scene.since(3), ["sent a"]);
	equal(scene.sending[0]!.alert, scene.sending[1]!.alert);
	equal(scene.alerts.pending, 0);
	await after(3_600_000);
	equal(scene.sending.length, 2);
});

test("attempts become rarer, from 5 seconds to 10 minutes", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	for (const seconds of [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]) {
		await scene.end(temporary("no connection"));
		const attempts = scene.sending.length;
		await after(seconds * 800 - 100);
		equal(scene.sending.length, attempts);
		await after(seconds * 200 + 200);
		equal(scene.sending.length, attempts + 1, `after ${seconds} s`);
	}
	await scene.end();
	scene.alerts.raise("b");
	await scene.end(temporary("busy"));
	await after(5_100);
	equal(scene.since(scene.told.length - 1)[0], "sending b");
	await scene.end();
});

test("attempts that fail keep their order before what is raised meanwhile, which is told as waiting", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await scene.end(temporary("busy"));
	scene.alerts.raise("b");
	await after(5_100);
	await scene.end(temporary("busy"));
	await after(7_000);
	scene.alerts.raise("c");
	equal(scene.sending.length, 2);
	await after(3_100);
	for (let i = 0; i < 3; i++) await scene.end();
	deepEqual(scene.told, [
		"sending a",
		"failed a: busy",
		"waiting b: server",
		"waiting b: server",
		"sending a",
		"failed a: busy",
		"waiting b: server",
		"waiting c: server",
		"sending a",
		"sent a",
		"sending b",
		"sent b",
		"sending c",
		"sent c",
	]);
});

test("a mail that the server puts off goes to the end, and does not keep the others", async () => {
	const scene = new Scene();
	for (const event of ["a", "b", "c"]) scene.alerts.raise(event);
	await scene.refuse();
	await after(4_100);
	await scene.end();
	await scene.end();
	await scene.refuse();
	equal(scene.alerts.pending, 1);
	await after(5_100);
	await scene.end();
	deepEqual(scene.told, [
		"sending a",
		"failed a: greylisted",
		"sending b",
		"sent b",
		"sending c",
		"sent c",
		"sending a",
		"failed a: greylisted",
		"sending a",
		"sent a",
	]);
	equal(scene.alerts.pending, 0);
});

test("where all are put off, each has its turn between pauses that grow", async () => {
	const scene = new Scene();
	for (const event of ["a", "b", "c"]) scene.alerts.raise(event);
	for (const seconds of [5, 10, 20, 40]) {
		const told = scene.told.length;
		for (let i = 0; i < 3; i++) {
			await scene.refuse();
			if (i < 2) await after(4_000);
		}
		const attempts = scene.sending.length;
		await after(seconds * 800 - 100);
		equal(scene.sending.length, attempts);
		await after(seconds * 200 + 200);
		equal(scene.sending.length, attempts + 1, `after ${seconds} s`);
		deepEqual(scene.since(told), [
			"failed a: greylisted",
			"sending b",
			"failed b: greylisted",
			"sending c",
			"failed c: greylisted",
			"sending a",
		]);
	}
	for (let i = 0; i < 3; i++) await scene.end();
	equal(scene.alerts.pending, 0);
});

test("what is raised goes before those that are put off, and at once", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	for (let i = 0; i < 6; i++) {
		await scene.refuse();
		await after(200_000);
	}
	await scene.refuse();
	await after(10_000);
	const told = scene.told.length;
	scene.alerts.raise("b");
	scene.alerts.raise("c");
	await scene.refuse();
	scene.alerts.raise("d");
	await after(4_100);
	await scene.end();
	for (let i = 0; i < 3; i++) await scene.end();
	deepEqual(scene.since(told), [
		"sending b",
		"failed b: greylisted",
		"waiting d: server",
		"sending c",
		"sent c",
		"sending d",
		"sent d",
		"sending a",
		"sent a",
		"sending b",
		"sent b",
	]);
});

test("trouble on the way to the server is everyone's: no one is tried before the pause is over", async () => {
	const scene = new Scene();
	for (const event of ["a", "b", "c"]) scene.alerts.raise(event);
	await scene.refuse();
	await after(4_100);
	await scene.end(temporary("no connection"));
	scene.alerts.raise("d");
	await after(3_900);
	equal(scene.sending.length, 2);
	await after(1_200);
	for (let i = 0; i < 4; i++) await scene.end();
	deepEqual(scene.since(3), [
		"failed b: no connection",
		"waiting d: server",
		"waiting c: server",
		"sending b",
		"sent b",
		"sending c",
		"sent c",
		"sending a",
		"sent a",
		"sending d",
		"sent d",
	]);
});

test("no number of those that are put off keeps a queue from moving, or loses one", async () => {
	const scene = new Scene();
	for (let i = 0; i < 8; i++) scene.alerts.raise(`${i}`);
	for (let i = 0; i < 7; i++) {
		await scene.refuse();
		await after(4_100);
	}
	const last = scene.sending[6]!.alert;
	const { id } = last;
	last.recipients = ["ada@example.org"];
	scene.alerts.raise("more");
	ok(last.recipients === undefined && last.id !== id);
	equal(scene.alerts.pending, 8);
	for (let i = 0; i < 8; i++) await scene.end();
	deepEqual(
		scene.sending.slice(7).map(({ alert }) => `${alert.event}x${alert.count}`),
		["7x1", "0x1", "1x1", "2x1", "3x1", "4x1", "5x1", "6x2"],
	);
	equal(scene.alerts.pending, 0);
});

test("one that failed for good makes room for the next", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	scene.alerts.raise("b");
	await scene.end(temporary("busy"));
	await after(5_100);
	await scene.end(new Error("no such user"));
	await after(4_100);
	deepEqual(scene.since(2), ["waiting b: server", "sending a", "failed a: no such user", "sending b"]);
	await scene.end();
});

test("a network that comes back ends the pause, once the failure has been seen", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	for (let i = 0; i < 5; i++) {
		await scene.end(temporary("no connection"));
		await after(90_000);
	}
	await scene.end(temporary("no connection"));
	await after(10_000);
	const told = scene.told.length;
	scene.change("connecting");
	await after(10_000);
	deepEqual(scene.since(told), []);
	scene.change("online");
	deepEqual(scene.since(told), ["sending a"]);
	scene.change("connecting");
	await scene.end(temporary("disconnected"));
	scene.change("online");
	await after(3_900);
	deepEqual(scene.since(told), ["sending a", "failed a: disconnected"]);
	await after(1_200);
	deepEqual(scene.since(told + 2), ["sending a"]);
	await scene.end();
});

test("an attempt that ends twice counts once", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	await scene.end(temporary("busy"));
	scene.sending[0]!.done();
	await after(5_100);
	scene.sending[0]!.done(new Error("late"));
	equal(scene.alerts.pending, 0);
	scene.sending[1]!.done();
	deepEqual(scene.told, ["sending a", "failed a: busy", "sending a", "failed a: late"]);
});

test("a mail that cannot even be begun is a failure", async () => {
	const scene = new Scene();
	scene.throws = new Error("no address");
	scene.alerts.raise("a");
	await after(1);
	deepEqual(scene.told, ["sending a", "failed a: no address"]);
	scene.throws = undefined;
	scene.alerts.raise("b");
	await scene.end();
	deepEqual(scene.told.slice(2), ["sending b", "sent b"]);
});

test("eight wait apart; the rest are counted with the last", async () => {
	const scene = new Scene();
	for (let i = 0; i < 20; i++) scene.alerts.raise(`${i}`);
	equal(scene.alerts.pending, 8);
	const sent: string[] = [];
	await after(1);
	for (let i = 0; i < 8; i++) {
		const { alert } = scene.sending[i]!;
		sent.push(`${alert.event}x${alert.count}`);
		await scene.end();
	}
	deepEqual(sent, ["0x1", "1x1", "2x1", "3x1", "4x1", "5x1", "6x1", "7x13"]);
	equal(scene.alerts.pending, 0);
});

test("each remembers its moment, and has an identifier of its own", async () => {
	const scene = new Scene();
	scene.alerts.raise();
	await after(1_500);
	scene.alerts.raise();
	await scene.end();
	const [first, second] = scene.sending;
	equal(second!.alert.ticks - first!.alert.ticks, 1_500);
	ok(first!.alert.id !== second!.alert.id);
	equal(first!.alert.event, undefined);
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
	await after(3_800);
	equal(scene.told.length, 2);
	await after(200);
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
	await after(10_000);
	scene.change("waiting");
	scene.alerts.raise("c");
	await after(20_000);
	deepEqual(scene.since(3), ["waiting b: network", "waiting c: network", "failed b: no network after 60 s"]);
	await after(200_000);
	deepEqual(scene.since(6), ["waiting c: network", "failed c: no network after 60 s"]);
	scene.alerts.raise("d");
	await after(200_000);
	deepEqual(scene.since(8), ["waiting d: network", "failed d: no network after 60 s"]);
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
	await after(4_900);
	equal(late.sending.length, 0);
	await after(200);
	deepEqual(late.told, ["waiting b: clock", "sending b"]);
	await late.end();
});

test("a clock that is not to be expected is not awaited", async () => {
	const scene = new Scene();
	scene.change("online", false, false);
	scene.alerts.raise("a");
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
	scene.change("connecting");
	await scene.end(new Error("disconnected"));
	deepEqual(scene.told, ["sending a", "failed a: disconnected"]);
});

test("a mail is begun in a turn of its own, for memory's sake", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	equal(scene.sending.length, 0);
	await after(1);
	equal(scene.sending.length, 1);
	scene.alerts.raise("b");
	scene.sending[0]!.done();
	equal(scene.sending.length, 1);
	await after(1);
	equal(scene.sending.length, 2);
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
