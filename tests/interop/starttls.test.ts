/** Someone on the way who meddles with STARTTLS (RFC 3207, 6): the session ends, and nothing secret has been said. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { after, suite, type TestContext, test } from "node:test";
import { createSecureContext, TLSSocket } from "node:tls";
import { Authority } from "./certificates.js";
import { type Call, type Session, send } from "./client.js";
import { deleteFolder, makeFolder } from "./folder.js";

const folder = makeFolder();
after(() => deleteFolder(folder));
const authority = new Authority(join(folder, "ca"));
const { key, chain } = authority.issue("localhost");
const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(chain) });
const account = { user: "ada@example.org", password: "s3cret pass", token: undefined };

/** What the server says to each command, by its verb; "TLS" begins a handshake after what is said. */
type Answers = Record<string, string>;

const HELLO = "250-mx\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250 PIPELINING\r\n";
const taken: Answers = { AUTH: "235 in\r\n", MAIL: "250 ok\r\n", RCPT: "250 ok\r\n", QUIT: "221 bye\r\n" };

/** Plays the server, and keeps all that it is told: in the clear, and within TLS. */
async function play(
	t: TestContext,
	plain: Answers,
	secure: Answers,
	call: Call = {},
): Promise<Session & { clear: string; hidden: string }> {
	const heard = { clear: "", hidden: "" };
	const sockets: Socket[] = [];
	const serve = (socket: Socket, answers: Answers, where: "clear" | "hidden") => {
		socket.on("error", () => {});
		socket.on("data", function hear(bytes: Buffer) {
			heard[where] += bytes.toString("latin1");
			for (const line of bytes.toString("latin1").split("\r\n").filter(Boolean)) {
				const verb = line.split(" ", 1)[0]?.toUpperCase() ?? "";
				const answer = answers[verb] ?? "502 what?\r\n";
				socket.write(answer.replace(/TLS$/, ""));
				if (!answer.endsWith("TLS")) continue;
				socket.off("data", hear);
				serve(new TLSSocket(socket, { isServer: true, secureContext }), secure, "hidden");
			}
		});
	};
	const server = createServer((socket) => {
		sockets.push(socket);
		socket.write("220 mx\r\n");
		serve(socket, plain, "clear");
	}).listen(0, "127.0.0.1");
	t.after(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const session = await send({
		port,
		security: "required",
		ca: authority.pem,
		...account,
		allowCleartextAuth: false,
		...call,
	});
	return { ...session, ...heard };
}

/** Nothing but greetings and STARTTLS may have been said where others could hear it. */
function assertDiscreet(clear: string): void {
	assert.deepEqual(
		clear.split("\r\n").filter((line) => line && !/^(EHLO \S+|STARTTLS|QUIT)$/.test(line)),
		[],
	);
}

function assertAborted({ outcome }: Session, reason: RegExp): void {
	assert.equal(outcome.exitCode, 69, JSON.stringify(outcome.failure));
	assert.equal(outcome.failure?.kind, "security");
	assert.match(outcome.failure?.text ?? "", reason);
}

suite("injection: more than the reply to STARTTLS comes in the clear", () => {
	const more: Record<string, string> = {
		"a whole reply": "220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n",
		"a byte": "220 go\r\n2",
		"a line end": "220 go\r\n\r\n",
	};
	for (const [what, reply] of Object.entries(more))
		test(what, async (t) => {
			const session = await play(t, { EHLO: HELLO, STARTTLS: `${reply}TLS` }, { EHLO: HELLO, ...taken });
			assertAborted(session, /meddled/);
			assertDiscreet(session.clear);
			assert.equal(session.hidden, "");
		});

	test("a little later, when the handshake is under way", async (t) => {
		const plain = { EHLO: HELLO, STARTTLS: "220 go\r\n" };
		const session = await play(t, plain, {}, { timeoutMs: 1_000 });
		assert.notEqual(session.outcome.exitCode, 0);
		assert.ok(!session.clear.includes("AUTH") && !session.clear.includes("MAIL"));
	});
});

suite("stripping", () => {
	test("STARTTLS is not offered", async (t) => {
		const session = await play(t, { EHLO: "250-mx\r\n250 AUTH PLAIN LOGIN\r\n", ...taken }, {});
		assertAborted(session, /STARTTLS/);
		assertDiscreet(session.clear);
	});

	test("STARTTLS is made unreadable", async (t) => {
		const session = await play(t, { EHLO: "250-mx\r\n250-XXXXXXXA\r\n250 AUTH PLAIN LOGIN\r\n", ...taken }, {});
		assertAborted(session, /STARTTLS/);
		assertDiscreet(session.clear);
	});

	for (const reply of ["454 4.7.0 not now\r\n", "502 5.5.1 what?\r\n", "354 what follows?\r\n"])
		test(`STARTTLS is answered ${reply.slice(0, 3)}`, async (t) => {
			const session = await play(t, { EHLO: HELLO, STARTTLS: reply, ...taken }, {});
			assert.equal(session.outcome.failure?.kind, "security");
			assertDiscreet(session.clear);
		});

	test("EHLO is not known: no HELO, which would do without TLS", async (t) => {
		const session = await play(t, { EHLO: "502 what?\r\n", HELO: "250 mx\r\n", ...taken }, {});
		assert.notEqual(session.outcome.exitCode, 0);
		assert.ok(!session.clear.includes("HELO "));
		assertDiscreet(session.clear);
	});
});

suite("downgrade: what was offered in the clear does not count within TLS", () => {
	const plain = {
		EHLO: "250-mx\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n",
		STARTTLS: "220 go\r\nTLS",
	};

	test("AUTH is not offered the second time: no password, no mail", async (t) => {
		const session = await play(t, plain, { EHLO: "250 mx\r\n", ...taken });
		assert.equal(session.outcome.failure?.kind, "authentication");
		assertDiscreet(session.clear);
		assert.doesNotMatch(session.hidden, /AUTH|MAIL/);
	});

	test("STARTTLS is offered again within TLS: it is not asked for", async (t) => {
		const secure = {
			EHLO: "250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
			...taken,
			DATA: "354 go\r\n",
			".": "250 queued\r\n",
		};
		const session = await play(t, plain, secure);
		assertDiscreet(session.clear);
		assert.doesNotMatch(session.hidden, /STARTTLS/);
		assert.match(session.hidden, /AUTH PLAIN/);
		assert.doesNotMatch(session.hidden, /BDAT/);
	});

	test("the second EHLO is refused", async (t) => {
		const session = await play(t, plain, { EHLO: "550 go away\r\n", HELO: "250 mx\r\n", ...taken });
		assert.notEqual(session.outcome.exitCode, 0);
		assertDiscreet(session.clear);
		assert.match(session.hidden, /^EHLO /);
		assert.doesNotMatch(session.hidden, /AUTH|MAIL/);
	});
});
