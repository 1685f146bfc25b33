import { deepEqual, equal, ok, test } from "harness";
import type { MessageOptions } from "mail/message";
import { TextPart } from "mail/text";
import { BUFFERS, bodyOf, field, isCanonical, message, readAll, refusedField, render } from "./rendering";

const everything: Partial<MessageOptions> = {
	from: "Wächter im Café <alerts@example.org>",
	sender: "board@example.org",
	replyTo: { name: "Desk", address: "desk@example.org" },
	to: ["ada@example.org", { name: 'Doe, "J"', address: "j.doe@example.org" }],
	cc: { group: "Team", members: ["x@example.org", "Zoë <zoe@example.org>"] },
	bcc: "secret@example.org",
	subject: "Wasser im Keller: 12 cm, 警报 水位过高 👩‍👩‍👧, and more text that goes over the end of the line",
	date: 1_772_366_400_000,
	messageId: "7.42.5ccf7f012345@example.org",
	inReplyTo: "6.42@example.org",
	references: ["5.42@example.org", "6.42@example.org"],
	priority: "high",
	headers: [["X-Board", "cellar"]],
	text: "Line one\nLinie zwei äöü\r\n.dot\rtrailing \nlast = 5",
};

test("a message has its fields in order, then its text", () => {
	const options = { ...everything, from: "a@example.org", cc: undefined, subject: "Water", text: "Water at 12 cm.\n" };
	equal(
		render(options),
		[
			"From: a@example.org",
			"Sender: board@example.org",
			"Reply-To: Desk <desk@example.org>",
			'To: ada@example.org, "Doe, \\"J\\"" <j.doe@example.org>',
			"Subject: Water",
			"Date: Sun, 01 Mar 2026 12:00:00 +0000",
			"Message-ID: <7.42.5ccf7f012345@example.org>",
			"In-Reply-To: <6.42@example.org>",
			"References: <5.42@example.org> <6.42@example.org>",
			"Importance: high",
			"X-Priority: 1",
			"X-Board: cellar",
			"MIME-Version: 1.0",
			"Content-Type: text/plain; charset=utf-8",
			"Content-Transfer-Encoding: 7bit",
			"",
			"Water at 12 cm.",
			"",
		].join("\r\n"),
	);
});

test("a buffer of any size gives the same bytes", () => {
	const whole = readAll(message(everything), 8192);
	for (const size of BUFFERS) equal(readAll(message(everything), size), whole);
});

test("after a reset, in the middle or at the end, it gives the same bytes again", () => {
	const source = message(everything);
	const whole = readAll(source);
	source.reset();
	equal(readAll(source, 100), whole);
	for (const part of [1, 79, 300, 700]) {
		source.reset();
		source.read(new Uint8Array(part));
		source.read(new Uint8Array(part));
		source.reset();
		equal(readAll(source, 256), whole);
	}
});

test("an empty buffer takes nothing, and the end stays the end", () => {
	const source = message();
	equal(source.read(new Uint8Array(0)), 0);
	ok(readAll(source).length);
	equal(source.read(new Uint8Array(10)), 0);
	equal(source.read(new Uint8Array(100)), 0);
});

test("what it says of itself is true: every line ends in CRLF and none begins with a dot", () => {
	ok(message().canonical);
	for (const text of [
		"",
		"\n",
		".",
		"..\n",
		"a\n.\nb",
		"\r\r\n\n\r",
		"a\r",
		".\r\n.\r\n",
		"x".repeat(2000),
		"é\n.\n",
		"水\n.\n",
	])
		ok(isCanonical(render({ ...everything, text })), text);
});

test("that is so for any text, in any part, read in any way", () => {
	const characters = [".", "\r", "\n", "\r\n", "a", " ", "\t", "é", "水", "=", "-", "\n.", "\r.", "--=_1_"];
	let state = 1;
	const upTo = (limit: number) => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return Math.floor(state / 65_536) % limit;
	};
	for (let round = 0; round < 400; round++) {
		const few = characters.slice(0, 2 + upTo(characters.length - 1));
		let text = "";
		for (let length = upTo(60); length; length--) text += few[upTo(few.length)];
		const source = message({
			text,
			eightBit: round % 3 === 0,
			subject: text.replaceAll("\r", "").replaceAll("\n", ""),
		});
		ok(isCanonical(readAll(source, 80 + upTo(200))), JSON.stringify(text));
	}
});

test("a source that says something else the second time cannot end the mail", () => {
	let reads = 0;
	const source = {
		read(buffer: Uint8Array) {
			reads += 1;
			if (reads % 2 === 0) return 0;
			buffer.set(new Uint8Array(ArrayBuffer.fromString(reads === 1 ? "a\nb\n" : "a\n.\n")));
			return 4;
		},
		reset() {},
	};
	const whole = message({ content: new TextPart(source) });
	equal(
		refusedField(() => readAll(whole)),
		"text",
	);
});

test("an empty list is a field that is not there; somebody must have written the message", () => {
	const text = render({ replyTo: [], to: [], cc: [], inReplyTo: [], references: [] });
	equal(text.slice(0, 40), "From: ada@example.org\r\nMIME-Version: 1.0");
	equal(
		refusedField(() => message({ from: [] })),
		"From",
	);
	equal(
		refusedField(() => message({ from: [], sender: "ada@example.org" })),
		"From",
	);
	equal(field("To", render({ to: { group: "undisclosed-recipients", members: [] } })), "undisclosed-recipients:;");
});

test("Bcc is never rendered", () => {
	ok(!render(everything).includes("secret"));
});

test("without a clock there is no Date", () => {
	equal(field("Date", render({ date: undefined })), undefined);
});

test("dates from 1970 to 9999", () => {
	const date = (milliseconds: number) => field("Date", render({ date: milliseconds }));
	equal(date(0), "Thu, 01 Jan 1970 00:00:00 +0000");
	equal(date(951_782_400_000), "Tue, 29 Feb 2000 00:00:00 +0000");
	equal(date(1_709_251_199_999), "Thu, 29 Feb 2024 23:59:59 +0000");
	equal(date(4_107_542_400_000), "Mon, 01 Mar 2100 00:00:00 +0000");
	equal(date(253_402_300_799_000), "Fri, 31 Dec 9999 23:59:59 +0000");
	equal(field("Date", render({ date: new Date(1_772_366_400_000) })), "Sun, 01 Mar 2026 12:00:00 +0000");
	for (const wrong of [-1, NaN, Infinity, 253_402_300_800_000])
		equal(
			refusedField(() => message({ date: wrong })),
			"Date",
		);
});

test("a date is what the engine's own says, whatever the day", () => {
	const names = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (let day = 0; day < 60_000; day += 211) {
		const instant = new Date(day * 86_400_000 + 3_723_000);
		const [, dayOfMonth, month, year, time] = field("Date", render({ date: instant }))!.split(" ");
		const pair = (n: number) => `${n < 10 ? "0" : ""}${n}`;
		deepEqual(
			[dayOfMonth, month, year, time],
			[
				pair(instant.getUTCDate()),
				names.slice(instant.getUTCMonth() * 3, instant.getUTCMonth() * 3 + 3),
				`${instant.getUTCFullYear()}`,
				"01:02:03",
			],
		);
	}
});

test("no field lets a line end or another control character in", () => {
	for (const bad of ["a\r\nBcc: x@example.org", "a\n", "a\r", "a\0b", "a\x1bb"]) {
		equal(
			refusedField(() => message({ subject: bad })),
			"Subject",
		);
		equal(
			refusedField(() => message({ headers: [["X-Own", bad]] })),
			"X-Own",
		);
		equal(
			refusedField(() => message({ headers: [[bad, "value"]] })),
			bad,
		);
		equal(
			refusedField(() => message({ messageId: `${bad}@example.org` })),
			"Message-ID",
		);
		equal(
			refusedField(() => message({ inReplyTo: bad })),
			"In-Reply-To",
		);
		equal(
			refusedField(() => message({ references: ["a@b", bad] })),
			"References",
		);
		equal(
			refusedField(() => message({ from: bad })),
			"From",
		);
		equal(
			refusedField(() => message({ from: `${bad} <a@example.org>` })),
			"From",
		);
		equal(
			refusedField(() => message({ to: ["b@example.org", { name: bad, address: "a@example.org" }] })),
			"To",
		);
		equal(
			refusedField(() => message({ cc: { address: `${bad}@example.org` } })),
			"Cc",
		);
		equal(
			refusedField(() => message({ replyTo: { group: bad, members: [] } })),
			"Reply-To",
		);
		equal(
			refusedField(() => message({ sender: { group: "g", members: [bad] } as never })),
			"Sender",
		);
		equal(
			refusedField(() => message({ priority: bad as "high" })),
			"Importance",
		);
	}
});

test("characters that end in CR or LF when they are cut to a byte are harmless", () => {
	const subject = "\u760d\u760a";
	equal(field("Subject", render({ subject })), "=?UTF-8?B?55iN55iK?=");
	equal(
		refusedField(() => message({ to: "a\u760d\u760ab@example.org" })),
		"To",
	);
});

test("fields of one's own are neither the composer's nor without a name", () => {
	for (const name of [
		"From",
		"bcc",
		"BCC",
		"Resent-Bcc",
		"resent-to",
		".X",
		"Content-Type",
		"MIME-Version",
		"",
		"X:Y",
		"X Y",
		"Ä",
		"x".repeat(61),
	])
		equal(
			refusedField(() => message({ headers: [[name, "v"]] })),
			name,
		);
	equal(field("x-y", render({ headers: [["x-y", ""]] })), "");
});

test("identifiers are atoms around one @, a literal after it too", () => {
	equal(field("Message-ID", render({ messageId: "1.2@[192.0.2.1]" })), "<1.2@[192.0.2.1]>");
	for (const wrong of ["", "a", "@b", "a@", "a@b@c", "a b@c", "<a@b>", "é@b", `a@${"b".repeat(250)}`])
		equal(
			refusedField(() => message({ messageId: wrong })),
			"Message-ID",
		);
});

test("progress is told after every read", () => {
	const steps: number[] = [];
	const source = message({ text: "x".repeat(70), onProgress: (bytes) => steps.push(bytes) });
	const length = readAll(source, 100).length;
	equal(steps.at(-1), length);
	ok(steps.every((bytes, i) => !i || bytes >= steps[i - 1]!));
});

test("a text without anything in it has a line end or none", () => {
	equal(bodyOf(render({ text: "" })), "");
	equal(bodyOf(render({ text: "\n" })), "\r\n");
	equal(bodyOf(render({ text: "a" })), "a\r\n");
});

test("C4: a structured field of one's own is folded or left, never encoded (RFC 2047, 5 (3))", () => {
	const own = (name: string, value: string) => {
		const headers = [[name, value]] as const;
		const text = render({ headers });
		for (const size of BUFFERS) equal(readAll(message({ headers }), size), text);
		ok(isCanonical(text), text);
		for (const line of text.split("\r\n")) ok(line === "" || line.trim() !== "", "a line of spaces alone");
		return field(name, text);
	};
	const url = (length: number) => `<https://example.org/${"u".repeat(length - 22)}>`;
	equal(own("List-Unsubscribe", url(950)), url(950));
	equal(own("list-unsubscribe", url(980)), url(980));
	equal(own("List-Unsubscribe", url(997)), `\r\n ${url(997)}`);
	equal(own("List-Unsubscribe", `<mailto:a@b>, ${url(997)}`), `<mailto:a@b>,\r\n ${url(997)}`);
	equal(own("List-Unsubscribe", `<mailto:a@b>,  ${url(996)}`), `<mailto:a@b>,\r\n  ${url(996)}`);
	equal(own("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), "List-Unsubscribe=One-Click");
	for (const name of [
		...[
			"Auto-Submitted",
			"Archived-At",
			"Authentication-Results",
			"ARC-Seal",
			"DKIM-Signature",
			"Received",
			"Return-Path",
		],
		...[
			"Disposition-Notification-To",
			"Errors-To",
			"Mail-Followup-To",
			"Feedback-ID",
			"Content-Location",
			"Original-From",
		],
		...["List-Id", "List-Help", "Autocrypt", "Delivered-To", "Supersedes", "Precedence", "Expires", "TLS-Required"],
	]) {
		equal(own(name, `a ${url(960)}`), `a\r\n ${url(960)}`, name);
		equal(own(name, "=?utf-8?q?=C3=BC?= <a@b>"), "=?utf-8?q?=C3=BC?= <a@b>", name);
		equal(
			refusedField(() => own(name, "<https://bücher.example>")),
			name,
		);
		equal(
			refusedField(() => own(name, url(998))),
			name,
		);
	}
	equal(own("List-Id", "Bücher von Ada <books.example.org>"), "=?UTF-8?Q?B=C3=BCcher?= von Ada <books.example.org>");
	equal(
		own("Disposition-Notification-To", `Jürgen Müller <${"x".repeat(64)}@example.org>`),
		`=?UTF-8?B?SsO8cmdlbiBNw7xsbGVy?=\r\n <${"x".repeat(64)}@example.org>`,
	);
	equal(
		refusedField(() => own("Disposition-Notification-To", '"Jürgen" <a@b>')),
		"Disposition-Notification-To",
	);
	equal(own("Feedback-ID", "a  b"), "a  b");
	// free text is encoded as before
	ok(own("X-Note", url(950))!.includes("=?UTF-8?"));
	ok(own("Comments", url(950))!.includes("=?UTF-8?"));
	ok(own("Content-Description", "Grüße, Ada")!.includes("=?UTF-8?"));
});

test("C1: identifiers of others may have UTF-8 where that is agreed on, one's own is ASCII", () => {
	const options = { inReplyTo: "1@bücher.example", references: ["ü@b", "2@c"] };
	const text = render({ ...options, utf8: true });
	equal(field("In-Reply-To", text), "<1@b\xc3\xbccher.example>");
	equal(field("References", text), "<\xc3\xbc@b> <2@c>");
	equal(
		refusedField(() => message(options)),
		"In-Reply-To",
	);
	equal(
		refusedField(() => message({ messageId: "1@bücher.example", utf8: true })),
		"Message-ID",
	);
});
