/** What of a server's words reaches a person: bounded in sum, in one line, nothing hidden in it, and no secret. */
import { deepEqual, equal, ok, test } from "harness";
import { LOGIN, PLAIN } from "smtp/auth";
import type { SMTPOptions, SMTPRefusal } from "smtp/client";
import { CRAM_MD5 } from "smtp/crammd5";
import { XOAUTH2 } from "smtp/oauth";
import { masked } from "smtp/secrets";
import { decodeText } from "smtp/text";
import { converse, hello, mail } from "./conversation";

/** All that the client keeps of what the server says in one session. */
const TOLD_BYTES = 2048;
/** Of these, for one message. */
const MESSAGE_BYTES = 512;

const bytesOf = (text: string): number => ArrayBuffer.fromString(text).byteLength;

/** What servers may fill their replies with: ASCII, UTF-8 (as octets), and octets that are neither. */
const fillings = {
	ASCII: "try again later ",
	"UTF-8": "\xe5\x9c\xb0\xe4\xb8\x8b\xe5\xae\xa4",
	neither: "\xff\x80\xc3\xfe",
	"controls and turned text": "\x1b[2J\xe2\x80\xae\t",
};

for (const [name, filling] of Object.entries(fillings)) {
	const text = (n: number) => `${n} ${filling.repeat(30)}`.slice(0, 500);

	test(`A1: ten recipients refused in three messages of a session, ${name}: what is kept has one bound`, async () => {
		const to = Array.from({ length: 10 }, (_, i) => `r${i}@b`);
		let n = 0;
		const kept: SMTPRefusal[] = [];
		let message = 0;
		const { events } = await converse("S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 PIPELINING", {
			ready: (client, count) => (count > 3 ? client.quit() : client.send(mail("x", to))),
			onRefused(error, rejected) {
				kept.push(...rejected);
				message = Math.max(message, bytesOf(error.message));
			},
			hear(said, say) {
				if (said.startsWith("MAIL"))
					say(`250 ok\r\n${to.map(() => `450-4.2.1 ${text(n++)}\r\n450 4.2.1 more\r\n`).join("")}503 no\r\n`);
				if (said.startsWith("RSET")) say("250 ok\r\n");
				if (said.startsWith("QUIT")) say("221 bye\r\n");
			},
		});
		equal(events.at(-1), "close");
		equal(kept.length, 30);
		ok(kept.every(({ code, enhanced, temporary }) => code === 450 && enhanced === "4.2.1" && temporary));
		const sumOf = (some: readonly SMTPRefusal[]) => some.reduce((bytes, one) => bytes + bytesOf(one.text), 0);
		const [first, all] = [sumOf(kept.slice(0, 10)), sumOf(kept)];
		ok(first > MESSAGE_BYTES / 2 && first <= MESSAGE_BYTES, `${first} bytes`);
		ok(all > TOLD_BYTES / 2 && all <= TOLD_BYTES, `${all} bytes`);
		ok(bytesOf(kept[0]?.text ?? "") >= 150, "the first one is told in full, or nearly so");
		ok(message < 260, `a message has ${message} bytes`);
	});

	for (const code of ["421", "554"])
		test(`A2: ${code} in the greeting with 300 octets, ${name}`, async () => {
			const { events, error } = await converse(`S: ${code} ${filling.repeat(40).slice(0, 300)}`);
			deepEqual(events, [`error refused greeting ${code}`]);
			const size = bytesOf(error?.message ?? "");
			ok(size > 100 && size < 260, `${size} bytes`);
			equal(error?.scope, "route");
		});
}

test("A1: the same words for each recipient are kept once, and whole", async () => {
	const to = Array.from({ length: 10 }, (_, i) => `r${i}@b`);
	const words =
		"4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages";
	const { error } = await converse("S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 PIPELINING", {
		mail: mail("x", to),
		hear(said, say) {
			if (said.startsWith("MAIL")) say(`250 ok\r\n${`450 ${words}\r\n`.repeat(10)}503 no\r\n`);
		},
		onRefused: undefined,
	});
	equal(error?.rejected?.length, 10);
	for (const { text } of error?.rejected ?? []) equal(`4.2.1 ${text}`, words);
});

test("A1: a reply of 128 lines, each of 2,000 octets that are no UTF-8", async () => {
	const long = "\xfe".repeat(2000);
	const { events, error } = await converse(`${"S: 554-".concat(long, "\n").repeat(127)}S: 554 ${long}`, {
		fragment: 128,
	});
	deepEqual(events, ["error refused greeting 554"]);
	ok(bytesOf(error?.message ?? "") < 330);
});

test("a character that would not fit is left out whole, and nothing comes after it", () => {
	const octets = "ab\xe5\x9c\xb0\xf0\x9f\x98\x80\xffc";
	deepEqual(
		[0, 1, 4, 5, 8, 9, 11, 12, 13, 99].map((most) => decodeText(octets, most)),
		["", "a", "ab", "ab地", "ab地", "ab地😀", "ab地😀", "ab地😀\ufffd", "ab地😀\ufffdc", "ab地😀\ufffdc"],
	);
	equal(decodeText("a\xe2\x80\xaeb", 6), "a");
	equal(decodeText("a\xe2\x80\xaeb", 8), "a\\u202eb");
});

test("B13: what turns the text round, breaks the line or hides is shown as an escape", () => {
	const utf8 = (code: number) => {
		let octets = "";
		for (const byte of new Uint8Array(ArrayBuffer.fromString(String.fromCodePoint(code))))
			octets += String.fromCharCode(byte);
		return octets;
	};
	for (const code of [
		0x61c, 0xad, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff,
	])
		equal(decodeText(`a${utf8(code)}b`), `a\\u${code.toString(16).padStart(4, "0")}b`);
	for (const code of [1, 7, 9, 13, 27, 127, 0x80, 0x85, 0x9b, 0xe0041]) equal(decodeText(`a${utf8(code)}b`), "a b");
	// letters that join, and an emoji of several: they are of the text
	for (const code of [0x200c, 0x200d, 0x5d0, 0x1f600]) equal(decodeText(utf8(code)), String.fromCodePoint(code));
});

test("B13: an error, a refusal and its text are one line each, whatever is in the reply", async () => {
	const script = `${hello()}C: MAIL FROM:<me@a>\nS: 250 ok\nC: RCPT TO:<you@b>
		S: 550-5.1.1 nobody
		S: 550-alert 1.1: sent
		S: 550-5.1.1 \xe2\x80\xa8alert 1.1: sent
		S: 550 5.1.1 \xe2\x80\xaekcab\x85
		C: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye`;
	const { error } = await converse(script, { mail: mail() });
	const told = "nobody alert 1.1: sent \\u2028alert 1.1: sent \\u202ekcab";
	ok(error?.text?.startsWith(told), error?.text);
	for (const text of [error?.message, error?.text, error?.rejected?.[0]?.text, String(error)])
		ok(text && text.indexOf("\n") < 0 && text.indexOf("\u2028") < 0 && text.indexOf("\u202e") < 0, text);
});

test("B13: a trace has a line for each line of a reply, with its code, and no control characters", async () => {
	const trace: string[] = [];
	await converse("S: 554-\x1b[2Jno\rC: QUIT\nS: 554 \xe2\x80\xaex", {
		onTrace: (line: string) => void trace.push(line),
	});
	deepEqual(trace, ["S: 554- [2Jno C: QUIT", "S: 554 \\u202ex"]);
});

const user = "Mr.A@somewhere.com";
const secret = "Tr0ub4dor&3/xkcd";
/** The base64 of NUL, user, NUL, password; of the password; and of both without the first NUL. */
const SENT = "AE1yLkFAc29tZXdoZXJlLmNvbQBUcjB1YjRkb3ImMy94a2Nk";
const ALONE = "VHIwdWI0ZG9yJjMveGtjZA==";
const SHIFTED = "TXIuQUBzb21ld2hlcmUuY29tAFRyMHViNGRvciYzL3hrY2Q=";

/** Parts of the secret that nobody may read. */
const parts = [secret, secret.slice(0, 6), secret.slice(6), SENT, SENT.slice(0, 16), SENT.slice(24), ALONE, SHIFTED];

const echoes = [
	`Command unrecognized: "AUTH PLAIN ${SENT}"`,
	`syntax error: ${SENT.slice(0, 20)}...`,
	`...${SENT.slice(21)} what?`,
	`bad response ${ALONE}`,
	`bad response ${ALONE.slice(0, 9)}`,
	`odd: ${SHIFTED}`,
	`user \0${user}\0${secret} is unknown`,
	`password ${secret}`,
	`password ${secret.slice(0, 7)}`,
	`password=${secret}!`,
	`[${user}:${secret}]`,
];

/** No part of the secret may be in any of these. */
function assertHidden(texts: readonly (string | undefined)[]): void {
	for (const text of texts) for (const part of parts) ok((text ?? "").indexOf(part) < 0, `"${part}" in "${text}"`);
}

for (const echo of echoes)
	test(`B5: what a server says again is masked: ${echo.slice(0, 40)}`, async () => {
		const trace: string[] = [];
		const setup: Partial<SMTPOptions> = {
			user,
			password: secret,
			allowCleartextAuth: true,
			onTrace: (line) => void trace.push(line),
		};
		const half = echo.length >> 1;
		const replies = [
			`500 ${echo}`,
			`535-5.7.8 ${echo}\r\n535 5.7.8 ${echo}`,
			`501-${echo.slice(0, half)}\r\n501 ${echo.slice(half)}`,
			`334 ${echo}`,
			`421 ${echo}`,
		];
		for (const reply of replies)
			for (const phase of ["AUTH", "MAIL", "RCPT", "greeting"]) {
				const { error, events } = await converse(
					phase === "greeting" ? "" : `S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 AUTH PLAIN`,
					{
						...setup,
						mail: mail(),
						timeout: 50,
						hear(said, say) {
							const verb = said.slice(0, 4);
							if (verb === phase.slice(0, 4)) say(`${reply}\r\n`);
							else if (verb === "AUTH") say("235 ok\r\n");
							else if (verb === "MAIL") say("250 ok\r\n");
							else if (verb === "RSET") say("250 ok\r\n");
						},
					},
				);
				ok(error, events.join());
				assertHidden([error.message, error.text, ...(error.rejected ?? []).map(({ text }) => text)]);
			}
		assertHidden(trace);
	});

test("B5: secrets of the other mechanisms, and of a token that was fetched", async () => {
	const token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg";
	const trace: string[] = [];
	const onTrace = (line: string) => void trace.push(line);
	const cram = await converse("S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 AUTH CRAM-MD5", {
		user: "tim",
		password: "tanstaaftanstaaf",
		mechanisms: [CRAM_MD5],
		onTrace,
		hear(said, say) {
			if (said.startsWith("AUTH")) say("334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\r\n");
			if (said.startsWith("dGlt"))
				say(`535 ${said.slice(0, -2)} or "tim b913a602c7eda7a495b4e6e7334d3890", ${said.slice(20, -2)}\r\n`);
		},
	});
	equal(cram.error?.text, '*** or "tim ***", ***');
	const oauth = await converse("TLS\nS: 220 x\nC: EHLO me\nS: 250-x\nS: 250 AUTH XOAUTH2", {
		security: "implicit",
		user,
		token: (done) => done(token),
		mechanisms: [XOAUTH2],
		onTrace,
		hear(said, say) {
			if (said.startsWith("AUTH")) say(`334 ${said.slice("AUTH XOAUTH2 ".length)}`);
			else if (!said.startsWith("EHLO"))
				say(`535 5.7.8 the token ${token}, that is ${token.slice(0, 12)}..., is old\r\n`);
		},
	});
	equal(oauth.error?.text, "the token ***, that is ***..., is old");
	ok(oauth.error?.credentials);
	for (const line of trace)
		ok(!line.includes("b913a602") && !line.includes("ya29.vF9") && !line.includes("dXNlcj1N"), line);
});

test("B5: what only looks like a secret stays readable", () => {
	const credentials = { user: "Mr.A@somewhere.com", password: "somepassword" };
	for (const text of [
		"5.7.8 Username and Password not accepted. For more information, go to",
		"  https://support.google.com/mail/?p=BadCredentials a640c23a62f3a-ab5d6cd58b5sm12 - gsmtp",
		"5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
		"VXNlcm5hbWU6",
		"incorrect authentication data (set_id=Mr.A@somewhere.com)",
	])
		equal(masked(text, credentials), text);
	equal(masked("anything", { user: "me" }), "anything");
	equal(masked("a horse", { user: "u", password: "pw" }), "a horse");
});

test("B5: the mechanism gets the challenge as it is, even where it would be masked", async () => {
	// the challenge holds the password: nobody may read it, but it is answered
	const script = `${hello("AUTH CRAM-MD5")}C: AUTH CRAM-MD5
		S: 334 PDE4OTYudGFuc3RhYWZAcG9zdG9mZmljZT4=
		C: dGltIGZjMDZjZDY0NjA2OTEyZDNkYjc4ZWQ4N2MyMWM0MWRm
		S: 235 ok\nC: QUIT\nS: 221 bye`;
	const trace: string[] = [];
	const { events } = await converse(script, {
		user: "tim",
		password: "tanstaaf",
		mechanisms: [CRAM_MD5, PLAIN, LOGIN],
		onTrace: (line: string) => void trace.push(line),
	});
	deepEqual(events, ["ready", "close"]);
	ok(trace.includes("S: 334 ***"), trace.join("\n"));
});
