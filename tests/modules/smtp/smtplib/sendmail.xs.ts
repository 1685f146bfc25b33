import { deepEqual, ok, test } from "harness";
import { type Message, type SMTP, SMTPNotSupportedError } from "smtp/smtplib";
import { source } from "../conversation";
import { dialogue, failing, hello, type TalkSetup, talk, utf8 } from "./talk";

const bytes = (text: string) => new Uint8Array(ArrayBuffer.fromString(text));

/** A mail from John to Sally: its lines, as they are expected on the wire. */
const delivery = (...lines: string[]) => `
	C: MAIL FROM:<John>
	S: 250 ok
	C: RCPT TO:<Sally>
	S: 250 ok
	C: DATA
	S: 354 go
	${lines.map((line) => `C: ${line}`).join("\n")}
	C: .
	S: 250 ok`;

/** Sends a message from John to Sally, whose lines are expected on the wire. */
const send = (message: Message, lines: string[], setup?: TalkSetup) =>
	dialogue(
		hello("HELP") + delivery(...lines),
		async (smtp) => deepEqual([...(await smtp.sendmail("John", "Sally", message))], []),
		setup,
	);

test("case 62: a text", () => send("A test message", ["A test message"]));

test("case 63: the same as bytes", () => send(bytes("A test message"), ["A test message"]));

const DOTS = ".A test\n.mes.sage.";

test("case 64: leading dots are doubled", async () => {
	await send(DOTS, ["..A test", "..mes.sage."]);
	await send(bytes(DOTS), ["..A test", "..mes.sage."]);
});

test("case 65: no sender", () =>
	dialogue(hello("HELP") + delivery("x").replace("John", ""), async (smtp) => {
		await smtp.sendmail("<>", "Sally", "x");
	}));

test("case 66: the exact lines of MAIL and RCPT, verbs in upper case, as ever", () =>
	dialogue(hello("SIZE 20000000") + delivery("A test message").replace("John>", "John> SIZE=14"), async (smtp) => {
		await smtp.sendmail("John", ["Sally"], "A test message");
	}));

test("case 67: an empty message", async () => {
	await send("", []);
	await send(bytes(""), []);
});

test("case 68: a message that ends in CRLF, LF or CR gets no further line end", async () => {
	for (const end of ["", "\r\n", "\n", "\r"]) {
		await send(`a${end}`, ["a"]);
		await send(bytes(`a${end}`), ["a"]);
	}
	await send("a\n\n", ["a", ""]);
});

test("case 69: a dot at the beginning of a piece, CR and LF in two pieces", async () => {
	for (const piece of [1, 2, 3, 4, 5])
		for (const room of [17, 1072]) await send(source("abc\r\n.d\r\n..\r\n", piece), ["abc", "..d", "..."], { room });
});

test("case 70: LF, dot, LF does not end the message", async () => {
	await send(bytes("a\n.\nRSET\n"), ["a", "..", "RSET"]);
	await send("a\r.\rRSET\r\n.\n", ["a", "..", "RSET", ".."]);
});

test("case 71: 20 KB in pieces of any size are the same bytes", async () => {
	const line = `${"The water stands at 12 cm. ".repeat(2)}\r\n.\r\n`;
	const text = line.repeat(Math.ceil(20_480 / line.length));
	const heard: string[] = [];
	const script = (hello("HELP") + delivery()).split("C: .")[0] as string;
	for (const message of [source(text, 1), source(text, 512), text, bytes(text)]) {
		let body = "";
		const { error } = await talk(script, (smtp) => smtp.sendmail("John", "Sally", message), {
			hear(said, say) {
				body += said;
				if (body.endsWith("\r\n.\r\n")) say("250 ok\r\n");
			},
		});
		ok(!error, String(error));
		heard.push(body.slice(body.indexOf("DATA\r\n") + 6));
	}
	const expected = `${line.replace("\r\n.\r\n", "\r\n..\r\n").repeat(text.length / line.length)}.\r\n`;
	for (const body of heard) ok(body === expected, `${body.length} of ${expected.length} characters`);
});

const UMLAUT = "Grüße\n";

test("case 72: text beyond ASCII takes 8BITMIME: an error before MAIL without, UTF-8 with it", async () => {
	const script = hello("HELP");
	const send = (smtp: SMTP) => smtp.sendmail("John", "Sally", UMLAUT);
	await failing(SMTPNotSupportedError, script, send);
	const encoded = delivery(utf8("Grüße")).replace("John>", "John> BODY=8BITMIME");
	await dialogue(hello("8BITMIME") + encoded, send);
	// Bytes are the caller's business, as in smtplib; the server is told of them if it wants to know.
	await dialogue(hello("8BITMIME") + encoded, (smtp) => smtp.sendmail("John", "Sally", bytes(UMLAUT)));
	await dialogue(script + delivery(utf8("Grüße")), (smtp) => smtp.sendmail("John", "Sally", bytes(UMLAUT)));
});

test("PIPELINING and CHUNKING are made use of", () =>
	dialogue(
		`${hello("PIPELINING", "CHUNKING")}
		C: MAIL FROM:<John>
		C: RCPT TO:<Sally>
		C: BDAT 3 LAST
		C: x
		S: 250 ok
		S: 250 ok
		S: 250 ok`,
		(smtp) => smtp.sendmail("John", "Sally", "x"),
		{ chunking: true },
	));
