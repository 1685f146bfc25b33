/** The servers that the chip asks by UDP: names (RFC 1035) and the time. */
import { answerSNTP } from "../virtual/devices/sntp.js";

const HEADER_BYTES = 12;
const PORT_DNS = 53;
const PORT_NTP = 123;
const TYPE_A = 1;
const NO_SUCH_NAME = 3;

/** A datagram as the chip's process tells it: addresses and ports in front. */
export interface Datagram {
	from: Buffer;
	to: Buffer;
	fromPort: number;
	toPort: number;
	data: Buffer;
}

const HEAD_BYTES = 12;

export function decodeDatagram(body: Buffer): Datagram {
	return {
		from: body.subarray(0, 4),
		to: body.subarray(4, 8),
		fromPort: body.readUInt16BE(8),
		toPort: body.readUInt16BE(10),
		data: body.subarray(HEAD_BYTES),
	};
}

/** The way back, with an answer; an empty one is no answer. */
export function encodeAnswer({ from, to, fromPort, toPort }: Datagram, data: Uint8Array): Buffer {
	const ports = Buffer.alloc(4);
	ports.writeUInt16BE(toPort, 0);
	ports.writeUInt16BE(fromPort, 2);
	return Buffer.concat([to, from, ports, data]);
}

/** What a name resolves to: an IPv4 address, null: no such name, "silence": no answer. */
export type Names = (name: string) => string | null;

/** Answers a question, or an empty array where there is silence. @param now milliseconds since 1970, or silence */
export function answer({ toPort, data }: Datagram, names: Names, now: () => number | "silence"): Uint8Array {
	if (toPort === PORT_DNS) return answerDNS(data, names);
	const time = toPort === PORT_NTP ? now() : "silence";
	return time === "silence" ? Buffer.alloc(0) : answerSNTP(data, time);
}

/** RFC 1035, section 4: the header and the question come back, with an address behind. */
function answerDNS(query: Buffer, names: Names): Uint8Array {
	if (query.length < HEADER_BYTES) return Buffer.alloc(0);
	const { name, end } = questionOf(query);
	const address = end > query.length ? null : names(name);
	if (address === "silence") return Buffer.alloc(0);
	const isAddress = address !== null && query.readUInt16BE(end - 4) === TYPE_A;
	const header = Buffer.from(query.subarray(0, Math.min(end, query.length)));
	header.writeUInt16BE(0x8180 | (address === null ? NO_SUCH_NAME : 0), 2);
	header.writeUInt16BE(isAddress ? 1 : 0, 6);
	header.fill(0, 8, HEADER_BYTES);
	if (!isAddress) return header;
	const record = Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4]);
	return Buffer.concat([header, record, Buffer.from(address.split(".").map(Number))]);
}

/** The name that is asked for, and where the question ends. */
function questionOf(query: Buffer): { name: string; end: number } {
	const labels: string[] = [];
	let at = HEADER_BYTES;
	for (let length = query[at] ?? 0; length; length = query[at] ?? 0) {
		labels.push(query.toString("latin1", at + 1, at + 1 + length));
		at += 1 + length;
	}
	return { name: labels.join("."), end: at + 5 };
}
