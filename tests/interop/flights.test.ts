/** How often a client waits for its server, beside Python's smtplib and nodemailer. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Call } from "./client.js";
import { account } from "./dovecot.js";
import { byNodemailer, type PeerClient, smtplib } from "./peers.js";
import { Provider } from "./provider.js";
import { fewest, Relay } from "./relay.js";

const provider = await Provider.start();
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

const by =
	(peer: PeerClient): Send =>
	(to) =>
		peer.send({ port: relay.port, account, from: account.user, to, message });

/** The clients, with their flights for one and three recipients, and with the most that ours may take for any number. */
const clients: [name: string, send: Send, least: [number, number], most?: number][] = [
	["ours, with CHUNKING", ours({ chunking: true }), [3, 3], 3],
	["ours, with PIPELINING", ours({}), [4, 4], 4],
	["ours, with neither", ours({ pipelining: false, chunking: false }), [6, 8]],
	[smtplib.name, by(smtplib), [7, 9]],
	[byNodemailer.name, by(byNodemailer), [4, 4]],
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
	for (const [name, send, least, most] of clients) {
		const flights = (to: string[]) =>
			fewest(
				async () => {
					await send(to);
					return relay.clientFlights;
				},
				({ length }) => length,
				{ least: least[to.length === 1 ? 0 : 1] },
			);
		const one = await flights(recipients.slice(0, 1));
		const three = await flights(recipients);
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
