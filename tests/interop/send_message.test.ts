/** smtplib's send_message with a real Postfix: who gets a message, and what of it. */
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { VirtualBoard } from "../../hardware/virtual/board.js";
import { writeManifest } from "../run-xs.js";
import { account } from "./dovecot.js";
import { Provider } from "./provider.js";
import type { Delivery } from "./sink.js";

const provider = await Provider.start();
const { skip } = provider;

/** What was delivered with a line in it, its lines without what Postfix has added before them. */
async function delivered(line: string): Promise<{ from: string; to: string[]; lines: string[] }> {
	const { from, to, raw } = await provider.sink.take(({ raw }: Delivery) => raw.includes(`\r\n${line}\r\n`));
	const lines = raw.toString().split("\r\n");
	let first = 0;
	while (/^(Received: |[ \t])/.test(lines[first] as string)) first++;
	return { from, to: to.sort(), lines: lines.slice(first) };
}

const alert = [
	"From: Ada <ada@example.org>, bob@example.org",
	"Sender: ada@example.org",
	'To: Team: Bob <bob@example.org>, "Gardener, C." <carol@example.org>;',
	"Subject: alert",
	"MIME-Version: 1.0",
	"Content-Type: text/plain; charset=utf-8",
	"Content-Transfer-Encoding: 8bit",
	"",
	"Größe: 12 cm",
	"",
];

suite("send_message", { skip }, () => {
	before(async () => {
		if (skip) return;
		const { user, password } = account;
		const board = await VirtualBoard.start({
			manifest: writeManifest("tests/interop/send_message.xs.ts"),
			config: { port: provider.postfix.port, user, password },
			network: { connected: true },
		});
		const refused: string[] = [];
		const traced: string[] = [];
		board.on("report", (text) => refused.push(text));
		board.on("trace", (line) => traced.push(line));
		assert.deepEqual(await board.exited, { code: 0, reason: "exit" }, traced.join(""));
		await board.close();
		assert.deepEqual(refused, ["[]", "[]", "[]"]);
	});

	test("what is resent goes to those of the Resent fields, with these before the message", async () => {
		const { from, to, lines } = await delivered("Resent-From: Bob <bob@example.org>");
		assert.deepEqual({ from, to }, { from: "bob@example.org", to: ["ada@example.org", "carol@example.org"] });
		assert.deepEqual(lines, [
			"Resent-Date: Sun, 01 Mar 2026 13:00:00 +0000",
			"Resent-From: Bob <bob@example.org>",
			"Resent-To: ada@example.org",
			...alert,
		]);
	});

	test("a message goes to all of To and Bcc from its sender, in 8bit, without Bcc", async () => {
		const { from, to, lines } = await delivered("Subject: alert");
		assert.deepEqual(
			{ from, to },
			{ from: "ada@example.org", to: ["ada@example.org", "bob@example.org", "carol@example.org"] },
		);
		assert.deepEqual(lines, alert);
	});

	test("an address beyond ASCII goes as UTF-8", async () => {
		const { to, lines } = await delivered("Subject: utf8");
		assert.deepEqual(to, ["jőhn@example.org"]);
		assert.equal(lines[1], "To: =?UTF-8?B?SsWRaG4=?= <jőhn@example.org>");
	});
});
