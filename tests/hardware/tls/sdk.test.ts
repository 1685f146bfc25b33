/** hardware/tls on the Moddable SDK: the app in xs/, built for the simulator's engine, against servers on loopback. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { after, before, suite, test } from "node:test";
import { createServer as createTLSServer } from "node:tls";
import { App, type Event, obstacle, type Scenario } from "./app.js";
import { Certificates, chainOf, derOf, type Identity } from "./authority.js";
import { alert, certificate, record, serverHello, serverHelloDone, serverKeyExchange } from "./records.js";
import { inOneRecord, type MailServer, mailServer, type RawServer, rawServer } from "./servers.js";

const DAY = 86_400;
const skip = obstacle();
const names = "DNS:mail.example.org,DNS:*.wild.example.org,IP:127.0.0.1";

suite("TLS on the Moddable SDK", { skip }, () => {
	let app: App;
	let certificates: Certificates;
	let root: Identity;
	let intermediate: Identity;
	let server: Identity;

	before(() => {
		app = new App();
		certificates = new Certificates();
		root = certificates.authority("Test Root");
		intermediate = certificates.authority("Test Intermediate", { issuer: root });
		server = certificates.server(names, intermediate);
	});

	after(() => certificates?.close());

	const honest = (identity: Identity, options: object = {}): Promise<MailServer> =>
		mailServer({ key: identity.key, cert: chainOf(identity), ...options });

	/** Runs the app against a mail server, and gives the app's last word and the server's log. */
	async function mail(
		at: Promise<MailServer>,
		scenario: Partial<Scenario> = {},
	): Promise<{ end: Event; log: string[] }> {
		const { port, log, close } = await at;
		try {
			const events = await app.run({ port, trust: [derOf(root)], ...scenario });
			return { end: events.at(-1) as Event, log };
		} finally {
			await close();
		}
	}

	async function delivered(at: Promise<MailServer>, scenario: Partial<Scenario> = {}): Promise<string> {
		const { end, log } = await mail(at, scenario);
		assert.deepEqual(end, { event: "closed" });
		assert.deepEqual(log.slice(1), ["AUTH alert", "MAIL alert@example.org", "DATA"]);
		return log[0];
	}

	/** The app refuses the server for `reason`, and the server hears nothing of AUTH and MAIL. */
	async function refused(at: Promise<MailServer>, reason: string, scenario: Partial<Scenario> = {}): Promise<void> {
		const { end, log } = await mail(at, scenario);
		assert.deepEqual(
			{ kind: end.kind, phase: end.phase, message: end.message },
			{
				kind: "security",
				phase: "TLS",
				message: `no TLS connection to ${scenario.host ?? "mail.example.org"}: ${reason}`,
			},
		);
		assert.deepEqual(
			log.filter((line) => /AUTH|MAIL|DATA/.test(line)),
			[],
		);
	}

	suite("delivers", () => {
		test("with TLS from the start", async () => {
			assert.equal(await delivered(honest(server)), "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 mail.example.org");
		});

		test("after STARTTLS", async () => {
			const session = await delivered(honest(server, { implicit: false }), { security: "required" });
			assert.equal(session, "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 mail.example.org");
		});

		test("with ECDSA on P-256", async () => {
			const ecRoot = certificates.authority("EC Root", { key: "p256" });
			const issuer = certificates.authority("EC Intermediate", { key: "p256", issuer: ecRoot });
			const identity = certificates.server(names, issuer, { key: "p256" });
			const session = await delivered(honest(identity), { trust: [derOf(ecRoot)] });
			assert.equal(session, "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256 mail.example.org");
		});

		test("with a root on P-384 and SHA-384, and the right one of several authorities", async () => {
			const ecRoot = certificates.authority("EC Root", { key: "p384", digest: "sha384" });
			const issuer = certificates.authority("Issuer", { key: "p256", issuer: ecRoot, digest: "sha384" });
			const identity = certificates.server(names, issuer, { digest: "sha256" });
			await delivered(honest(identity), { trust: [derOf(root), derOf(ecRoot)] });
		});

		test("to a server that sends its own certificate alone", async () => {
			await delivered(honest(certificates.server(names, root)));
		});

		test("to a server that sends its root, and in the wrong order", async () => {
			const cert = server.certificate + root.certificate + intermediate.certificate;
			await delivered(honest(server, { cert }));
		});

		test("to a server whose self-signed certificate is the one that is trusted", async () => {
			const own = certificates.server(names, undefined);
			await delivered(honest(own), { trust: [derOf(own)] });
		});

		test("to an address that the certificate names; it is not sent as a name", async () => {
			const session = await delivered(honest(server), { host: "127.0.0.1" });
			assert.match(session, / no name$/);
		});

		test("to a name that a wildcard covers, in other letters", async () => {
			await delivered(honest(server), { host: "SMTP.wild.example.org" });
		});

		test("to a server that asks for a certificate of ours", async () => {
			await delivered(honest(server, { requestCert: true, rejectUnauthorized: false }));
		});

		test("to a server that puts all its messages into one record", async () => {
			const behind = await honest(server);
			const between = await rawServer((client) => inOneRecord(client, behind.port));
			const events = await app.run({ port: between.port, trust: [derOf(root)] });
			await between.close();
			await behind.close();
			assert.deepEqual(events.at(-1), { event: "closed" });
			assert.deepEqual(behind.log.slice(1), ["AUTH alert", "MAIL alert@example.org", "DATA"]);
		});

		test("to anyone, where that is asked for", async () => {
			const stranger = certificates.server("DNS:other.example.org", undefined);
			await delivered(honest(stranger), { verify: false, trust: undefined });
		});
	});

	suite("refuses", () => {
		test("a certificate for another name", () =>
			refused(honest(server), "its certificate is for mail.example.org, *.wild.example.org, not for smtp.example.org", {
				host: "smtp.example.org",
			}));

		test("more than one label in the place of a wildcard", () =>
			refused(
				honest(server),
				"its certificate is for mail.example.org, *.wild.example.org, not for a.b.wild.example.org",
				{ host: "a.b.wild.example.org" },
			));

		test("a self-signed certificate", () =>
			refused(
				honest(certificates.server(names, undefined)),
				"its certificate is self-signed, and not one that is trusted",
			));

		test("an issuer that is not trusted", () =>
			refused(honest(server), "its certificate comes from Test Root, which is not trusted", {
				trust: [derOf(certificates.authority("Other Root"))],
			}));

		test("an issuer with the name of one that is trusted", () =>
			refused(honest(server), "its certificate comes from Test Root, which is not trusted", {
				trust: [derOf(certificates.authority("Test Root"))],
			}));

		test("a certificate whose issuer is missing", () =>
			refused(
				honest(server, { cert: server.certificate }),
				"its certificate comes from Test Intermediate, which is not trusted",
			));

		test("an expired certificate", async () => {
			const short = certificates.server(names, root, { days: 1 });
			const { validTo } = new (await import("node:crypto")).X509Certificate(short.certificate);
			const day = new Date(validTo).toISOString().slice(0, 10);
			await refused(honest(short), `its certificate expired on ${day}`, { clockOffset: 2 * DAY });
		});

		test("a certificate that is not valid yet", async () => {
			const { validFrom } = new (await import("node:crypto")).X509Certificate(server.certificate);
			const day = new Date(validFrom).toISOString().slice(0, 10);
			await refused(honest(server), `its certificate is not valid before ${day}`, { clockOffset: -2 * DAY });
		});

		test("an expired authority", async () => {
			const short = certificates.authority("Short Root", { days: 1 });
			const { validTo } = new (await import("node:crypto")).X509Certificate(short.certificate);
			const day = new Date(validTo).toISOString().slice(0, 10);
			await refused(honest(certificates.server(names, short)), `the authority Short Root expired on ${day}`, {
				clockOffset: 2 * DAY,
				trust: [derOf(short)],
			});
		});

		test("everything, with a clock in 1970", () =>
			refused(honest(server), "the clock is not set, so that no certificate can be verified", {
				clockOffset: -Math.floor(Date.now() / 1000),
			}));

		test("a certificate for something other than a server", () =>
			refused(
				honest(
					certificates.server(names, root, { extensions: `extendedKeyUsage=emailProtection\nsubjectAltName=${names}` }),
				),
				"its certificate is not for a server",
			));

		test("a certificate signed with SHA-1", () =>
			refused(
				honest(certificates.server(names, root, { digest: "sha1" }), { ciphers: "DEFAULT@SECLEVEL=0" }),
				"its certificate is signed in a way that is weak or not known here",
			));

		test("a short RSA key", () =>
			refused(
				honest(certificates.server(names, root, { key: "rsa1024" }), { ciphers: "DEFAULT@SECLEVEL=0" }),
				"its certificate has an RSA key of 1024 bits that cannot be relied on",
			));

		test("name constraints, which it does not check", () => {
			const extensions = "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:example.org";
			const issuer = certificates.issue("Constrained", { issuer: root, extensions });
			return refused(
				honest(certificates.server(names, issuer)),
				"a certificate of its chain has conditions not known here (551d1e)",
			);
		});

		test("too long a chain for its authority", () => {
			const extensions = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign";
			const first = certificates.issue("No Further", { issuer: root, extensions });
			const second = certificates.authority("Further", { issuer: first });
			return refused(
				honest(certificates.server(names, second)),
				"its certificate comes from No Further, which may not issue it",
			);
		});

		test("a certificate that a server has issued", () => {
			const mallory = certificates.server(names, server);
			return refused(honest(mallory), "its certificate comes from server, which may not issue it");
		});

		test("no authority given", () =>
			refused(honest(server), "no certificate authority is given to trust", { trust: undefined }));

		test("a server for TLS 1.3 alone", () =>
			refused(honest(server, { minVersion: "TLSv1.3" }), "the server does not speak TLS 1.2"));

		test("a server with other cipher suites alone", () =>
			refused(
				honest(server, { ciphers: "ECDHE-RSA-AES256-GCM-SHA384" }),
				"the server has none of our cipher suites: it needs ECDHE with AES-128-GCM",
			));

		test("too little memory, before anything is sent", async () => {
			const reason = "too little memory: TLS takes 13312 bytes, 9000 are free";
			await refused(honest(server), reason, { freeMemory: 9000 });
		});
	});

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
				const events = await app.run({ port: at.port, trust: [derOf(root)], ...scenario });
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
				record(22, certificate(derOf(server), derOf(intermediate))),
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
			assert.match(message as string, /the server has none of our cipher suites/);
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
			assert.match(message as string, /the server does not have the key of its certificate$/);
		});

		test("a key exchange with a wrong signature", async () => {
			const { message } = await attacked(flight(serverKeyExchange(4, 1, Buffer.alloc(256, 1))));
			assert.match(message as string, /the server does not have the key of its certificate$/);
		});

		test("an ECDSA signature of zeros", async () => {
			const identity = certificates.server(names, intermediate, { key: "p256" });
			const zeros = Buffer.from("30060201000201 00".replace(" ", ""), "hex");
			const answer = Buffer.concat([
				record(22, serverHello([3, 3], [0xc0, 0x2b])),
				record(22, certificate(derOf(identity), derOf(intermediate))),
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
			const forged = certificates.server(names, undefined, { name: "Mallory" });
			const cert = forged.certificate + server.certificate + intermediate.certificate;
			await refused(honest(forged, { cert }), "its certificate is self-signed, and not one that is trusted");
		});

		test("a self-made certificate that claims a real issuer", async () => {
			const impostor = certificates.authority("Test Root");
			const forged = certificates.server(names, impostor);
			const cert = forged.certificate + intermediate.certificate;
			await refused(honest(forged, { cert }), "its certificate comes from Test Root, which is not trusted");
		});

		test("records that are too long or empty", async () => {
			for (const length of [0, 0x7fff]) {
				const { message } = await attacked(Buffer.from([22, 3, 3, length >> 8, length & 0xff]));
				assert.match(message as string, /the server breaks the rules of TLS \(record\)$/);
			}
		});

		test("more at once than there is memory for", async () => {
			const { message } = await attacked(Buffer.from([22, 3, 3, 0x44, 0]), { freeMemory: 18_432 });
			assert.match(message as string, /too little memory: the server sent 17408 bytes at once, 18432 are free$/);
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

	suite("as a socket", () => {
		/** A TLS server that sends back what it gets, in records of its own making. */
		async function echo(options: { fragment?: number; cut?: number }): Promise<MailServer> {
			const log: string[] = [];
			const sockets: Socket[] = [];
			const tls = createTLSServer({ key: server.key, cert: chainOf(server), maxVersion: "TLSv1.2" }, (socket) => {
				if (options.fragment) socket.setMaxSendFragment(options.fragment);
				let count = 0;
				socket.on("error", (e) => log.push(e.message));
				socket.on("end", () => log.push("end"));
				socket.on("close", () => log.push("close"));
				socket.on("data", (data: Buffer) => {
					count += data.length;
					if (!socket.writableEnded) socket.write(data);
					if (options.cut && count >= options.cut) socket.end();
				});
				sockets.push(socket);
			});
			await new Promise<void>((done) => tls.listen(0, "127.0.0.1", done));
			const { port } = tls.address() as { port: number };
			const close = async (): Promise<void> => {
				if (options.cut) for (const socket of sockets) socket.destroy();
				await new Promise<void>((done) => void tls.close(() => done()));
			};
			return { port, log, close };
		}

		async function exchange(at: Promise<MailServer>, bytes: number): Promise<{ events: Event[]; log: string[] }> {
			const { port, log, close } = await at;
			const events = await app.run({ what: "stream", port, bytes, trust: [derOf(root)] });
			await close();
			return { events, log };
		}

		for (const fragment of [512, 16_384])
			test(`it carries 100,000 bytes both ways, with records of up to ${fragment}`, async () => {
				const { events, log } = await exchange(echo({ fragment }), 100_000);
				assert.equal(events[0].event, "not ready");
				assert.equal(events[1].event, "ready");
				assert.deepEqual(events.at(-1), { event: "done", received: 100_000, wrong: 0 });
				// the server has had a close_notify: an end, not an error
				assert.deepEqual(log, ["end", "close"]);
			});

		test("it gives what came before the end, then the end", async () => {
			const { events } = await exchange(echo({ cut: 1000 }), 5000);
			const { event, message, received } = events.at(-1) as Event;
			assert.deepEqual({ event, message }, { event: "error", message: null });
			assert.ok((received as number) >= 1000);
		});
	});
});
