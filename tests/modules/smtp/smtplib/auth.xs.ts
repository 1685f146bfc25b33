import { deepEqual, equal, ok, test } from "harness";
import { LOGIN, PLAIN } from "smtp/auth";
import { CRAM_MD5 } from "smtp/crammd5";
import { SMTPError } from "smtp/error";
import { OAUTHBEARER, XOAUTH2 } from "smtp/oauth";
import { type SMTP, SMTPAuthenticationError, SMTPException, SMTPNotSupportedError } from "smtp/smtplib";
import { dialogue, failing, hello, type TalkSetup } from "./talk";

const user = "Mr.A@somewhere.com";
const password = "somepassword";
const allowed: TalkSetup = { allowCleartextAuth: true };
const login = (smtp: SMTP) => smtp.login(user, password);

const PLAIN_AUTH = "C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=";
const LOGIN_AUTH = "C: AUTH LOGIN TXIuQUBzb21ld2hlcmUuY29t\nS: 334 UGFzc3dvcmQ6\nC: c29tZXBhc3N3b3Jk";
const LOGIN_PROMPTED = `C: AUTH LOGIN
	S: 334 VXNlcm5hbWU6
	C: TXIuQUBzb21ld2hlcmUuY29t
	S: 334 UGFzc3dvcmQ6
	C: c29tZXBhc3N3b3Jk`;
const CRAM_AUTH = `C: AUTH CRAM-MD5
	S: 334 PENCeUxFREJoU0NnbmhNWitOMjNGNndAZWx3b29kLmlubm9zb2Z0LmNvbT4=
	C: TXIuQUBzb21ld2hlcmUuY29tIDg4OWQ0MjkwZGQ4ODNmNDA4NTgxMDRlZWMyZjdmODg1`;
const OK = "\nS: 235 2.7.0 Authentication Succeeded";

/** `auth` with the credentials that the object has. */
const auth = (smtp: SMTP, ...call: Parameters<SMTP["auth"]>) => {
	Object.assign(smtp, { user, password });
	return smtp.auth(...call);
};

test("case 90: PLAIN", () =>
	dialogue(
		`${hello("AUTH PLAIN")}${PLAIN_AUTH}${OK}`,
		async (smtp) => deepEqual(await login(smtp), [235, "2.7.0 Authentication Succeeded"]),
		allowed,
	));

test("case 91: LOGIN", () => dialogue(`${hello("AUTH LOGIN")}${LOGIN_AUTH}${OK}`, login, allowed));

test("case 92: LOGIN by auth, with the initial response", () =>
	dialogue(`S: 220 x\n${LOGIN_AUTH}${OK}`, (smtp) => auth(smtp, "login"), allowed));

test("case 93: LOGIN without the initial response, by auth and by login", async () => {
	await dialogue(`S: 220 x\n${LOGIN_PROMPTED}${OK}`, (smtp) => auth(smtp, "LOGIN", undefined, false), allowed);
	await dialogue(`${hello("AUTH LOGIN")}${LOGIN_PROMPTED}${OK}`, (smtp) => smtp.login(user, password, false), allowed);
});

test("case 94: a server that asks for ever more is given up, and the connection with it", async () => {
	const buggy = "S: 334 QnVHZ1liVWdHeQ==\n";
	const error = await failing(
		SMTPException,
		`S: 220 x\nC: AUTH BUGGY Zm9v\n${`${buggy}C: Zm9v\n`.repeat(5)}${buggy}`,
		async (smtp) => {
			try {
				await smtp.auth("BUGGY", () => "foo");
			} finally {
				equal(smtp.connected, false);
			}
		},
		allowed,
	);
	equal(error.kind, "authentication");
	ok(error.message.startsWith("the server asks for ever more"), error.message);
});

test("case 95: CRAM-MD5", () =>
	dialogue(`${hello("AUTH CRAM-MD5")}${CRAM_AUTH}${OK}`, login, { mechanisms: [CRAM_MD5, PLAIN] }));

test("case 96: of several mechanisms, the first of ours that is offered", async () => {
	const offer = hello("AUTH BOGUS plain Login CRAM-MD5");
	await dialogue(`${offer}${CRAM_AUTH}${OK}`, login, { ...allowed, mechanisms: [CRAM_MD5, PLAIN, LOGIN] });
	await dialogue(`${offer}${PLAIN_AUTH}${OK}`, login, allowed);
	await dialogue(`${offer}${LOGIN_AUTH}${OK}`, login, { ...allowed, mechanisms: [LOGIN, PLAIN] });
});

test("case 97: each mechanism through auth, its own or an authobject", async () => {
	const setup = { ...allowed, mechanisms: [CRAM_MD5, PLAIN, LOGIN] };
	for (const [name, script] of [
		["CRAM-MD5", CRAM_AUTH],
		["plain", PLAIN_AUTH],
		["login", LOGIN_AUTH],
	] as const)
		await dialogue(`S: 220 x\n${script}${OK}`, (smtp) => auth(smtp, name), setup);
	const answers = [user, password];
	await dialogue(`S: 220 x\n${LOGIN_AUTH}${OK}`, (smtp) => smtp.auth("LOGIN", () => answers.shift()), setup);
	await failing(SMTPNotSupportedError, "S: 220 x", (smtp) => auth(smtp, "GSSAPI"), setup);
});

test("case 98: PLAIN refused, by login and by auth", async () => {
	const script = "C: AUTH PLAIN AHBzdQBkb2Vzbm90ZXhpc3Q=\nS: 535 Authentication failed";
	const error = await failing(
		SMTPAuthenticationError,
		hello("AUTH PLAIN") + script,
		(smtp) => smtp.login("psu", "doesnotexist"),
		allowed,
	);
	deepEqual([error.smtp_code, error.smtp_error], [535, "Authentication failed"]);
	const call = (smtp: SMTP) => smtp.auth("plain", () => "\0psu\0doesnotexist");
	await failing(SMTPAuthenticationError, `S: 220 x\n${script}`, call, allowed);
});

test("case 99: PLAIN for a server that wants to speak first", () =>
	dialogue(
		`${hello("AUTH PLAIN")}${PLAIN_AUTH}\nS: 334\n${PLAIN_AUTH.replace("AUTH PLAIN ", "")}${OK}`,
		login,
		allowed,
	));

test("case 100: after 535 the password is not tried with another mechanism; the connection stays", () =>
	dialogue(
		`${hello("AUTH PLAIN LOGIN")}${PLAIN_AUTH}\nS: 535 no\nC: NOOP\nS: 250 ok`,
		async (smtp) => {
			const code = await login(smtp).catch((e) => e instanceof SMTPAuthenticationError && e.smtp_code);
			deepEqual([code, smtp.connected], [535, true]);
			await smtp.noop();
		},
		allowed,
	));

test("case 101: 503, authenticated already", () =>
	dialogue(
		`${hello("AUTH PLAIN")}${PLAIN_AUTH}\nS: 503 already`,
		async (smtp) => deepEqual(await login(smtp), [503, "already"]),
		allowed,
	));

test("case 102: no AUTH, or none of ours", async () => {
	const none = await failing(SMTPNotSupportedError, hello("HELP"), login, allowed);
	equal(none.message, "the server offers no authentication");
	await failing(SMTPNotSupportedError, hello("AUTH GSSAPI"), login, allowed);
});

test("case 103: LOGIN for a server that ignores the initial response: never the password for the user", () =>
	dialogue(
		`${hello("AUTH LOGIN")}${LOGIN_PROMPTED.replace("LOGIN", "LOGIN TXIuQUBzb21ld2hlcmUuY29t")}${OK}`,
		login,
		allowed,
	));

test("case 104: without CRAM-MD5 in the options, the next mechanism", () =>
	dialogue(`${hello("AUTH CRAM-MD5 PLAIN")}${PLAIN_AUTH}${OK}`, login, allowed));

test("case 105: a challenge that is no base64 is cancelled", async () => {
	const script = "C: AUTH CRAM-MD5\nS: 334 not!base64\nC: *\nS: 501 cancelled";
	const error = await failing(SMTPAuthenticationError, hello("AUTH CRAM-MD5") + script, login, {
		mechanisms: [CRAM_MD5],
	});
	equal(error.smtp_code, 501);
	const call = (smtp: SMTP) => smtp.auth("CRAM-MD5", (challenge) => challenge && "x");
	await failing(SMTPAuthenticationError, `S: 220 x\n${script}`, call, allowed);
});

test("without TLS the password is not sent, unless it is allowed", async () => {
	await failing(SMTPNotSupportedError, hello("AUTH PLAIN LOGIN"), login);
	const error = await failing(SMTPError, "S: 220 x", (smtp) => auth(smtp, "PLAIN"));
	equal(error.kind, "argument");
	ok(!error.message.includes(password));
});

test("a token in the password's place", () =>
	dialogue(
		"S: 220 x\nC: AUTH XOAUTH2 dXNlcj1tZQFhdXRoPUJlYXJlciB0AQE=\nS: 235 ok",
		(smtp) => {
			Object.assign(smtp, { user: "me", password: "t" });
			return smtp.auth("XOAUTH2");
		},
		{ ...allowed, mechanisms: [OAUTHBEARER, XOAUTH2] },
	));

test("B2: login: a refusal of the mechanism is not the password's, the next has its turn", async () => {
	for (const reply of ["502 what", "504 5.5.4 no", "534 5.7.9 too weak"])
		await dialogue(`${hello("AUTH PLAIN LOGIN")}${PLAIN_AUTH}\nS: ${reply}\n${LOGIN_AUTH}${OK}`, login, allowed);
	const script = `${hello("AUTH PLAIN LOGIN")}${PLAIN_AUTH}\nS: 502 what\nC: ${LOGIN_AUTH.slice(3).split("\n")[0]}\nS: 504 no`;
	const error = await failing(SMTPAuthenticationError, script, login, allowed);
	deepEqual([error.smtp_code, error.credentials], [504, false]);
});

test("B3: LOGIN's initial response refused with 501: once more without it", () =>
	dialogue(
		`${hello("AUTH LOGIN")}C: AUTH LOGIN TXIuQUBzb21ld2hlcmUuY29t\nS: 501 no argument\n${LOGIN_PROMPTED}${OK}`,
		login,
		allowed,
	));

test("B5: replies to commands have no secret in them, in their lines either", async () => {
	const script = `${hello("AUTH PLAIN")}${PLAIN_AUTH}${OK}
		C: NOOP
		S: 250-somepassword?
		S: 250 AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=`;
	await dialogue(
		script,
		async (smtp) => {
			await login(smtp);
			deepEqual(await smtp.noop(), [250, "***?\n***"]);
		},
		allowed,
	);
});
