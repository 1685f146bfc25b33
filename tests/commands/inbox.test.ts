import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection } from "node:net";
import { test } from "node:test";
import { Inbox, type InboxOptions } from "../../commands/inbox.js";

/** Says these lines, each after the server's answer to the one before; resolves when the server has hung up. */
async function say(inbox: Inbox, lines: string[]): Promise<void> {
	const socket = createConnection(inbox.port, inbox.host);
	socket.on("data", () => {
		const line = lines.shift();
		if (line !== undefined) socket.write(`${line}\r\n`);
	});
	await once(socket, "close");
}

const mail = ["EHLO me.example", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA"];
const text = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n..dots\r\n.";

async function started(t: { after(end: () => Promise<void>): void }, options?: InboxOptions): Promise<Inbox> {
	const inbox = await Inbox.start(options);
	t.after(() => inbox.close());
	return inbox;
}

test("a mail is kept with its envelope and its bytes, dot-stuffing undone, and decoded", async (t) => {
	const inbox = await started(t);
	const next = inbox.next();
	await say(inbox, [...mail, text, "QUIT"]);
	const received = await next;
	assert.deepEqual(received.envelope, { from: "a@example.org", to: ["b@example.org"] });
	assert.equal(received.raw.toString(), "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n.dots\r\n");
	assert.equal(received.parsed.subject, "Grüße");
	assert.deepEqual(inbox.mails, [received]);
});

test("the dialogue is told in both directions, without secrets", async (t) => {
	const inbox = await started(t, {
		server: { allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(null, { user: "ada" }) },
	});
	const heard: string[] = [];
	inbox.on("dialogue", (line) => heard.push(line));
	const secret = Buffer.from("\0ada\0s3cret").toString("base64");
	const [user, password] = ["ada", "s3cret"].map((word) => Buffer.from(word).toString("base64")) as [string, string];
	await say(inbox, ["EHLO me.example", `AUTH PLAIN ${secret}`, "QUIT"]);
	await say(inbox, ["EHLO me.example", "AUTH LOGIN", user, password, "QUIT"]);
	assert.match(heard[0] ?? "", /^S: 220 /);
	assert.equal(heard[1], "C: EHLO me.example");
	assert.ok(heard.some((line) => line.startsWith("C: AUTH PLAIN")));
	for (const word of [secret, password, "s3cret"]) assert.ok(!heard.join("\n").includes(word), `${word} was told`);
});
