/** 10,000 damaged answers of a time server: each is a time that can be, a reason, or no answer to us. */
import { equal, ok, test } from "harness";
import { isAnswer, SNTPQuery, type SNTPQueryOptions, sntpRequest, sntpTime } from "network/sntp";
import Timer from "timer";
import { udpOf, Wire } from "../modules/network/fakes";
import { Random } from "./random";

const SEED = 20_261_201;
const PACKETS = 10_000;
/** So many of them come to a query by a socket. */
const QUERIES = 500;
const NOON = 1_772_366_400;
const EARLIEST = 1_767_225_600;
const LATEST = 4_102_444_800;

const timeIn = sntpTime as (packet: Uint8Array, earliest: number) => number | string;

/** A right answer, with some bytes changed, and often of another length. */
const damaged = (random: Random, request: Uint8Array): Uint8Array => {
	const bytes = new Uint8Array(48);
	bytes[0] = 0x24;
	bytes[1] = 2;
	for (let i = 0; i < 8; i++) bytes[24 + i] = request[40 + i]!;
	new DataView(bytes.buffer).setUint32(40, NOON + 2_208_988_800);
	for (let count = random.below(4); count > 0; count--) {
		// where it matters, more often
		const at = random.below(2) ? random.of([0, 1, 24, 31, 40, 41, 42, 43, 44]) : random.below(48);
		bytes[at] = random.below(3) ? random.below(256) : bytes[at]! ^ (1 << random.below(8));
	}
	const length = random.below(4) ? 48 : random.of([0, 1, 24, 40, 47, 49, 68, 512]);
	const packet = new Uint8Array(length);
	packet.set(bytes.subarray(0, length));
	return packet;
};

test(`${PACKETS} damaged packets: a time that can be, or why not`, () => {
	const random = new Random(SEED);
	const counts = { times: 0, reasons: 0, others: 0 };
	for (let i = 0; i < PACKETS; i++) {
		const request = sntpRequest();
		const packet = damaged(random, request);
		if (!isAnswer(packet, request)) {
			counts.others++;
			continue;
		}
		const time = timeIn(packet, EARLIEST);
		if (typeof time === "string") {
			ok(time.length > 0);
			counts.reasons++;
		} else {
			ok(time < LATEST && time > 1_700_000_000, `${time}`);
			counts.times++;
		}
	}
	trace(`packets ${PACKETS}: times ${counts.times}, refused ${counts.reasons}, not to us ${counts.others}, thrown 0\n`);
	ok(counts.times > 500 && counts.reasons > 500 && counts.others > 500, JSON.stringify(counts));
});

test(`${QUERIES} queries answered so end once each, and leave no socket open`, async () => {
	const random = new Random(SEED);
	const wire = new Wire();
	let times = 0;
	let problems = 0;
	for (let i = 0; i < QUERIES; i++) {
		wire.answer = (request) => Array.from({ length: 1 + random.below(3) }, () => ({ bytes: damaged(random, request) }));
		let ends = 0;
		await new Promise<void>((resolve) => {
			const options = {
				address: "192.0.2.123",
				time: { ticks: 0 },
				udp: { io: udpOf(wire) },
				earliest: EARLIEST,
				onTime(seconds: number) {
					ok(seconds < LATEST && seconds > 1_700_000_000, `${seconds}`);
					times++;
					ends++;
					Timer.set(() => resolve(), 10_000); // a second end would come by then
				},
				onError() {
					problems++;
					ends++;
					Timer.set(() => resolve(), 10_000);
				},
			};
			new SNTPQuery(options as SNTPQueryOptions);
		});
		equal(ends, 1);
	}
	equal(wire.opened, QUERIES);
	equal(wire.closed, QUERIES);
	trace(`queries ${QUERIES}: times ${times}, problems ${problems}, hanging 0\n`);
	ok(times > 50 && problems > 50);
});
