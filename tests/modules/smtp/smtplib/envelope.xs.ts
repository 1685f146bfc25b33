import { deepEqual, equal, ok, test } from "harness";
import { SMTPError } from "smtp/error";
import {
	type SMTP,
	SMTPDataError,
	SMTPNotSupportedError,
	SMTPRecipientsRefused,
	SMTPSenderRefused,
	SMTPServerDisconnected,
} from "smtp/smtplib";
import { lines } from "../server";
import { dialogue, failing, hello, talk } from "./talk";

const HELLO = hello("HELP");

/** The error of a `sendmail` from John, which leaves the connection as `connected` says. */
async function refused<E extends Error>(
	Class: abstract new (...parameters: never[]) => E,
	script: string,
	connected: boolean,
	to: string | string[] = ["Sally"],
): Promise<E> {
	return failing(Class, script, async (smtp) => {
		try {
			await smtp.sendmail("John", to, "x");
		} finally {
			equal(smtp.connected, connected, "connected");
		}
	});
}

test("case 73: MAIL refused, then the connection lost: the refusal is told, not the loss", async () => {
	const script = `${HELLO}C: MAIL FROM:<John>\nS: 451 no\n(close)`;
	const error = await refused(SMTPSenderRefused, script, false);
	deepEqual([error.smtp_code, error.smtp_error, error.sender, error.name], [451, "no", "John", "SMTPSenderRefused"]);
});

test("case 74: MAIL answered with 421: closed, no RSET", async () => {
	const error = await refused(SMTPSenderRefused, `${HELLO}C: MAIL FROM:<John>\nS: 421 closing`, false);
	deepEqual([error.smtp_code, error.smtp_error, error.temporary], [421, "closing", true]);
});

test("case 75: RCPT answered with 421: closed at once, no RSET", async () => {
	const script = `${HELLO}
		C: MAIL FROM:<John>
		S: 250 ok
		C: RCPT TO:<Sally>
		S: 250 ok
		C: RCPT TO:<Frank>
		S: 421 closing`;
	const error = await refused(SMTPRecipientsRefused, script, false, ["Sally", "Frank", "George"]);
	deepEqual([...error.recipients], [["Frank", [421, "closing"]]]);
});

const ENVELOPE = `${HELLO}
	C: MAIL FROM:<John>
	S: 250 ok
	C: RCPT TO:<Sally>
	S: 250 ok
	C: DATA`;

const MESSAGE = `${ENVELOPE}
	S: 354 go
	C: x
	C: .`;

test("case 76: the message answered with 421: closed", async () => {
	const error = await refused(SMTPDataError, `${MESSAGE}\nS: 421 4.3.0 closing`, false);
	deepEqual([error.smtp_code, error.smtp_error, error.enhanced], [421, "4.3.0 closing", "4.3.0"]);
});

const RESET = "\nC: RSET\nS: 250 ok";

test("case 77: MAIL refused: RSET, and the connection is as before", async () => {
	const error = await refused(SMTPSenderRefused, `${HELLO}C: MAIL FROM:<John>\nS: 550 5.7.1 not you${RESET}`, true);
	deepEqual([error.smtp_code, error.smtp_error, error.temporary], [550, "5.7.1 not you", false]);
});

test("case 78: some recipients refused: the others get the mail", () =>
	dialogue(
		`${HELLO}
		C: MAIL FROM:<John>
		S: 250 ok
		C: RCPT TO:<x>
		S: 250 ok
		C: RCPT TO:<y>
		S: 550 no
		C: RCPT TO:<z>
		S: 251 will forward
		C: DATA
		S: 354 go
		C: x
		C: .
		S: 250 ok`,
		async (smtp) => deepEqual([...(await smtp.sendmail("John", ["x", "y", "z"], "x"))], [["y", [550, "no"]]]),
	));

const refusing = (...recipients: string[]) =>
	`${HELLO}
	C: MAIL FROM:<John>
	S: 250 ok
	${recipients.map((recipient) => `C: RCPT TO:<${recipient}>\nS: 550 5.1.1 no ${recipient}`).join("\n")}${RESET}`;

test("case 79: all recipients refused: RSET", async () => {
	const error = await refused(SMTPRecipientsRefused, refusing("x", "y"), true, ["x", "y"]);
	deepEqual(
		[...error.recipients],
		[
			["x", [550, "5.1.1 no x"]],
			["y", [550, "5.1.1 no y"]],
		],
	);
	deepEqual([error.code, error.enhanced, error.temporary], [550, "5.1.1", false]);
});

test("case 80: the same refused recipient twice: no DATA, where smtplib sends it", () =>
	refused(SMTPRecipientsRefused, refusing("x", "x"), true, ["x", "x"]));

test("case 81: no recipient is an error", async () => {
	const error = await refused(SMTPError, HELLO, true, []);
	deepEqual([error.kind, error.phase], ["argument", "RCPT"]);
});

test("case 82: the message refused: RSET", async () => {
	const error = await refused(SMTPDataError, `${MESSAGE}\nS: 552 too big${RESET}`, true);
	deepEqual([error.smtp_code, error.smtp_error], [552, "too big"]);
});

test("case 83: DATA refused: RSET, or closed after 421, where smtplib does neither", async () => {
	const error = await refused(SMTPDataError, `${ENVELOPE}\nS: 450 later${RESET}`, true);
	deepEqual([error.smtp_code, error.phase, error.temporary], [450, "DATA", true]);
	await refused(SMTPDataError, `${ENVELOPE}\nS: 421 closing`, false);
});

test("case 84: options of MAIL and RCPT are sent; not to a server without EHLO", async () => {
	const send = (smtp: SMTP) => smtp.sendmail("John", "Sally", "x", ["RET=HDRS", "ENVID=1"], ["NOTIFY=NEVER"]);
	const rest = "\nC: DATA\nS: 354 go\nC: x\nC: .\nS: 250 ok";
	await dialogue(
		`${hello("DSN")}C: MAIL FROM:<John> RET=HDRS ENVID=1\nS: 250 ok\nC: RCPT TO:<Sally> NOTIFY=NEVER\nS: 250 ok${rest}`,
		send,
	);
	await dialogue(
		`S: 220 x\nC: EHLO me\nS: 500 what\nC: HELO me\nS: 250 mx\nC: MAIL FROM:<John>\nS: 250 ok\nC: RCPT TO:<Sally>\nS: 250 ok${rest}`,
		send,
	);
});

test("case 85: a message beyond the server's limit is an error before MAIL", async () => {
	const error = await failing(SMTPNotSupportedError, hello("SIZE 10"), (smtp) =>
		smtp.sendmail("John", "Sally", "A test message"),
	);
	equal(error.message, "the message has 14 bytes, the server takes 10");
});

test("case 86: the connection lost in the middle of the message", async () => {
	const line = "x".repeat(70);
	const script = `${ENVELOPE}\nS: 354 go\nC: ${line}\n(close)`;
	const { error } = await talk(script, (smtp) => smtp.sendmail("John", "Sally", `${line}\n`.repeat(100)), {
		room: 100,
	});
	ok(error instanceof SMTPServerDisconnected, String(error));
	const gaveUp = `${ENVELOPE}\nS: 354 go\nC: ${line}\nS: 451 disk full`;
	const given = await talk(gaveUp, (smtp) => smtp.sendmail("John", "Sally", `${line}\n`.repeat(100)), { room: 100 });
	ok(given.error instanceof SMTPDataError, String(given.error));
});

const DELIVERY = `
	C: MAIL FROM:<John>
	S: 250 ok
	C: RCPT TO:<Sally>
	S: 250 ok
	C: DATA
	S: 354 go
	C: x
	C: .
	S: 250 ok\n`;

test("case 87: after 421 and a new connection EHLO is said again, where smtplib forgets to", () =>
	dialogue(`${HELLO}C: MAIL FROM:<John>\nS: 421 closing\n(close)\n${HELLO}${DELIVERY}`, async (smtp) => {
		await smtp.sendmail("John", "Sally", "x").catch(({ smtp_code }) => equal(smtp_code, 421));
		deepEqual([smtp.ehlo_resp, [...smtp.esmtp_features]], [undefined, []]);
		await smtp.connect("mx");
		await smtp.sendmail("John", "Sally", "x");
	}));

test("case 88: two mails over one connection", () =>
	dialogue(`${HELLO}${DELIVERY}${DELIVERY}`, async (smtp) => {
		await smtp.sendmail("John", "Sally", "x");
		await smtp.sendmail("John", "Sally", "x");
	}));

test("case 89: a silent server is given up in every phase", async () => {
	const all = lines(`${HELLO}${DELIVERY}C: QUIT\nS: 221 bye`);
	for (let at = 0; at < all.length; at++) {
		if (!all[at]?.startsWith("S:") || all[at - 1]?.startsWith("S: 250-")) continue;
		const script = all.slice(0, at).join("\n");
		const { error, transcript } = await talk(
			script,
			async (smtp) => {
				await smtp.connect("mx");
				await smtp.sendmail("John", "Sally", "x");
				await smtp.quit();
			},
			{ timeout: 1, connect: false },
		);
		ok(error instanceof SMTPServerDisconnected && error.kind === "timeout", `${at}: ${error}`);
		equal(transcript, script);
	}
});

test("B8: recipients refused before the connection was lost are what is told", async () => {
	const script = `${HELLO}C: MAIL FROM:<John>\nS: 250 ok\nC: RCPT TO:<Sally>\nS: 550 5.7.1 no\n(close)`;
	const error = await refused(SMTPRecipientsRefused, script, false, ["Sally", "Frank"]);
	deepEqual([[...error.recipients], error.temporary], [[["Sally", [550, "5.7.1 no"]]], false]);
});
