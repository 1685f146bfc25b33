import { deepEqual, equal, ok, test } from "harness";
import { EmailMessage } from "mail/email-message";
import { type Resending, ResentMessage } from "mail/resent-message";
import { BUFFERS, isCanonical, readAll, refusedField } from "./rendering";

const original = new EmailMessage({
	from: "ada@example.org",
	to: "bob@example.org",
	bcc: "old-secret@example.org",
	subject: "Water",
	date: 1_772_362_800_000,
	text: "süß\n",
});

const everything: Resending = {
	from: ["Wächter im Café <guard@example.org>", "b@example.org"],
	sender: { name: "警报系统，地下室", address: "board@example.org" },
	to: Array.from({ length: 12 }, (_, i) => `A name of some length <reader${i}@example.org>`),
	cc: { group: "Team", members: ["x@example.org"] },
	bcc: "secret@example.org",
	date: 1_772_366_400_000,
	messageId: `7.${"y".repeat(150)}@example.org`,
};

const resent = (options: Partial<Resending> = {}): ResentMessage =>
	new ResentMessage({ from: "guard@example.org", to: "carl@example.org", date: 0, ...options }, original);

test("the Resent fields stand before the message, which stays as it was", () => {
	equal(
		readAll(resent().source()),
		"Resent-Date: Thu, 01 Jan 1970 00:00:00 +0000\r\nResent-From: guard@example.org\r\nResent-To: carl@example.org\r\n" +
			readAll(original.source()),
	);
	const whole = readAll(resent(everything).source());
	ok(whole.endsWith(`\r\n${readAll(original.source())}`));
	ok(whole.split("\r\n").every((line) => line.length <= 76 || line.includes("yyy")));
	equal(whole.indexOf("secret"), -1);
});

test("a buffer of any size gives the same bytes, also again after a reset", () => {
	const source = resent(everything).source();
	const whole = readAll(source, 8192);
	ok(source.canonical && isCanonical(whole));
	for (const size of BUFFERS) {
		source.reset();
		source.read(new Uint8Array(size));
		source.reset();
		equal(source.read(new Uint8Array(0)), 0);
		equal(readAll(source, size), whole);
		equal(source.read(new Uint8Array(size)), 0);
	}
});

test("an address of any length has its place behind any field's name", () => {
	for (let length = 40; length < 90; length++) {
		const address = `${"a".repeat(length - 12)}@example.org`;
		const lines = readAll(resent({ sender: address, to: [address, address] }).source()).split("\r\n");
		const from = lines.indexOf(`Resent-Sender: ${address}`);
		ok(from >= 0 || lines.includes(` ${address}`), `of ${length}`);
		ok(lines.includes(` ${address}`) || lines.includes(`Resent-To: ${address}, ${address}`), `of ${length}`);
	}
});

test("its size is that of all of it, or a close guess", () => {
	const source = resent(everything).source();
	const { length } = readAll(source);
	ok(source.size !== undefined && source.size >= length && source.size < length + 200, `${source.size} of ${length}`);
});

test("its envelope is that of the resending: the sender rather than who it is from; To, Cc and Bcc", () => {
	deepEqual(resent().envelope, { from: "guard@example.org", to: ["carl@example.org"] });
	const { from, to } = resent(everything).envelope;
	equal(from, "board@example.org");
	equal(to.length, 14);
	deepEqual(to.slice(12), ["x@example.org", "secret@example.org"]);
});

test("what it takes of a server is what its fields and the message take", () => {
	equal(resent().utf8, false);
	equal(resent({ to: "é@example.org" }).utf8, true);
	equal(new ResentMessage({ from: "a@b", date: 0 }, new EmailMessage({ from: "é@example.org" })).utf8, true);
	equal(resent().source(false, true).eightBit, true);
	equal(resent().source(false, false).eightBit, false);
	ok(readAll(resent({ to: "é@example.org" }).source()).includes("Resent-To: \xc3\xa9@example.org\r\n"));
});

test("it has a date, and one block", () => {
	equal(
		refusedField(() => resent({ date: undefined as never }).source()),
		"Resent-Date",
	);
	equal(
		refusedField(() => resent({ date: -1 }).source()),
		"Resent-Date",
	);
	equal(
		refusedField(() => new ResentMessage({ from: "a@b", date: 0 }, resent())),
		"Resent-Date",
	);
});

test("an empty list is a field that is not there; somebody must send it on", () => {
	equal(readAll(resent({ to: [], cc: [], bcc: "carl@example.org" }).source()).indexOf("Resent-To"), -1);
	equal(
		refusedField(() => resent({ from: [] }).source()),
		"Resent-From",
	);
});

test("no field lets a line end or another control character in", () => {
	for (const bad of ["a\r\nBcc: x@example.org", "a\n", "a\r", "a\0b", "a\x1bb"]) {
		const refused = (options: Partial<Resending>) => refusedField(() => resent(options).source());
		equal(refused({ from: bad }), "Resent-From");
		equal(refused({ from: `${bad} <a@example.org>` }), "Resent-From");
		equal(refused({ sender: { name: bad, address: "a@example.org" } }), "Resent-Sender");
		equal(refused({ to: ["b@example.org", { group: bad, members: [] }] }), "Resent-To");
		equal(refused({ cc: { address: `${bad}@example.org` } }), "Resent-Cc");
		equal(refused({ messageId: `${bad}@example.org` }), "Resent-Message-ID");
	}
});
