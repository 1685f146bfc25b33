/** Who a mail of `./build.sh send` is from and to, with and without a configured account. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Given, UsageError } from "../../commands/options.js";
import { Files } from "../../commands/send/files.js";
import { readMessage } from "../../commands/send/message.js";
import type { Name } from "../../commands/send/options.js";

/** The envelope and the fields of a mail by options, with what is configured. */
async function addressed(options: Partial<Record<Name, string[]>>, configured: { from?: string; to?: string[] } = {}) {
	const given: Given<Name> = {
		value: (name) => options[name]?.at(-1),
		values: (name) => options[name] ?? [],
		flag: (name) => options[name] !== undefined,
		arguments: [],
	};
	const { from, to, mail } = await readMessage(given, configured, new Files(), async () => Buffer.alloc(0));
	return { envelope: [from, ...to], to: mail.to, cc: mail.cc, id: mail.messageId.replace(/^.*@/, "") };
}

const account = { from: "me@example.org", to: ["you@example.net"] };

test("what is not given is taken from the account", async () => {
	const expected = {
		envelope: ["me@example.org", "you@example.net"],
		to: account.to,
		cc: undefined,
		id: "example.org",
	};
	assert.deepEqual(await addressed({}, account), expected);
	const envelope = ["me@example.org", "you@example.net", "c@example.org"];
	assert.deepEqual(await addressed({ cc: ["c@example.org"] }, account), {
		...expected,
		envelope,
		cc: ["c@example.org"],
	});
	const other = await addressed({ to: ["b@example.org"] }, account);
	assert.deepEqual(other.envelope, ["me@example.org", "b@example.org"]);
});

test("without an account there must be someone to get it", async () => {
	const from = ["Ada <ada@example.org>"];
	await assert.rejects(addressed({ from }), new UsageError("--to is missing."));
	await assert.rejects(addressed({ to: ["b@example.org"] }), new UsageError("--from is missing."));
	for (const name of ["cc", "bcc"] as const) {
		const { envelope, to, id } = await addressed({ from, [name]: ["b@example.org"] });
		assert.deepEqual([envelope, to, id], [[...from, "b@example.org"], undefined, "example.org"]);
	}
	assert.deepEqual((await addressed({ verify: ["b@example.org"] })).envelope, [""]);
});

test("an address is once in the envelope, wherever it is named", async () => {
	const lists = {
		to: ["B <b@example.org>", "b@example.org, c@example.org"],
		bcc: ["C <c@example.org>", "d@example.org"],
	};
	const { envelope, to } = await addressed({ ...lists, from: ["a@example.org"] });
	assert.deepEqual(envelope, ["a@example.org", "B <b@example.org>", "c@example.org", "d@example.org"]);
	assert.deepEqual(to, ["B <b@example.org>", "b@example.org", "c@example.org"]);
});

test("commas in quoted names part nothing, all others do", async () => {
	const to = ['a@example.org, "Last, \\"First\\"" <b@example.org>,C <c@example.org>'];
	const { envelope } = await addressed({ to, from: ["me@example.org"] });
	assert.deepEqual(envelope, [
		"me@example.org",
		"a@example.org",
		'"Last, \\"First\\"" <b@example.org>',
		"C <c@example.org>",
	]);
});

test("C1: a Message-ID is ASCII, whatever the sender's domain is", async () => {
	for (const [from, id] of [
		["info@bücher.example", "xn--bcher-kva.example"],
		["Bücher <info@bücher.example>", "xn--bcher-kva.example"],
		["例え <info@例え.テスト>", "xn--r8jz45g.xn--zckzah"],
		["info@xn--bcher-kva.example", "xn--bcher-kva.example"],
		['"a@b"@MÜNCHEN.example', "xn--mnchen-3ya.example"],
	] as const)
		assert.equal((await addressed({ from: [from], to: ["b@example.org"], smtputf8: [] })).id, id);
});

test("C1: without --smtputf8 the address that every server takes is told", async () => {
	const to = ["Bücher <info@bücher.example>"];
	await assert.rejects(
		addressed({ to }, account),
		/give --smtputf8.*; or give info@xn--bcher-kva\.example, which all take/,
	);
	await assert.rejects(addressed({ to: ["ü@example.org"] }, account), /take such addresses\.$/);
});
