/**
 * What desk and engine say to each other, damaged: the engine ends as it should, at no access outside its memory, and the desk
 * says why it does not listen. `--engine sanitized` has the compiler's sanitizers look.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { buildEngine, type EngineTarget, enginePath } from "../../hardware/virtual/build-engine.js";
import { decodeSecure } from "../../hardware/virtual/devices/secure.js";
import type { Engine } from "../../hardware/virtual/engine.js";
import { decodeCall, encodeFrame, FrameDecoder, FrameKind } from "../../hardware/virtual/frames.js";
import { load } from "../../hardware/virtual/load.js";
import { readManifest } from "../../hardware/virtual/manifest/manifest.js";
import { writeProgram } from "../hardware/virtual/program.js";
import { patience } from "../patience.js";
import { Random } from "./random.js";

const SEED = 20_261_202;
const RUNS = 400;
const STREAMS = 10_000;

/** An app with a resource of each kind, which takes whatever its devices say. */
const program = `
	import Timer from "timer"; import TCP from "embedded:io/socket/tcp"; import TLS from "embedded:io/socket/tcp/tls";
	import UDP from "embedded:io/socket/udp"; import WiFi from "embedded:network/interface/wifi"; import Net from "net";
	import Preference from "preference"; import Desk from "virtual/desk"; import Time from "time"; import Monitor from "pins/digital/monitor";
	import Digital from "pins/digital";
	const kept = [];
	const attempt = (what) => { try { kept.push(what()); } catch (e) { trace(e.message, "\\n"); } };
	const callbacks = {
		onReadable(count) { attempt(() => this.read()); }, onError() { attempt(() => this.close()); },
		onWritable(count) { attempt(() => this.write(new Uint8Array(Math.min(count, 8)))); } };
	attempt(() => new TCP({ address: "192.0.2.1", port: 25, ...callbacks }));
	attempt(() => new TLS({ address: "192.0.2.1", port: 465, host: "h", TCP: { io: TCP }, ...callbacks }));
	attempt(() => new UDP({ onReadable(count) { while (count--) attempt(() => this.read()); } }));
	attempt(() => { const wifi = new WiFi({ onChanged() { attempt(() => wifi.address); attempt(() => Net.get("SSID")); } });
		wifi.connect({ SSID: "a", password: "b" }); return wifi; });
	attempt(() => Net.resolve("h", (name, address) => trace(name, address, "\\n")));
	attempt(() => { const monitor = new Monitor({ pin: 4, mode: Digital.Input, edge: 3 });
		monitor.onChanged = () => attempt(() => monitor.read()); return monitor; });
	attempt(() => Timer.repeat(() => { attempt(() => Preference.get("d", "k")); attempt(() => Preference.keys("d"));
		attempt(() => Desk.read(new Uint8Array(16))); attempt(() => Time.ticks); }, 1));
	attempt(() => Preference.set("d", "k", "v"));
`;

/** How a run may end: by a request, by what XS or the program cannot do, or for want of a desk that makes sense. */
const ends = new Set([0, 51, 52, 53, 55, 56, 57, 58, 60, 61, 71]);

/** All that is said up to the app's start. */
async function beginning(manifest: string): Promise<Buffer[]> {
	const frames: Buffer[] = [];
	const send = (kind: string, ...parts: (string | Uint8Array)[]) => {
		frames.push(encodeFrame(kind, ...parts));
		return Promise.resolve();
	};
	const app = readManifest(manifest);
	const machine = { target: "m32" as const, segmentSize: 536, seed: 1, collectAlways: false };
	await load({ send } as unknown as Engine, process.cwd(), app, new Map([["main", program]]), machine, []);
	return [...frames, encodeFrame(FrameKind.run, "main")];
}

const answers = [
	"",
	"s",
	"x",
	"192.0.2.2",
	"i\x01\x02\x03\x04",
	"sv\0",
	"azzz",
	"i",
	"b",
	"k\0kk\0",
	"k",
	"1",
	"1772366400000 5",
];
const kinds = "abcdefghrstwx";

/** An event, or an answer, as they may be or not. */
function frame(random: Random): Buffer {
	const bytes = Buffer.from(Array.from({ length: random.below(80) }, () => random.below(256)));
	const number = random.below(9) ? random.below(10) : random.of(["", "-1", "99999999999999999999", "x"]);
	const words = random.of(["", " 1", " 536", " -5", " 99999999999", " 192.0.2.1 123", ` ${"9".repeat(300)}`, " a b c"]);
	switch (random.below(8)) {
		case 0:
			return encodeFrame(FrameKind.answer, random.of(answers));
		case 1:
			return encodeFrame(FrameKind.answer, bytes);
		case 2:
			return encodeFrame(random.of([...Object.values(FrameKind), "\0", "Z"].filter((kind) => kind !== "q")), bytes);
		case 3:
			return encodeFrame(FrameKind.event, bytes);
		default:
			return encodeFrame(FrameKind.event, `${number} ${random.of(kinds)}${words}`, random.below(4) ? "\0" : "", bytes);
	}
}

/** Damage at some place of a stream. */
function damage(random: Random, stream: Buffer): Buffer {
	const at = random.below(stream.length);
	const copy = Buffer.from(stream);
	switch (random.below(4)) {
		case 0:
			copy[at] = random.below(256);
			return copy;
		case 1:
			return copy.subarray(0, at);
		case 2:
			return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random.below(8))]);
		default:
			return Buffer.concat([copy.subarray(0, at), Buffer.from([random.below(256)]), copy.subarray(at)]);
	}
}

async function run(
	target: EngineTarget,
	stream: Buffer,
): Promise<{ code: number | null; signal: string | null; errors: string }> {
	const child = spawn(enginePath(process.cwd(), target), { stdio: ["pipe", "ignore", "pipe"] });
	let errors = "";
	child.stderr.on("data", (bytes) => {
		errors += bytes;
	});
	child.stdin.on("error", () => {}); // it may have ended before it has heard all
	child.stdin.end(stream);
	const [code, signal] = await once(child, "close");
	return { code, signal, errors };
}

test(`${RUNS} runs of damaged frames: no fault of the engine`, patience, async (t) => {
	const target = (process.env.VIRTUAL_BOARD_ENGINE as EngineTarget | undefined) ?? (await buildEngine(process.cwd()));
	if (!["m32", "m64", "sanitized"].includes(target)) return t.skip(`not on ${target}`);
	const start = await beginning(writeProgram(t, { main: program }, { creation: { static: 65_536 } }));
	const random = new Random(SEED);
	const codes = new Map<number | null, number>();
	let frames = 0;
	for (let i = 0; i < RUNS; i++) {
		const said = Array.from({ length: 40 }, () => frame(random));
		const settled = Array.from({ length: random.below(30) }, () => encodeFrame(FrameKind.answer, random.of(answers)));
		// most runs come to the app, some are damaged on the way to it
		const before = random.below(8) ? start : [damage(random, Buffer.concat(start))];
		const after = random.below(2) ? said : [damage(random, Buffer.concat(said))];
		frames += before.length + settled.length + after.length;
		const { code, signal, errors } = await run(target, Buffer.concat([...before, ...settled, ...after]));
		codes.set(code, (codes.get(code) ?? 0) + 1);
		assert.equal(errors, "", `run ${i}`);
		assert.ok(signal === null && ends.has(code ?? -1), `run ${i} ended with ${code} ${signal}`);
	}
	const told = [...codes].map(([code, count]) => `${code}: ${count}`).join(", ");
	t.diagnostic(`engine ${target}: runs ${RUNS}, frames ${frames}, ends ${told}, faults 0`);
	assert.ok((codes.get(71) ?? 0) > RUNS / 4);
});

test(`${STREAMS} damaged streams of an engine: frames, or a reason`, (t) => {
	const random = new Random(SEED);
	let whole = 0;
	let refused = 0;
	for (let i = 0; i < STREAMS; i++) {
		const call = `${random.of(["tcp.write", "tcp.secure", "dns.resolve"])} ${random.below(9)} 1`;
		const said = [
			encodeFrame("t", "text"),
			encodeFrame("d", `${call}\0name\0`, Buffer.from([1, 0, 0, 0, 9])),
			encodeFrame("."),
		];
		const stream = damage(random, Buffer.concat(said));
		const cut = random.below(stream.length + 1);
		const decoder = new FrameDecoder();
		try {
			for (const part of [stream.subarray(0, cut), stream.subarray(cut)])
				for (const { kind, body } of decoder.push(part)) {
					whole++;
					if (kind !== "d" && kind !== "?") continue;
					const { what, data } = decodeCall(body);
					if (what === "tcp.secure") decodeSecure(data, true);
				}
		} catch (error) {
			assert.match((error as Error).message, /^the engine (says|sent) /);
			refused++;
		}
	}
	t.diagnostic(`streams ${STREAMS}: frames ${whole}, refused ${refused}, thrown otherwise 0`);
	assert.ok(whole > STREAMS && refused > 100, `${whole} ${refused}`);
});
