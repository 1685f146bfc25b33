import { deepEqual, equal, ok, test } from "harness";
import { LMTPClient } from "smtp/lmtp";
import Timer from "timer";
import { converse, lines, mail } from "./conversation";
import { ScriptedSocket } from "./server";

const as = (script: string) => lines(script).join("\n");

/** A mail to a, b and c, of whom b is refused, with what the server says after it. */
const delivery = (...replies: string[]) => `
	S: 220 store
	C: LHLO me
	S: 250-store
	S: 250 PIPELINING
	C: MAIL FROM:<me@a>
	C: RCPT TO:<a@x>
	C: RCPT TO:<b@x>
	C: RCPT TO:<c@x>
	C: DATA
	S: 250 ok
	S: 250 ok
	S: 550 5.1.1 who
	S: 250 ok
	S: 354 go
	C: Hello
	C: .
	${replies.map((reply) => `S: ${reply}`).join("\n")}`;

const setup = () => ({ Client: LMTPClient, mail: mail("Hello", ["a@x", "b@x", "c@x"]) });

test("LMTP: LHLO, and after the message a reply for each recipient that was accepted", async () => {
	const script = `${delivery("250 delivered", "452 4.2.2 full")}\nC: QUIT\nS: 221 bye`;
	const { transcript, events, result } = await converse(script, setup());
	equal(transcript, as(script));
	deepEqual(events, ["ready", "sent a@x", "ready", "close"]);
	deepEqual(
		result?.rejected.map(({ address, index, code }) => [address, index, code]),
		[
			["b@x", 1, 550],
			["c@x", 2, 452],
		],
	);
});

test("LMTP: nobody got the message", async () => {
	const script = `${delivery("552 5.3.4 too big", "452 4.2.2 full")}\nC: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye`;
	const { transcript, events, error } = await converse(script, setup());
	equal(transcript, as(script));
	deepEqual(events, ["ready", "refused message 452 b@x a@x c@x", "ready", "close"]);
	equal(error?.temporary, true);
});

test("LMTP: with CHUNKING a reply for each chunk, and for the last one a reply for each recipient", async () => {
	const body = `${"x".repeat(70)}\r\n`.repeat(10);
	let heard = "";
	const { events, result } = await converse("S: 220 x\nC: LHLO me\nS: 250-x\nS: 250-PIPELINING\nS: 250 CHUNKING", {
		Client: LMTPClient,
		chunking: true,
		mail: mail(body, ["a@x", "b@x"]),
		hear(text, say) {
			heard += text;
			if (text === "QUIT\r\n") say("221 bye\r\n");
			else if (heard.includes(" LAST\r\n") && heard.endsWith("x\r\n"))
				say("250 ok\r\n250 ok\r\n250 ok\r\n250 chunk\r\n250 delivered\r\n452 full\r\n");
		},
	});
	equal(heard.split("BDAT ").length, 3);
	deepEqual(events, ["ready", "sent a@x", "ready", "close"]);
	deepEqual(
		result?.rejected.map(({ address, code }) => [address, code]),
		[["b@x", 452]],
	);
});

test("LMTP: with CHUNKING the message goes before the refusals come, and its replies are for who is left", async () => {
	const script = `S: 220 x
		C: LHLO me
		S: 250-x
		S: 250-PIPELINING
		S: 250 CHUNKING
		C: MAIL FROM:<me@a>
		C: RCPT TO:<nobody@x>
		C: RCPT TO:<full@x>
		C: RCPT TO:<nobody@y>
		C: RCPT TO:<c@x>
		C: BDAT 7 LAST
		C: Hello
		S: 250 ok
		S: 550 unknown
		S: 250 ok
		S: 550 unknown
		S: 250 ok
		S: 552 full
		S: 250 delivered
		C: QUIT
		S: 221 bye`;
	const { transcript, events, result } = await converse(script, {
		Client: LMTPClient,
		chunking: true,
		mail: mail("Hello\r\n", ["nobody@x", "full@x", "nobody@y", "c@x"]),
	});
	equal(transcript, as(script));
	deepEqual(events, ["ready", "sent c@x", "ready", "close"]);
	deepEqual(
		result?.rejected.map(({ address, code }) => [address, code]),
		[
			["nobody@x", 550],
			["nobody@y", 550],
			["full@x", 552],
		],
	);
});

test("LMTP: no reply after the message is a timeout", async () => {
	const { events } = await converse(delivery(), setup());
	deepEqual(events, ["ready", "error timeout message"]);
});

/** A mail to a, b and c, all accepted, and what comes of it. */
const toAll = (offer: string, ...replies: string[]) => `
	S: 220 store
	C: LHLO me
	S: 250-store
	S: 250 ${offer}
	C: MAIL FROM:<me@a>
	${offer === "HELP" ? "S: 250 ok" : ""}
	C: RCPT TO:<a@x>
	${offer === "HELP" ? "S: 250 ok" : ""}
	C: RCPT TO:<b@x>
	${offer === "HELP" ? "S: 250 ok" : ""}
	C: RCPT TO:<c@x>
	${offer === "HELP" ? "S: 250 ok" : ""}
	C: DATA
	${offer === "HELP" ? "" : "S: 250 ok\nS: 250 ok\nS: 250 ok\nS: 250 ok"}
	S: 354 go
	C: Hello
	C: .
	${replies.join("\n")}`;

const LOST = [451, "4.4.2", true];

for (const offer of ["HELP", "PIPELINING"])
	test(`A9: LMTP, ${offer}: who has been told 2yz has the mail, however the session ends then`, async () => {
		for (const [replies, accepted, lost] of [
			[["S: 250 a"], "a@x", ["b@x", "c@x"]],
			[["S: 250 a", "S: 252 b"], "a@x b@x", ["c@x"]],
			[["S: 550 no", "S: 250 b"], "b@x", ["c@x"]],
		] as const)
			for (const end of ["(close)", "", "S: junk", "S: 250x"]) {
				const { events, result, error, opened, closed } = await converse(toAll(offer, ...replies, end), setup());
				const kind = end === "" ? "timeout" : end === "(close)" ? "disconnected" : "protocol";
				deepEqual(events, ["ready", `sent ${accepted}`, `error ${kind} message`], `${replies} ${end}`);
				equal(error?.kind, kind);
				deepEqual([opened, closed], [1, 1]);
				const told = result?.rejected.filter(({ code }) => code !== 550) ?? [];
				deepEqual(
					told.map(({ address, index, code, enhanced, temporary }) => [address, index, code, enhanced, temporary]),
					lost.map((address) => [address, "abc".indexOf(address.charAt(0)), ...LOST]),
				);
			}
	});

test("A9: LMTP: who quits in onSent is not told why the session has ended, who does not has the others in the error", async () => {
	const script = toAll("HELP", "S: 250 a", "(close)");
	const quits = await converse(script, {
		...setup(),
		onSent() {
			this.quit();
		},
	});
	deepEqual(quits.events, ["ready", "close"]);
	const { error } = await converse(script, setup());
	deepEqual(
		error?.rejected?.map(({ address }) => address),
		["b@x", "c@x"],
	);
});

test("A9: LMTP: what was said of others than the message's recipients so far is kept, and 421 is as the end", async () => {
	const { events, result } = await converse(toAll("PIPELINING", "S: 250 a", "S: 421 4.3.2 bye", "(close)"), setup());
	deepEqual(events.slice(0, 2), ["ready", "sent a@x"]);
	deepEqual(
		result?.rejected.map(({ address, code, temporary }) => [address, code, temporary]),
		[
			["b@x", 421, true],
			["c@x", 421, true],
		],
	);
});

test("B10: LMTP: one refusal for all, and then silence or the end: it is told, and soon", async () => {
	for (const end of ["", "(close)"]) {
		const before = Date.now();
		const { events, error } = await converse(toAll("PIPELINING", "S: 552 5.3.4 too big", end), {
			...setup(),
			timeouts: { command: 1_000, final: 300_000 },
		});
		deepEqual(events, ["ready", "error refused message 552"]);
		deepEqual([error?.text, error?.temporary, error?.scope], ["too big", true, "mail"]);
		deepEqual(
			error?.rejected?.map(({ address, code, temporary }) => [address, code, temporary]),
			[
				["a@x", 552, false],
				["b@x", 451, true],
				["c@x", 451, true],
			],
		);
		ok(Date.now() - before < 2_000, `${Date.now() - before} ms`);
	}
});

test("B10: LMTP: each further reply has the time of a command", async () => {
	const times = [900, 900, 900];
	const { events } = await converse(toAll("PIPELINING"), {
		...setup(),
		timeouts: { command: 1_000, final: 300_000 },
		hear(text, say) {
			if (text.endsWith("\r\n.\r\n")) {
				let at = 5_000;
				for (const ms of times) Timer.set(() => say("250 ok\r\n"), (at += ms));
			}
			if (text === "QUIT\r\n") say("221 bye\r\n");
		},
	});
	deepEqual(events, ["ready", "sent a@x b@x c@x", "ready", "close"]);
});

test("LMTP: no HELO for who does not know LHLO", async () => {
	const script = "S: 220 x\nC: LHLO me\nS: 500 what";
	const { transcript, events } = await converse(script, setup());
	equal(transcript, script);
	deepEqual(events, ["error refused LHLO 500"]);
});

test("LMTP: a Unix socket is not looked up; the port is 24 otherwise", async () => {
	const seen: unknown[] = [];
	class Showing extends ScriptedSocket {
		constructor(options: ConstructorParameters<typeof ScriptedSocket>[0]) {
			super(options);
			const { address, port } = options as unknown as Record<string, unknown>;
			seen.push([address, port]);
		}
	}
	class NoResolver {
		resolve(): void {
			throw new Error("a name was looked up");
		}
	}
	const script = "S: 220 x\nC: LHLO me\nS: 250 x\nC: QUIT\nS: 221 bye";
	const local = await converse(script, {
		Client: LMTPClient,
		Socket: Showing,
		host: "/run/lmtp",
		dns: { io: NoResolver },
	});
	deepEqual(local.events, ["ready", "close"]);
	await converse(script, { Client: LMTPClient, Socket: Showing });
	deepEqual(seen, [
		["/run/lmtp", 24],
		["192.0.2.1", 24],
	]);
});
