/** What the chip's questions by UDP are answered with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, decodeDatagram, encodeAnswer } from "../../../hardware/chip/resolver.js";

/** A question for a name, as lwIP asks it: type A, or another. */
function question(name: string, type = 1): Buffer {
	const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
	const header = Buffer.from([0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
	return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

function datagram(port: number, data: Buffer): Buffer {
	return Buffer.concat([Buffer.from([10, 0, 2, 15, 10, 0, 2, 3, 0xc0, 0x01, port >> 8, port & 255]), data]);
}

const ask = (port: number, data: Buffer, names: (name: string) => string | null = () => "10.0.2.2") =>
	Buffer.from(answer(decodeDatagram(datagram(port, data)), names, () => 0));

test("a name is answered with its address", () => {
	const asked: string[] = [];
	const reply = ask(53, question("mail.example.org"), (name) => {
		asked.push(name);
		return "192.0.2.7";
	});
	assert.deepEqual(asked, ["mail.example.org"]);
	assert.equal(reply.readUInt16BE(0), 0x1234);
	assert.equal(reply.readUInt16BE(2), 0x8180);
	assert.equal(reply.readUInt16BE(6), 1);
	assert.deepEqual([...reply.subarray(-4)], [192, 0, 2, 7]);
});

test("a name that there is not is answered so, and silence is silence", () => {
	assert.equal(ask(53, question("nowhere.example"), () => null).readUInt16BE(2), 0x8183);
	assert.equal(ask(53, question("mail.example"), () => "silence").length, 0);
});

test("a question for another type than A has an answer without an address", () => {
	const reply = ask(53, question("mail.example.org", 28));
	assert.deepEqual([reply.readUInt16BE(2), reply.readUInt16BE(6)], [0x8180, 0]);
});

test("a question that is cut off is no such name, and reads nothing that is not there", () => {
	const whole = question("mail.example.org");
	assert.equal(ask(53, whole.subarray(0, 11)).length, 0);
	for (let size = 12; size < whole.length; size++)
		assert.equal(ask(53, whole.subarray(0, size)).readUInt16BE(2), 0x8183);
});

test("the time is a server's, RFC 4330", () => {
	const reply = ask(123, Buffer.concat([Buffer.from([0x23]), Buffer.alloc(47)]));
	assert.equal(reply.length, 48);
	assert.equal((reply[0] ?? 0) & 7, 4);
	assert.equal(reply.readUInt32BE(40), 2_208_988_800);
});

test("the way back is the way there, turned", () => {
	const { from, to, fromPort, toPort, data } = decodeDatagram(
		encodeAnswer(decodeDatagram(datagram(53, Buffer.from("x"))), Buffer.from("y")),
	);
	assert.deepEqual(
		[[...from], [...to], fromPort, toPort, data.toString()],
		[[10, 0, 2, 3], [10, 0, 2, 15], 53, 0xc001, "y"],
	);
});
