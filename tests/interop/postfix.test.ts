/** The client on the virtual board with a real Postfix, whose accounts a real Dovecot knows. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { suite, test } from "node:test";
import type { Call } from "./client.js";
import { account } from "./dovecot.js";
import { awkwardMessage, canonical, difference } from "./message.js";
import { SIZE_LIMIT } from "./postfix.js";
import { Provider } from "./provider.js";

const provider = await Provider.start();
const { skip } = provider;

/** Sends a message and compares what comes out at the other end. */
async function delivers(call: Call = {}, bytes = 300): Promise<string[]> {
	const id = randomUUID();
	const input = awkwardMessage(bytes, id);
	const { outcome, dialogue } = await provider.send({ input, ...call });
	assert.equal(outcome.exitCode, 0, JSON.stringify(outcome.failure));
	const { from, to, raw } = await provider.sink.take((delivery) => delivery.raw.includes(id));
	assert.deepEqual({ from, to }, { from: "ada@example.org", to: call.to ?? ["bob@example.org"] });
	const sent = canonical(input);
	const start = raw.indexOf("\r\nDate: ") + 2; // what Postfix has added is before
	assert.equal(difference(sent, raw.subarray(start)), undefined);
	return dialogue;
}

suite("how the connection is protected", { skip }, () => {
	test("not at all", async () => {
		const dialogue = await delivers({ security: "none" });
		assert.ok(!dialogue.includes("C: STARTTLS"));
	});

	test("STARTTLS", async () => {
		const dialogue = await delivers({ security: "required" });
		assert.equal(dialogue.filter((line) => line.startsWith("C: EHLO")).length, 2);
		assert.match(provider.postfix.log(), /TLS connection established/);
	});

	test("TLS from the first byte", async () => {
		const dialogue = await delivers({ security: "implicit" });
		assert.ok(!dialogue.includes("C: STARTTLS"));
	});

	test("STARTTLS, whoever answers", async () => {
		await delivers({ insecure: true, ca: "" });
	});
});

suite("authentication", { skip }, () => {
	const { password, token } = account;
	for (const mechanism of ["PLAIN", "LOGIN", "CRAM-MD5"])
		test(mechanism, async () => {
			await delivers({ mechanism, password });
			assert.match(provider.postfix.log(), new RegExp(`sasl_method=${mechanism}, sasl_username=${account.user}`));
		});

	for (const mechanism of ["XOAUTH2", "OAUTHBEARER"])
		test(mechanism, async () => {
			await delivers({ mechanism, token });
			assert.match(provider.postfix.log(), new RegExp(`sasl_method=${mechanism}, sasl_username=${account.user}`));
		});

	for (const mechanism of ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"])
		test(`${mechanism} refused: told why, and not tried again`, async () => {
			const secret = /OAUTH/.test(mechanism) ? { token: "stolen" } : { password: "wrong" };
			const { outcome, dialogue } = await provider.send({ mechanism, ...secret });
			assert.equal(outcome.exitCode, 69);
			assert.deepEqual([outcome.failure?.kind, outcome.failure?.code], ["authentication", 535]);
			assert.equal(dialogue.filter((line) => line.startsWith("C: AUTH")).length, 1);
			assert.ok(!dialogue.some((line) => line.startsWith("C: MAIL")));
		});

	test("none: the server refuses the recipient", async () => {
		const { outcome } = await provider.send({ user: undefined, password: undefined } as unknown as Call);
		assert.equal(outcome.exitCode, 69);
		assert.deepEqual([outcome.failure?.phase, outcome.failure?.code], ["RCPT", 554]);
	});
});

const ways: Record<string, Call> = {
	"CHUNKING and PIPELINING": { chunking: true },
	"PIPELINING without CHUNKING": { chunking: false },
	"neither PIPELINING nor CHUNKING": { pipelining: false, chunking: false },
};

for (const [way, call] of Object.entries(ways))
	suite(way, { skip }, () => {
		for (const bytes of [300, 20_000, 1_000_000])
			test(`${bytes} bytes`, async () => {
				const dialogue = await delivers(call, bytes);
				const commands = dialogue.map((line) => line.slice(0, 7)).join("\n");
				assert.equal(/^C: BDAT/m.test(commands), call.chunking !== false);
				assert.equal(/^C: DATA/m.test(commands), call.chunking === false);
				assert.equal(/^C: MAIL\nC: RCPT/m.test(commands), call.pipelining !== false);
			});

		test("one of three recipients is refused", async () => {
			const to = ["bob@example.org", "nobody@example.org", "carol@example.org"];
			const { outcome } = await provider.send({ ...call, to });
			assert.equal(outcome.exitCode, 3);
			assert.deepEqual(outcome.accepted, ["bob@example.org", "carol@example.org"]);
			const [refusal] = outcome.rejected;
			assert.deepEqual(
				[outcome.rejected.length, refusal?.address, refusal?.code, refusal?.enhanced],
				[1, "nobody@example.org", 550, "5.1.1"],
			);
			const delivered = await provider.sink.take(({ to }) => to.length === 2);
			assert.deepEqual(delivered.to.sort(), outcome.accepted);
		});

		test("all recipients are refused", async () => {
			const { outcome } = await provider.send({ ...call, to: ["nobody@example.org", "nobodyelse@example.org"] });
			assert.equal(outcome.exitCode, 69);
			assert.deepEqual([outcome.failure?.phase, outcome.failure?.code], ["RCPT", 550]);
			assert.equal(outcome.rejected.length, 2);
		});

		test("too big, and its size not known in advance", async () => {
			const { outcome } = await provider.send({ ...call, input: awkwardMessage(SIZE_LIMIT + 100_000, "big") });
			assert.equal(outcome.exitCode, 69);
			assert.deepEqual([outcome.failure?.kind, outcome.failure?.code], ["refused", 552]);
		});
	});

test("too big, and its size known: the server is not bothered", { skip }, async () => {
	const input = awkwardMessage(SIZE_LIMIT + 1, "big");
	const { outcome, dialogue } = await provider.send({ input, size: input.length });
	assert.equal(outcome.exitCode, 69);
	assert.equal(outcome.failure?.kind, "unsupported");
	assert.match(outcome.failure?.text ?? "", new RegExp(`${SIZE_LIMIT}`));
	assert.ok(!dialogue.some((line) => line.startsWith("C: MAIL")));
});

suite("SMTPUTF8", { skip }, () => {
	test("a recipient whose name is not ASCII", async () => {
		const dialogue = await delivers({ to: ["jőhn@example.org"], utf8: true });
		assert.ok(dialogue.some((line) => /^C: MAIL .* SMTPUTF8/.test(line)));
	});

	test("without it nothing is sent", async () => {
		const { outcome, dialogue } = await provider.send({ to: ["jőhn@example.org"] });
		assert.equal(outcome.exitCode, 64);
		assert.deepEqual(dialogue, []);
	});
});

test("DSN: a report of the delivery, with the envelope's name", { skip }, async () => {
	const dsn = { notify: ["success" as const], return: "headers" as const, envelopeId: "alert 42+1" };
	await delivers({ dsn });
	const { from, to, raw } = await provider.sink.take(({ from }) => from === "");
	assert.deepEqual([from, to], ["", ["ada@example.org"]]);
	const report = raw.toString();
	assert.match(report, /^Original-Envelope-Id: alert 42\+1\r$/m);
	assert.match(report, /^Action: (delivered|relayed)\r$/m);
	assert.match(report, /^Content-Type: text\/rfc822-headers/m);
});

suite("VRFY", { skip }, () => {
	for (const [address, code, exitCode] of [
		["bob@example.org", 252, 0],
		["nobody@example.org", 550, 69],
	] as const)
		test(`${address}: ${code}`, async () => {
			const { outcome, dialogue } = await provider.send({ verify: address, to: [] });
			assert.deepEqual([outcome.verification?.code, outcome.exitCode], [code, exitCode]);
			assert.ok(!dialogue.some((line) => line.startsWith("C: MAIL")));
		});
});
