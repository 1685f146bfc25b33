import { deepEqual, equal, ok, rejects, test, throws } from "harness";
import { compose } from "mail/compose";
import { EmailMessage, type EmailOptions } from "mail/email-message";
import { MailError } from "mail/error";
import { ResentMessage } from "mail/resent-message";
import { type SMTP, SMTPNotSupportedError, SMTPSenderRefused } from "smtp/smtplib";
import { dialogue, failing, hello, utf8 } from "./talk";

const DATE = 1_772_366_400_000;

const letter = (options: Partial<EmailOptions> = {}): EmailMessage =>
	new EmailMessage({
		from: "foo@bar.com",
		to: "john@example.org",
		subject: "Test",
		text: "A test message\n",
		...options,
	});

/** MAIL, and RCPT for each, accepted. */
const envelope = (from: string, ...to: string[]): string =>
	`C: MAIL FROM:<${from}>\nS: 250 ok\n${to.map((address) => `C: RCPT TO:<${address}>\nS: 250 ok\n`).join("")}`;

/** DATA, the header of `letter` and its text, accepted. */
const content = (...fields: string[]): string => `
	C: DATA
	S: 354 go
	${fields.map((field) => `C: ${field}`).join("\n")}
	C: Subject: Test
	C: MIME-Version: 1.0
	C: Content-Type: text/plain; charset=utf-8
	C: Content-Transfer-Encoding: 7bit
	C: ${""}
	C: A test message
	C: .
	S: 250 ok
`;

const accepted = async (call: Promise<Map<string, unknown>>): Promise<void> => deepEqual([...(await call)], []);

test("case 117: addresses beyond ASCII and a server without SMTPUTF8: an error, and nothing sent", () =>
	dialogue(hello("8BITMIME"), async (smtp) => {
		for (const message of [
			letter({ from: "főo@bar.com" }),
			letter({ to: "főo@bar.com" }),
			letter({ bcc: "főo@bar.com" }),
			letter({ replyTo: "főo@bar.com" }),
			new ResentMessage({ from: "főo@bar.com", to: "john@example.org", date: DATE }, letter()),
		])
			await rejects(smtp.send_message(message), SMTPNotSupportedError);
		await rejects(smtp.send_message(letter(), "főo@bar.com"), SMTPNotSupportedError);
		await rejects(
			smtp.send_message(letter(), "foo@bar.com", ["john@example.org", "sálly@example.org"]),
			SMTPNotSupportedError,
		);
	}));

test("case 120: send_message adds SMTPUTF8 and BODY=8BITMIME where the addresses take it; the caller's list stays as it is", () => {
	const name = utf8("főo");
	const script =
		`${hello("8BITMIME", "SMTPUTF8", "DELIVERBY")}C: MAIL FROM:<${name}@bar.com> BODY=8BITMIME SMTPUTF8 BY=120;R\n` +
		`S: 250 ok\nC: RCPT TO:<john@example.org>\nS: 250 ok\n${content(`From: =?UTF-8?Q?F=C5=91o?= <${name}@bar.com>`, "To: john@example.org")}`;
	return dialogue(script, async (smtp) => {
		const options = ["BY=120;R"];
		await accepted(smtp.send_message(letter({ from: "Főo <főo@bar.com>" }), undefined, undefined, options));
		deepEqual(options, ["BY=120;R"]);
	});
});

test("case 122: explicit from and to", () =>
	dialogue(
		hello("HELP") +
			envelope("john@example.org", "sally@example.org") +
			content("From: foo@bar.com", "To: john@example.org"),
		(smtp) => accepted(smtp.send_message(letter(), "john@example.org", "sally@example.org")),
	));

const EVERYONE = Object.freeze({
	to: "john@example.org",
	cc: ["sally@example.org", "Fred <fred@example.org>"],
	bcc: ["John Root <root@localhost>", "warped@silly.walks.com"],
});

test("case 123: To, Cc and Bcc get it, Bcc is not in it; the message keeps it and can be sent again", () => {
	const once =
		envelope(
			"foo@bar.com",
			"john@example.org",
			"sally@example.org",
			"fred@example.org",
			"root@localhost",
			"warped@silly.walks.com",
		) + content("From: foo@bar.com", "To: john@example.org", "Cc: sally@example.org, Fred <fred@example.org>");
	return dialogue(hello("HELP") + once + once, async (smtp) => {
		const message = letter(EVERYONE);
		await accepted(smtp.send_message(message));
		await accepted(smtp.send_message(message));
	});
});

test("case 124: only To", () =>
	dialogue(
		hello("HELP") +
			envelope("foo@bar.com", "john@example.org", "dinsdale@example.org") +
			content("From: foo@bar.com", "To: john@example.org, dinsdale@example.org"),
		(smtp) => accepted(smtp.send_message(letter({ to: ["john@example.org", "dinsdale@example.org"] }))),
	));

test("case 125: explicit arguments go before the header's addresses", () =>
	dialogue(
		hello("HELP") +
			envelope("joe@example.com", "foo@example.net") +
			content("From: foo@bar.com", "To: john@example.org", "Cc: sally@example.org, Fred <fred@example.org>"),
		(smtp) => accepted(smtp.send_message(letter(EVERYONE), "joe@example.com", ["foo@example.net"])),
	));

test("case 126: Sender goes before From", () =>
	dialogue(
		hello("HELP") +
			envelope("the_rescuers@Rescue-Aid-Society.com", "john@example.org") +
			content(
				"From: bernard@example.org, bianca@example.org",
				"Sender: the_rescuers@Rescue-Aid-Society.com",
				"To: john@example.org",
			),
		(smtp) =>
			accepted(
				smtp.send_message(
					letter({
						from: ["bernard@example.org", "bianca@example.org"],
						sender: "the_rescuers@Rescue-Aid-Society.com",
					}),
				),
			),
	));

/** Sent on by one of two, to three of which one is not named. */
const RESENDING = Object.freeze({
	from: ["Holy Grail <holy@grail.net>", "Martha <my_mom@great.cooker.com>"],
	sender: "Me <me@example.org>",
	to: "Jeff <jeff@example.org>",
	cc: "doe@losthope.net",
	bcc: "secret@example.org",
	date: DATE,
	messageId: "2@example.org",
});

const RESENT = [
	"Resent-Date: Sun, 01 Mar 2026 12:00:00 +0000",
	"Resent-From: Holy Grail <holy@grail.net>, Martha <my_mom@great.cooker.com>",
	"Resent-Sender: Me <me@example.org>",
	"Resent-To: Jeff <jeff@example.org>",
	"Resent-Cc: doe@losthope.net",
	"Resent-Message-ID: <2@example.org>",
	"From: foo@bar.com",
	"To: john@example.org",
	"Cc: sally@example.org, Fred <fred@example.org>",
];

test("case 127: what is resent goes to those of its Resent fields alone; Resent-Bcc is not in it", () => {
	const { sender: _, ...withoutSender } = RESENDING;
	return dialogue(
		hello("HELP") +
			envelope("me@example.org", "jeff@example.org", "doe@losthope.net", "secret@example.org") +
			content(...RESENT) +
			envelope("holy@grail.net", "jeff@example.org", "doe@losthope.net", "secret@example.org") +
			content(...RESENT.filter((field) => !field.startsWith("Resent-Sender"))) +
			envelope("joe@example.com", "foo@example.net") +
			content(...RESENT),
		async (smtp) => {
			const message = letter(EVERYONE);
			const resent = new ResentMessage(RESENDING, message);
			await accepted(smtp.send_message(resent));
			await accepted(smtp.send_message(new ResentMessage(withoutSender, message)));
			await accepted(smtp.send_message(resent, "joe@example.com", ["foo@example.net"]));
		},
	);
});

test("case 128: two blocks of Resent fields: an error, and nothing sent", () =>
	dialogue(hello("HELP"), async (smtp) => {
		await smtp.ehlo();
		throws(() => new ResentMessage(RESENDING, new ResentMessage(RESENDING, letter())), MailError);
		const field = ["Resent-To", "Jeff <jeff@example.org>"] as const;
		const disguised = new ResentMessage(RESENDING, letter({ headers: [field] }));
		equal((await rejects(smtp.send_message(disguised), MailError)).field, "Resent-To");
	}));

test("case 129: display names are in the header, not in the envelope", () =>
	dialogue(
		hello("HELP") +
			envelope("michael@example.com", "rene@example.com") +
			content("From: =?UTF-8?Q?Micha=C3=ABl?= <michael@example.com>", "To: =?UTF-8?B?UmVuw6k=?= <rene@example.com>"),
		(smtp) =>
			accepted(
				smtp.send_message(
					letter({
						from: "Michaël <michael@example.com>",
						to: { name: "René", address: "rene@example.com" },
					}),
				),
			),
	));

test("what is 8bit goes so where that is offered, and otherwise in another encoding", async () => {
	const message = letter({ subject: undefined, text: "süß\n" });
	const body = (encoding: string, text: string) =>
		`C: DATA\nS: 354 go\nC: From: foo@bar.com\nC: To: john@example.org\nC: MIME-Version: 1.0
		C: Content-Type: text/plain; charset=utf-8\nC: Content-Transfer-Encoding: ${encoding}\nC: \nC: ${text}\nC: .\nS: 250 ok`;
	const send = (smtp: SMTP) => accepted(smtp.send_message(message));
	const [from, to] = ["C: MAIL FROM:<foo@bar.com>", "\nS: 250 ok\nC: RCPT TO:<john@example.org>\nS: 250 ok\n"];
	await dialogue(`${hello("8BITMIME")}${from} BODY=8BITMIME${to}${body("8bit", utf8("süß"))}`, send);
	await dialogue(`${hello("HELP")}${from}${to}${body("base64", "c8O8w58NCg==")}`, send);
});

test("a content that was made 8bit is not sent to a server that does not take it", () =>
	dialogue(hello("HELP"), async (smtp) => {
		const content = compose({ text: "süß\n", html: "<p>süß</p>\n", eightBit: true });
		await rejects(smtp.send_message(letter({ text: undefined, content })), SMTPNotSupportedError);
	}));

test("a message that cannot be rendered: its own error, nothing sent, and the connection can be used", () =>
	dialogue(
		`${hello("HELP")}${envelope("foo@bar.com", "john@example.org")}${content("From: foo@bar.com", "To: john@example.org")}`,
		async (smtp) => {
			const injecting = letter({ subject: "a\r\nBcc: eve@example.org" });
			equal((await rejects(smtp.send_message(injecting), MailError)).field, "Subject");
			await accepted(smtp.send_message(letter()));
		},
	));

test("a size that is known is said, and checked", async () => {
	const script = `${hello("SIZE 100")}`;
	await dialogue(script, (smtp) => rejects(smtp.send_message(letter()), SMTPNotSupportedError));
});

test("a refusal is sendmail's", async () => {
	const script = `${hello("HELP")}C: MAIL FROM:<foo@bar.com>\nS: 550 no\nC: RSET\nS: 250 ok`;
	const error = await failing(SMTPSenderRefused, script, (smtp) => smtp.send_message(letter()));
	equal(error.sender, "foo@bar.com");
	ok(error.smtp_code === 550);
});
