import { deepEqual, equal, ok, test } from "harness";
import { Clock } from "network/clock";
import { after, Calendar, netOf, udpOf, Wire } from "./fakes";

const SERVER = "192.0.2.123";
const NOON = 1_772_366_400;

/** Answers with a time, always. */
const timeAt = (seconds: number) => (request: Uint8Array) => {
	const bytes = new Uint8Array(48);
	bytes[0] = 0x24;
	bytes[1] = 1;
	for (let i = 0; i < 8; i++) bytes[24 + i] = request[40 + i]!;
	new DataView(bytes.buffer).setUint32(40, (seconds + 2_208_988_800) % 0x100000000);
	return [{ bytes }];
};

const noon = timeAt(NOON);

interface Setup {
	earliest?: number;
	host?: string | undefined;
	now?: number;
	hosts?: Record<string, string | undefined>;
}

const make = (setup: Setup = {}) => {
	const wire = new Wire();
	wire.answer = noon;
	const time = new Calendar();
	let told = 0;
	const { hosts = { "time.example": SERVER }, now, earliest } = setup;
	const host = "host" in setup ? setup.host : "time.example";
	const clock = new Clock(
		{ host, time, udp: { io: udpOf(wire) }, now, ...(earliest ? { earliest } : {}) },
		{ net: netOf(hosts) },
		() => told++,
	);
	return { clock, wire, time, told: () => told };
};

test("the clock is set once there is a network, not before", async () => {
	const { clock, wire, time, told } = make();
	await after(60_000);
	equal(wire.requests.length, 0);
	ok(!clock.isSet && clock.isExpected);
	clock.start();
	await after(1_000);
	deepEqual(time.settings, [NOON]);
	ok(clock.isSet && !clock.isExpected);
	equal(clock.problem, undefined);
	equal(told(), 1);
	clock.close();
});

test("while it is not set, there is no time to be had", async () => {
	const { clock, time } = make();
	time.ticks = 5_000;
	equal(clock.timeOf(1_000), undefined);
	clock.start();
	await after(1_000);
	equal(clock.timeOf(5_000), NOON * 1000);
	equal(clock.timeOf(1_000), NOON * 1000 - 4_000);
	time.ticks = 8_000;
	equal(clock.timeOf(8_000), NOON * 1000 + 3_000);
	clock.close();
});

test("it asks again after six hours, and stays set", async () => {
	const { clock, wire } = make();
	clock.start();
	await after(6 * 3_600_000 - 1_000);
	equal(wire.requests.length, 1);
	wire.answer = undefined;
	await after(60_000);
	ok(wire.requests.length >= 2);
	ok(clock.isSet);
	equal(clock.problem, "no answer");
	clock.close();
});

test("failures are repeated after pauses that grow from 15 seconds to 15 minutes", async () => {
	const { clock, wire } = make();
	wire.answer = undefined;
	clock.start();
	await after(5_200 + 11_000);
	equal(wire.requests.length, 1);
	ok(!clock.isExpected);
	await after(9_000);
	equal(wire.requests.length, 2);
	await after(24 * 3_600_000);
	ok(wire.requests.length > 60 && wire.requests.length < 150, String(wire.requests.length));
	equal(wire.opened - wire.closed <= 1, true);
	wire.answer = noon;
	await after(20 * 60_000);
	ok(clock.isSet);
	clock.close();
});

test("a name that is not found, or no socket, is a failure too", async () => {
	const nameless = make({ hosts: { "time.example": undefined } });
	nameless.clock.start();
	await after(1_000);
	equal(nameless.clock.problem, "name not found");
	nameless.clock.close();
	for (const broken of ["open", "write"] as const) {
		const { clock, wire } = make();
		wire.broken = broken;
		clock.start();
		await after(1_000);
		equal(clock.problem, "no socket");
		wire.broken = undefined;
		await after(30_000);
		ok(clock.isSet);
		equal(wire.opened, wire.closed);
		clock.close();
	}
});

test("without a network it is silent, and begins at once when there is one again", async () => {
	const { clock, wire, time } = make();
	wire.answer = undefined;
	clock.start();
	await after(1_000);
	clock.stop();
	await after(3_600_000);
	deepEqual([wire.requests.length, wire.opened, wire.closed], [1, 1, 1]);
	wire.answer = noon;
	time.ticks = 3_601_000;
	clock.start();
	clock.start();
	await after(1_000);
	equal(wire.requests.length, 2);
	ok(clock.isSet);
	clock.stop();
	ok(clock.isSet);
	clock.close();
});

/** The network comes and goes, up for one second in two. @returns how many requests were made */
const flap = async ({ clock, wire, time }: ReturnType<typeof make>, seconds: number): Promise<number> => {
	const before = wire.requests.length;
	for (let second = 0; second < seconds; second += 2) {
		clock.start();
		await after(1_000);
		clock.stop();
		await after(1_000);
		time.ticks += 2_000;
	}
	return wire.requests.length - before;
};

test("a network that comes and goes has it ask no more often", async () => {
	const set = make();
	equal(await flap(set, 6 * 3_600), 1);
	equal(await flap(set, 4), 1);
	set.clock.close();

	const unanswered = make();
	unanswered.wire.answer = undefined;
	const count = await flap(unanswered, 150); // each cut off before it could fail
	ok(count >= 9 && count <= 10, `${count} requests`);
	unanswered.clock.close();

	const refused = make();
	refused.wire.answer = (request) => noon(request).map(({ bytes }) => ({ bytes: bytes.fill(0, 40) }));
	const attempts = await flap(refused, 3_600);
	ok(attempts >= 7 && attempts <= 12, `${attempts} requests`);
	refused.clock.close();
});

test("while a pause is to be kept the time is not to be expected; before the first attempt it is", async () => {
	const { clock, wire, time } = make();
	wire.answer = undefined;
	clock.start();
	ok(clock.isExpected);
	await after(6_000);
	ok(!clock.isExpected);
	equal(clock.problem, "no answer");
	clock.stop();
	ok(clock.isExpected);
	equal(clock.problem, undefined);
	time.ticks = 6_500;
	clock.start();
	ok(!clock.isExpected);
	clock.close();
});

test("a server that asks to be left alone is, for the longest pause", async () => {
	const { clock, wire } = make();
	wire.answer = (request) => noon(request).map(({ bytes }) => ({ bytes: bytes.fill(0, 1, 2) }));
	clock.start();
	await after(15 * 60_000 - 1_000);
	equal(wire.requests.length, 1);
	equal(clock.problem, "the server asks to be left alone");
	await after(2_000);
	equal(wire.requests.length, 2);
	clock.close();
});

const YEAR = 31_557_600;

test("a time before the firmware was built is refused, and the server asked again", async () => {
	const { clock, wire, time } = make({ earliest: NOON - 3_600 });
	wire.answer = timeAt(NOON - YEAR);
	clock.start();
	await after(1_000);
	ok(!clock.isSet);
	equal(clock.problem, "a time that cannot be");
	wire.answer = noon;
	await after(20_000);
	deepEqual(time.settings, [NOON]);
	clock.close();
});

test("one answer of 2099 sets no clock: a second has to say so too", async () => {
	for (const [second, expected] of [
		[NOON, NOON],
		[NOON + 73 * YEAR, NOON + 73 * YEAR],
	] as const) {
		const { clock, wire, time } = make();
		wire.answer = timeAt(NOON + 73 * YEAR);
		clock.start();
		await after(1_000);
		ok(!clock.isSet && !clock.isExpected);
		equal(clock.problem, "a time that a second answer has to confirm");
		wire.answer = timeAt(second);
		await after(13_900);
		equal(wire.requests.length, 1);
		await after(500);
		deepEqual(time.settings, [expected]);
		clock.close();
	}
});

test("answers that are hard to believe and differ set no clock, however many", async () => {
	const { clock, wire, time } = make();
	let years = 20;
	wire.answer = (request) => timeAt(NOON + YEAR * years++)(request);
	clock.start();
	await after(600_000);
	ok(wire.requests.length > 20);
	deepEqual(time.settings, []);
	clock.close();
});

test("a clock that is set does not jump for a single answer, forward or back", async () => {
	for (const seconds of [NOON + YEAR, NOON - 3 * 3_600, NOON + 3_600]) {
		const { clock, wire, time } = make();
		clock.start();
		await after(1_000);
		wire.answer = timeAt(seconds);
		clock.check();
		await after(15_200);
		equal(wire.requests.length, 2);
		deepEqual(time.settings, [NOON]);
		wire.answer = noon;
		await after(15_000);
		deepEqual(time.settings, [NOON, NOON]);
		equal(clock.problem, undefined);
		clock.close();
	}
});

test("a clock that was wrong is mended when two say so", async () => {
	const { clock, wire, time, told } = make();
	wire.answer = timeAt(NOON + 3 * YEAR);
	clock.start();
	await after(1_000);
	deepEqual(time.settings, [NOON + 3 * YEAR]);
	wire.answer = noon;
	clock.check();
	await after(31_000);
	deepEqual(time.settings, [NOON + 3 * YEAR, NOON]);
	equal(told(), 2);
	clock.close();
});

test("what the oscillator makes of the hours is no jump", async () => {
	const { clock, wire, time } = make();
	clock.start();
	await after(1_000);
	wire.answer = timeAt(NOON + 100);
	await after(6 * 3_600_000);
	deepEqual(time.settings, [NOON, NOON + 100]);
	clock.close();
});

test("asked to look again it asks at once, but never more often than every 15 seconds", async () => {
	const { clock, wire, time } = make();
	clock.start();
	await after(60_000);
	time.ticks = 60_000;
	equal(wire.requests.length, 1);
	clock.check();
	await after(1_000);
	equal(wire.requests.length, 2);
	for (let i = 0; i < 100; i++) {
		clock.check();
		await after(100);
		time.ticks += 100;
	}
	equal(wire.requests.length, 2);
	await after(6_000);
	equal(wire.requests.length, 3);
	clock.stop();
	clock.check();
	await after(3_600_000);
	equal(wire.requests.length, 3);
	clock.close();
	clock.check();
});

test("a server that asked to be left alone is", async () => {
	const { clock, wire } = make();
	wire.answer = (request) => {
		const [datagram] = noon(request);
		datagram!.bytes[1] = 0;
		return [datagram!];
	};
	clock.start();
	await after(1_000);
	clock.check();
	await after(600_000);
	equal(wire.requests.length, 1);
	clock.close();
});

test("without a server it is never set, and says so", async () => {
	const { clock, wire } = make({ host: undefined });
	clock.start();
	await after(60_000);
	equal(wire.requests.length, 0);
	ok(!clock.isSet && !clock.isExpected);
	clock.close();
});

test("a clock that is right from the start is set from the start", () => {
	const { clock, time } = make({ now: 1_000_000 });
	ok(clock.isSet && !clock.isExpected);
	time.ticks = 500;
	equal(clock.timeOf(200), 1_000_200);
	clock.close();
});

test("neither the time of running nor the time wraps with the ticks", async () => {
	const { clock, time } = make();
	equal(clock.uptime, 0);
	time.ticks = 90_500;
	equal(clock.uptime, 90);
	time.ticks = 0xffffffff | 0; // the SDK's ticks are signed
	equal(clock.uptime, 4_294_967);
	equal(clock.ticks, 0xffffffff);
	clock.close();

	const DAY = 86_400_000;
	for (const isUp of [true, false]) {
		const { clock, time } = make();
		clock.start();
		await after(1_000);
		if (!isUp) clock.stop();
		for (let day = 1; day <= 120; day++) {
			time.ticks = (day * DAY) | 0;
			if (isUp) await after(DAY);
			else clock.stop(); // as attempts to connect do
			if (day % 40 === 0) equal(clock.uptime, (day * DAY) / 1000);
		}
		const now = clock.timeOf(clock.ticks)!;
		ok(isUp ? now === NOON * 1000 : now === NOON * 1000 + 120 * DAY, String(now));
		clock.close();
	}
});

test("without a server the time of running does not wrap with the ticks either", async () => {
	const DAY = 86_400_000;
	const { clock, time } = make({ host: undefined });
	clock.start();
	for (let day = 1; day <= 120; day++) {
		time.ticks = (day * DAY) | 0;
		await after(DAY);
	}
	equal(clock.uptime, (120 * DAY) / 1000);
	ok(!clock.isSet && !clock.isExpected);
	clock.close();
});

test("closed, it is silent", async () => {
	const { clock, wire, told } = make();
	clock.start();
	clock.close();
	clock.close();
	await after(60_000);
	deepEqual([wire.requests.length, told()], [0, 0]);
});
