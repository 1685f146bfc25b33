/** What a person reads of `./build.sh send` where a server, its certificate or the way to it is not as it should be. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { createServer as createTLSServer, type TlsOptions } from "node:tls";
import { SMTPServer } from "smtp-server";
import { Authority, type Identity } from "../interop/certificates.js";
import { command, folder } from "./command.js";

/** What is never advised, whatever went wrong. */
const lessSecurity = /--tls none|--insecure|--allow-cleartext-auth|allowCleartextAuth/;

interface Call {
	host?: string;
	port: number;
	tls?: string;
	options?: string[];
	env?: NodeJS.ProcessEnv;
}

/** Calls it as a person does. @returns the exit code and all that is to be read */
async function send({ host = "127.0.0.1", port, tls = "none", options = [], env }: Call) {
	const where = ["--host", host, "--port", String(port), "--tls", tls, "--ehlo", "[127.0.0.1]"];
	const who = ["--from", "a@example.org", "--to", "b@example.org"];
	const { status, stdout, stderr } = await command("send", [...where, ...who, ...options], { env });
	assert.doesNotMatch(stdout + stderr, lessSecurity);
	return { status, text: stdout + stderr };
}

async function listen(t: TestContext, server: Server): Promise<number> {
	t.after(() => server.close());
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	return (server.address() as AddressInfo).port;
}

/** A server that says what it is told to: a greeting, and an answer to each verb; to others 250. */
function scripted(t: TestContext, greeting: string, answers: Record<string, string> = {}, heard: string[] = []) {
	const server = createServer((socket) => {
		let rest = "";
		let inMessage = false;
		t.after(() => socket.destroy());
		socket.on("error", () => {});
		socket.write(`${greeting}\r\n`);
		socket.on("data", (bytes) => {
			const lines = (rest + bytes).split("\r\n");
			rest = lines.pop() ?? "";
			for (const line of lines) {
				heard.push(line);
				const [verb = ""] = line.toUpperCase().split(" ", 1);
				if (inMessage && verb !== ".") continue;
				inMessage = verb === "DATA" && answers.DATA === undefined;
				const answer = answers[verb] ?? (inMessage ? "354 go" : "250 ok");
				if (answer) socket.write(`${answer}\r\n`);
			}
		});
	});
	return listen(t, server);
}

const noOpenSSL =
	spawnSync("openssl", ["version"]).status !== 0 && "openssl is not installed, so there are no certificates";

function keysOf({ key, chain }: Identity): TlsOptions {
	return { key: readFileSync(key), cert: readFileSync(chain) };
}

function tlsServer(t: TestContext, options: TlsOptions): Promise<number> {
	const server = createTLSServer(options, (socket) => socket.end("220 hello\r\n"));
	server.on("tlsClientError", () => {});
	return listen(t, server);
}

suite("certificates", { skip: noOpenSSL }, () => {
	/** An implicit TLS server with a certificate, and a file that names the authority. */
	async function refusal(t: TestContext, issue: (authority: Authority) => TlsOptions, call: Partial<Call> = {}) {
		const cwd = folder(t);
		const authority = new Authority(cwd);
		const port = await tlsServer(t, issue(authority));
		writeFileSync(join(cwd, "ca.pem"), authority.pem);
		const options = call.options ?? ["--ca", join(cwd, "ca.pem")];
		const { status, text } = await send({ host: "localhost", tls: "implicit", ...call, options, port });
		assert.notEqual(status, 0);
		return text;
	}
	const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

	test("E1: for another name: it says for which, and what to give", async (t) => {
		const text = await refusal(t, (authority) => keysOf(authority.issue("mail.example.org")));
		assert.match(text, /its certificate is for mail\.example\.org, not for localhost/);
		assert.match(text, /^Give --host the name that the certificate has: mail\.example\.org\.$/m);
	});

	test("D5: for a name, asked by its address", async (t) => {
		const text = await refusal(t, (authority) => keysOf(authority.issue("mail.example.org")), { host: "127.0.0.1" });
		assert.match(text, /its certificate is for mail\.example\.org, not for 127\.0\.0\.1/);
		assert.match(text, /Give --host the name that the certificate has: mail\.example\.org/);
	});

	test("E2: expired: that it has, and when", async (t) => {
		const text = await refusal(t, (authority) => keysOf(authority.issue("localhost", -3)));
		assert.match(text, new RegExp(`its certificate expired on ${day(-3)}`));
		assert.match(text, /only the server's owner can renew the certificate/);
		assert.doesNotMatch(text, /--ca/);
	});

	test("E2: not yet valid: from when on", async (t) => {
		const text = await refusal(t, (authority) => keysOf(authority.issue("localhost", 9, 2)));
		assert.match(text, new RegExp(`its certificate is not yet valid: only from ${day(2)} on`));
		assert.match(text, /this machine's clock/);
	});

	test("E2: from an authority that nobody here trusts: from which", async (t) => {
		const text = await refusal(t, (authority) => keysOf(authority.issue("localhost")), { options: [] });
		assert.match(text, /it comes from an authority that is not trusted here, "Test Root"/);
		assert.match(text, /--ca FILE/);
	});

	test("E2: self-signed", async (t) => {
		const text = await refusal(t, (authority) => keysOf(authority.selfSigned("localhost")), { options: [] });
		assert.match(text, /its certificate is self-signed: no authority vouches for localhost/);
		assert.match(text, /Whoever is on the way could have made this certificate/);
	});

	test("E2: an old protocol", async (t) => {
		const text = await refusal(t, (authority) => ({
			...keysOf(authority.issue("localhost")),
			...{ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
		}));
		assert.match(text, /no protocol version of TLS that is spoken here/);
		assert.match(text, /it must offer TLS 1\.2/);
	});

	test("E2: no cipher in common", async (t) => {
		const cwd = folder(t);
		const authority = new Authority(cwd);
		const server = { ...keysOf(authority.issue("localhost")), maxVersion: "TLSv1.2", ciphers: "AES128-SHA" } as const;
		const { text } = await send({ host: "localhost", tls: "implicit", port: await tlsServer(t, server) });
		assert.match(text, /no way to encrypt in common/);
	});

	test("E2: STARTTLS with the wrong certificate is told the same", async (t) => {
		const cwd = folder(t);
		const authority = new Authority(cwd);
		writeFileSync(join(cwd, "ca.pem"), authority.pem);
		const { key, cert } = keysOf(authority.issue("localhost", -3)) as { key: Buffer; cert: Buffer };
		const server = new SMTPServer({ key, cert, logger: false });
		server.on("error", () => {});
		await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
		t.after(() => new Promise<void>((done) => server.close(done)));
		const { port } = server.server.address() as AddressInfo;
		const { text } = await send({ host: "localhost", tls: "required", port, options: ["--ca", join(cwd, "ca.pem")] });
		assert.match(text, new RegExp(`^Not sent \\(TLS\\): .*its certificate expired on ${day(-3)}`, "m"));
	});

	test("E3: --tls required at a port that begins with TLS", async (t) => {
		const authority = new Authority(folder(t));
		const port = await tlsServer(t, keysOf(authority.issue("localhost")));
		for (const tls of ["required", "none"]) {
			const { text } = await send({ host: "localhost", tls, port, options: ["--timeout", "1"] });
			assert.match(text, /^Not sent \(greeting\)/);
			assert.match(text, /--tls implicit/, tls);
		}
	});

	test("E3: --tls implicit and a server that is silent then: not what was tried", async (t) => {
		const cwd = folder(t);
		const authority = new Authority(cwd);
		writeFileSync(join(cwd, "ca.pem"), authority.pem);
		const server = createTLSServer(keysOf(authority.issue("localhost")), (socket) => socket.on("error", () => {}));
		const options = ["--timeout", "1", "--ca", join(cwd, "ca.pem")];
		const { text } = await send({ host: "localhost", tls: "implicit", port: await listen(t, server), options });
		assert.match(text, /^Not sent \(greeting\)/);
		assert.doesNotMatch(text, /--tls implicit/);
	});
});

test("E3: --tls implicit at a port that begins without", async (t) => {
	const port = await scripted(t, "220 hello");
	const { text } = await send({ port, tls: "implicit" });
	assert.match(text, /the server does not speak TLS here/);
	assert.match(text, /--tls required/);
	assert.doesNotMatch(text, /--tls implicit/);
});

test("E3: no STARTTLS where TLS is required: the other mode, never less", async (t) => {
	const port = await scripted(t, "220 hello", { EHLO: "250 hello" });
	const { text } = await send({ port, tls: "required" });
	assert.match(text, /does not offer STARTTLS/);
	assert.match(text, /--tls implicit/);
});

const replies: [what: string, answers: Record<string, string>, hint: RegExp, options?: string[]][] = [
	["E4: 530 for TLS", { MAIL: "530 Must issue a STARTTLS command first" }, /--tls required/],
	["E4: 530 5.7.0 for TLS", { MAIL: "530 5.7.0 Must issue a STARTTLS command first" }, /--tls required/],
	["E4: 554 5.7.1 for encryption", { MAIL: "554 5.7.1 Session encryption is required" }, /--tls required/],
	["E4: 550 5.7.10", { MAIL: "550 5.7.10 Encryption needed" }, /--tls required/],
	["E4: 530 for a login", { MAIL: "530 5.7.0 Authentication required" }, /--user/],
	["no such user", { RCPT: "550 5.1.1 nobody" }, /no such mailbox/],
	["relay", { RCPT: "554 5.7.1 <b@example.org>: Relay access denied" }, /without a login/],
	["greylisting", { RCPT: "450 4.7.1 Greylisted" }, /come back later/],
	["a full mailbox", { RCPT: "452 4.2.2 over quota" }, /mailbox is full/],
	["too many recipients", { RCPT: "552 too many recipients" }, /too many recipients/],
	["the sender", { MAIL: "550 no" }, /--from/],
	["SPF", { MAIL: "550 5.7.23 SPF" }, /provider of --from/],
	["too big", { ".": "552 5.3.4 too big" }, /too big/],
	["spam", { ".": "554 5.7.1 spam" }, /message itself was refused/],
	["421 in the middle", { MAIL: "421 4.3.2 shutting down" }, /busy/],
	["E7: --dsn that is not offered", {}, /leave out --dsn/, ["--dsn", "success"]],
	["E7: --smtputf8 that is not offered", {}, /no addresses beyond ASCII/, ["--smtputf8"]],
	["E6: --lmtp at a server of SMTP", { LHLO: "500 5.5.1 what?" }, /speaks SMTP\. Leave out --lmtp/, ["--lmtp"]],
	["E6: SMTP at a mail store", { EHLO: "500 5.5.1 what?", HELO: "500 5.5.1 what?" }, /--lmtp/],
	["E6: SMTP at a mail store, Dovecot's words", { EHLO: "502 5.5.1 Unknown", HELO: "502 5.5.1 Unknown" }, /--lmtp/],
];

for (const [what, answers, hint, options] of replies)
	test(`a person reads what helps: ${what}`, async (t) => {
		const port = await scripted(t, "220 hello", { EHLO: "250-hello\r\n250 PIPELINING", ...answers });
		const { status, text } = await send({ port, options });
		assert.notEqual(status, 0);
		assert.match(text, hint);
	});

const greetings: [what: string, greeting: string, hint: RegExp][] = [
	["E5: busy", "421 4.3.2 too busy", /too busy/],
	["E5: busy, by another code", "450 4.3.2 later", /too busy/],
	["E5: not for this network", "554 5.7.1 go away", /takes no mail from this network/],
	["E5: never", "521 5.3.2 no mail here", /takes no mail at all/],
];

for (const [what, greeting, hint] of greetings)
	test(`a greeting says why not: ${what}`, async (t) => {
		const { text } = await send({ port: await scripted(t, greeting) });
		assert.match(text, /^Not sent \(greeting\): /);
		assert.match(text, hint);
	});

test("E6: the path of a socket that is not there, that is none, and on which nobody listens", async (t) => {
	const cwd = folder(t, { file: "" });
	const left = join(cwd, "left");
	const server = createServer().listen(left);
	await once(server, "listening");
	spawnSync("ln", [left, join(cwd, "kept")]); // what a server that died leaves behind
	server.close();
	await once(server, "close");
	for (const [name, hint] of [
		["lmtp", /There is no socket at this path/],
		["file", /no socket/],
		["kept", /Nobody listens on this socket/],
	] as const) {
		const { text } = await send({ host: join(cwd, name), port: 24, options: ["--lmtp"] });
		assert.match(text, hint);
		assert.doesNotMatch(text, /port 25/);
	}
});

test('E10: "Sent." is said after the 250, before the server says goodbye', async (t) => {
	const port = await scripted(t, "220 hello", { QUIT: "221 bye" });
	const cwd = process.cwd();
	const program = join(cwd, "build/node/commands/send.js");
	const words = ["--host", "127.0.0.1", "--port", String(port), "--tls", "none", "--trace"];
	const who = ["--from", "a@example.org", "--to", "b@example.org"];
	// both streams in one, so that their order is seen
	const child = spawn("sh", ["-c", 'exec "$0" "$@" 2>&1', process.execPath, program, ...words, ...who]);
	let text = "";
	child.stdout.on("data", (bytes) => {
		text += bytes;
	});
	const [status] = await once(child, "close");
	assert.equal(status, 0, text);
	assert.match(text, /C: QUIT[\s\S]*^Sent\. 127\.0\.0\.1 accepted it for b@example\.org\.$[\s\S]*S: 221 bye/m);
});

test("E10: a server that never answers QUIT: sent", async (t) => {
	const port = await scripted(t, "220 hello", { QUIT: "" });
	const { status, text } = await send({ port });
	assert.deepEqual([status, text], [0, "Sent. 127.0.0.1 accepted it for b@example.org.\n"]);
});

test("C1, C2, C5: what goes out: dots in quotes, a quoted name with its quotes, a Message-ID of ASCII", async (t) => {
	const heard: string[] = [];
	const port = await scripted(t, "220 hello", { EHLO: "250-hello\r\n250-8BITMIME\r\n250 SMTPUTF8" }, heard);
	const words = ["--host", "127.0.0.1", "--port", String(port), "--tls", "none", "--smtputf8"];
	const who = ["--from", `"Ada's Cellar" <a..b@bücher.example>`, "--to", 'c.@example.org, "d..e"@example.org'];
	const { status, stdout, stderr } = await command("send", [...words, ...who, "--reply-to", "info@bücher.example"]);
	assert.equal(status, 0, stdout + stderr);
	assert.ok(heard.includes('MAIL FROM:<"a..b"@bücher.example> BODY=8BITMIME SMTPUTF8'), heard.join("\n"));
	assert.ok(heard.includes('RCPT TO:<"c."@example.org>') && heard.includes('RCPT TO:<"d..e"@example.org>'));
	assert.ok(heard.includes('From: "Ada\'s Cellar" <"a..b"@bücher.example>'));
	assert.ok(heard.includes('To: "c."@example.org, "d..e"@example.org'));
	assert.match(
		heard.find((line) => line.startsWith("Message-ID: ")) ?? "",
		/^Message-ID: <[\w-]+@xn--bcher-kva\.example>$/,
	);
});
