/** How often a client waits for its server, beside Python's smtplib and nodemailer. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import nodemailer from "nodemailer";
import type { Call } from "./client.js";
import { account } from "./dovecot.js";
import { Provider } from "./provider.js";
import { Relay } from "./relay.js";

const provider = new Provider();
const { skip } = provider;
let relay: Relay;

/** As an alert's, without line that could be taken for a command. */
const message = Buffer.from(
	[
		"Date: Sun, 22 Nov 2026 08:41:35 +0000",
		"From: ada@example.org",
		"Subject: Water",
		"",
		"The cellar is wet.",
		"",
	].join("\r\n"),
);
const recipients = ["bob@example.org", "carol@example.org", "ada@example.org"];
type Send = (to: string[]) => Promise<void>;

/** Ours, on the virtual board. */
const ours =
	(call: Call): Send =>
	async (to) => {
		const { outcome } = await provider.send({ ...call, port: relay.port, security: "none", input: message, to });
		assert.equal(outcome.exitCode, 0, JSON.stringify(outcome.failure));
	};

const script = `
import smtplib, sys
port, user, password, *to = sys.argv[1:]
with smtplib.SMTP("127.0.0.1", int(port), local_hostname="[127.0.0.1]") as smtp:
    smtp.login(user, password)
    smtp.sendmail(user, to, sys.stdin.buffer.read())
`;

const smtplib: Send = async (to) => {
	const python = spawn("python3", ["-c", script, String(relay.port), account.user, account.password, ...to]);
	let errors = "";
	python.stderr.on("data", (text) => {
		errors += text;
	});
	python.stdin.end(message);
	const [status] = await once(python, "close");
	assert.equal(status, 0, errors);
};

const byNodemailer: Send = async (to) => {
	const { user, password: pass } = account;
	const where = { host: "127.0.0.1", port: relay.port, name: "[127.0.0.1]", ignoreTLS: true };
	const transport = nodemailer.createTransport({ ...where, auth: { user, pass } });
	await transport.sendMail({ envelope: { from: user, to }, raw: message });
	transport.close();
};

/** The clients, with the most flights that ours may take, whatever the number of recipients. */
const clients: [name: string, send: Send, most?: number][] = [
	["ours, with CHUNKING", ours({}), 3],
	["ours, with PIPELINING", ours({ chunking: false }), 4],
	["ours, with neither", ours({ pipelining: false, chunking: false })],
	["Python's smtplib", smtplib],
	["nodemailer", byNodemailer],
];

/** What a flight consists of: its commands, without their arguments. */
function describe(flight: string): string {
	if (/^Date: /.test(flight)) return "message";
	const verbs = flight.match(/^(EHLO|AUTH [^\s=]+|MAIL|RCPT|DATA\r|BDAT)/gim) ?? [];
	const names = verbs.map((verb) => verb.trim().toUpperCase());
	return names.filter((name, i) => name !== names[i - 1]).join(" ") || "response";
}

const row = (cells: (string | number)[]) => `| ${cells.join(" | ")} |`;

test("flights of a client after the greeting, with AUTH", { skip }, async (t) => {
	relay = await Relay.start(provider.postfix.port);
	t.after(() => relay.close());
	const rows: string[] = [];
	for (const [name, send, most] of clients) {
		await send(recipients.slice(0, 1));
		const one = relay.clientFlights;
		await send(recipients);
		const three = relay.clientFlights;
		rows.push(row([name, one.length, three.length, one.map(describe).join(", ")]));
		t.diagnostic(rows.at(-1) as string);
		if (most !== undefined) assert.ok(Math.max(one.length, three.length) <= most, `${name}: ${one.join("\n---\n")}`);
	}
	const documented = readFileSync("tests/interop/README.md", "utf8");
	// How a peer's RCPTs fall together can depend on the moment; ours are as documented, or the test fails.
	for (const line of rows.slice(0, 3)) assert.ok(documented.includes(line), `the README does not say: ${line}`);
	for (const [name] of clients.slice(3))
		assert.ok(documented.includes(`| ${name} |`), `the README does not say: ${name}`);
});
