import { deepEqual, equal, ok, test } from "harness";
import { LOGIN, PLAIN } from "smtp/auth";
import { CRAM_MD5 } from "smtp/crammd5";
import { hmacMD5, md5 } from "smtp/md5";
import { OAUTHBEARER, XOAUTH2 } from "smtp/oauth";
import Timer from "timer";
import { as, converse, hello } from "./conversation";

const login = { user: "Mr.A@somewhere.com", password: "somepassword", allowCleartextAuth: true };

const dialogue = (offer: string, rest: string) => hello(offer) + rest;

test("PLAIN with the command", async () => {
	const script = dialogue(
		"AUTH PLAIN LOGIN",
		`C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=
		S: 235 2.7.0 welcome
		C: QUIT
		S: 221 bye`,
	);
	const { transcript, events } = await converse(script, login);
	equal(transcript, as(script));
	deepEqual(events, ["ready", "close"]);
});

test("PLAIN for a server that wants to be asked first", async () => {
	const script = dialogue(
		"AUTH PLAIN",
		`C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=
		S: 334
		C: AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=
		S: 235 welcome
		C: QUIT
		S: 221 bye`,
	);
	equal((await converse(script, login)).transcript, as(script));
});

test("LOGIN obeys the prompts, also where the password is asked for first, or what is asked for is not said", async () => {
	const USER = "TXIuQUBzb21ld2hlcmUuY29t";
	const PASSWORD = "c29tZXBhc3N3b3Jk";
	for (const [offer, ...exchange] of [
		["auth login", "VXNlcm5hbWU6", USER, "UGFzc3dvcmQ6", PASSWORD],
		["AUTH=LOGIN", "dXNlciBuYW1lAA==", USER, "cGFzc3dvcmQ=", PASSWORD],
		["AUTH LOGIN", "UGFzc3dvcmQ6", PASSWORD, "VXNlcm5hbWU6", USER],
		["AUTH LOGIN", "", USER, "", PASSWORD],
	] as const) {
		const [ask, answer, askAgain, answerAgain] = exchange;
		const script = dialogue(
			offer,
			`C: AUTH LOGIN
			S: 334 ${ask}
			C: ${answer}
			S: 334 ${askAgain}
			C: ${answerAgain}
			S: 235 welcome
			C: QUIT
			S: 221 bye`,
		);
		equal((await converse(script, login)).transcript, as(script));
	}
});

test("a server that asks for ever more is cancelled and given up", async () => {
	const script = dialogue(
		"AUTH LOGIN",
		`C: AUTH LOGIN
		S: 334 QnVHZ1liVWdHeQ==
		C: TXIuQUBzb21ld2hlcmUuY29t
		S: 334 QnVHZ1liVWdHeQ==
		C: c29tZXBhc3N3b3Jk
		S: 334 QnVHZ1liVWdHeQ==
		C: *
		S: 501 cancelled`,
	);
	const { transcript, events } = await converse(script, login);
	equal(transcript, as(script));
	deepEqual(events, ["error authentication AUTH 501"]);
	const prompts = dialogue(
		"AUTH LOGIN",
		`C: AUTH LOGIN\n${"S: 334 VXNlcm5hbWU6\nC: TXIuQUBzb21ld2hlcmUuY29t\n".repeat(20)}`,
	);
	deepEqual((await converse(prompts, login)).events, ["error authentication AUTH 334"]);
});

test("a refusal is the end: the password is not tried elsewhere", async () => {
	const script = dialogue(
		"AUTH LOGIN PLAIN",
		"C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=\nS: 535 5.7.8 Username and Password not accepted",
	);
	const { transcript, events, error } = await converse(script, login);
	equal(transcript, as(script));
	deepEqual(events, ["error authentication AUTH 535"]);
	deepEqual([error?.enhanced, error?.temporary], ["5.7.8", false]);
	ok(!error?.message.includes("somepassword"));
});

test("a temporary failure says so", async () => {
	const script = dialogue(
		"AUTH PLAIN",
		"C: AUTH PLAIN AE1yLkFAc29tZXdoZXJlLmNvbQBzb21lcGFzc3dvcmQ=\nS: 454 4.7.0 later",
	);
	equal((await converse(script, login)).error?.temporary, true);
});

test("a server without AUTH, or with none that fits, is an error", async () => {
	const none = await converse(dialogue("HELP", ""), login);
	equal(none.error?.message, "the server offers no authentication");
	const other = await converse(dialogue("AUTH GSSAPI XPLAIN PLAINX", ""), login);
	equal(other.error?.message, "the server offers none of PLAIN, LOGIN");
});

test("mechanisms in the order that is asked for", async () => {
	const script = dialogue("AUTH PLAIN LOGIN", "C: AUTH LOGIN\nS: 503 you are already\nC: AUTH PLAIN\nS: 503 you are");
	ok(
		(await converse(`${script}\nC: QUIT\nS: 221 bye`, { ...login, mechanisms: [LOGIN, PLAIN] })).transcript.includes(
			"AUTH LOGIN",
		),
	);
});

test("the trace shows the dialogue and no secret", async () => {
	const trace: string[] = [];
	const script = dialogue(
		"AUTH LOGIN",
		`C: AUTH LOGIN
		S: 334 VXNlcm5hbWU6
		C: TXIuQUBzb21ld2hlcmUuY29t
		S: 334 UGFzc3dvcmQ6
		C: c29tZXBhc3N3b3Jk
		S: 235 welcome
		C: QUIT
		S: 221 bye`,
	);
	await converse(script, { ...login, onTrace: (line: string) => void trace.push(line) });
	equal(
		trace.join("\n"),
		as(`${hello("AUTH LOGIN")}
		C: AUTH LOGIN
		S: 334 VXNlcm5hbWU6
		C: ***
		S: 334 UGFzc3dvcmQ6
		C: ***
		S: 235 welcome
		C: QUIT
		S: 221 bye`),
	);
});

test("CRAM-MD5: the RFC's example, CPython's, and a key longer than a block", async () => {
	const script = (challenge: string, response: string) =>
		dialogue(
			"AUTH CRAM-MD5 PLAIN",
			`C: AUTH CRAM-MD5\nS: 334 ${challenge}\nC: ${response}\nS: 235 welcome\nC: QUIT\nS: 221 bye`,
		);
	const mechanisms = [CRAM_MD5, PLAIN];
	const rfc = script(
		"PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+",
		"dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw",
	);
	equal((await converse(rfc, { mechanisms, user: "tim", password: "tanstaaftanstaaf" })).transcript, as(rfc));
	const python = script(
		"PENCeUxFREJoU0NnbmhNWitOMjNGNndAZWx3b29kLmlubm9zb2Z0LmNvbT4=",
		"TXIuQUBzb21ld2hlcmUuY29tIDg4OWQ0MjkwZGQ4ODNmNDA4NTgxMDRlZWMyZjdmODg1",
	);
	equal((await converse(python, { ...login, mechanisms })).transcript, as(python));
});

test("MD5 and HMAC-MD5 by their RFCs' test vectors", () => {
	const bytes = (text: string) => new Uint8Array(ArrayBuffer.fromString(text));
	const hex = (digest: Uint8Array) => Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
	equal(hex(md5(bytes(""))), "d41d8cd98f00b204e9800998ecf8427e");
	equal(hex(md5(bytes("message digest"))), "f96b697d7cb7938d525a2f31aaf161d0");
	equal(hex(md5(bytes("1234567890".repeat(8)))), "57edf4a22be3c955ac49da2e2107b67a");
	for (const [length, digest] of [
		[55, "ef1772b6dff9a122358552954ad0df65"],
		[56, "3b0c8ac703f828b04c6c197006d17218"],
		[64, "014842d480b571495a4a0363793f7367"],
	] as const)
		equal(hex(md5(bytes("a".repeat(length)))), digest);
	equal(hex(hmacMD5(bytes("Jefe"), bytes("what do ya want for nothing?"))), "750c783e6ab0b503eaa86e310a5db738");
	equal(
		hex(hmacMD5(new Uint8Array(80).fill(0xaa), bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
		"6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd",
	);
});

test("CRAM-MD5: a challenge that is not base64 is cancelled", async () => {
	for (const challenge of ["!!!!", "abc", "PDE4OTYu*jk3", ""]) {
		const script = dialogue("AUTH CRAM-MD5", `C: AUTH CRAM-MD5\nS: 334 ${challenge}\nC: *\nS: 501 cancelled`);
		const { transcript, events } = await converse(script, { ...login, mechanisms: [CRAM_MD5] });
		if (challenge) equal(transcript, as(script));
		deepEqual(events, challenge ? ["error authentication AUTH 501"] : events);
	}
});

test("a token: XOAUTH2 and OAUTHBEARER, given or fetched, of any length, and what a refusal looks like", async () => {
	const user = "someuser@example.com";
	const token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg";
	const mechanisms = [OAUTHBEARER, XOAUTH2, PLAIN];
	const xoauth2 =
		"dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==";
	const script = dialogue("AUTH PLAIN XOAUTH2", `C: AUTH XOAUTH2 ${xoauth2}\nS: 235 welcome\nC: QUIT\nS: 221 bye`);
	const secure = { security: "implicit", user, mechanisms } as const;
	equal((await converse(`TLS\n${script}`, { ...secure, token })).transcript, as(`TLS\n${script}`));
	const fetched = await converse(`TLS\n${script}`, {
		...secure,
		token: (done) => void Timer.set(() => done(token), 10),
	});
	equal(fetched.transcript, as(`TLS\n${script}`));
	const none = await converse(`TLS\n${script}`, { ...secure, token: (done) => done(undefined) });
	deepEqual(none.events, ["error authentication AUTH"]);
	const refused = dialogue(
		"AUTH OAUTHBEARER",
		`C: AUTH OAUTHBEARER bixhPXNvbWV1c2VyQGV4YW1wbGUuY29tLAFhdXRoPUJlYXJlciB4AQE=\nS: 334 eyJzdGF0dXMiOiI0MDEifQ==\nC: AQ==\nS: 535 5.7.8 expired`,
	);
	const refusal = await converse(`TLS\n${refused}`, { ...secure, token: "x" });
	equal(refusal.transcript, as(`TLS\n${refused}`));
	deepEqual(refusal.events, ["error authentication AUTH 535"]);
	const long = await converse(`TLS\n${hello("AUTH XOAUTH2")}C: AUTH\nS: 334\nC: token\nS: 235 ok`, {
		...secure,
		token: "t".repeat(3000),
	});
	const said = long.transcript.split("\n").find((line) => line.startsWith("C: dXNl")) as string;
	equal(said.length, "C: ".length + 4 * Math.ceil((5 + user.length + 1 + 12 + 3000 + 2) / 3));
});

test("credentials that cannot be sent are an error, not a crash", async () => {
	const script = dialogue("AUTH PLAIN", "");
	const { events, error } = await converse(script, { ...login, password: "sesame \ud800" });
	deepEqual(events, ["error argument AUTH"]);
	ok(!error?.message.includes("sesame"));
	const long = dialogue("AUTH PLAIN", "C: AUTH PLAIN\nS: 334\nC: x\nS: 235 ok\nC: QUIT\nS: 221 bye");
	deepEqual((await converse(long, { ...login, password: "\u20ac".repeat(1000) })).events, ["ready", "close"]);
});

test("a token is not sent without TLS", async () => {
	const { events } = await converse(dialogue("AUTH XOAUTH2", ""), {
		security: "opportunistic",
		user: "me",
		token: "t",
		mechanisms: [XOAUTH2],
	});
	deepEqual(events, ["error authentication AUTH"]);
});
