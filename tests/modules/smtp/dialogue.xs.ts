import { deepEqual, equal, ok, test } from "harness";
import { converse, lines, mail, source } from "./conversation";

/** The transcript that a script describes. */
const as = (script: string) => lines(script).join("\n");

const HELLO = `
	S: 220 mx ready
	C: EHLO me
	S: 250-mx
	S: 250 HELP`;

const ONE_MAIL = `
	${HELLO}
	C: MAIL FROM:<me@a>
	S: 250 ok
	C: RCPT TO:<you@b>
	S: 250 ok
	C: DATA
	S: 354 go ahead
	C: Hello
	C: .
	S: 250 queued as 1
	C: QUIT
	S: 221 bye`;

test("a message, from greeting to goodbye", async () => {
	const { transcript, events, opened, closed } = await converse(ONE_MAIL, { mail: mail() });
	equal(transcript, as(ONE_MAIL));
	deepEqual(events, ["ready", "sent you@b", "ready", "close"]);
	deepEqual([opened, closed], [1, 1]);
});

test("replies may come in pieces of any size, and room for bytes too", async () => {
	for (const fragment of [1, 2, 3, 7])
		for (const room of [600, 100, 17]) {
			const { transcript } = await converse(ONE_MAIL, { mail: mail(), fragment, room });
			equal(transcript, as(ONE_MAIL));
		}
});

test("several recipients, some refused: the others get the mail, each refusal is reported", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<a@x>
		S: 250 ok
		C: RCPT TO:<b@x>
		S: 550 5.1.1 no such user
		C: RCPT TO:<c@x>
		S: 251 will forward
		C: DATA
		S: 354 go ahead
		C: Hello
		C: .
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	const { transcript, events, result } = await converse(script, { mail: mail("Hello", ["a@x", "b@x", "c@x"]) });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "sent a@x c@x", "ready", "close"]);
	const refusal = result?.rejected[0];
	deepEqual([refusal?.address, refusal?.code, refusal?.enhanced, refusal?.text], ["b@x", 550, "5.1.1", "no such user"]);
});

test("all recipients refused: no DATA, RSET, the session goes on", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<a@x>
		S: 550 5.1.1 no such user
		C: RCPT TO:<b@x>
		S: 450 4.2.1 try later
		C: RSET
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	const { transcript, events, error } = await converse(script, { mail: mail("Hello", ["a@x", "b@x"]) });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "refused RCPT 450 a@x b@x", "ready", "close"]);
	equal(error?.temporary, true);
});

test("the same refused address twice is two refusals, not a delivery", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<a@x>
		S: 550 no
		C: RCPT TO:<a@x>
		S: 550 no
		C: RSET
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	const { transcript, error } = await converse(script, { mail: mail("Hello", ["a@x", "a@x"]) });
	equal(transcript, as(script));
	equal(error?.message, "all recipients were refused: 550 no");
});

test("the sender refused", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 550 5.7.1 not you
		C: RSET
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	const { transcript, events, error } = await converse(script, { mail: mail() });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "refused MAIL 550", "ready", "close"]);
	deepEqual([error?.kind, error?.enhanced, error?.text, error?.temporary], ["refused", "5.7.1", "not you", false]);
});

test("DATA refused, and the message refused", async () => {
	const data = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 450 later
		C: RSET
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	const message = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 354 go ahead
		C: Hello
		C: .
		S: 552 5.3.4 too big
		C: RSET
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	const first = await converse(data, { mail: mail() });
	equal(first.transcript, as(data));
	deepEqual(first.events, ["ready", "refused DATA 450", "ready", "close"]);
	const second = await converse(message, { mail: mail() });
	equal(second.transcript, as(message));
	deepEqual(second.events, ["ready", "refused message 552", "ready", "close"]);
});

test("the first error is the one that is told, even if the server has gone when RSET is to be said", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 451 no
		(close)`;
	const { transcript, events, opened, closed } = await converse(script, { mail: mail() });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "error refused MAIL 451"]);
	deepEqual([opened, closed], [1, 1]);
});

test("a server that goes with its last word: a greeting, a capability list, the word that the message is taken", async () => {
	deepEqual((await converse("S: 220 mx\n(close)")).events, ["error disconnected EHLO"]);
	deepEqual((await converse(`${HELLO}\n(close)`, { mail: mail() })).events, ["ready", "error disconnected MAIL"]);
	const taken = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 354 go
		C: Hello
		C: .
		S: 250 taken
		(close)`;
	deepEqual((await converse(taken, { mail: mail() })).events, ["ready", "sent you@b", "ready", "close"]);
});

test("EHLO unknown: HELO instead", async () => {
	const script = `
		S: 220 mx
		C: EHLO me
		S: 502 what
		C: HELO me
		S: 250 mx
		C: QUIT
		S: 221 bye`;
	const { transcript, events } = await converse(script);
	equal(transcript, as(script));
	deepEqual(events, ["ready", "close"]);
});

test("EHLO and HELO refused", async () => {
	const script = `
		S: 220 mx
		C: EHLO me
		S: 500 what
		C: HELO me
		S: 501 go away`;
	const { transcript, events, opened, closed } = await converse(script);
	equal(transcript, as(script));
	deepEqual(events, ["error refused HELO 501"]);
	deepEqual([opened, closed], [1, 1]);
});

test("greetings: several lines are fine, a refusal or silence is not", async () => {
	const long = `
		S: 220-mx
		S: 220-mind the queue
		S: 220 ready
		C: EHLO me
		S: 250 mx
		C: QUIT
		S: 221 bye`;
	equal((await converse(long)).transcript, as(long));
	deepEqual((await converse("S: 554 no service")).events, ["error refused greeting 554"]);
	const busy = await converse("S: 421 4.3.2 busy");
	deepEqual([busy.events[0], busy.error?.temporary], ["error refused greeting 421", true]);
	deepEqual((await converse("(close)")).events, ["error disconnected greeting"]);
	deepEqual((await converse("")).events, ["error timeout greeting"]);
});

test("421 ends the session wherever it comes", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 421 4.7.0 enough`;
	const { transcript, events, error } = await converse(script, { mail: mail() });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "error refused RCPT 421"]);
	equal(error?.temporary, true);
	deepEqual((await converse(`${HELLO}\nS: 421 bye`, { ready() {} })).events.slice(0, 2), [
		"ready",
		"error refused idle 421",
	]);
});

test("a connection that drops at any point is an error, once, and closed", async () => {
	const all = lines(ONE_MAIL);
	for (let at = 0; at < all.length - 1; at++) {
		const { events, opened, closed } = await converse(`${all.slice(0, at).join("\n")}\n(close)`, { mail: mail() });
		const last = events[events.length - 1] as string;
		ok(last.startsWith("error disconnected") || last === "close", `${at}: ${last}`);
		deepEqual([opened, closed], [1, 1]);
	}
});

test("a silent server is a timeout in every phase", async () => {
	const all = lines(ONE_MAIL);
	for (let at = 0; at < all.length - 1; at++) {
		if (!all[at]?.startsWith("S:")) continue;
		const { events, opened, closed } = await converse(all.slice(0, at).join("\n"), { mail: mail() });
		const last = events[events.length - 1] as string;
		ok(last.startsWith("error timeout"), `${at}: ${last}`);
		deepEqual([opened, closed], [1, 1]);
	}
});

test("what is no reply ends the session", async () => {
	for (const line of ["garbage", "2 50", "25", "999 x"])
		deepEqual((await converse(`S: ${line}`)).events, ["error protocol greeting"]);
	const endless = `S: 220 mx\nC: EHLO me\n${"S: 250-x\n".repeat(10_000)}`;
	deepEqual((await converse(endless)).events, ["error protocol EHLO"]);
	deepEqual((await converse(`S: 220 ${"x".repeat(5000)}`)).events, ["error protocol greeting"]);
	deepEqual((await converse(`${HELLO}\nS: 250 more`, { ready() {} })).events, ["ready", "error protocol idle"]);
});

test("several messages over one connection", async () => {
	const one = (n: number) => `
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 354 go
		C: Mail ${n}
		C: .
		S: 250 ok`;
	const script = `${HELLO}${one(1)}${one(2)}${one(3)}\nC: QUIT\nS: 221 bye`;
	const { transcript } = await converse(script, {
		ready: (client, count) => (count > 3 ? client.quit() : client.send(mail(`Mail ${count}`))),
	});
	equal(transcript, as(script));
});

test("dots and line ends are mended on their way, in any pieces", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 354 go
		C: ..a
		C: b
		C: c
		C: ..
		C: ...
		C: .
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	for (const piece of [1, 2, 3, 5, 100])
		for (const room of [17, 1072]) {
			const { transcript } = await converse(script, {
				room,
				mail: { from: "<>", to: "You <you@b>", body: source(".a\nb\rc\r\n.\n..", piece) },
			});
			equal(transcript, as(script));
		}
});

test("a source that fails, or lies about what it read, ends the session: half a message is not sent as a whole", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 354 go`;
	const bad = {
		read(): number {
			throw new Error("no such file");
		},
	};
	const { transcript, events, error } = await converse(script, { mail: { from: "me@a", to: "you@b", body: bad } });
	equal(transcript, as(script));
	deepEqual(events, ["ready", "error body message"]);
	equal(error?.message, "the message's source failed: no such file");
	for (const count of [-1, 1e6, Number.NaN])
		deepEqual((await converse(script, { mail: { from: "me@a", to: "you@b", body: { read: () => count } } })).events, [
			"ready",
			"error body message",
		]);
});

test("a server that gives up in the middle of the message", async () => {
	const script = `
		${HELLO}
		C: MAIL FROM:<me@a>
		S: 250 ok
		C: RCPT TO:<you@b>
		S: 250 ok
		C: DATA
		S: 354 go
		C: ${"x".repeat(70)}
		S: 451 4.3.0 disk full`;
	const { events, error } = await converse(script, { room: 100, mail: mail(`${"x".repeat(70)}\r\n`.repeat(100)) });
	deepEqual(events, ["ready", "error refused message 451"]);
	equal(error?.message, "the server gave up in the middle of the message: 451 4.3.0 disk full");
});

test("a source that promises to be canonical is copied as it is, with and without chunks", async () => {
	const text = `${"Subject: x\r\n\r\n"}${"0123456789 abcdefghijklmnopqrstuvwxyz\r\n".repeat(60)}`;
	for (const offer of ["HELP", "PIPELINING", "CHUNKING\nS: 250 PIPELINING"])
		for (const piece of [1, 7, 80, 256])
			for (const room of [17, 1072]) {
				const { read } = source(text, piece);
				const script = `
					S: 220 mx
					C: EHLO me
					S: 250-mx
					S: 250${offer.includes("\n") ? "-" : " "}${offer}`;
				let said = "";
				const answer = (text: string, say: (text: string) => void) => {
					said += text;
					if (text.includes("MAIL")) say("250 ok\r\n");
					if (text.includes("RCPT")) say("250 ok\r\n");
					if (text.includes("DATA\r\n")) say("354 go\r\n");
				};
				await converse(script, {
					mail: { from: "me@a", to: "you@b", body: { read, canonical: true } },
					room,
					hear: answer,
					timeout: 50,
				});
				const chunks = said.split("BDAT ");
				const message =
					chunks.length > 1
						? chunks
								.slice(1)
								.map((chunk) => chunk.slice(chunk.indexOf("\r\n") + 2))
								.join("")
						: said.slice(said.indexOf("DATA\r\n") + 6);
				equal(message, chunks.length > 1 ? text : `${text}.\r\n`);
			}
});
