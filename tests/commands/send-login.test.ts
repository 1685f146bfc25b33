/** `./build.sh send` with an account: mechanisms, TLS, and secrets that stay secret. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import type { SMTPServerOptions } from "smtp-server";
import { folder } from "./command.js";
import { send, startInbox } from "./send-json.js";

const login: SMTPServerOptions = {
	authOptional: false,
	allowInsecureAuth: true,
	onAuth({ username, password, method }, _session, done) {
		if (username === "ada" && password === "s3cret") done(null, { user: method });
		else done(Object.assign(new Error("wrong password"), { responseCode: 535 }));
	},
};

suite("login", () => {
	const env = { RIGHT: "s3cret", WRONG: "s3cr3t" };
	const user = ["--user", "ada", "--allow-cleartext-auth", "--password-env"];

	for (const mechanism of ["PLAIN", "LOGIN"])
		test(`with ${mechanism}, and the password in no trace`, async (t) => {
			const inbox = await startInbox(t, login);
			const options = [...user, "RIGHT", "--auth", mechanism, "--trace"];
			const { status, stderr } = await send(inbox.port, { options, env });
			assert.equal(status, 0, stderr);
			assert.match(stderr, new RegExp(`^C: AUTH ${mechanism}`, "m"));
			for (const text of [
				"s3cret",
				Buffer.from("s3cret").toString("base64"),
				Buffer.from("\0ada\0s3cret").toString("base64"),
			])
				assert.ok(!stderr.includes(text), `${text} was shown`);
			assert.equal(inbox.mails.length, 1);
		});

	test("69: a wrong password, with advice", async (t) => {
		const inbox = await startInbox(t, login);
		const { status, json } = await send(inbox.port, { options: [...user, "WRONG"], env });
		assert.equal(status, 69);
		assert.deepEqual([json.error.phase, json.error.code], ["AUTH", 535]);
		assert.match(json.error.hint, /app password/);
	});

	test("64: no password goes out in the clear unless it may", async (t) => {
		const inbox = await startInbox(t, login);
		let dialogue = "";
		inbox.on("dialogue", (line) => {
			dialogue += line;
		});
		const { status, json } = await send(inbox.port, { options: ["--user", "ada", "--password-env", "RIGHT"], env });
		assert.equal(status, 64);
		assert.match(json.error.text, /--tls required/);
		assert.equal(dialogue, "");
	});
});

/** A certificate for localhost, and the authority that has signed it. */
function certificates(t: TestContext) {
	const cwd = folder(t);
	const openssl = (...words: string[]) => execFileSync("openssl", words, { cwd, stdio: "pipe" });
	const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
	openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "30");
	openssl(
		...["req", "-x509", ...key, "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=localhost", "-days", "7"],
		...["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
		...["-addext", "basicConstraints=critical,CA:false"],
	);
	const read = (name: string) => readFileSync(join(cwd, name));
	return {
		server: { key: read("key.pem"), cert: read("cert.pem") },
		ca: join(cwd, "ca.pem"),
		env: { NODE_EXTRA_CA_CERTS: join(cwd, "ca.pem") },
	};
}

const noOpenSSL =
	spawnSync("openssl", ["version"]).status !== 0 && "openssl is not installed, so there are no certificates";

suite("TLS", { skip: noOpenSSL }, () => {
	const startTLS: SMTPServerOptions = { ...login, allowInsecureAuth: false, disabledCommands: [] };
	const account = ["--user", "ada", "--password-env", "RIGHT"];

	for (const [mode, server] of Object.entries({ required: startTLS, implicit: { ...startTLS, secure: true } }))
		test(`${mode}: the password goes out within TLS only`, async (t) => {
			const { server: keys, env } = certificates(t);
			const inbox = await startInbox(t, { ...server, ...keys });
			const call = { host: "localhost", tls: mode, options: account, env: { ...env, RIGHT: "s3cret" } };
			const { status, stdout } = await send(inbox.port, call);
			assert.equal(status, 0, stdout);
			assert.equal(inbox.mails.length, 1);
		});

	test("a server by its address: its certificate is judged by it, and no warning is shown", async (t) => {
		const { server: keys, ca } = certificates(t);
		const inbox = await startInbox(t, { ...startTLS, ...keys });
		const call = { tls: "required", options: [...account, "--ca", ca], env: { RIGHT: "s3cret" } };
		const { status, stdout, stderr } = await send(inbox.port, call);
		assert.equal(status, 0, stdout);
		assert.equal(stderr, "");
	});

	test("64: --ca with a file that is no certificate", async (t) => {
		const inbox = await startInbox(t, login);
		const { status, json } = await send(inbox.port, { tls: "required", options: ["--ca", "package.json"] });
		assert.equal(status, 64);
		assert.match(json.error.text, /^--ca: no certificate in package\.json/);
	});

	test("a certificate that no one vouches for: nothing is sent", async (t) => {
		const { server: keys } = certificates(t);
		const inbox = await startInbox(t, { ...startTLS, ...keys });
		const call = { host: "localhost", tls: "required", options: account, env: { RIGHT: "s3cret" } };
		const { status, json } = await send(inbox.port, call);
		assert.notEqual(status, 0);
		assert.match(json.error.text, /it comes from an authority that is not trusted here, "Test CA"/);
		assert.match(json.error.hint, /--ca FILE/);
		assert.equal(inbox.mails.length, 0);
	});

	test("69: a server without STARTTLS, where TLS is required", async (t) => {
		const inbox = await startInbox(t, { ...login, disabledCommands: ["STARTTLS"] });
		const { status, json } = await send(inbox.port, { tls: "required", options: account, env: { RIGHT: "s3cret" } });
		assert.equal(status, 69);
		assert.match(json.error.hint, /--tls/);
		assert.equal(inbox.mails.length, 0);
	});
});
