import { deepEqual, equal, rejects, test } from "harness";
import { SMTPError } from "smtp/error";
import { type SMTP, SMTPNotSupportedError } from "smtp/smtplib";
import { dialogue, failing, hello, utf8 } from "./talk";

const OFFER = hello("8BITMIME", "SMTPUTF8");
const OPTIONS = Object.freeze(["BODY=8BITMIME", "SMTPUTF8"]);

test("case 115: SMTPUTF8 asked of a server that does not offer it: an error, from sendmail and from mail", () =>
	dialogue(hello("8BITMIME"), async (smtp) => {
		await rejects(smtp.sendmail("John", "Sally", "x", OPTIONS), SMTPNotSupportedError);
		await rejects(smtp.mail("John", OPTIONS), SMTPNotSupportedError);
	}));

test("case 116: an address beyond ASCII without SMTPUTF8: an error, and nothing sent", () =>
	dialogue(OFFER, async (smtp) => {
		for (const call of [
			() => smtp.sendmail("Jőhn", "Sally", "x"),
			() => smtp.sendmail("John", "Sálly", "x"),
			() => smtp.mail("Jőhn"),
			() => smtp.rcpt("Sálly"),
		])
			equal((await rejects(call, SMTPError)).kind, "argument");
	}));

const MAIL = `C: MAIL FROM:<${utf8("Jőhn")}> BODY=8BITMIME SMTPUTF8\nS: 250 ok\nC: RCPT TO:<${utf8("Sálly")}>\nS: 250 ok\n`;
const DATA = `C: DATA\nS: 354 go\nC: ${utf8("süß")}\nC: .\nS: 250 ok\n`;

test("case 118: with SMTPUTF8 addresses go as UTF-8, by sendmail", () =>
	dialogue(OFFER + MAIL + DATA, async (smtp) => {
		await smtp.ehlo();
		equal(smtp.has_extn("smtputf8"), true);
		deepEqual([...(await smtp.sendmail("Jőhn", "Sálly", "süß", OPTIONS))], []);
	}));

test("case 119: the same by mail, rcpt and data", () =>
	dialogue(OFFER + MAIL + DATA, async (smtp) => {
		await smtp.ehlo();
		deepEqual(await smtp.mail("Jőhn", OPTIONS), [250, "ok"]);
		deepEqual(await smtp.rcpt("Sálly"), [250, "ok"]);
		deepEqual(await smtp.data("süß"), [250, "ok"]);
	}));

test("case 121: UTF-8 is agreed upon for one transaction: until RSET, the next MAIL or the message's end", async () => {
	const onlyASCII = async (smtp: SMTP) => equal((await rejects(smtp.rcpt("Sálly"), SMTPError)).kind, "argument");
	const begin = async (smtp: SMTP) => {
		await smtp.ehlo();
		await smtp.mail("Jőhn", OPTIONS);
		await smtp.rcpt("Sálly");
	};
	await dialogue(`${OFFER}${MAIL}C: RSET\nS: 250 ok`, async (smtp) => {
		await begin(smtp);
		await smtp.rset();
		await onlyASCII(smtp);
	});
	await dialogue(`${OFFER}${MAIL}C: MAIL FROM:<John>\nS: 250 ok`, async (smtp) => {
		await begin(smtp);
		await smtp.mail("John");
		await onlyASCII(smtp);
	});
	await dialogue(OFFER + MAIL + DATA, async (smtp) => {
		await begin(smtp);
		await smtp.data("süß");
		await onlyASCII(smtp);
	});
});

test("SMTPUTF8 without a word before: what was not offered is not assumed", () =>
	failing(SMTPNotSupportedError, "S: 220 x", (smtp) => smtp.mail("John", OPTIONS)));
