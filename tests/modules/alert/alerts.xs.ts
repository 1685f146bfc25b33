import { type Alert, Alerts, type AlertsOptions } from "alert/alerts";
import { deepEqual, equal, ok, test } from "harness";
import Timer from "timer";

/** Resolves after a time, in which timers run. */
const after = (delayMs: number): Promise<void> => new Promise((resolve) => void Timer.set(() => resolve(), delayMs));

/** A service with a network and a mail server to play with. */
class Scene {
	readonly network = { state: "online", clock: { isSet: true, isExpected: false, ticks: 0 } };
	/** What was told: state, event, detail. */
	readonly told: string[] = [];
	/** Mails on their way: call to end them. */
	readonly sending: { alert: Alert; done(error?: Error): void }[] = [];
	throws: Error | undefined;
	readonly alerts: Alerts;

	constructor(options: Partial<AlertsOptions> = {}) {
		this.alerts = new Alerts({
			network: this.network,
			deliver: (alert, done) => {
				if (this.throws) throw this.throws;
				this.sending.push({ alert, done });
			},
			needsClock: false,
			timeoutMs: 60_000,
			onChanged: (state, alert, detail) => {
				const what = detail instanceof Error ? detail.message : detail;
				this.told.push(`${state} ${alert.event}${what ? `: ${what}` : ""}`);
			},
			...options,
		});
	}

	/** The network or its clock changes. */
	change(state: string, isSet = this.network.clock.isSet, isExpected = false): void {
		this.network.state = state;
		this.network.clock.isSet = isSet;
		this.network.clock.isExpected = isExpected;
		this.alerts.update();
	}

	/** The mail under way arrives, or does not. */
	async end(error?: Error): Promise<void> {
		await after(1);
		this.sending[this.sending.length - 1]!.done(error);
		await after(1);
	}
}

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

test("a failure is told, and the next alert goes all the same", async () => {
	const scene = new Scene();
	scene.alerts.raise("a");
	scene.alerts.raise("b");
	await scene.end(new Error("refused"));
	deepEqual(scene.told, ["sending a", "failed a: refused", "sending b"]);
	await scene.end();
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
	scene.network.clock.ticks = 1_000;
	scene.alerts.raise();
	scene.network.clock.ticks = 2_500;
	scene.alerts.raise();
	await scene.end();
	const [first, second] = scene.sending;
	deepEqual([first!.alert.ticks, second!.alert.ticks], [1_000, 2_500]);
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
	await after(61_000);
	deepEqual(scene.told, ["waiting a: network", "failed a: no network after 60 s"]);
	equal(scene.alerts.pending, 1);
	scene.change("online");
	await scene.end();
	deepEqual(scene.told.slice(2), ["sending a", "sent a"]);
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
	await after(61_000);
	deepEqual(scene.told, ["waiting a: clock", "failed a: no clock after 60 s"]);
	scene.change("online", true);
	await scene.end();
	deepEqual(scene.told.slice(2), ["sending a", "sent a"]);
});

test("first the network, then the clock, each with its own patience", async () => {
	const scene = new Scene({ needsClock: true });
	scene.change("connecting", false, true);
	scene.alerts.raise("a");
	await after(50_000);
	scene.change("online", false, true);
	await after(50_000);
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
