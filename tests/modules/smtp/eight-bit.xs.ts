/** B12: bytes beyond ASCII go to servers that take them (8BITMIME, RFC 6152), and to no others. */
import { deepEqual, equal, ok, test } from "harness";
import type { MessageSource } from "smtp/client";
import { as, converse, hello, mail, source } from "./conversation";

const TEXT = "Subject: x\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n";

/** A source of 8-bit text, with what it says of itself. */
const eightBit = (says: Partial<MessageSource>, text = TEXT, piece = 4096): MessageSource => ({
	...says,
	read: source(text, piece).read,
});

const without = `${hello("HELP")}C: QUIT\nS: 221 bye`;
const delivery = (parameter: string) => `${hello("8BITMIME")}C: MAIL FROM:<me@a>${parameter}
	S: 250 ok
	C: RCPT TO:<you@b>
	S: 250 ok
	C: DATA
	S: 354 go
	C: Subject: x
	C:
	C: Gr\xc3\xbc\xc3\x9fe
	C: .
	S: 250 ok
	C: QUIT
	S: 221 bye`;

for (const says of [{ eightBit: true }, { eightBit: true, canonical: true }, { eightBit: true, size: 20 }])
	test(`B12: a source that says ${JSON.stringify(says)}`, async () => {
		const message = { ...mail(), body: eightBit(says) };
		const { transcript, events, error } = await converse(without, { mail: message });
		equal(transcript, as(without));
		deepEqual(events, ["ready", "refused MAIL ", "ready", "close"]);
		deepEqual([error?.kind, error?.scope], ["unsupported", "mail"]);
		equal(error?.message, "the message needs 8BITMIME, which the server does not offer");
		const script = delivery(" BODY=8BITMIME");
		equal((await converse(script, { mail: { ...mail(), body: eightBit(says) } })).transcript, as(script));
	});

test("B12: the message says so, not the source; or only the one that is given as `message`", async () => {
	const message = () => ({ ...mail(), body: eightBit({}), eightBit: true });
	equal((await converse(without, { mail: message() })).error?.kind, "unsupported");
	const script = delivery(" BODY=8BITMIME");
	equal((await converse(script, { message: message(), ready: (client) => client.quit() })).transcript, as(script));
});

test("B12: nobody says so: the message is cut off before the first such byte, and never ended", async () => {
	const long = `Subject: x\r\n\r\n${"0123456789\r\n".repeat(100)}`;
	for (const canonical of [false, true])
		for (const [offer, chunking] of [
			["HELP", false],
			["PIPELINING", false],
			["PIPELINING CHUNKING", true],
		] as const)
			for (const text of [TEXT, `${long}\xe9\r\n`, `${long}\xc3\xa9`, "\xff"]) {
				let said = "";
				const { events, error, opened, closed } = await converse(hello(...offer.split(" ")), {
					chunking,
					mail: { ...mail(), body: eightBit({ canonical }, text, 97) },
					hear(heard, say) {
						said += heard;
						if (heard.startsWith("MAIL")) say("250 ok\r\n");
						if (heard.includes("RCPT")) say("250 ok\r\n");
						if (heard.endsWith("DATA\r\n")) say("354 go\r\n");
						if (heard.includes("BDAT")) say("250 ok\r\n");
					},
				});
				deepEqual(events, ["ready", "error unsupported message"]);
				deepEqual([error?.scope, error?.temporary], ["mail", false]);
				ok(!said.includes("\xe9") && !said.includes("\xc3") && !said.includes("\xff"));
				ok(!said.includes("LAST") && !said.endsWith(".\r\n"));
				deepEqual([opened, closed], [1, 1]);
			}
});

test("B12: a source that says that it has none is believed; ASCII goes everywhere", async () => {
	const plain = `${hello("HELP")}${delivery("").split("S: 250 8BITMIME\n")[1]}`;
	equal((await converse(plain, { mail: { ...mail(), body: eightBit({}), eightBit: false } })).transcript, as(plain));
	const ascii = plain.replace("Gr\xc3\xbc\xc3\x9fe", "Gruesse\x7f\0");
	const { events } = await converse(ascii, {
		mail: { ...mail(), body: eightBit({}, TEXT.replace("Gr\xc3\xbc\xc3\x9fe", "Gruesse\x7f\0")) },
	});
	deepEqual(events, ["ready", "sent you@b", "ready", "close"]);
});
