/** `./build.sh send` as a person or a program calls it, against a server on this machine. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { suite, test } from "node:test";
import type { SMTPServerOptions } from "smtp-server";
import { command } from "./command.js";
import { type Call, message, send, startInbox } from "./send-json.js";

test("a mail of subject and text arrives", async (t) => {
	const inbox = await startInbox(t);
	const { status, json } = await send(inbox.port, { options: ["--subject", "Wasser 水", "--text", "Grüße\n.dot"] });
	assert.equal(status, 0);
	assert.equal(json.ok, true);
	assert.deepEqual(json.accepted, ["b@example.org"]);
	assert.deepEqual([json.rejected, json.error], [[], null]);
	assert.equal(inbox.mails.length, 1);
	const [mail] = inbox.mails;
	assert.deepEqual(mail?.envelope, { from: "a@example.org", to: ["b@example.org"] });
	assert.equal(mail?.parsed.subject, "Wasser 水");
	assert.equal(mail?.parsed.text?.trimEnd(), "Grüße\n.dot");
	assert.ok(mail?.parsed.messageId);
	assert.ok(Math.abs(Number(mail?.parsed.date) - Date.now()) < 600_000);
});

suite("whole messages from standard input", () => {
	for (const bytes of [200, 20_000, 1_000_000])
		test(`${bytes} bytes arrive byte for byte`, async (t) => {
			const inbox = await startInbox(t);
			const raw = message(bytes);
			const { status, json } = await send(inbox.port, { options: ["--raw"], input: raw });
			assert.equal(status, 0, JSON.stringify(json));
			assert.ok(inbox.mails[0]?.raw.equals(raw), "other bytes have arrived");
			assert.ok(json.bytesSent > raw.length);
			assert.ok(json.roundTrips > 0);
		});

	test("memory does not grow with the message", async (t) => {
		const inbox = await startInbox(t);
		const used: number[] = [];
		for (const bytes of [200, 20_000, 1_000_000]) {
			const { heap } = (await send(inbox.port, { options: ["--raw"], input: message(bytes) })).json;
			if (heap.slotSize !== 16) return t.skip("this machine builds no 32-bit engine, whose figures are the chip's");
			used.push(heap.peakBytes - heap.idleBytes);
		}
		assert.ok(Math.max(...used) <= 2048, `too much: ${used}`);
		assert.ok(Math.max(...used) - Math.min(...used) <= 64, `it grows: ${used}`);
	});
});

const refuseGrace: SMTPServerOptions = {
	onRcptTo(address, _session, done) {
		if (address.address.startsWith("grace")) done(Object.assign(new Error("no such user"), { responseCode: 550 }));
		else done();
	},
};

suite("exit codes", () => {
	test("3: some recipients are refused", async (t) => {
		const inbox = await startInbox(t, refuseGrace);
		const { status, json } = await send(inbox.port, { to: ["ada@example.org", "grace@example.org"] });
		assert.equal(status, 3);
		assert.deepEqual(json.accepted, ["ada@example.org"]);
		const [refusal] = json.rejected;
		assert.deepEqual([refusal?.address, refusal?.code], ["grace@example.org", 550]);
		assert.match(refusal?.text ?? "", /no such user/);
		assert.equal(json.error, null);
		assert.equal(inbox.mails.length, 1);
	});

	test("69: the only recipient is refused", async (t) => {
		const inbox = await startInbox(t, refuseGrace);
		const { status, json } = await send(inbox.port, { to: ["grace@example.org"] });
		assert.equal(status, 69);
		assert.deepEqual([json.ok, json.accepted], [false, []]);
		assert.deepEqual([json.error.phase, json.error.code, json.error.temporary], ["RCPT", 550, false]);
		assert.equal(json.rejected[0]?.address, "grace@example.org");
		assert.equal(inbox.mails.length, 0);
	});

	test("75: the server has a passing problem", async (t) => {
		const busy = Object.assign(new Error("try later"), { responseCode: 451 });
		const inbox = await startInbox(t, { onMailFrom: (_address, _session, done) => done(busy) });
		const { status, json } = await send(inbox.port);
		assert.equal(status, 75);
		assert.deepEqual([json.error.phase, json.error.code, json.error.temporary], ["MAIL", 451, true]);
	});

	test("75: nobody listens", async () => {
		const server = createServer().listen(0, "127.0.0.1");
		await new Promise((resolve) => server.once("listening", resolve));
		const { port } = server.address() as { port: number };
		await new Promise((resolve) => server.close(resolve));
		const { status, json } = await send(port);
		assert.equal(status, 75);
		assert.equal(json.error.phase, "connect");
		assert.match(json.error.hint, /--host and --port/);
	});

	test("75: the server is silent", async (t) => {
		const server = createServer((socket) => t.after(() => socket.destroy())).listen(0, "127.0.0.1");
		t.after(() => server.close());
		await new Promise((resolve) => server.once("listening", resolve));
		const { port } = server.address() as { port: number };
		const { status, json } = await send(port, { options: ["--timeout", "1"] });
		assert.equal(status, 75);
		assert.equal(json.error.phase, "greeting");
	});
});

suite("64: wrong usage, and nothing is sent", () => {
	const long = `${"a".repeat(2000 - "@example.org".length)}@example.org`;
	const cases: Record<string, Call> = {
		"CR LF in a recipient": { to: ["a@b\r\nRSET"] },
		"CR LF in the sender": { from: "a@b\r\nRSET" },
		"LF in the name for EHLO": { ehlo: "x\ny" },
		"a recipient of 2,000 characters": { to: [long] },
		"a sender of 2,000 characters": { from: long },
		"U+760D and U+760A, which end in CR and LF, in a recipient": { to: ["a@b\u760d\u760aRSET"] },
		"U+760D and U+760A, which end in CR and LF, in the name for EHLO": { ehlo: "x\u760d\u760ay" },
		"the second of two recipients": { to: ["b@example.org", "a@b\r\nRSET"] },
	};
	for (const [what, call] of Object.entries(cases)) {
		refused(what, call);
		refused(`${what}, --raw`, { ...call, options: ["--raw"], input: message(200) });
	}
	refused("a recipient that is no address", { to: ["nonsense"] }, /"nonsense" is no address/);
	refused(
		"a recipient that is no address among others",
		{ to: ["b@example.org,nonsense"] },
		/"nonsense" is no address/,
	);
	refused("a port within the host", { host: "127.0.0.1:25" }, /--port/);
	refused("a URL for a host", { host: "smtp://127.0.0.1" }, /--port/);
	refused("--raw without a message", { options: ["--raw"], input: "" }, /standard input is empty/);
	refused("a timeout below zero", { options: ["--timeout", "-1"] }, /--timeout must be a whole number/);
	refused("CR LF in the subject", { options: ["--subject", "x\r\nBcc: c@example.org"] });
	refused("--raw and --subject", { options: ["--raw", "--subject", "x"] });
	refused("an unknown mechanism", { options: ["--auth", "MAGIC"] });
	refused("a user without a password", { options: ["--user", "ada"] });
	refused("a password from a variable that is not there", {
		options: ["--user", "ada", "--password-env", "NOT_THERE"],
	});

	function refused(what: string, call: Call, says = /.{11}/): void {
		test(what, async (t) => {
			const inbox = await startInbox(t);
			const heard: string[] = [];
			inbox.on("dialogue", (line) => heard.push(line));
			const { status, json } = await send(inbox.port, call);
			assert.equal(status, 64, JSON.stringify(json));
			assert.match(json.error.text, says, "the error does not say what is wrong");
			assert.deepEqual(heard, [], "something was sent");
			assert.equal(inbox.mails.length, 0);
		});
	}
});

test("recipients may have commas between them", async (t) => {
	const inbox = await startInbox(t);
	const { json } = await send(inbox.port, { to: ["a@example.org, b@example.org", "c@example.org"] });
	assert.deepEqual(json.accepted, ["a@example.org", "b@example.org", "c@example.org"]);
});

test("a host that nobody knows: advice that fits", async () => {
	const { status, json } = await send(25, { host: "nobody.invalid" });
	assert.equal(status, 75);
	assert.match(json.error.hint, /how --host is written/);
});

test("for a person: sentences, and an exit code; the memory only with the trace", async (t) => {
	const inbox = await startInbox(t);
	const where = ["--host", "127.0.0.1", "--port", String(inbox.port), "--tls", "none"];
	const { status, stdout } = await command("send", [...where, "--from", "a@example.org", "--to", "b@example.org"]);
	assert.equal(status, 0);
	assert.equal(stdout, "Sent. 127.0.0.1 accepted it for b@example.org.\n");
});

test("--help names every option", async () => {
	const { status, stdout } = await command("send", ["--help"]);
	assert.equal(status, 0);
	const all =
		"host port tls user password-env auth from to cc bcc reply-to subject text html attach inline priority header raw ehlo timeout allow-cleartext-auth trace json";
	for (const name of all.split(" ")) assert.match(stdout, new RegExp(`^  --${name} `, "m"));
});
