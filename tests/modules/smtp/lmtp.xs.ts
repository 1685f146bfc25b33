import { deepEqual, equal, test } from "harness";
import { LMTPClient } from "smtp/lmtp";
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
