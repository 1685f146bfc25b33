import { deepEqual, equal, test } from "harness";
import type { SMTPError } from "smtp/error";
import { type SMTP, SMTPHeloError, SMTPServerDisconnected } from "smtp/smtplib";
import { dialogue, failing, hello, type TalkSetup, talk } from "./talk";

const GREETING = "S: 220 x\n";

test("case 42: connect and quit", () =>
	dialogue(`${GREETING}C: QUIT\nS: 221 bye`, async (smtp) => {
		deepEqual(await smtp.quit(), [221, "bye"]);
		equal(smtp.connected, false);
	}));

test("case 43: NOOP", () =>
	dialogue(`${GREETING}C: NOOP\nS: 250 OK`, async (smtp) => deepEqual(await smtp.noop(), [250, "OK"])));

test("case 44: RSET", () =>
	dialogue(`${GREETING}C: RSET\nS: 250 OK`, async (smtp) => deepEqual(await smtp.rset(), [250, "OK"])));

test("case 45: EHLO", () =>
	dialogue(hello("SIZE 33554432", "HELP"), async (smtp) =>
		deepEqual(await smtp.ehlo(), [250, "mx\nSIZE 33554432\nHELP"]),
	));

test("case 46: EXPN that is not implemented, by putcmd and getreply", () =>
	dialogue(`${GREETING}C: EXPN\nS: 502 EXPN not implemented`, async (smtp) => {
		await smtp.putcmd("EXPN");
		deepEqual(await smtp.getreply(), [502, "EXPN not implemented"]);
	}));

test("case 47: VRFY, by both names", () =>
	dialogue(
		`${GREETING}C: VRFY nobody@nowhere.com\nS: 252 cannot say\nC: VRFY nobody@nowhere.com\nS: 252 cannot say`,
		async (smtp) => {
			deepEqual(await smtp.vrfy("nobody@nowhere.com"), [252, "cannot say"]);
			deepEqual(await smtp.verify("nobody@nowhere.com"), [252, "cannot say"]);
		},
	));

test("case 48: VRFY of who is known and who is not; the bare address is sent", () =>
	dialogue(
		`${GREETING}
		C: VRFY Mr.A@somewhere.com
		S: 250 John A <Mr.A@somewhere.com>
		C: VRFY nobody@nowhere.com
		S: 550 No such user: nobody@nowhere.com`,
		async (smtp) => {
			deepEqual(await smtp.vrfy("John A <Mr.A@somewhere.com>"), [250, "John A <Mr.A@somewhere.com>"]);
			deepEqual(await smtp.vrfy("nobody@nowhere.com"), [550, "No such user: nobody@nowhere.com"]);
		},
	));

test("case 49: EXPN", () =>
	dialogue(
		`${GREETING}
		C: EXPN list-1
		S: 250-Mr.A@somewhere.com
		S: 250 Ms.B@xn--fo-fka.com
		C: EXPN list-2
		S: 550 No access for you!`,
		async (smtp) => {
			deepEqual(await smtp.expn("list-1"), [250, "Mr.A@somewhere.com\nMs.B@xn--fo-fka.com"]);
			deepEqual(await smtp.expn("list-2"), [550, "No access for you!"]);
		},
	));

test("case 50: a second HELO", () =>
	dialogue(`${GREETING}C: HELO me\nS: 250 mx\nC: HELO me\nS: 503 Duplicate HELO/EHLO`, async (smtp) => {
		deepEqual(await smtp.helo(), [250, "mx"]);
		equal(smtp.helo_resp, "mx");
		deepEqual(await smtp.helo(), [503, "Duplicate HELO/EHLO"]);
	}));

test("case 51: HELP gives the text alone", () =>
	dialogue(`${GREETING}C: HELP\nS: 214-EHLO\nS: 214 HELO\nC: HELP DATA\nS: 214 ends with a dot`, async (smtp) => {
		equal(await smtp.help(), "EHLO\nHELO");
		equal(await smtp.help("DATA"), "ends with a dot");
	}));

test("case 52: what EHLO offers", () =>
	dialogue(hello("EXPN", "SIZE 20000000", "STARTTLS", "DELIVERBY", "HELP"), async (smtp) => {
		deepEqual([...smtp.esmtp_features], []);
		await smtp.ehlo();
		deepEqual(
			[...smtp.esmtp_features],
			[
				["expn", ""],
				["size", "20000000"],
				["starttls", ""],
				["deliverby", ""],
				["help", ""],
			],
		);
		deepEqual([smtp.has_extn("size"), smtp.has_extn("HELP"), smtp.has_extn("unsupported")], [true, true, false]);
		equal(smtp.does_esmtp, true);
	}));

test("case 53: AUTH in the old style", () =>
	dialogue(hello("AUTH=LOGIN", "AUTH PLAIN"), async (smtp) => {
		await smtp.ehlo();
		equal(smtp.esmtp_features.get("auth"), "LOGIN PLAIN");
	}));

test("case 54: keywords in any case; SIZE without a limit, and with an equals sign", async () => {
	await dialogue(hello("size"), async (smtp) => {
		await smtp.ehlo();
		deepEqual([...smtp.esmtp_features], [["size", ""]]);
	});
	await dialogue(hello("SIZE=100"), async (smtp) => {
		await smtp.ehlo();
		deepEqual([...smtp.esmtp_features], [["size", "100"]]);
	});
});

test("case 55: EHLO unknown, HELO instead", () =>
	dialogue(`${GREETING}C: EHLO me\nS: 500 what\nC: HELO me\nS: 250 mx`, async (smtp) => {
		await smtp.ehlo_or_helo_if_needed();
		await smtp.ehlo_or_helo_if_needed();
		deepEqual([smtp.does_esmtp, smtp.ehlo_resp, smtp.helo_resp], [false, "what", "mx"]);
	}));

test("case 56: EHLO and HELO refused", async () => {
	const script = `${GREETING}C: EHLO me\nS: 500 what\nC: HELO me\nS: 501 go away`;
	const error = await failing(SMTPHeloError, script, (smtp) => smtp.ehlo_or_helo_if_needed());
	deepEqual([error.smtp_code, error.smtp_error], [501, "go away"]);
	const busy = await failing(SMTPHeloError, `${GREETING}C: EHLO me\nS: 421 busy`, (smtp) =>
		smtp.ehlo_or_helo_if_needed(),
	);
	deepEqual([busy.smtp_code, busy.temporary], [421, true]);
});

test("case 57: the end in place of a reply to EHLO", () =>
	failing(SMTPServerDisconnected, `${GREETING}C: EHLO me\n(close)`, (smtp) => smtp.ehlo()));

/** A call that is refused as an argument, before anything is sent; the connection can be used as before. */
async function refused(script: string, call: (smtp: SMTP) => Promise<unknown>, setup?: TalkSetup): Promise<void> {
	await dialogue(
		`${script}\nC: NOOP\nS: 250 ok`,
		async (smtp) => {
			if (script.includes("EHLO")) await smtp.ehlo();
			let error: unknown;
			await call(smtp).catch((e) => void (error = e));
			equal((error as SMTPError | undefined)?.kind, "argument");
			await smtp.noop();
		},
		setup,
	);
}

test("case 58: a line end in a command", async () => {
	await refused(GREETING, (smtp) => smtp.putcmd("helo\nX-INJECTED"));
	await refused(GREETING, (smtp) => smtp.docmd("NOOP", "\r\nX-INJECTED"));
});

test("case 59: a line end in local_hostname", () =>
	refused(GREETING, (smtp) => smtp.ehlo(), { local_hostname: "hi\nX-INJECTED" }));

test("case 60: a line end in an option of MAIL or RCPT", async () => {
	await refused(hello("SIZE"), (smtp) => smtp.mail("John", ["hello\nworld"]));
	await refused(hello("SIZE"), (smtp) => smtp.rcpt("John", ["hello\r\nworld"]));
	await refused(hello("SIZE"), (smtp) => smtp.sendmail("John", "Sally", "x", ["hello\nworld"]));
	await refused(hello("SIZE"), (smtp) => smtp.sendmail("John", "Sally", "x", [], ["hello\nworld"]));
});

test("case 61: CR, LF and NUL in addresses and user names", async () => {
	for (const bad of ["\r", "\n", "\0", "\r\nRSET"]) {
		const address = `a${bad}b`;
		await refused(GREETING, (smtp) => smtp.mail(address));
		await refused(GREETING, (smtp) => smtp.rcpt(address));
		await refused(GREETING, (smtp) => smtp.vrfy(address));
		await refused(GREETING, (smtp) => smtp.expn(address));
		await refused(hello("HELP"), (smtp) => smtp.sendmail(address, "Sally", "x"));
		await refused(hello("HELP"), (smtp) => smtp.sendmail("John", ["Sally", address], "x"));
	}
	const auth = { allowCleartextAuth: true };
	await refused(hello("AUTH PLAIN"), (smtp) => smtp.login("a\0b", "x"), auth);
	// In base64 a line end is harmless.
	await dialogue(
		`${hello("AUTH LOGIN")}C: AUTH LOGIN YQ0KYg==\nS: 535 no`,
		async (smtp) => equal(await smtp.login("a\r\nb", "x").catch(({ smtp_code }) => smtp_code), 535),
		auth,
	);
});

test("one call at a time: another is refused, the first goes on", async () => {
	const { value } = await talk(`${GREETING}C: NOOP\nS: 250 ok`, async (smtp) => {
		const first = smtp.noop();
		const second = smtp.rset().catch(({ message }) => message);
		return [await first, await second];
	});
	deepEqual(value, [[250, "ok"], "another call is under way: await it first"]);
});
