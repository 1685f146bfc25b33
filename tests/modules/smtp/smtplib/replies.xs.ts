import { deepEqual, equal, test } from "harness";
import { LINE_COUNT_LIMIT, LINE_LIMIT } from "smtp/reply";
import { type SMTP, SMTPHeloError, SMTPResponseException, SMTPServerDisconnected } from "smtp/smtplib";
import { dialogue, failing, talk } from "./talk";

const noop = (smtp: SMTP) => smtp.noop();

/** What a server says to NOOP, byte for byte; undefined for the end. */
const saying = (...answers: (string | undefined)[]) => ({
	hear(text: string, say: (answer: string | undefined) => void) {
		if (text.startsWith("NOOP")) for (const answer of answers) say(answer);
	},
});

const SCRIPT = "S: 220 x\nC: NOOP";

/** What a client makes of an answer to NOOP. */
const reply = (answer: string, fragment = 0) => dialogue(SCRIPT, noop, { ...saying(answer), fragment });

/** The error that an answer to NOOP ends with; the connection is closed. */
const fatal = (answer: string) =>
	failing(
		SMTPResponseException,
		SCRIPT,
		async (smtp) => {
			try {
				await smtp.noop();
			} finally {
				equal(smtp.connected, false);
			}
		},
		saying(answer),
	);

test("case 30: a line that is too long", async () => {
	const error = await fatal(`250 OK${".".repeat(16384)}\r\n`);
	deepEqual([error.smtp_code, error.kind], [500, "protocol"]);
});

const MANY = "250-a\r\n250-b \r\n250 c\r\n";

test("case 31: a reply of several lines", async () => {
	deepEqual(await reply(MANY), [250, "a\nb\nc"]);
});

test("case 32: the same, a byte at a time", async () => {
	for (const fragment of [1, 2, 3]) deepEqual(await reply(MANY, fragment), [250, "a\nb\nc"]);
});

test("case 33: garbage is fatal, where smtplib says -1 and reads on", async () => {
	equal((await fatal("garbage\r\n")).smtp_code, 500);
});

test("case 34: the end in the middle of a reply", () =>
	failing(SMTPServerDisconnected, SCRIPT, noop, saying("250-a\r\n", undefined)));

test("case 35: a code that changes within a reply is fatal, where smtplib takes the last", async () => {
	equal((await fatal("250-a\r\n550 b\r\n")).kind, "protocol");
});

test("case 36: a code and nothing else, and LF alone", async () => {
	deepEqual(await reply("250\r\n"), [250, ""]);
	deepEqual(await reply("250\n"), [250, ""]);
});

test("case 37: codes that only look like codes are fatal, where smtplib takes them", async () => {
	for (const answer of ["25\r\n", "+50 x\r\n", " 25 x\r\n"]) await fatal(answer);
});

test("case 38: a reply without end is fatal, where smtplib reads on for ever", async () => {
	await fatal("250-x\r\n".repeat(LINE_COUNT_LIMIT));
	equal((await reply(`${"250-x\r\n".repeat(LINE_COUNT_LIMIT - 1)}250 x\r\n`))[0], 250);
});

test("case 39: a line just short enough, and one byte more", async () => {
	equal((await reply(`250 ${"x".repeat(LINE_LIMIT - 6)}\r\n`))[0], 250);
	await fatal(`250 ${"x".repeat(LINE_LIMIT - 5)}\r\n`);
});

test("case 40: CR and LF in different reads", async () => {
	deepEqual(await dialogue(SCRIPT, noop, saying("250 a\r", "\n")), [250, "a"]);
});

test("case 41: two replies in one read: the second is kept for getreply, and not taken for another command's", async () => {
	await dialogue(
		SCRIPT,
		async (smtp) => {
			deepEqual(await smtp.noop(), [250, "a"]);
			deepEqual(await smtp.getreply(), [251, "b"]);
		},
		saying("250 a\r\n251 b\r\n"),
	);
	const { error, transcript } = await talk(
		SCRIPT,
		async (smtp) => {
			await smtp.noop();
			await smtp.rset();
		},
		saying("250 a\r\n251 b\r\n"),
	);
	equal((error as SMTPResponseException).kind, "protocol");
	equal(transcript, SCRIPT);
});

test("421 of its own accord ends the session, and the next call says so", async () => {
	const { error } = await talk(
		SCRIPT,
		async (smtp) => {
			await smtp.noop();
			await smtp.rset();
		},
		saying("250 a\r\n421 too late\r\n", undefined),
	);
	equal((error as Error).message, "the server ended the session: 421 too late");
	equal(error instanceof SMTPServerDisconnected && !(error instanceof SMTPHeloError), true);
});
