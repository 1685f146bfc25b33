/** Servers that have a key and a certificate to be trusted, and break the rules of TLS 1.2 in one place. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Event, Scenario } from "./app.js";
import { derOf } from "./authority.js";
import { type Bench, names } from "./bench.js";
import { type Alert, eachInARecord, type Flight, type Peer, type Script, tlsPeer } from "./peer.js";
import { alert, extension, message, record } from "./records.js";

const none = Buffer.alloc(0);
const helloRequest = message(0, none);
const certificateRequest = message(13, Buffer.from([1, 1, 0, 2, 4, 1, 0, 0]));
/** Level and description (RFC 5246, 7.2). */
const fatal = (description: number): Alert => ({ level: 2, description });
const closeNotify: Alert = { level: 1, description: 0 };

export const protocol = (bench: Bench): void => {
	/** Runs the app against a server that keeps to a script; it writes a byte, and waits for one. */
	async function meet(script: Partial<Script>, scenario: Partial<Scenario> = {}) {
		const at = await tlsPeer({ identity: bench.server, ...script });
		try {
			const trust = [derOf(bench.root)];
			const events = await bench.app.run({ what: "stream", bytes: 1, port: at.port, trust, ...scenario });
			await at.idle();
			return { end: events.at(-1) as Event, alerts: [...at.alerts], said: at.said };
		} finally {
			await at.close();
		}
	}

	/** The app ends for a reason, tells the server by an alert, and says nothing else. */
	async function broken(script: Partial<Script>, reason: RegExp, description: number, said = ""): Promise<void> {
		const met = await meet(script);
		assert.equal(met.end.event, "error");
		assert.match(String(met.end.message), reason);
		assert.deepEqual(met.alerts, [fatal(description)]);
		assert.equal(met.said, said);
	}

	/** The app goes on to the end: it has what it waits for, and says goodbye. */
	async function kept(script: Partial<Script>): Promise<void> {
		assert.deepEqual(await arrived(script, 1), [closeNotify]);
	}

	/** The app has the bytes that it waits for. @returns what alerts it sent */
	async function arrived(script: Partial<Script>, bytes: number): Promise<Alert[]> {
		const { end, alerts } = await meet(script, { bytes });
		assert.deepEqual(
			{ end: end.event, wrong: end.wrong, message: end.message },
			{ end: "done", wrong: 0, message: undefined },
		);
		return alerts;
	}

	/** Sends the byte that the app waits for. */
	const echo = (peer: Peer): void => peer.send(23, Buffer.from([0]));
	const flight =
		(change: (parts: Flight) => Partial<Flight>) =>
		(parts: Flight): Buffer =>
			eachInARecord({ ...parts, ...change(parts) });
	/** A message with another body. */
	const changed = (whole: Buffer, change: (body: Buffer) => Buffer): Buffer =>
		message(whole[0] as number, change(whole.subarray(4)));
	const longer = (whole: Buffer): Buffer => changed(whole, (body) => Buffer.concat([body, Buffer.from([0])]));

	suite("keeps to the rules where", () => {
		test("the server keeps to them too", () => kept({ afterwards: echo }));

		test("a warning comes before the handshake: the name is not known", () =>
			kept({ before: alert(1, 112), afterwards: echo }));

		test("a warning comes after the handshake", () =>
			kept({
				afterwards(peer) {
					peer.send(21, Buffer.from([1, 90]));
					echo(peer);
				},
			}));

		test("the name is not known, and that is the end", async () => {
			const { end } = await meet({ before: alert(2, 112) });
			assert.match(String(end.message), /does not know the name/);
		});

		test("there are more warnings than anyone needs", () =>
			broken({ before: Buffer.concat(new Array(40).fill(alert(1, 112))) }, /without end/, 10));

		test("an alert is of one octet, or of three", async () => {
			for (const octets of [[2], [1, 112, 1]])
				await broken({ before: record(21, Buffer.from(octets)) }, /breaks the rules of TLS \(alert\)/, 50);
		});

		test("the server asks for a new handshake during this one", () =>
			kept({
				flight: (it) =>
					Buffer.concat([
						record(22, helloRequest),
						record(22, it.hello, helloRequest),
						eachInARecord(it).subarray(5 + it.hello.length),
					]),
				afterwards: echo,
			}));

		test("the server asks for a new handshake when this one is over", () =>
			kept({
				afterwards(peer) {
					peer.send(22, helloRequest);
					echo(peer);
				},
			}));

		test("a message is in several records", async () => {
			for (const size of [1, 3, 100])
				await kept({
					flight(parts) {
						const all = Buffer.concat(Object.values(parts));
						const pieces: Buffer[] = [];
						for (let i = 0; i < all.length; i += size) pieces.push(record(22, all.subarray(i, i + size)));
						return Buffer.concat(pieces);
					},
					finished: (it) => [it.subarray(0, 2), it.subarray(2, 9), it.subarray(9)],
					afterwards: echo,
				});
		});

		test("records are empty, as some servers send them against an old weakness", () =>
			kept({
				afterwards(peer) {
					for (let i = 0; i < 3; i++) peer.send(23, none);
					echo(peer);
				},
			}));

		test("a message is interrupted by a change of cipher", () =>
			broken(
				{
					flight: ({ hello, certificate }) =>
						Buffer.concat([record(22, hello), record(22, certificate.subarray(0, 50)), record(20, Buffer.from([1]))]),
				},
				/breaks the order of a TLS handshake/,
				10,
			));

		test("a message is longer than any may be", () =>
			broken(
				{ flight: ({ hello }) => record(22, hello, Buffer.from([11, 0x7f, 0xff, 0xff, 0])) },
				/a message of 8388607 bytes, where 16384 are taken/,
				80,
			));

		test("renegotiation_info is not empty", () =>
			broken(
				{ extensions: extension(0xff01, Buffer.from([1, 0])) },
				/breaks the rules of TLS \(renegotiation_info\)/,
				40,
			));

		test("renegotiation_info is empty", () =>
			kept({ extensions: extension(0xff01, Buffer.from([0])), afterwards: echo }));

		test("an extension was not asked for", () =>
			broken(
				{ extensions: extension(16, Buffer.from([0, 2, 1, 0x68])) },
				/an extension that was not asked for \(16\)/,
				110,
			));

		test("an extension comes twice", () => {
			const once = extension(0xff01, Buffer.from([0]));
			return broken({ extensions: Buffer.concat([once, once]) }, /breaks the rules of TLS/, 47);
		});

		test("a session's identifier is longer than 32 octets", () =>
			broken(
				{
					flight: flight(({ hello }) => ({
						hello: changed(hello, (body) =>
							Buffer.concat([body.subarray(0, 34), Buffer.from([33]), Buffer.alloc(33), body.subarray(35)]),
						),
					})),
				},
				/breaks the rules of TLS \(session_id\)/,
				47,
			));

		test("an extension is longer than what there is", () =>
			broken({ extensions: Buffer.from([0xff, 1, 0, 9, 0]) }, /breaks the rules of TLS/, 50));

		test("the server does not take uncompressed points", () =>
			broken({ extensions: extension(11, Buffer.from([1, 2])) }, /breaks the rules of TLS \(ec_point_formats\)/, 47));

		test("the share is signed in a way that was not offered", async () => {
			for (const scheme of [0x0402, 0x04ff, 0x0201, 0x0804, 0x0400])
				await broken({ scheme }, /the server chooses what was not offered/, 47);
		});

		test("the share is signed with a kind of key that the cipher suite does not have", () =>
			broken({ scheme: 0x0403 }, /the server chooses what was not offered/, 47));

		test("the cipher suite is for ECDSA, the certificate for RSA", () =>
			broken({ suite: [0xc0, 0x2b], scheme: 0x0403 }, /its certificate has a key of another kind than it chose/, 47));

		test("the cipher suite is for RSA, the certificate for ECDSA", () => {
			const identity = bench.certificates.server(names, bench.intermediate, { key: "p256" });
			return broken(
				{ identity, suite: [0xc0, 0x2f], scheme: 0x0401 },
				/its certificate has a key of another kind than it chose/,
				47,
			);
		});

		test("the share is no point of the curve", async () => {
			const prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
			const points = [
				`04${"11".repeat(64)}`,
				`04${"00".repeat(64)}`,
				`04${prime}${"00".repeat(32)}`,
				`02${"11".repeat(64)}`,
			];
			for (const point of points)
				await broken({ point: Buffer.from(point, "hex") }, /breaks the rules of TLS \(point\)/, 47);
		});

		for (const name of ["hello", "certificate", "keyExchange", "done"] as const)
			test(`there are bytes after the end of a message: ${name}`, () =>
				broken({ flight: flight((it) => ({ [name]: longer(it[name]) })) }, /breaks the rules of TLS/, 50));

		for (const name of ["hello", "certificate", "keyExchange"] as const)
			test(`a message ends early: ${name}`, () =>
				broken(
					{ flight: flight((it) => ({ [name]: changed(it[name], (body) => body.subarray(0, -1)) })) },
					/breaks the rules of TLS/,
					50,
				));

		test("the server asks twice for a certificate of ours", () =>
			broken(
				{ flight: flight(({ done }) => ({ done: Buffer.concat([certificateRequest, certificateRequest, done]) })) },
				/breaks the order of a TLS handshake/,
				10,
			));

		test("the server asks for a certificate of ours in a way that cannot be read", () =>
			broken(
				{
					flight: flight(({ done }) => ({ done: Buffer.concat([message(13, Buffer.from([1, 1, 0, 9, 4, 1])), done]) })),
				},
				/breaks the rules of TLS/,
				50,
			));

		test("a wrong Finished is followed by a right one", async () => {
			const wrong = message(20, Buffer.alloc(12));
			await broken({ finished: (it) => [Buffer.concat([wrong, it])] }, /breaks the order of a TLS handshake/, 10);
			await broken({ finished: (it) => [wrong, it] }, /someone has meddled with the handshake/, 51);
			await broken({ finished: (it) => [Buffer.concat([it, it])] }, /breaks the order of a TLS handshake/, 10);
		});

		test("a Finished is too short or too long", async () => {
			await broken({ finished: (it) => [message(20, it.subarray(4, 15))] }, /breaks the rules of TLS/, 50);
			await broken({ finished: longerFinished }, /breaks the rules of TLS/, 50);
		});
		const longerFinished = (it: Buffer): Buffer[] => [longer(it)];

		test("a record is of another version than 3.3", async () => {
			for (const version of [0x01, 0x04])
				await broken(
					{
						flight(parts) {
							const bytes = eachInARecord(parts);
							bytes[2] = version;
							return bytes;
						},
					},
					/the server does not speak TLS 1.2/,
					70,
				);
		});

		test("an encrypted record is of another version", () =>
			broken(
				{ afterwards: (peer) => peer.send(23, Buffer.from([0]), (it) => it.writeUInt8(1, 2)) },
				/the server does not speak TLS 1.2/,
				70,
				"\0",
			));

		// The headers alone: what the app has not read when it closes would make the system forget its alert.
		test("a record carries 16,385 octets", async () => {
			const header = (type: number, length: number): Buffer => record(type, Buffer.alloc(length)).subarray(0, 5);
			await broken(
				{ flight: ({ hello }) => Buffer.concat([record(22, hello), header(22, 16_385)]) },
				/breaks the rules of TLS \(a record of 16385 bytes\)/,
				22,
			);
			await broken(
				{ afterwards: (peer) => peer.raw(header(23, 16_385 + 24)) },
				/breaks the rules of TLS \(a record of 16409 bytes\)/,
				22,
				"\0",
			);
		});

		test("a record carries 16,384 octets", async () =>
			void (await arrived(
				{ afterwards: (peer) => peer.send(23, Buffer.from(Array.from({ length: 16_384 }, (_, i) => i & 0xff))) },
				16_384,
			)));

		test("an encrypted record is shorter than its nonce and tag", () =>
			broken(
				{ afterwards: (peer) => peer.raw(record(23, Buffer.alloc(23))) },
				/a record was changed on its way/,
				20,
				"\0",
			));

		test("what comes after the change of cipher is not encrypted", () =>
			broken({ inTheClear: true }, /a record was changed on its way/, 20));

		test("the server does nothing but ask for handshakes, or send records of nothing", async () => {
			const many = (type: number, content: Buffer) => (peer: Peer) => {
				for (let i = 0; i < 40; i++) peer.send(type, content);
			};
			await broken({ afterwards: many(22, helloRequest) }, /without end/, 10, "\0");
			await broken({ afterwards: many(23, none) }, /without end/, 10, "\0");
			await broken({ afterwards: many(21, Buffer.from([1, 90])) }, /without end/, 10, "\0");
		});

		test("a record's tag is wrong", async () => {
			const spoil = (it: Buffer): void => void it.writeUInt8((it.at(-1) as number) ^ 1, it.length - 1);
			await broken(
				{ afterwards: (peer) => peer.send(23, Buffer.from([0]), spoil) },
				/a record was changed on its way/,
				20,
				"\0",
			);
		});

		test("a message of a handshake comes when there is none", () =>
			broken(
				{ afterwards: (peer) => peer.send(22, message(20, Buffer.alloc(12))) },
				/breaks the order of a TLS handshake/,
				10,
				"\0",
			));

		test("a close_notify comes: it is answered", async () => {
			let answer: Buffer | undefined;
			const { end, alerts } = await meet({
				async afterwards(peer) {
					peer.send(21, Buffer.from([1, 0]));
					while (!answer) {
						const { type, content } = await peer.receive();
						if (type === 21) answer = content;
					}
				},
			});
			assert.deepEqual({ event: end.event, message: end.message }, { event: "error", message: null });
			assert.deepEqual(alerts, [closeNotify]);
		});

		test("the connection ends without a close_notify", async () => {
			const { end } = await meet({ afterwards: (peer) => peer.end() });
			assert.deepEqual({ event: end.event, message: end.message }, { event: "error", message: null });
		});
	});
};
