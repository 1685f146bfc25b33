import { deepEqual, equal, ok, test } from "harness";
import { envelopeAddress } from "smtp/address";
import { LOGIN } from "smtp/auth";
import { SMTPClient } from "smtp/client";
import { LMTPClient } from "smtp/lmtp";
import { XOAUTH2 } from "smtp/oauth";
import { decodeText } from "smtp/text";
import Timer from "timer";
import { converse, mail, source } from "./conversation";
import { ScriptedSocket, Server } from "./server";

const after = (delayMs: number): Promise<void> => new Promise((resolve) => void Timer.set(() => resolve(), delayMs));

test("chunking: the wait for the final reply has the final deadline", async () => {
	const { events } = await converse("S: 220 x\nC: EHLO me\nS: 250-x\nS: 250-PIPELINING\nS: 250 CHUNKING", {
		chunking: true,
		mail: mail("Hello\r\n"),
		timeouts: { block: 50, command: 50, final: 5000 },
		hear(text, say) {
			if (text.includes("LAST")) {
				Timer.set(() => say("250 ok\r\n250 ok\r\n"), 10);
				Timer.set(() => say("250 taken\r\n"), 1000);
			}
			if (text === "QUIT\r\n") say("221 bye\r\n");
		},
	});
	deepEqual(events, ["ready", "sent you@b", "ready", "close"]);
});

test("DATA: the wait for the final reply has the final deadline", async () => {
	const { events } = await converse("S: 220 x\nC: EHLO me\nS: 250 x", {
		mail: mail("Hello\r\n"),
		timeouts: { block: 50, command: 50, final: 5000 },
		hear(text, say) {
			if (text.startsWith("MAIL") || text.startsWith("RCPT")) say("250 ok\r\n");
			if (text === "DATA\r\n") say("354 go\r\n");
			if (text.includes(".\r\n")) Timer.set(() => say("250 taken\r\n"), 1000);
			if (text === "QUIT\r\n") say("221 bye\r\n");
		},
	});
	deepEqual(events, ["ready", "sent you@b", "ready", "close"]);
});

const chunks = (heard: string): string => {
	// what a server makes of it
	let at = heard.indexOf("BDAT");
	let body = "";
	let log = "";
	while (at >= 0 && at < heard.length) {
		const end = heard.indexOf("\r\n", at);
		const line = heard.slice(at, end);
		if (!line.startsWith("BDAT ")) return `${log} out of step: "${heard.slice(at, at + 30)}"`;
		const count = Number(line.split(" ")[1]);
		body += heard.slice(end + 2, end + 2 + count);
		log += `${line}; `;
		at = end + 2 + count;
		if (line.endsWith("LAST")) return `${log}${heard.slice(at, at + 6)} ${body.length}`;
	}
	return log;
};

for (const length of [2000, 2600])
	test(`chunking after a token of ${length} characters`, async () => {
		let heard = "";
		const body = `${"x".repeat(98)}\r\n`.repeat(300);
		const { events } = await converse(
			"S: 220 x\nC: EHLO me\nS: 250-x\nS: 250-PIPELINING\nS: 250-AUTH XOAUTH2\nS: 250 CHUNKING",
			{
				chunking: true,
				mail: mail(body),
				user: "u",
				token: "t".repeat(length),
				mechanisms: [XOAUTH2],
				allowCleartextAuth: true,
				hear(text, say) {
					heard += text;
					if (
						text.startsWith("AUTH") ||
						(heard.startsWith("EHLO") && heard.includes("AUTH") && heard.endsWith("\r\n") && !heard.includes("MAIL"))
					) {
						say("235 ok\r\n");
						heard = "";
					}
					if (text.startsWith("MAIL")) say("250 ok\r\n250 ok\r\n");
					if (text.includes("BDAT ")) say("250 ok\r\n");
				},
				timeout: 2000,
			},
		);
		const got = chunks(heard);
		ok(got.endsWith(" 30000"), `${got} events ${events.join("|")}`);
	});

test("a command's deadline does not go on after its reply", async () => {
	const { events } = await converse("S: 220 x\nC: EHLO me\nS: 250 x\nC: NOOP\nS: 250 ok\nC: QUIT\nS: 221 bye", {
		timeouts: { command: 1000, final: 60000 },
		ready(client) {
			client.command("NOOP", () => Timer.set(() => client.quit(), 5000));
		},
	});
	deepEqual(events, ["ready", "close"]);
});

test("a server that asks for ever more is not a temporary failure", async () => {
	const script = `
	S: 220 mx
	C: EHLO me
	S: 250-mx
	S: 250 AUTH LOGIN
	C: AUTH LOGIN
	S: 334 VXNlcm5hbWU6
	C: dQ==
	S: 334 VXNlcm5hbWU6
	C: dQ==
	S: 334 VXNlcm5hbWU6
	C: dQ==
	S: 334 VXNlcm5hbWU6
	C: dQ==
	S: 334 VXNlcm5hbWU6
	C: dQ==
	S: 334 VXNlcm5hbWU6
	C: dQ==
	S: 334 VXNlcm5hbWU6
	C: dQ==
	S: 334 VXNlcm5hbWU6`;
	const { error } = await converse(script, { user: "u", password: "p", allowCleartextAuth: true, mechanisms: [LOGIN] });
	equal(
		`${error?.kind} ${error?.temporary} ${error?.message}`,
		"authentication false the server asks for ever more: 334 VXNlcm5hbWU6",
	);
});

let throwOn = "";
class Throwing extends ScriptedSocket {
	override write(bytes: Uint8Array): number {
		let text = "";
		for (const byte of bytes) text += String.fromCharCode(byte);
		if (throwOn && text.includes(throwOn)) {
			throwOn = "";
			Timer.set(() => this.writable());
			throw new Error("would block");
		}
		return super.write(bytes);
	}
}

test("a write that throws once must not leave a hole in the message", async () => {
	throwOn = "line 020";
	let heard = "";
	let body = "";
	for (let i = 0; i < 60; i++) body += `line ${String(i).padStart(3, "0")} ${"x".repeat(40)}\r\n`;
	const { events } = await converse("S: 220 x\nC: EHLO me\nS: 250 x", {
		mail: mail(body),
		Socket: Throwing,
		timeout: 2000,
		hear(text, say) {
			heard += text;
			if (text.startsWith("MAIL") || text.startsWith("RCPT")) say("250 ok\r\n");
			if (text === "DATA\r\n") say("354 go\r\n");
			if (text.endsWith("\r\n.\r\n")) say("250 taken\r\n");
			if (text === "QUIT\r\n") say("221 bye\r\n");
		},
	});
	ok(!events.includes("sent you@b") || heard.includes(body), `${events.join("|")}; ${heard.length} of ${body.length}`);
});

test("a socket that has no room when it is connected, as TLS after its handshake", async () => {
	class Full extends ScriptedSocket {
		private isFirst = true;
		override writable(): void {
			if (this.isFirst) {
				this.isFirst = false;
				this.callbacks.onWritable(0);
				Timer.set(() => this.writable(), 10);
			} else super.writable();
		}
	}
	const script = "S: 220 mx\nC: EHLO me\nS: 250 mx\nC: QUIT\nS: 221 bye";
	const { transcript, events } = await converse(script, { Socket: Full, timeout: 1000 });
	equal(transcript, script);
	deepEqual(events, ["ready", "close"]);
});

test("quit before the session is open: onClose follows", async () => {
	let closed = false;
	const server = new Server("S: 220 mx\nC: EHLO me\nS: 250 mx");
	const client = new SMTPClient({
		host: "mx",
		hostname: "me",
		security: "none",
		...server.providers,
		onClose() {
			closed = true;
		},
		onError() {
			closed = true;
		},
	});
	await after(1);
	client.quit();
	await after(500_000);
	ok(closed, "neither onClose nor onError");
});

test("LMTP: chunk refused in the middle, the last one is answered once a recipient", async () => {
	let heard = "";
	const body = `${"x".repeat(70)}\r\n`.repeat(10);
	let n = 0;
	const { events } = await converse("S: 220 x\nC: LHLO me\nS: 250-x\nS: 250-PIPELINING\nS: 250 CHUNKING", {
		chunking: true,
		Client: LMTPClient,
		mail: mail(body, ["a@x", "b@x"]),
		timeout: 3000,
		hear(text, say) {
			heard += text;
			if (heard.includes("LAST\r\n") && !n++)
				Timer.set(() => say("250 ok\r\n250 a\r\n250 b\r\n452 full\r\n503 a\r\n503 b\r\n"), 50);
			if (text === "RSET\r\n") say("250 reset\r\n");
			if (text === "QUIT\r\n") say("221 bye\r\n");
		},
	});
	deepEqual(events, ["ready", "error refused message 452"]);
});

test("C1 control characters", () => {
	equal(decodeText("\xc2\x9b3").codePointAt(0), 32);
});

test("8-bit message to a server without 8BITMIME: nothing of it is said", async () => {
	const script = "S: 220 x\nC: EHLO me\nS: 250 x\nC: QUIT\nS: 221 bye";
	const { events, transcript } = await converse(script, {
		mail: { from: "me@a", to: "you@b", body: source("\xe9\r\n"), eightBit: true },
	});
	equal(transcript, script);
	deepEqual(events, ["ready", "refused MAIL ", "ready", "close"]);
});

test("fractional bufferBytes", async () => {
	let thrown = "";
	try {
		new SMTPClient({
			host: "mx",
			hostname: "me",
			security: "none",
			bufferBytes: 600.5,
			...new Server("").providers,
		}).close();
	} catch (e) {
		thrown = String(e);
	}
	ok(thrown, "accepted");
});

test("a token that throws", async () => {
	const { events } = await converse("S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 AUTH XOAUTH2", {
		user: "u",
		token: () => {
			throw new Error("no memory for a fetch");
		},
		mechanisms: [XOAUTH2],
		allowCleartextAuth: true,
	});
	deepEqual(events, ["error authentication AUTH"]);
});
class Last extends ScriptedSocket {
	#words = "220 mx\r\n421 4.3.2 too many connections\r\n";
	override read(count: number): ArrayBuffer {
		const bytes = ArrayBuffer.fromString(this.#words.slice(0, count));
		this.#words = this.#words.slice(count);
		if (!this.#words) Timer.set(() => this.callbacks.onError());
		return bytes;
	}
	override write(): number {
		throw new Error("not ready");
	}
	protected override begin(): void {
		Timer.set(() => {
			this.callbacks.onWritable(1072);
			this.callbacks.onReadable(this.#words.length);
		});
	}
}
test("the last words after a write that throws are still read", async () => {
	const { events } = await converse("", { Socket: Last });
	deepEqual(events, ["error refused EHLO 421"]);
});

test("LMTP: 421 after one recipient's 250: who has the mail has it, the others are refused", async () => {
	const script = `
		S: 220 x
		C: LHLO me
		S: 250 x
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<a@x>
		S: 250 ok
		C: RCPT TO:<b@x>
		S: 250 ok
		C: DATA
		S: 354 go
		C: Hello
		C: .
		S: 250 delivered
		S: 421 bye`;
	const { events, result } = await converse(script, {
		Client: LMTPClient,
		mail: mail("Hello", ["a@x", "b@x"]),
		timeout: 50,
	});
	deepEqual(events.slice(0, 2), ["ready", "sent a@x"]);
	deepEqual([result?.rejected.length, result?.rejected[0]?.address, result?.rejected[0]?.code], [1, "b@x", 421]);
});

test("a token that comes too late, or twice, is not sent", async () => {
	let done: ((token: string | undefined) => void) | undefined;
	const { events, transcript } = await converse("S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 AUTH XOAUTH2", {
		user: "u",
		token: (give) => {
			done = give;
		},
		mechanisms: [XOAUTH2],
		allowCleartextAuth: true,
		timeout: 50,
	});
	deepEqual(events, ["error timeout AUTH"]);
	done?.("late");
	ok(!transcript.includes("C: AUTH"), transcript);
});

test("chunking: each command says what follows it, whatever the buffer's size", async () => {
	const line = (_: unknown, i: number) => `${i} ${"abcdefghij".repeat(6)}\r\n`;
	const body = Array.from({ length: 50 }, line).join("");
	for (const bufferBytes of [512, 1009, 1010, 1011, 2048]) {
		let said = "";
		await converse("S: 220 x\nC: EHLO me\nS: 250-x\nS: 250-CHUNKING\nS: 250 PIPELINING", {
			chunking: true,
			bufferBytes,
			mail: mail(body),
			timeout: 5,
			hear: (text) => void (said += text),
		});
		let got = "";
		let at = said.indexOf("BDAT ");
		for (let last = false; !last; ) {
			const end = said.indexOf("\r\n", at);
			const [verb, size, mark] = said.slice(at, end).split(" ");
			equal(verb, "BDAT", `${bufferBytes} at ${at}`);
			at = end + 2 + Number(size);
			got += said.slice(end + 2, at);
			last = mark === "LAST";
		}
		equal(got, body, `${bufferBytes}`);
	}
});

test("more than one address is an error, however it is bracketed", () => {
	for (const text of ["<a@b>, <c@d>", "<a@b> <c@d>", "A <a@b> x", "<<a@b>>", "a@b, c@d", "<a@b>c"]) {
		let message = "";
		try {
			envelopeAddress(text, "RCPT");
		} catch (e) {
			message = String(e);
		}
		ok(message.includes("not one address"), `${text}: ${message}`);
	}
	for (const text of ["a@b", "  a@b ", "<a@b>  ", " A <a@b>", '"x, <y>" <a@b>'])
		equal(envelopeAddress(text, "RCPT"), "a@b");
});
