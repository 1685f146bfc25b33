import { deepEqual, equal, ok, test } from "harness";
import type { SMTPMessage } from "smtp/client";
import { converse, lines, mail } from "./conversation";
import { ScriptedSocket } from "./server";

const as = (script: string) => lines(script).join("\n");

const hello = (...offer: string[]) => `
	S: 220 mx
	C: EHLO me
	${offer.map((keyword, i) => `S: 250${i < offer.length - 1 ? "-" : " "}${keyword}`).join("\n")}`;

const PIPELINING = hello("mx", "PIPELINING");
const CHUNKING = hello("mx", "CHUNKING", "PIPELINING");

/** A conversation in which the message goes in chunks, of whatever size it is. */
const inChunks: typeof converse = (script, setup) => converse(script, { chunking: true, ...setup });

const BYE = `
	C: QUIT
	S: 221 bye`;

test("PIPELINING: the envelope in one flight, partial refusals in their order", async () => {
	const script = `${PIPELINING}
		C: MAIL FROM:<me@a>
		C: RCPT TO:<a@x>
		C: RCPT TO:<b@x>
		C: RCPT TO:<c@x>
		C: DATA
		S: 250 ok
		S: 250 ok
		S: 550 5.1.1 no
		S: 250 ok
		S: 354 go
		C: Hello
		C: .
		S: 250 ok${BYE}`;
	for (const fragment of [0, 1, 5]) {
		const { transcript, events } = await converse(script, { fragment, mail: mail("Hello", ["a@x", "b@x", "c@x"]) });
		equal(transcript, as(script));
		deepEqual(events, ["ready", "sent a@x c@x", "ready", "close"]);
	}
});

test("PIPELINING: all refused, and 354 anyway: an empty message, no delivery", async () => {
	const script = `${PIPELINING}
		C: MAIL FROM:<me@a>
		C: RCPT TO:<you@b>
		C: DATA
		S: 250 ok
		S: 550 5.1.1 no
		S: 354 go
		C: .
		S: 250 delivered to nobody
		C: RSET
		S: 250 ok${BYE}`;
	const { transcript, events } = await converse(script, { mail: mail() });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "refused RCPT 550 you@b", "ready", "close"]);
});

test("B9: PIPELINING: the sender refused, and all that follows with it; only the cause is told", async () => {
	const script = `${PIPELINING}
		C: MAIL FROM:<me@a>
		C: RCPT TO:<you@b>
		C: DATA
		S: 550 5.7.1 not you
		S: 503 5.5.1 no sender
		S: 503 5.5.1 no recipient
		C: RSET
		S: 250 ok${BYE}`;
	const { transcript, events, error } = await converse(script, { mail: mail() });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "refused MAIL 550", "ready", "close"]);
	equal(error?.enhanced, "5.7.1");
});

test("PIPELINING: more recipients than the buffer holds", async () => {
	const to = Array.from({ length: 100 }, (_, i) => `recipient-number-${i}@a-rather-long-domain.example.net`);
	const script = `${PIPELINING}
		C: MAIL FROM:<me@a>
		${to.map((address) => `C: RCPT TO:<${address}>`).join("\n")}
		C: DATA
		S: 250 ok
		${to.map(() => "S: 250 ok").join("\n")}
		S: 354 go
		C: Hello
		C: .
		S: 250 ok${BYE}`;
	const { transcript, result } = await converse(script, { mail: mail("Hello", to) });
	equal(transcript, as(script));
	equal(result?.accepted.length, 100);
});

test("PIPELINING can be switched off", async () => {
	const script = `${CHUNKING}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 354 go
		C: .Hello
		C: .
		S: 250 ok${BYE}`;
	const { transcript } = await converse(script.replace("C: .Hello", "C: ..Hello"), {
		pipelining: false,
		mail: mail(".Hello"),
	});
	equal(transcript, as(script.replace("C: .Hello", "C: ..Hello")));
});

test("CHUNKING: envelope and message in one flight, no dots doubled, line ends mended", async () => {
	const script = `${CHUNKING}
		C: MAIL FROM:<me@a>
		C: RCPT TO:<you@b>
		C: BDAT 11 LAST
		C: .Hello
		C: .
		S: 250 ok
		S: 250 ok
		S: 250 queued${BYE}`;
	for (const fragment of [0, 1]) {
		const { transcript, events } = await inChunks(script, { fragment, mail: mail(".Hello\n.") });
		equal(transcript, as(script));
		deepEqual(events, ["ready", "sent you@b", "ready", "close"]);
	}
});

test("CHUNKING: a short message goes with its envelope at once, and nothing waits for the server's TCP", async () => {
	const pieces: string[] = [];
	class Socket extends ScriptedSocket {
		constructor(options: ConstructorParameters<typeof ScriptedSocket>[0] & { nodelay?: boolean }) {
			super(options);
			equal(options.nodelay, true);
		}
	}
	await inChunks(CHUNKING, { Socket, mail: mail(), timeout: 5, hear: (text) => void pieces.push(text) });
	deepEqual(pieces.slice(1), ["MAIL FROM:<me@a>\r\nRCPT TO:<you@b>\r\nBDAT 7 LAST\r\nHello\r\n"]);
});

test("CHUNKING: envelopes of every length, with the first chunk or before it", async () => {
	const body = "0123456789\r\n".repeat(100);
	for (let length = 300; length < 500; length++) {
		let said = "";
		const to = [`${"a".repeat(200)}@b`, `${"c".repeat(length - 253)}@d`];
		await inChunks(CHUNKING, { mail: mail(body, to), timeout: 5, hear: (text) => void (said += text) });
		const { message, rest } = unchunk(said.slice(said.indexOf("BDAT")));
		equal(rest, "");
		equal(message, body);
	}
});

test("CHUNKING can be switched off, and is not used without PIPELINING", async () => {
	for (const [offer, setup] of [
		[CHUNKING, { chunking: false }],
		[hello("mx", "CHUNKING"), { chunking: true }],
	] as const) {
		const { transcript } = await converse(offer, { ...setup, mail: { ...mail(), size: 7 }, timeout: 1 });
		ok(transcript.includes("C: MAIL FROM:<me@a>") && !transcript.includes("BDAT"), transcript);
	}
});

test("CHUNKING is used where it is asked for, whatever the message's size", async () => {
	const verb = async (changes: Partial<SMTPMessage>, chunking?: boolean) => {
		const { transcript } = await converse(CHUNKING, { chunking, mail: { ...mail(), ...changes }, timeout: 1 });
		return transcript.includes("C: BDAT 7 LAST") ? "BDAT" : transcript.includes("C: DATA") ? "DATA" : transcript;
	};
	equal(await verb({}), "DATA");
	equal(await verb({ size: 7 }), "DATA");
	equal(await verb({}, true), "BDAT");
	equal(await verb({ size: 4097 }, true), "BDAT");
	equal(await verb({ size: 7 }, false), "DATA");
});

/** Reads chunks as a server does: the octets that each BDAT announces, and what follows the last. */
function unchunk(said: string): { message: string; sizes: number[]; rest: string } {
	const sizes: number[] = [];
	let message = "";
	for (;;) {
		const end = said.indexOf("\r\n");
		const [verb, size, last] = said.slice(0, end).split(" ");
		if (verb !== "BDAT") throw new Error(`"${said.slice(0, 40)}" is not BDAT`);
		sizes.push(Number(size));
		message += said.slice(end + 2, end + 2 + Number(size));
		said = said.slice(end + 2 + Number(size));
		if (last) return { message, sizes, rest: said };
	}
}

test("CHUNKING: a long message in chunks of a buffer, whatever the line ends and the socket's room", async () => {
	const text = "0123456789\n".repeat(250);
	for (const cut of [0, 1, 2, 3, 5, 7, 11])
		for (const room of [1072, 600, 100]) {
			const body = text.slice(cut);
			let said = "";
			const script = `${CHUNKING}
				C: MAIL FROM:<me@a>
				C: RCPT TO:<you@b>`;
			const { transcript } = await inChunks(script, {
				room,
				mail: mail(body),
				timeout: 50,
				hear: (text) => void (said += text),
			});
			ok(transcript.includes("LAST"), transcript.slice(-300));
			const { message, sizes, rest } = unchunk(said.slice(said.indexOf("BDAT")));
			equal(message, body.split("\n").join("\r\n"));
			equal(rest, "");
			// With 80 bytes left, and 48 for what is inserted, there is more to be read.
			const most = 512 - "BDAT 422..".length;
			const first = most - "MAIL FROM:<me@a>..RCPT TO:<you@b>..".length;
			for (let i = 0; i < sizes.length - 1; i++) {
				const left = (i ? most : first) - (sizes[i] as number);
				ok(left >= 0 && left < 80 + 48, `chunk ${i} has ${sizes[i]} octets`);
			}
		}
});

test("CHUNKING: a message that ends with a full chunk, or is empty", async () => {
	for (const length of [0, 388, 389, 390, 420, 421, 422, 810, 811, 812, 813]) {
		let said = "";
		const body = length ? `${"x".repeat(length - 2)}\r\n` : "";
		await inChunks(CHUNKING, { mail: mail(body), timeout: 50, hear: (text) => void (said += text) });
		const { message, rest } = unchunk(said.slice(said.indexOf("BDAT")));
		deepEqual([message, rest], [body, ""]);
	}
});

test("CHUNKING: refusals before and within the message stop it, RSET follows all replies", async () => {
	const script = `${CHUNKING}
		C: MAIL FROM:<me@a>
		C: RCPT TO:<you@b>
		C: BDAT 7 LAST
		C: Hello
		S: 250 ok
		S: 550 5.1.1 no
		S: 503 5.5.1 no recipients
		C: RSET
		S: 250 ok${BYE}`;
	const { transcript, events } = await inChunks(script, { mail: mail() });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "refused RCPT 550 you@b", "ready", "close"]);
});

test("CHUNKING: a chunk refused in the middle of a long message", async () => {
	const body = `${"y".repeat(500)}\r\n`.repeat(100);
	let chunks = 0;
	const { transcript, events } = await inChunks(CHUNKING, {
		mail: mail(body),
		hear(text, say) {
			if (text.startsWith("MAIL")) say("250 ok\r\n250 ok\r\n");
			if (text.includes("BDAT")) say(++chunks < 3 ? "250 ok\r\n" : "552 5.3.4 too big\r\n");
			if (text.startsWith("RSET")) say("250 ok\r\n");
			if (text.startsWith("QUIT")) say("221 bye\r\n");
		},
	});
	ok(transcript.endsWith("RSET\nC: QUIT"), transcript.slice(-200));
	ok(chunks >= 3 && chunks < 10, `${chunks} chunks were sent`);
	deepEqual(events, ["ready", "refused message 552", "ready", "close"]);
});

test("CHUNKING: a chunk refused before all of it has gone: the rest goes, and RSET after it", async () => {
	for (const replies of ["250 ok\r\n250 ok\r\n552 too big\r\n", "550 no\r\n503 no\r\n503 no\r\n"]) {
		let said = "";
		let isAnswered = false;
		const { events } = await inChunks(CHUNKING, {
			mail: mail(`${"x".repeat(300)}\r\n`),
			room: 60,
			hear(text, say) {
				said += text;
				if (!isAnswered && said.includes("LAST\r\n")) {
					isAnswered = true;
					say(replies);
				}
				if (said.endsWith("RSET\r\n")) say("250 ok\r\n");
				if (said.endsWith("QUIT\r\n")) say("221 bye\r\n");
			},
		});
		equal(unchunk(said.slice(said.indexOf("BDAT"))).rest, "RSET\r\nQUIT\r\n");
		deepEqual(events.slice(2), ["ready", "close"]);
	}
});

test("CHUNKING: at most eight chunks wait for their replies", async () => {
	const body = `${"z".repeat(500)}\r\n`.repeat(40);
	let waiting = 0;
	let most = 0;
	const { events } = await inChunks(CHUNKING, {
		mail: mail(body),
		hear(text, say) {
			if (text.startsWith("MAIL")) say("250 ok\r\n250 ok\r\n");
			if (text.startsWith("QUIT")) say("221 bye\r\n");
			if (!text.includes("BDAT")) return;
			most = Math.max(most, ++waiting);
			const last = text.includes("LAST");
			if (waiting < 8 && !last) return;
			say("250 ok\r\n".repeat(waiting));
			waiting = 0;
		},
	});
	equal(most, 8);
	deepEqual(events, ["ready", "sent you@b", "ready", "close"]);
});

test("CHUNKING: a server that stays silent gets eight chunks and no more", async () => {
	let chunks = 0;
	const { events } = await inChunks(CHUNKING, {
		mail: mail("0123456789\r\n".repeat(2_000)),
		timeout: 20,
		hear: (text) => void (chunks += text.split("BDAT ").length - 1),
	});
	equal(chunks, 8);
	deepEqual(events, ["ready", "error timeout message"]);
});

test("a server that hangs up after a refusal: the refusal is told", async () => {
	const chunked = `${CHUNKING}
		C: MAIL FROM:<me@a>
		C: RCPT TO:<you@b>
		C: BDAT 7 LAST
		C: Hello
		S: 250 ok
		S: 550 5.1.1 no
		(close)`;
	const { events, error } = await inChunks(chunked, { mail: mail() });
	deepEqual(events, ["ready", "error refused RCPT 550"]);
	equal(error?.temporary, false);
	deepEqual(
		error?.rejected?.map(({ address }) => address),
		["you@b"],
	);
});
