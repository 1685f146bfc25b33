import { deepEqual, equal, ok, test } from "harness";
import { envelopeAddress } from "smtp/address";
import { SMTPClient, type SMTPError, type SMTPOptions } from "smtp/client";
import { Output } from "smtp/output";
import { as, converse, hello, mail, source } from "./conversation";

/** The error that a call throws. */
function refusal(call: () => unknown): SMTPError {
	try {
		call();
	} catch (e) {
		return e as SMTPError;
	}
	throw new Error("nothing was thrown");
}

class NoSocket {
	constructor() {
		throw new Error("a socket was opened");
	}
}

class NoResolver {
	resolve(): void {
		throw new Error("a name was looked up");
	}
}

const options = {
	host: "mx",
	hostname: "me",
	security: "none",
	socket: { io: NoSocket },
	dns: { io: NoResolver },
} as unknown as SMTPOptions;

const bad = ["\r", "\n", "\0", "\r\nRSET", "\u007f", "\t", "\u760d", "\u760a", "\u00e4", "\ud800"];

test("the choke point refuses line ends, NUL, other control characters and what is not ASCII, and takes the command back", () => {
	const output = new Output(512);
	for (const text of bad) {
		output.begin("MAIL");
		output.text("MAIL FROM:<");
		const error = refusal(() => output.text(`a${text}b`));
		deepEqual([error.name, error.kind, error.phase], ["SMTPError", "argument", "MAIL"]);
		equal(output.length, 0);
	}
});

test("with UTF-8 agreed upon, characters are encoded whole; control characters stay refused", () => {
	const output = new Output(512);
	output.begin("MAIL", true);
	output.text("\u760d\u00e4\u{1f600}");
	deepEqual([...output.bytes.slice(0, output.length)], [0xe7, 0x98, 0x8d, 0xc3, 0xa4, 0xf0, 0x9f, 0x98, 0x80]);
	for (const text of ["\r", "\n", "\0", "\ud800", "\udc00x"]) {
		output.begin("MAIL", true);
		equal(refusal(() => output.text(text)).kind, "argument");
	}
});

test("a command that is too long is refused, one that finds no room now is taken back", () => {
	const output = new Output(512);
	output.begin("VRFY");
	output.text("x".repeat(510));
	ok(output.end());
	equal(output.length, 512);
	output.begin("NOOP");
	output.text("NOOP");
	ok(!output.end());
	equal(output.length, 512);
	output.drop(512);
	output.begin("VRFY");
	output.text("x".repeat(511));
	equal(refusal(() => output.end()).message, "VRFY: the command is longer than 512 bytes");
	equal(output.length, 0);
});

test("base64 of every length, of any character", () => {
	const encode = (...parts: string[]) => {
		const output = new Output(1024);
		output.begin("AUTH");
		output.base64Begin();
		for (const part of parts) output.utf8(part);
		output.base64End();
		return String.fromCharCode(...output.bytes.slice(0, output.length));
	};
	deepEqual(
		["", "f", "fo", "foo", "foob", "fooba", "foobar"].map((text) => encode(text)),
		["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"],
	);
	equal(encode("\0", "\u00e4\u20ac", "\u{1f600}?~\u007f"), "AMOk4oKs8J+YgD9+fw==");
	equal(encode("x".repeat(160)).length, 216);
});

test("a dictionary that cannot work is refused before anything is opened", () => {
	const of = (changes: Record<string, unknown>) =>
		refusal(() => new SMTPClient({ ...options, ...changes } as SMTPOptions));
	for (const changes of [
		{ host: "" },
		{ port: 0 },
		{ port: 65536 },
		{ port: 2.5 },
		{ security: "maybe" },
		{ security: "required" },
		{ security: undefined },
		{ hostname: undefined },
		{ hostname: "a b" },
		{ user: "me" },
		{ password: "secret" },
		{ user: "me", password: "secret" },
		{ user: "me", password: "a\0b", allowCleartextAuth: true },
		{ bufferBytes: 100 },
	]) {
		const error = of(changes);
		equal(error.kind, "argument", `${JSON.stringify(changes)}: ${error.message}`);
		ok(!error.message.includes("secret"));
	}
	for (const text of bad) equal(of({ hostname: `me${text}` }).phase, "EHLO");
	equal(of({ hostname: "x".repeat(2000) }).phase, "EHLO");
});

test("an envelope that cannot be sent is refused before anything is opened", () => {
	const of = (from: string, to: string | string[]) =>
		refusal(() => new SMTPClient({ ...options, message: { from, to, body: source("") } }));
	for (const text of [...bad, " ", "<", ">", ",", '"', "x".repeat(2000)]) {
		deepEqual([of(`me${text}@a`, "you@b").kind, of(`me${text}@a`, "you@b").phase], ["argument", "MAIL"]);
		deepEqual([of("me@a", ["x@b", `you${text}@b`]).kind, of("me@a", `you${text}@b`).phase], ["argument", "RCPT"]);
	}
	equal(of("me@a", []).message, "RCPT: there is no recipient");
	equal(of("me@a", "").message, "RCPT: a recipient's address is empty");
	equal(of("me@a", "<>").message, "RCPT: a recipient's address is empty");
	equal(
		of(
			"me@a",
			Array.from({ length: 101 }, () => "x@b"),
		).kind,
		"argument",
	);
});

test("a refused envelope leaves the session as it was", async () => {
	const script = `
		${hello()}
		C: QUIT
		S: 221 bye`;
	const { transcript } = await converse(script, {
		ready(client) {
			equal(refusal(() => client.send(mail("x", "a\r\nRSET@b"))).kind, "argument");
			ok(client.ready);
			client.quit();
		},
	});
	equal(transcript, as(script));
});

test("C2: dots that an atom has not are quoted in the envelope (RFC 5321, 4.1.2)", () => {
	for (const [given, path] of [
		["a..b@docomo.example", '"a..b"@docomo.example'],
		['"a..b"@docomo.example', '"a..b"@docomo.example'],
		["Ada <a.@b>", '"a."@b'],
		["<.a@b>", '".a"@b'],
		[" ..@b ", '".."@b'],
		["a.b@c.d", "a.b@c.d"],
		["a@b..c", "a@b..c"],
		['"x.@y"@z', '"x.@y"@z'],
	] as const)
		equal(envelopeAddress(given, "RCPT"), path);
});

test("quoted local parts and display names are understood, the envelope carries the address alone", async () => {
	for (const [given, sent] of [
		['"a b"@x', '"a b"@x'],
		['"<"@x', '"<"@x'],
		["Ada <ada@x>", "ada@x"],
		['"Ada, <x>" <ada@x>', "ada@x"],
		[" ada@x ", "ada@x"],
		["<ada@[192.0.2.1]>", "ada@[192.0.2.1]"],
	] as const) {
		const script = `
			${hello()}
			C: MAIL FROM:<me@a>
			S: 250 ok
			C: RCPT TO:<${sent}>
			S: 421 enough`;
		const { transcript } = await converse(script, { mail: mail("x", given) });
		ok(transcript.includes(`C: RCPT TO:<${sent}>`), transcript);
	}
});
