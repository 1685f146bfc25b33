/** What a server says, and what it means: RFC 5321, 4.2, by the first digit, however untidily it is said. */
import { deepEqual, equal, ok, test } from "harness";
import Timer from "timer";
import { as, converse, ehlo, hello, lines, mail } from "./conversation";
import { ScriptedSocket, type ServerSetup } from "./server";

const envelope = `C: MAIL FROM:<me@a>
	S: 250 ok
	C: RCPT TO:<you@b>`;
const QUIT = "C: QUIT\nS: 221 bye";
const SENT = ["ready", "sent you@b", "ready", "close"];

/** A whole session, with these replies. */
const session = ({ greet = 220, hello = 250, from = 250, to = 250, data = 354, end = 250 }) => `
	S: ${greet} x
	C: EHLO me
	S: ${hello}-mx
	S: ${hello} HELP
	C: MAIL FROM:<me@a>
	S: ${from} ok
	C: RCPT TO:<you@b>
	S: ${to} ok
	C: DATA
	S: ${data} go
	C: Hello
	C: .
	S: ${end} ok
	${QUIT}`;

test("B1: any 2yz is a yes, any 3yz an invitation, in every place", async () => {
	for (const code of [200, 211, 220, 221, 235, 250, 251, 252, 253, 259, 299])
		for (const place of ["greet", "hello", "from", "to", "end"]) {
			const script = session({ [place]: code });
			const { transcript, events } = await converse(script, { mail: mail() });
			equal(transcript, as(script));
			deepEqual(events, SENT, `${code} to ${place}`);
		}
	for (const code of [300, 334, 350, 354, 399])
		deepEqual((await converse(session({ data: code }), { mail: mail() })).events, SENT, `${code} to DATA`);
});

test("B1: a yes in place of an invitation, or the reverse, is neither, and nothing for good", async () => {
	const places = { from: "MAIL", to: "RCPT", end: "message" };
	for (const code of [354, 334, 199])
		for (const [place, phase] of Object.entries(places)) {
			const { error } = await converse(session({ [place]: code }), { mail: mail() });
			deepEqual([error?.kind, error?.phase, error?.code, error?.temporary], ["refused", phase, code, true]);
		}
	const { error } = await converse(session({ data: 250 }), { mail: mail() });
	deepEqual([error?.kind, error?.phase, error?.code, error?.temporary], ["refused", "DATA", 250, true]);
});

test("B1: 2yz to RSET, BDAT, STARTTLS and AUTH", async () => {
	const reset = `${hello()}C: MAIL FROM:<me@a>\nS: 550 no\nC: RSET\nS: 200 ok\n${QUIT}`;
	deepEqual((await converse(reset, { mail: mail() })).events, ["ready", "refused MAIL 550", "ready", "close"]);
	const chunk = `${hello("PIPELINING", "CHUNKING")}C: MAIL FROM:<me@a>\nC: RCPT TO:<you@b>\nC: BDAT 7 LAST\nC: Hello
		S: 250 ok\nS: 252 ok\nS: 299 ok\n${QUIT}`;
	deepEqual((await converse(chunk, { mail: mail(), chunking: true })).events, SENT);
	const tls = `${hello("STARTTLS")}C: STARTTLS\nS: 250 go\nTLS\n${ehlo("AUTH PLAIN")}C: AUTH PLAIN AHUAcA==\nS: 250 ok\n${QUIT}`;
	const secure = await converse(tls, { security: "required", user: "u", password: "p" });
	equal(secure.transcript, as(tls));
});

const login = { user: "u", password: "p4ss", allowCleartextAuth: true };
const PLAIN_AUTH = "C: AUTH PLAIN AHUAcDRzcw==";
const LOGIN_AUTH = `C: AUTH LOGIN
	S: 334 VXNlcm5hbWU6
	C: dQ==
	S: 334 UGFzc3dvcmQ6
	C: cDRzcw==`;

for (const reply of [
	"500 what",
	"502 5.5.1 no",
	"503 5.5.1 not now",
	"504 5.5.4 no",
	"534 5.7.9 too weak",
	"538 5.7.11 no",
	"432 4.7.12 other way",
	"550 5.7.1 no",
	"554 no",
])
	test(`B2: PLAIN answered with ${reply}: LOGIN`, async () => {
		const script = `${hello("AUTH PLAIN LOGIN")}${PLAIN_AUTH}\nS: ${reply}\n${LOGIN_AUTH}\nS: 235 ok\n${QUIT}`;
		const { transcript, events } = await converse(script, login);
		equal(transcript, as(script));
		deepEqual(events, ["ready", "close"]);
	});

test("B2: each mechanism refused: the last refusal is told, and that it is not the password's", async () => {
	const script = `${hello("AUTH LOGIN PLAIN")}${PLAIN_AUTH}\nS: 504 5.5.4 PLAIN is off\nC: AUTH LOGIN\nS: 504 5.5.4 LOGIN is off`;
	const { transcript, events, error } = await converse(script, login);
	equal(transcript, as(script));
	deepEqual(events, ["error authentication AUTH 504"]);
	equal(error?.message, "the server takes no login by LOGIN: 504 5.5.4 LOGIN is off");
	deepEqual([error?.credentials, error?.scope, error?.temporary], [false, "route", false]);
});

test("B2: 535, or 5.7.8 with another code, is the password's, 525 the account's, and ends it; a failure for now ends it for now", async () => {
	for (const [reply, credentials, temporary] of [
		["535 no", true, false],
		["535 5.7.8 no", true, false],
		["550 5.7.8 no", true, false],
		["525 5.7.13 disabled", true, false],
		["550 5.7.13 disabled", true, false],
		["454 4.7.0 later", false, true],
		["451 4.3.0 later", false, true],
	] as const)
		for (const exchange of [PLAIN_AUTH, LOGIN_AUTH]) {
			const offer = exchange === PLAIN_AUTH ? "AUTH PLAIN LOGIN" : "AUTH LOGIN";
			const script = `${hello(offer)}${exchange}\nS: ${reply}`;
			const { transcript, error } = await converse(script, login);
			equal(transcript, as(script));
			deepEqual([error?.credentials, error?.temporary, error?.scope], [credentials, temporary, "route"]);
		}
});

test("B2: 503 to each mechanism: authenticated already, or else MAIL will tell", async () => {
	const script = `${hello("AUTH PLAIN")}${PLAIN_AUTH}\nS: 503 5.5.1 already\n${envelope.split("\n")[0]}\nS: 530 5.7.0 login first\n(close)`;
	const { events, error } = await converse(script, { ...login, mail: mail() });
	deepEqual(events, ["ready", "error refused MAIL 530"]);
	equal(error?.scope, "route");
});

test("B3: 501 to an AUTH command with its initial response: once more without it", async () => {
	const again = `${hello("AUTH PLAIN LOGIN")}${PLAIN_AUTH}\nS: 501 5.5.2 no argument\nC: AUTH PLAIN\nS: 334\nC: AHUAcDRzcw==\nS: 235 ok\n${QUIT}`;
	equal((await converse(again, login)).transcript, as(again));
	const other = `${hello("AUTH PLAIN LOGIN")}${PLAIN_AUTH}\nS: 501 no\nC: AUTH PLAIN\nS: 501 no\n${LOGIN_AUTH}\nS: 235 ok\n${QUIT}`;
	equal((await converse(other, login)).transcript, as(other));
});

test("B4: an AUTH command of 512 octets goes, one of more waits for a challenge", async () => {
	// "AUTH PLAIN ", base64 of NUL u NUL password, CRLF
	for (const [length, isInitial] of [
		[368, true],
		[369, true],
		[370, false],
		[1200, false],
		[4000, false],
	] as const) {
		let said = "";
		const { events } = await converse("S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 AUTH PLAIN", {
			...login,
			password: "p".repeat(length),
			hear(text, say) {
				said += text;
				if (text === "AUTH PLAIN\r\n") say("334 \r\n");
				else if (text === "QUIT\r\n") say("221 bye\r\n");
				else if (text.endsWith("\r\n") && !text.startsWith("EHLO")) say("235 ok\r\n");
			},
		});
		deepEqual(events, ["ready", "close"], `${length}`);
		const lines = said.split("\r\n");
		equal(lines[1]?.startsWith("AUTH PLAIN A"), isInitial, `${length}`);
		ok((lines[1]?.length ?? 0) <= 510, `${length}: ${lines[1]?.length}`);
	}
});

test("B6: empty lines and white space wherever they come, and whatever follows a code", async () => {
	for (const [greeting, reply] of [
		["220 x\r\n\r\n", "250-mx\r\n250 SIZE\r\n"],
		["\r\n \t\r\n220 x\r\n", "\r\n250-mx\r\n\r\n250 SIZE\r\n\r\n"],
		["220\tx\r\n", "250-mx\r\n250\tSIZE\r\n"],
		["220\r\n", "250\r\n"],
		["220-a\r\n220\r\n", "250-\r\n250\r\n"],
		["  220 x\r\n", "\t250 mx\r\n"],
		["220:x\r\n", "250.mx\r\n"],
		["220\xa0x\r\n", "250_mx\n"],
		["220 x\r\r\n", "250-mx\r\r\n250 \r\r\n"],
		["220-a\n220\u000bb\n", "250=mx\n"],
	] as const)
		for (const fragment of [0, 1]) {
			const { events } = await converse("", {
				fragment,
				hear(text, say) {
					if (text.startsWith("EHLO")) say(reply);
					if (text.startsWith("QUIT")) say("221 bye\r\n");
				},
				Socket: greetingWith(greeting),
			});
			deepEqual(events, ["ready", "close"], JSON.stringify([greeting, reply, fragment]));
		}
});

test("B6: AUTH, SIZE and the others, with what stands around them", async () => {
	for (const line of [
		"  AUTH PLAIN",
		"AUTH\tPLAIN",
		"AUTH  PLAIN ",
		" auth=plain",
		"AUTH=LOGIN,PLAIN",
		"AUTH: PLAIN",
		"\tAUTH \t PLAIN\t",
		"-AUTH PLAIN",
		"AUTH\u00a0PLAIN",
	]) {
		const script = `${hello(line)}${PLAIN_AUTH}\nS: 235 ok\n${QUIT}`;
		const { events } = await converse(script, login);
		deepEqual(events, ["ready", "close"], line);
	}
	for (const line of ["SIZE 100", "  SIZE 100", "SIZE\t100", "size=100", "SIZE   100 "]) {
		const { events } = await converse(`${hello(line)}${QUIT}`, { mail: { ...mail(), size: 101 } });
		deepEqual(events, ["ready", "refused MAIL ", "ready", "close"], line);
	}
});

test("B6: nothing that the parser says is for good", async () => {
	for (const line of ["HTTP/1.1 302 Found", "garbage", "220-x\nS: 250 y", "2x0 a", "220x", `220 ${"x".repeat(5000)}`]) {
		const { events, error } = await converse(`S: ${line}`);
		deepEqual(events, ["error protocol greeting"], line);
		deepEqual([error?.temporary, error?.scope], [true, "route"]);
	}
});

test("B7: 552 to RCPT, or 5.5.3, is not for good; 550 is, and 552 to the message", async () => {
	for (const [reply, temporary] of [
		["552 too many recipients", true],
		["552 5.5.3 too many", true],
		["550 5.5.3 too many", true],
		["452 4.5.3 too many", true],
		["550 5.1.1 nobody", false],
		["553 5.1.3 no", false],
	] as const) {
		const script = `${hello()}${envelope}\nS: ${reply}\nC: RSET\nS: 250 ok\n${QUIT}`;
		const { error } = await converse(script, { mail: mail() });
		deepEqual([error?.temporary, error?.scope], [temporary, "recipient"], reply);
		equal(error?.code, Number(reply.slice(0, 3)));
		const some = `${hello()}${envelope.replace("you", "a")}\nS: 250 ok\nC: RCPT TO:<b@b>\nS: ${reply}\nC: DATA\nS: 354 go\nC: Hello\nC: .\nS: 250 ok\n${QUIT}`;
		const { result } = await converse(some, { mail: mail("Hello", ["a@b", "b@b"]) });
		deepEqual(
			result?.rejected.map((one) => [one.address, one.temporary]),
			[["b@b", temporary]],
		);
	}
	const big = await converse(session({ end: 552 }).replace(QUIT, "C: RSET\nS: 250 ok"), { mail: mail() });
	deepEqual([big.error?.temporary, big.error?.scope], [false, "mail"]);
});

const PIPELINED = "C: MAIL FROM:<me@a>\nC: RCPT TO:<a@b>\nC: RCPT TO:<b@b>\nC: DATA\n";

test("B8: what was refused before the server hung up is what is told", async () => {
	const two = mail("Hello", ["a@b", "b@b"]);
	const lockstep = `${hello()}C: MAIL FROM:<me@a>\nS: 250 ok\nC: RCPT TO:<a@b>\n`;
	const flight = `${hello("PIPELINING")}${PIPELINED}`;
	for (const [script, event, temporary] of [
		[`${lockstep}S: 550 5.7.1 no\n(close)`, "refused RCPT 550", true],
		[`${flight}S: 250 ok\nS: 550 5.7.1 no\n(close)`, "refused RCPT 550", true],
		[`${flight}S: 250 ok\nS: 550 5.7.1 no\nS: 550 no\n(close)`, "refused RCPT 550", false],
		[`${flight}S: 550 5.7.1 no\n(close)`, "refused MAIL 550", false],
		[`${flight}S: 451 4.7.1 no\n(close)`, "refused MAIL 451", true],
		[`${flight}S: 250 ok\nS: 250 ok\nS: 250 ok\nS: 554 5.7.1 no\n(close)`, "refused DATA 554", false],
		[
			`${flight}S: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\nC: Hello\nC: .\nS: 554 5.7.1 no\n(close)`,
			"refused message 554",
			false,
		],
		[`${flight}S: 250 ok\nS: 550 5.7.1 no\nS: 421 bye\n(close)`, "refused RCPT 421", true],
	] as const) {
		const { events, error } = await converse(script, { mail: two });
		deepEqual(events, ["ready", `error ${event}`], script);
		deepEqual(
			[error?.temporary, error?.text?.startsWith(event.includes("421") ? "bye" : "no")],
			[temporary, true],
			script,
		);
	}
	// someone was accepted, and then the connection was lost: it is not the refusal that kept the mail from going
	const lost = await converse(`${flight}S: 250 ok\nS: 550 no\nS: 250 ok\n(close)`, { mail: two });
	deepEqual(lost.events, ["ready", "error disconnected DATA"]);
	deepEqual(
		lost.error?.rejected?.map(({ address, code }) => [address, code]),
		[["a@b", 550]],
	);
});

test("B8: a refusal that has come in part is told as far as it has come, in every phase", async () => {
	for (const [before, phase, kind] of [
		["", "greeting", "refused"],
		["S: 220 x\nC: EHLO me\n", "EHLO", "refused"],
		[`${hello("STARTTLS")}C: STARTTLS\n`, "STARTTLS", "security"],
		[`${hello("AUTH PLAIN")}${PLAIN_AUTH}\n`, "AUTH", "authentication"],
		[`${hello()}C: MAIL FROM:<me@a>\n`, "MAIL", "refused"],
		[`${hello()}${envelope}\n`, "RCPT", "refused"],
		[`${hello()}${envelope}\nS: 250 ok\nC: DATA\n`, "DATA", "refused"],
		[`${hello()}${envelope}\nS: 250 ok\nC: DATA\nS: 354 go\nC: Hello\nC: .\n`, "message", "refused"],
	] as const)
		for (const words of [
			"535-5.7.1 go away\r\n",
			"535-5.7.1 go away\r\n535-and",
			"535 5.7.1 go away",
			"535-5.7.1 go away",
		])
			for (const isSilent of [false, true]) {
				const { error } = await converse(before, {
					...(phase === "STARTTLS" ? { security: "required" } : phase === "AUTH" ? login : {}),
					mail: mail(),
					timeout: 50,
					...(before === ""
						? { Socket: greetingWith(words, !isSilent) }
						: { hear: lastWords(before, words, !isSilent) }),
				});
				deepEqual(
					[error?.kind, error?.phase, error?.code, error?.enhanced],
					[kind, phase, 535, "5.7.1"],
					`${phase}: ${words}`,
				);
				ok(error?.text?.startsWith("go away"), error?.text);
			}
});

test("a last word that the message is taken counts from its code on", async () => {
	const before = `${hello()}${envelope}\nS: 250 ok\nC: DATA\nS: 354 go\nC: Hello\nC: .\n`;
	for (const [words, event] of [
		["250 ok", "sent you@b"],
		["250 ", "sent you@b"],
		["250", "sent you@b"],
		["250-ok\r\n25", "sent you@b"],
		["25", "error disconnected message"],
		["2", "error disconnected message"],
		["", "error disconnected message"],
	] as const) {
		const { events } = await converse(before, { mail: mail(), hear: lastWords(before, words, true) });
		equal(events[1], event, words);
	}
});

test("a reply that was there before the message had been asked for is not the message's", async () => {
	for (const more of ["250 queued\r\n", "250", "junk\r\n"]) {
		const before = `${hello()}${envelope}\nS: 250 ok\nC: DATA\n`;
		const { events } = await converse(before, { mail: mail(), hear: lastWords(before, `354 go\r\n${more}`, false) });
		deepEqual(events, ["ready", "error protocol DATA"], more);
	}
	const blank = `${hello()}${envelope}\nS: 250 ok\nC: DATA\n`;
	const { events } = await converse(`${blank}S: 354 go\nC: Hello\nC: .\nS: 250 ok\n${QUIT}`, { mail: mail() });
	deepEqual(events, SENT);
});

test("F11: a refusal that nobody listens to is an error, and closes", async () => {
	const refused = `${hello()}C: MAIL FROM:<me@a>\nS: 550 5.7.1 no\nC: RSET\nS: 250 ok`;
	for (const [script, event] of [
		[refused, "error refused MAIL 550"],
		[hello("SIZE 10"), "error unsupported MAIL"],
	] as const) {
		const { transcript, events, opened, closed } = await converse(script, {
			onRefused: undefined,
			ready: (client) => client.send({ ...mail(), size: 20 }),
		});
		equal(transcript, as(script));
		deepEqual(events, ["ready", event]);
		deepEqual([opened, closed], [1, 1]);
	}
});

/** A socket to a server that greets with these octets, and hangs up then if it is told to. */
function greetingWith(octets: string, hangsUp = false): typeof ScriptedSocket {
	return class extends ScriptedSocket {
		protected override begin(): void {
			super.begin();
			Timer.set(() => {
				this.deliver(octets);
				if (hangsUp) this.deliver(undefined);
			});
		}
	};
}

/** Says these octets when the client has said all of a script, and hangs up then if it is told to. */
function lastWords(script: string, octets: string, hangsUp: boolean): NonNullable<ServerSetup["hear"]> {
	let left = lines(script).filter((line) => line.startsWith("C:")).length;
	return (text, say) => {
		const before = left;
		left -= text.split("\r\n").length - 1;
		if (left > 0 || before <= 0) return;
		if (octets) say(octets);
		if (hangsUp) say(undefined);
	};
}
