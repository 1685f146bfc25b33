/** Ways to spoil, or only to rearrange, what a server sends in a handshake. */
import type { Flight, Peer, Script } from "./peer.js";
import { alert, message, record } from "./records.js";

export interface Mutation {
	name: string;
	/** Whether the client must get along with it; else it must not be satisfied. */
	isHarmless: boolean;
	script: Partial<Script>;
}

/** Numbers that look random, and are the same each time (mulberry32). */
export function numbers(seed: number): (below: number) => number {
	let state = seed >>> 0;
	return (below) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) % below;
	};
}

/** The mutation of a seed. */
export function mutation(seed: number): Mutation {
	const random = numbers(seed);
	const make = kinds[random(kinds.length)] as (random: Random) => Mutation;
	return make(random);
}

type Random = (below: number) => number;
type Change = (bytes: Buffer, random: Random) => Buffer;

/** Bytes of a ServerHello's header, and of the random number that its server is free to choose. */
const HELLO_RANDOM = { start: 6, end: 38 };

/** Changes to a message with its header; each makes another one of it. */
const changes: Record<string, Change> = {
	"a bit flipped": (bytes, random) => changedAt(bytes, random, (byte) => byte ^ (1 << random(8))),
	"a byte changed": (bytes, random) => changedAt(bytes, random, (byte) => byte ^ (1 + random(255))),
	"a byte of the extremes": (bytes, random) =>
		changedAt(bytes, random, (byte) => [0, 0x7f, 0x80, 0xff].find((it) => it !== byte) as number),
	"bytes put in": (bytes, random) => {
		const at = random(bytes.length + 1);
		const added = Buffer.from(Array.from({ length: 1 + random(8) }, () => random(256)));
		return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)]);
	},
	"bytes taken out": (bytes, random) => {
		const at = random(bytes.length);
		return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(8))]);
	},
	"bytes behind, which its length counts": (bytes, random) =>
		message(bytes[0] as number, Buffer.concat([bytes.subarray(4), Buffer.alloc(1 + random(4), random(256))])),
	"its end missing, which its length does not count": (bytes, random) =>
		message(bytes[0] as number, bytes.subarray(4, 4 + random(Math.max(1, bytes.length - 4)))),
	"random bytes": (bytes, random) => Buffer.from(Array.from({ length: 1 + random(bytes.length) }, () => random(256))),
};

function changedAt(bytes: Buffer, random: Random, change: (byte: number) => number): Buffer {
	let at = random(bytes.length);
	// The server may choose that as it likes, and has not said otherwise.
	if (bytes[0] === 2 && at >= HELLO_RANDOM.start && at < HELLO_RANDOM.end) at = random(HELLO_RANDOM.start);
	const changed = Buffer.from(bytes);
	changed[at] = change(bytes[at] as number);
	return changed;
}

const parts = ["hello", "certificate", "keyExchange", "done"] as const;

const kinds: ((random: Random) => Mutation)[] = [
	spoilt,
	spoilt,
	spoilt,
	spoilt,
	reordered,
	framed,
	header,
	warned,
	unfinished,
	garbled,
];

/** One message is another. */
function spoilt(random: Random): Mutation {
	const part = parts[random(parts.length)] as keyof Flight;
	const names = Object.keys(changes);
	const name = names[random(names.length)] as string;
	const change = changes[name] as Change;
	const seed = random(0x7fffffff);
	return {
		name: `${part}: ${name}`,
		isHarmless: part === "done" && name.startsWith("its end missing"), // it has none
		script: { edit: (flight) => ({ ...flight, [part]: change(flight[part], numbers(seed)) }) },
	};
}

/** A message comes twice, not at all, or when another should. */
function reordered(random: Random): Mutation {
	const [kind, from, offset] = [random(3), random(4), 1 + random(3)];
	const to = (from + offset) % 4;
	return {
		name: ["doubled", "dropped", "swapped"][kind] as string,
		isHarmless: false,
		script: {
			flight(flight) {
				const all = parts.map((part) => flight[part]);
				if (kind === 0) all.splice(to, 0, all[from] as Buffer);
				else if (kind === 1) all.splice(from, 1);
				else [all[from], all[to]] = [all[to] as Buffer, all[from] as Buffer];
				return Buffer.concat(all.map((it) => record(22, it)));
			},
		},
	};
}

/** The messages are as they should be, the records otherwise. */
function framed(random: Random): Mutation {
	const most = [1, 7, 64, 500, 16_384][random(5)] as number;
	const seed = random(0x7fffffff);
	const cut = (bytes: Buffer): Buffer[] => {
		const size = numbers(seed);
		const pieces: Buffer[] = [];
		for (let at = 0; at < bytes.length; at += (pieces.at(-1) as Buffer).length)
			pieces.push(bytes.subarray(at, at + 1 + size(most)));
		return pieces;
	};
	return {
		name: `records of up to ${most}`,
		isHarmless: true,
		script: {
			flight: (flight) =>
				Buffer.concat(cut(Buffer.concat(parts.map((part) => flight[part]))).map((it) => record(22, it))),
			finished: cut,
		},
	};
}

/** A record's header is another. */
function header(random: Random): Mutation {
	const [which, at, value] = [random(4), random(5), 1 + random(255)];
	return {
		name: `byte ${at} of a record's header`,
		isHarmless: false,
		script: {
			flight: (flight) =>
				Buffer.concat(
					parts.map((part, i) => {
						const bytes = record(22, flight[part]);
						if (i === which) bytes[at] = (bytes[at] as number) ^ value;
						return bytes;
					}),
				),
		},
	};
}

/** Warnings and requests come between. */
function warned(random: Random): Mutation {
	const count = 1 + random(30);
	const between = Array.from({ length: count }, () =>
		random(2) ? alert(1, [90, 100, 110, 112][random(4)] as number) : record(22, message(0, Buffer.alloc(0))),
	);
	return {
		name: `${count} warnings and requests`,
		isHarmless: count <= 16,
		script: { before: Buffer.concat(between) },
	};
}

/** The last message is another, or not encrypted. */
function unfinished(random: Random): Mutation {
	const names = Object.keys(changes);
	const name = names[random(names.length)] as string;
	const change = changes[name] as Change;
	if (random(6) === 0) return { name: "not encrypted", isHarmless: false, script: { inTheClear: true } };
	return {
		name: `Finished: ${name}`,
		isHarmless: false,
		script: { finished: (bytes) => [change(bytes, random)] },
	};
}

/** Encrypted data is changed on its way. */
function garbled(random: Random): Mutation {
	const [at, value] = [random(1 + 29), 1 + random(255)];
	return {
		name: `byte ${at} of an encrypted record`,
		isHarmless: false,
		script: {
			afterwards: (peer: Peer) =>
				peer.send(23, Buffer.from([0]), (bytes) => {
					bytes[at] = (bytes[at] as number) ^ value;
				}),
		},
	};
}
