import { deepEqual, equal, ok, test } from "harness";
import { isAnswer, SNTPQuery, sntpRequest, sntpTime } from "network/sntp";
import Time from "time";
import { after, udpOf, Wire } from "./fakes";

const SERVER = "192.0.2.123";
/** 2026-03-01 12:00:00 UTC */
const NOON = 1_772_366_400;
const SECONDS_1900_TO_1970 = 2_208_988_800;

interface Reply {
	first?: number;
	stratum?: number;
	/** Since 1970. */
	seconds?: number;
	fraction?: number;
}

/** A server's answer to a request (RFC 4330, 5). */
const answer = (request: Uint8Array, { first = 0x24, stratum = 2, seconds = NOON, fraction = 0 }: Reply = {}) => {
	const bytes = new Uint8Array(48);
	bytes[0] = first;
	bytes[1] = stratum;
	for (let i = 0; i < 8; i++) bytes[24 + i] = request[40 + i]!;
	const view = new DataView(bytes.buffer);
	view.setUint32(40, (seconds + SECONDS_1900_TO_1970) % 0x100000000);
	view.setUint32(44, fraction * 0x100000000);
	return bytes;
};

const EARLIEST = 1_767_225_600;

const timeIn = (reply: Reply) => sntpTime(answer(sntpRequest(), reply), EARLIEST);

const ask = (wire: Wire): { results: (number | string)[]; query: SNTPQuery } => {
	const results: (number | string)[] = [];
	const query = new SNTPQuery({
		address: SERVER,
		time: Time,
		udp: { io: udpOf(wire) },
		earliest: EARLIEST,
		onTime: (seconds) => results.push(seconds),
		onError: (problem) => results.push(problem),
	});
	return { results, query };
};

test("a request is a client's, of version 4, and gives nothing away but a random number", () => {
	const [one, other] = [sntpRequest(), sntpRequest()];
	equal(one.length, 48);
	equal(one[0], 0x23);
	ok(one.subarray(1, 40).every((byte) => byte === 0));
	ok(one.subarray(40).some((byte, i) => byte !== other[40 + i]));
});

test("a time is read with its fraction", () => {
	equal(timeIn({}), NOON);
	equal(timeIn({ fraction: 0.5 }), NOON + 0.5);
});

test("the era that begins in 2036 is understood", () => {
	const in2040 = 2_208_988_800;
	equal(timeIn({ seconds: in2040 }), in2040);
	equal(timeIn({ seconds: 2_085_978_497 }), 2_085_978_497);
	equal(timeIn({ seconds: 2_085_978_495 }), 2_085_978_495);
});

test("what is not to be trusted is refused, and why is told", () => {
	equal(timeIn({ first: 0x23 }), "not from a server");
	equal(timeIn({ first: 0x25 }), "not from a server");
	equal(timeIn({ first: 0xe4 }), "the server's own clock is not set");
	equal(timeIn({ stratum: 16 }), "the server's own clock is not set");
	equal(timeIn({ stratum: 0 }), "the server asks to be left alone");
	equal(timeIn({ seconds: EARLIEST - 1 }), "a time that cannot be");
	equal(timeIn({ seconds: 4_102_444_800 }), "a time that cannot be");
	equal(timeIn({ seconds: -SECONDS_1900_TO_1970 }), "a time that cannot be");
});

test("a time before the program was built is none, and the moment itself is", () => {
	equal(timeIn({ seconds: EARLIEST }), EARLIEST);
	equal(sntpTime(answer(sntpRequest()), NOON + 1), "a time that cannot be");
});

test("leap seconds to come do not matter", () => {
	for (const first of [0x24, 0x64, 0xa4, 0x1c]) equal(timeIn({ first }), NOON);
});

test("an answer echoes the request and is whole", () => {
	const request = sntpRequest();
	ok(isAnswer(answer(request), request));
	ok(!isAnswer(answer(sntpRequest()), request));
	ok(!isAnswer(answer(request).subarray(0, 47), request));
	ok(!isAnswer(new Uint8Array(0), request));
});

test("a server is asked on port 123, and half the round trip is added", async () => {
	const wire = new Wire();
	wire.answer = (request) => [{ bytes: answer(request) }];
	const { results } = ask(wire);
	await after(100);
	deepEqual([wire.requests[0]!.address, wire.requests[0]!.port], [SERVER, 123]);
	equal(results.length, 1);
	ok(results[0] === NOON + 0.02, String(results[0]));
	deepEqual([wire.opened, wire.closed], [1, 1]);
});

test("packets from elsewhere, of others, or cut short are passed over", async () => {
	const wire = new Wire();
	wire.answer = (request) => [
		{ bytes: answer(request, { seconds: NOON + 86_400 }), address: "192.0.2.66" },
		{ bytes: answer(request, { seconds: NOON + 86_400 }), port: 1123 },
		{ bytes: answer(sntpRequest(), { seconds: NOON + 86_400 }) },
		{ bytes: answer(request).subarray(0, 40) },
		{ bytes: new Uint8Array(0) },
		{ bytes: answer(request) },
		{ bytes: answer(request, { seconds: NOON + 86_400 }) },
	];
	const { results } = ask(wire);
	await after(10_000);
	deepEqual(results, [NOON + 0.02]);
});

test("an answer to us that is not to be trusted ends the query", async () => {
	const wire = new Wire();
	wire.answer = (request) => [{ bytes: answer(request, { stratum: 0 }) }];
	const { results } = ask(wire);
	await after(100);
	deepEqual(results, ["the server asks to be left alone"]);
	deepEqual([wire.opened, wire.closed], [1, 1]);
});

test("silence is an error after the deadline", async () => {
	const wire = new Wire();
	const { results } = ask(wire);
	await after(4_900);
	deepEqual(results, []);
	await after(200);
	deepEqual(results, ["no answer"]);
	deepEqual([wire.opened, wire.closed], [1, 1]);
});

test("an answer that was long on its way is refused: half of it would be a guess", async () => {
	const wire = new Wire();
	wire.afterMs = 3_000;
	wire.answer = (request) => [{ bytes: answer(request) }];
	const { results } = ask(wire);
	await after(10_000);
	deepEqual(results, ["the answer took too long"]);
});

test("a socket that cannot be written to is closed", () => {
	const wire = new Wire();
	wire.broken = "write";
	let thrown = false;
	try {
		ask(wire);
	} catch {
		thrown = true;
	}
	ok(thrown);
	deepEqual([wire.opened, wire.closed], [1, 1]);
});

test("closed, it calls nothing any more", async () => {
	const wire = new Wire();
	wire.answer = (request) => [{ bytes: answer(request) }];
	const { results, query } = ask(wire);
	query.close();
	query.close();
	await after(10_000);
	deepEqual(results, []);
	deepEqual([wire.opened, wire.closed], [1, 1]);
});
