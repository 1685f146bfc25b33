/** Servers, or someone between, that mean no good. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { suite, test } from "node:test";
import type { Event, Scenario } from "./app.js";
import { derOf } from "./authority.js";
import { type Bench, names } from "./bench.js";
import { alert, certificate, record, serverHello, serverHelloDone, serverKeyExchange } from "./records.js";
import { type RawServer, rawServer } from "./servers.js";

export const attacks = (bench: Bench): void => {
	suite("is not deceived by", () => {
		/** Runs the app against a server that sends `answer` for the client's hello. */
		async function attacked(answer: Buffer | ((socket: Socket) => void), scenario: Partial<Scenario> = {}) {
			const at = await rawServer(async (socket, next) => {
				await next();
				if (Buffer.isBuffer(answer)) socket.write(answer);
				else answer(socket);
			});
			return judge(at, scenario);
		}

		/** What the client said besides its hello must be an alert at most. */
		async function judge(at: RawServer, scenario: Partial<Scenario> = {}): Promise<Event> {
			try {
				const events = await bench.app.run({ port: at.port, trust: [derOf(bench.root)], ...scenario });
				const end = events.at(-1) as Event;
				assert.equal(end.event, "error");
				const { received } = at;
				const hello = received.indexOf(Buffer.from([22, 3, 3]));
				if (hello >= 0) {
					const rest = received.subarray(hello + 5 + received.readUInt16BE(hello + 3));
					assert.ok(rest.length === 0 || (rest.length === 7 && rest[0] === 21), `it said ${rest.toString("latin1")}`);
				}
				assert.ok(!/AUTH|MAIL/.test(received.toString("latin1")));
				return end;
			} finally {
				await at.close();
			}
		}

		/** A server's flight with the real server's certificates, which anyone can have. */
		const flight = (keyExchange: Buffer): Buffer =>
			Buffer.concat([
				record(22, serverHello()),
				record(22, certificate(derOf(bench.server), derOf(bench.intermediate))),
				record(22, keyExchange),
				record(22, serverHelloDone()),
			]);

		test("a close_notify in the place of a handshake", async () => {
			const { message } = await attacked(alert(1, 0));
			assert.match(message as string, /the server closed the connection during the handshake$/);
		});

		test("a close_notify in the place of a handshake after STARTTLS", async () => {
			const at = await rawServer(async (socket, next) => {
				socket.write("220 mail.example.org ESMTP\r\n");
				await next();
				socket.write("250-mail.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n");
				await next();
				socket.write("220 go ahead\r\n");
				await next();
				socket.write(alert(1, 0));
			});
			const { kind, message } = await judge(at, { security: "required" });
			assert.equal(kind, "security");
			assert.match(message as string, /the server closed the connection during the handshake$/);
		});

		test("an alert, which it names", async () => {
			const { message } = await attacked(alert(2, 40));
			assert.match(message as string, /the server has nothing in common with us/);
		});

		test("a hello of TLS 1.0", async () => {
			const { message } = await attacked(record(22, serverHello([3, 1])));
			assert.match(message as string, /the server does not speak TLS 1.2$/);
		});

		test("a cipher suite that was not offered", async () => {
			const { message } = await attacked(record(22, serverHello([3, 3], [0, 0x2f])));
			assert.match(message as string, /the server chooses what was not offered$/);
		});

		test("garbage", async () => {
			const { message } = await attacked(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
			assert.match(message as string, /the server does not speak TLS on this port$/);
		});

		test("a key exchange without a signature", async () => {
			const { message } = await attacked(flight(serverKeyExchange(0, 0, Buffer.alloc(0))));
			assert.match(message as string, /the server chooses what was not offered$/);
			const { message: other } = await attacked(flight(serverKeyExchange(4, 1, Buffer.alloc(0))));
			assert.match(other as string, /the server does not have the key of its certificate$/);
		});

		test("a key exchange with a wrong signature", async () => {
			const { message } = await attacked(flight(serverKeyExchange(4, 1, Buffer.alloc(256, 1))));
			assert.match(message as string, /the server does not have the key of its certificate$/);
		});

		test("an ECDSA signature of zeros", async () => {
			const identity = bench.certificates.server(names, bench.intermediate, { key: "p256" });
			const zeros = Buffer.from("30060201000201 00".replace(" ", ""), "hex");
			const answer = Buffer.concat([
				record(22, serverHello([3, 3], [0xc0, 0x2b])),
				record(22, certificate(derOf(identity), derOf(bench.intermediate))),
				record(22, serverKeyExchange(4, 3, zeros)),
				record(22, serverHelloDone()),
			]);
			const { message } = await attacked(answer);
			assert.match(message as string, /the server does not have the key of its certificate$/);
		});

		test("a handshake without a certificate", async () => {
			const { message } = await attacked(record(22, serverHello(), serverHelloDone()));
			assert.match(message as string, /the server breaks the order of a TLS handshake$/);
		});

		test("a change of cipher before there are keys", async () => {
			const early = Buffer.concat([record(22, serverHello()), record(20, Buffer.from([1]))]);
			const { message } = await attacked(early);
			assert.match(message as string, /the server breaks the order of a TLS handshake$/);
		});

		test("data in the clear in the middle of a handshake", async () => {
			const words = Buffer.concat([record(22, serverHello()), record(23, Buffer.from("250 OK\r\n"))]);
			const { message } = await attacked(words);
			assert.match(message as string, /the server breaks the order of a TLS handshake$/);
		});

		test("a self-made certificate before a real chain", async () => {
			const forged = bench.certificates.server(names, undefined, { name: "Mallory" });
			const cert = forged.certificate + bench.server.certificate + bench.intermediate.certificate;
			await bench.refused(
				bench.honest(forged, { cert }),
				"its certificate is self-signed, and not one that is trusted",
			);
		});

		test("a self-made certificate that claims a real issuer", async () => {
			const impostor = bench.certificates.authority("Test Root");
			const forged = bench.certificates.server(names, impostor);
			const cert = forged.certificate + bench.intermediate.certificate;
			await bench.refused(bench.honest(forged, { cert }), "its certificate comes from Test Root, which is not trusted");
		});

		test("records that are too long or empty", async () => {
			for (const length of [0, 0x7fff]) {
				const { message } = await attacked(Buffer.from([22, 3, 3, length >> 8, length & 0xff]));
				assert.match(message as string, /the server breaks the rules of TLS \(a record of (0|32767) bytes\)$/);
			}
		});

		test("more at once than there is memory for", async () => {
			const { message } = await attacked(Buffer.from([22, 3, 3, 0x40, 0]), { freeMemory: 18_000 });
			assert.match(message as string, /too little memory: the server sent 16384 bytes at once, and 18000 are free$/);
		});

		test("a connection that is cut in the handshake", async () => {
			for (const part of [0, 3, 60, 700, 2000]) {
				const end = await attacked((socket) => {
					if (part === 0) socket.destroy();
					else socket.end(flight(serverKeyExchange(4, 1, Buffer.alloc(256))).subarray(0, part));
				});
				assert.equal(end.temporary, true, String(end.message));
			}
		});

		test("a greeting in the clear on the port for TLS", async () => {
			const at = await rawServer(async (socket) => void socket.write("220 mail.example.org ESMTP\r\n"));
			const { message } = await judge(at);
			assert.match(
				message as string,
				/the server (does not speak TLS on this port|spoke before TLS began: not a port for TLS)$/,
			);
		});

		for (const [when, separate] of [
			["with the answer to STARTTLS", false],
			["after the answer to STARTTLS", true],
		] as const)
			test(`words put in the clear ${when}`, async () => {
				const at = await rawServer(async (socket, next) => {
					socket.write("220 mail.example.org ESMTP\r\n");
					await next();
					socket.write("250-mail.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n");
					await next();
					socket.write(`220 go ahead\r\n${separate ? "" : "250 AUTH PLAIN\r\n"}`);
					if (!separate) return;
					await next();
					socket.write("250 AUTH PLAIN\r\n");
				});
				const { kind } = await judge(at, { security: "required" });
				assert.equal(kind, "security");
			});
	});
};
