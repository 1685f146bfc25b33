/** What the comparison claims. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { engineTarget } from "../../hardware/virtual/build-engine.js";
import { compareOnTheWire, messages, OURS, OURS_WITH_CHUNKING, type Row, shortfalls } from "./compare.js";
import { measureHeap, port } from "./heap.js";

test("no client waits less often than ours, nor puts less on the wire, without a reason", async (t) => {
	const { rows, missing } = await compareOnTheWire();
	for (const text of missing) t.diagnostic(`SKIPPED: ${text}`);
	const of = (client: string, message: string) =>
		rows.find((row) => row.client === client && row.message === message) as Row;
	assert.deepEqual(
		shortfalls(rows).filter(({ reason }) => !reason),
		[],
	);
	for (const message of Object.keys(messages)) {
		assert.ok(of(OURS, message).quit);
		assert.ok(of(OURS, message).roundTrips < of("Python's smtplib", message).roundTrips);
		assert.ok(of(OURS_WITH_CHUNKING, message).roundTrips <= of(OURS, message).roundTrips);
		assert.ok(of(OURS, message).bytesSent > (messages[message]?.message.length ?? 0));
	}
	const readme = readFileSync("README.md", "utf8");
	for (const { message, client, roundTrips, bytesSent, bytesReceived } of rows) {
		if (message !== "1 KB, AUTH PLAIN, 5 recipients" || !client.startsWith(OURS)) continue;
		if (client === OURS_WITH_CHUNKING) continue; // on a busy machine chunks are told apart by their replies
		const cells = [client, roundTrips, bytesSent, bytesReceived].map((cell) => cell.toLocaleString("en"));
		assert.ok(readme.includes(`| ${cells.join(" | ")} |`), `the README does not say: ${cells}`);
	}
	const several = of(OURS, "1 KB, AUTH PLAIN, 5 recipients");
	assert.equal(several.roundTrips, of(OURS, "1 KB, AUTH PLAIN").roundTrips, "recipients cost no round trips");
});

test("a client that does better without a reason is found", () => {
	const row = { message: "m", roundTrips: 3, bytesSent: 300, bytesReceived: 200, quit: true };
	const ours = { ...row, client: OURS };
	const compared = (other: Partial<Row>) =>
		shortfalls([ours, { ...row, client: "other", ...other }]).map(({ column, by, reason }) => [column, by, !!reason]);
	assert.deepEqual(compared({}), []);
	assert.deepEqual(compared({ roundTrips: 2 }), [["roundTrips", 1, false]]);
	assert.deepEqual(compared({ bytesSent: 294, quit: false }), [["bytesSent", 6, true]]);
	assert.deepEqual(compared({ bytesSent: 293, quit: false }), [["bytesSent", 7, false]]);
	assert.deepEqual(compared({ bytesSent: 294 }), [["bytesSent", 6, false]]);
	assert.deepEqual(shortfalls([ours, { ...row, client: OURS_WITH_CHUNKING, roundTrips: 2 }]), []);
});

test("ours does with less heap than smtplib on MicroPython, and a longer message takes no more", async (t) => {
	if ((await engineTarget()) !== "m32") return t.skip("the engine is 64-bit here");
	const ours = await measureHeap("m32");
	assert.ok(ours.idle < port.idle, `${ours.idle}`);
	assert.ok(ours.above < port.above, `${ours.above}`);
	assert.ok(ours.smallest1KB < port.smallest1KB, `${ours.smallest1KB}`);
	assert.ok(ours.smallest20KB <= ours.smallest1KB, `${ours.smallest20KB} for 20 KB, ${ours.smallest1KB} for 1 KB`);
});
