import { deepEqual, equal, test } from "harness";
import { LMTP, LMTP_PORT, SMTPHeloError, SMTPRecipientsRefused } from "smtp/smtplib";
import { dialogue, failing, hello } from "./talk";

const lmtp = { Class: LMTP } as const;
const HELLO = hello("HELP").replace("EHLO", "LHLO");

test("case 130: LHLO", () =>
	dialogue(
		HELLO,
		async (smtp) => {
			deepEqual(await smtp.ehlo(), [250, "mx\nHELP"]);
			deepEqual([smtp.has_extn("help"), smtp.default_port], [true, LMTP_PORT]);
		},
		lmtp,
	));

const envelope = (...answers: [recipient: string, reply: string][]) =>
	`${HELLO}C: MAIL FROM:<John>\nS: 250 ok\n${answers.map(([to, reply]) => `C: RCPT TO:<${to}>\nS: ${reply}`).join("\n")}
	C: DATA
	S: 354 go
	C: x
	C: .\n`;

test("case 131: a reply for each recipient, where smtplib reads one", async () => {
	const both = envelope(["a", "250 ok"], ["b", "250 ok"]);
	await dialogue(
		`${both}S: 250 ok\nS: 452 4.2.2 mailbox full\nC: NOOP\nS: 250 in step`,
		async (smtp) => {
			deepEqual([...(await smtp.sendmail("John", ["a", "b"], "x"))], [["b", [452, "4.2.2 mailbox full"]]]);
			deepEqual(await smtp.noop(), [250, "in step"]);
		},
		lmtp,
	);
	await dialogue(
		`${envelope(["a", "250 ok"], ["b", "550 who"], ["c", "250 ok"])}S: 452 full\nS: 250 ok`,
		async (smtp) =>
			deepEqual(
				[...(await smtp.sendmail("John", ["a", "b", "c"], "x"))],
				[
					["b", [550, "who"]],
					["a", [452, "full"]],
				],
			),
		lmtp,
	);
	const error = await failing(
		SMTPRecipientsRefused,
		`${both}S: 552 too big\nS: 452 full\nC: RSET\nS: 250 ok`,
		(smtp) => smtp.sendmail("John", ["a", "b"], "x"),
		lmtp,
	);
	deepEqual(
		[[...error.recipients], error.temporary],
		[
			[
				["a", [552, "too big"]],
				["b", [452, "full"]],
			],
			true,
		],
	);
});

test("case 132: LHLO refused: no HELO, which LMTP does not know", async () => {
	const error = await failing(
		SMTPHeloError,
		"S: 220 x\nC: LHLO me\nS: 500 what",
		(smtp) => smtp.ehlo_or_helo_if_needed(),
		lmtp,
	);
	equal(error.smtp_code, 500);
});

test("data waits for all replies and gives the first refusal", () =>
	dialogue(
		`${envelope(["a", "250 ok"], ["b", "550 who"], ["c", "251 ok"])}S: 250 ok\nS: 452 full\nC: NOOP\nS: 250 in step`,
		async (smtp) => {
			await smtp.ehlo();
			await smtp.mail("John");
			for (const recipient of ["a", "b", "c"]) await smtp.rcpt(recipient);
			deepEqual(await smtp.data("x"), [452, "full"]);
			deepEqual(await smtp.noop(), [250, "in step"]);
		},
		lmtp,
	));

test("A9, B10: who has been told 250 has the mail, and a refusal is told, though the connection is lost then", async () => {
	const both = envelope(["a", "250 ok"], ["b", "250 ok"]);
	await dialogue(
		`${both}S: 250 ok\n(close)`,
		async (smtp) => {
			const refused = await smtp.sendmail("John", ["a", "b"], "x");
			deepEqual([...refused], [["b", [451, "4.4.2 no reply came for this recipient"]]]);
			equal(smtp.connected, false);
		},
		lmtp,
	);
	const error = await failing(
		SMTPRecipientsRefused,
		`${both}S: 552 5.3.4 too big\n(close)`,
		(smtp) => smtp.sendmail("John", ["a", "b"], "x"),
		lmtp,
	);
	deepEqual([error.code, error.temporary], [552, true]);
});
