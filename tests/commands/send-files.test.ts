/** `./build.sh send` with pages, files, copies and fields of one's own: composed on the board, read back by mailparser. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import type { Attachment } from "mailparser";
import { command, folder } from "./command.js";
import { type Call, send, startInbox } from "./send-json.js";

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Bytes of all values, with line ends and dots at the beginning of lines among them. */
function binary(length: number): Buffer {
	const bytes = Buffer.alloc(length);
	for (let i = 0; i < length; i++) bytes[i] = (i * 167 + (i >> 3) + (i >> 11)) & 255;
	bytes.write("\r\n.\r\n\n.\r", length >> 1);
	return bytes;
}

/** Files in a folder that goes with the test; their paths, in order. */
function write(t: TestContext, files: Record<string, string | Uint8Array>): string[] {
	const path = folder(t);
	return Object.entries(files).map(([name, content]) => {
		writeFileSync(join(path, name), content);
		return join(path, name);
	});
}

const attach = (paths: string[]) => paths.flatMap((path) => ["--attach", path]);

/** What `send` delivers; everything must have gone well. */
async function deliver(t: TestContext, call: Call) {
	const inbox = await startInbox(t, { size: 10_000_000 });
	const result = await send(inbox.port, call);
	assert.equal(result.status, 0, result.stdout + result.stderr);
	const [mail] = inbox.mails;
	assert.ok(mail);
	const raw = mail.raw.toString("latin1");
	return { ...result, mail, raw, header: raw.slice(0, raw.indexOf("\r\n\r\n")) };
}

const seen = ({ filename, contentType, content }: Attachment) => [filename, contentType, digest(content)];

suite("files", () => {
	test("of 0, 1, 57, 10,000 and 1,000,000 bytes arrive byte for byte, under names of all kinds", async (t) => {
		const files = {
			"empty.txt": [binary(0), "text/plain"],
			"Grüße aus Köln.csv": [binary(1), "text/csv"],
			"水位.PNG": [binary(57), "image/png"],
			'it\'s "quoted", 100% (a;b)=[c].pdf': [binary(10_000), "application/pdf"],
			"no type at all": [binary(1_000_000), "application/octet-stream"],
		} as const;
		const contents = Object.fromEntries(Object.entries(files).map(([name, [bytes]]) => [name, bytes]));
		const { mail, raw, json } = await deliver(t, { options: [...attach(write(t, contents)), "--text", "See below."] });
		assert.deepEqual(
			mail.parsed.attachments.map(seen),
			Object.entries(files).map(([name, [bytes, type]]) => [name, type, digest(bytes)]),
		);
		assert.equal(mail.parsed.text?.trimEnd(), "See below.");
		assert.deepEqual(json.accepted, ["b@example.org"]);
		for (const line of raw.split("\r\n")) assert.ok(line.length <= 998 && !/[\r\n]/.test(line), "no line of a mail");
	});

	test("of the longest names and types", async (t) => {
		const name = `${"水".repeat(80)}.pptx`;
		const { mail } = await deliver(t, { options: attach(write(t, { [name]: binary(5) })) });
		const type = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
		assert.deepEqual(mail.parsed.attachments.map(seen), [[name, type, digest(binary(5))]]);
	});

	test("of text are said to be UTF-8 only if they are; a message is no type for a file", async (t) => {
		const files = { "utf-8.txt": "Köln", "latin-1.txt": Buffer.from("Köln", "latin1"), "mail.eml": "From: a\r\n\r\n" };
		const { raw, mail } = await deliver(t, { options: attach(write(t, files)) });
		const types = [...raw.matchAll(/^Content-Type: ([^;\r]*)(?:;\r\n charset=([\w-]+))?\r\n.*base64/gm)];
		assert.deepEqual(
			types.map(([, type, charset]) => [type, charset]),
			[
				["text/plain", "utf-8"],
				["text/plain", undefined],
				["application/octet-stream", undefined],
			],
		);
		assert.deepEqual(
			mail.parsed.attachments.map(({ content }) => content.toString("latin1")),
			["K\u00c3\u00b6ln", "Köln", "From: a\r\n\r\n"],
		);
	});

	test("ten of them go in one mail, with the trace on", async (t) => {
		const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`${index}.bin`, binary(100 * index)]));
		const options = [...attach(write(t, files)), "--trace", "--html", "<p>", "--cc", "Köln <c@example.org>"];
		const { mail } = await deliver(t, { options });
		assert.deepEqual(
			mail.parsed.attachments.map(({ content }) => digest(content)),
			Object.values(files).map(digest),
		);
	});

	test("the server is told the size beforehand, and what it does not take is not sent", async (t) => {
		const [path = ""] = write(t, { "a.bin": binary(100_000) });
		const { stderr, mail } = await deliver(t, { options: ["--trace", "--attach", path] });
		const size = Number(/^C: MAIL FROM:<a@example.org> SIZE=(\d+)$/m.exec(stderr)?.[1]);
		assert.ok(size >= mail.raw.length && size < mail.raw.length * 1.01, `${size} for ${mail.raw.length}`);
		const small = await startInbox(t, { size: 50_000 });
		const { status, json } = await send(small.port, { options: ["--attach", path] });
		assert.equal(status, 69, json.error?.text);
		assert.match(json.error.text, /bytes, the server takes 50000/);
		assert.equal(small.mails.length, 0);
	});

	test("take the same memory for 10 KB and for 1 MB", async (t) => {
		const used: number[] = [];
		const files = { short: binary(10_240), long: binary(1_048_576) };
		for (const [index, path] of write(t, files).entries()) {
			const { mail, json } = await deliver(t, { options: ["--attach", path] });
			assert.deepEqual(
				mail.parsed.attachments.map(({ content }) => digest(content)),
				[digest(Object.values(files)[index] ?? binary(0))],
			);
			const { heap } = json;
			if (heap.slotSize !== 16) return t.skip("this machine builds no 32-bit engine, whose figures are the chip's");
			used.push((heap.peakBytes ?? 0) - (heap.idleBytes ?? 0));
		}
		t.diagnostic(`${used.join(" and ")} bytes above idle`);
		assert.ok(Math.max(...used) <= 3_456, `too much: ${used}`);
		assert.ok(Math.max(...used) - Math.min(...used) <= 64, `it grows: ${used}`);
	});
});

suite("pages", () => {
	const page = '<p>Größe: <b>12 cm</b></p>\n<img src="cid:pegel-1.png">\n.<br>\n';

	test("with a text, an image and a file: each where readers look for it", async (t) => {
		const [html = "", image = "", log = ""] = write(t, { page, "pegel-1.png": binary(300), "log.txt": "12\n" });
		const options = ["--text", "12 cm", "--html", html, "--inline", image, "--attach", log];
		const { mail, raw } = await deliver(t, { options });
		const kinds = [...raw.matchAll(/^Content-Type: ([^;\r]*)/gm)].map(([, type]) => type);
		const multipart = (subtype: string) => `multipart/${subtype}`;
		assert.deepEqual(kinds, [
			...[multipart("mixed"), multipart("alternative"), "text/plain"],
			...[multipart("related"), "text/html", "image/png", "text/plain"],
		]);
		assert.equal(mail.parsed.text?.trimEnd(), "12 cm");
		const shown = `data:image/png;base64,${binary(300).toString("base64")}`; // mailparser puts the image in its place
		assert.equal(mail.parsed.html, page.replace("cid:pegel-1.png", shown));
		const [first, second] = mail.parsed.attachments;
		assert.deepEqual([first?.cid, first?.contentDisposition, first?.related], ["pegel-1.png", "inline", true]);
		assert.deepEqual([second?.filename, second?.contentDisposition], ["log.txt", "attachment"]);
	});

	test("alone, typed as they are", async (t) => {
		const { mail, raw } = await deliver(t, { options: ["--html", " <p>水</p>"] });
		assert.equal(String(mail.parsed.html).trimEnd(), " <p>水</p>");
		assert.doesNotMatch(raw, /text\/plain|multipart/);
	});

	test("or texts come from standard input, of any length", async (t) => {
		const text = "Grüße 水\n.dot\n".repeat(10_000);
		const { mail } = await deliver(t, { options: ["--text", "-"], input: text });
		assert.equal(mail.parsed.text, text);
		const { mail: other } = await deliver(t, { options: ["--html", "-", "--text", "short"], input: page });
		assert.equal(String(other.parsed.html), page);
	});

	test("that do not show an image get it all the same, with a word about it", async (t) => {
		const [image = ""] = write(t, { "a.png": binary(3) });
		const { mail, stderr } = await deliver(t, { options: ["--html", "<p>", "--inline", image] });
		assert.match(stderr, /no cid:a\.png/);
		assert.equal(mail.parsed.attachments.length, 1);
	});
});

suite("header and envelope", () => {
	test("copies go to the envelope, blind ones to it alone, each address once", async (t) => {
		const cc = ["--cc", "Köln <c@example.org>,d <d@example.org>", "--cc", "e@example.org"];
		const options = [...cc, "--bcc", "secret@example.org,c@example.org", "--reply-to", "answers@example.org"];
		const { mail, raw, header, json } = await deliver(t, { from: "Ada <a@example.org>", options });
		const to = ["b@example.org", "c@example.org", "d@example.org", "e@example.org", "secret@example.org"];
		assert.deepEqual(mail.envelope, { from: "a@example.org", to });
		assert.equal(json.accepted.length, 5);
		assert.doesNotMatch(raw, /secret|bcc/i);
		assert.match(header, /^From: Ada <a@example\.org>\r\nReply-To: answers@example\.org\r\nTo: b@example\.org\r\nCc: /);
		assert.equal([mail.parsed.cc].flat()[0]?.text, '"Köln" <c@example.org>, "d" <d@example.org>, e@example.org');
		assert.match(mail.parsed.messageId ?? "", /^<[\w-]+@example\.org>$/);
	});

	test("a mail may go to blind copies alone", async (t) => {
		const { mail, header } = await deliver(t, { to: [], options: ["--bcc", "b@example.org"] });
		assert.deepEqual(mail.envelope.to, ["b@example.org"]);
		assert.doesNotMatch(header, /^(to|cc|bcc):/im);
	});

	for (const [level, importance, number] of [
		["high", "high", "1"],
		["normal", "normal", "3"],
		["low", "low", "5"],
	] as const)
		test(`--priority ${level}`, async (t) => {
			const { mail, header } = await deliver(t, { options: ["--priority", level] });
			assert.equal(mail.parsed.headers.get("priority"), level);
			assert.match(header, new RegExp(`^Importance: ${importance}\r\nX-Priority: ${number}\r$`, "m"));
		});

	test("fields of one's own, in any script", async (t) => {
		const fields = [
			"--header",
			"X-Board: Küche, 水",
			"--header",
			"X-Empty:",
			"--header",
			"List-Id:  <alerts.example.org>",
		];
		const { mail, header } = await deliver(t, { options: fields });
		const [, word = ""] = /^X-Board: =\?UTF-8\?B\?(.*)\?=\r\nX-Empty: \r\nList-Id: </m.exec(header) ?? [];
		assert.equal(Buffer.from(word, "base64").toString(), "Küche, 水");
		assert.deepEqual(mail.parsed.headers.get("list"), { id: { name: "alerts.example.org" } });
	});
});

suite("64: what cannot be sent, and nothing is", () => {
	for (const [option, value] of Object.entries({
		html: "<p>",
		attach: "package.json",
		inline: "package.json",
		cc: "c@example.org",
		bcc: "c@example.org",
		"reply-to": "c@example.org",
		priority: "high",
		header: "X-A: b",
		text: "x",
	}))
		refused(
			`--raw and --${option}`,
			() => ["--raw", `--${option}`, value],
			new RegExp(`^--raw .*--${option} does not`),
		);
	refused(
		"a file that is not there",
		() => ["--attach", "not-there.png"],
		/^--attach: not-there\.png cannot be read: no such file or directory\.$/,
	);
	refused("a page that is not there", () => ["--html", "not-there.html"], /^--html: not-there\.html cannot be read/);
	refused("a folder", () => ["--attach", "tests"], /^--attach: tests is no file\.$/);
	refused("a device, which never ends", () => ["--inline", "/dev/zero", "--html", "<p>"], /^--inline: .* is no file/);
	refused(
		"the second of two files",
		() => ["--attach", "package.json", "--attach", "not-there"],
		/^--attach: not-there/,
	);
	refused("an image without a page", () => ["--inline", "package.json"], /^--inline needs --html/);
	refused(
		"an image whose name no page can say",
		(t) => ["--html", "<p>", "--inline", ...write(t, { "größe's.png": "" })],
		/^--inline: größe's\.png must have a name of ASCII letters.* give a link to it \(ln -s '.*größe'\\''s\.png' image\.png\)/,
	);
	refused(
		"two images of one name",
		(t) => {
			const [one = ""] = write(t, { "a.png": "1" });
			const other = join(folder(t), "a.png");
			writeFileSync(other, "2");
			return ["--html", '<img src="cid:a.png">', "--inline", one, "--inline", other];
		},
		/two files/,
	);
	refused(
		"a name with a line end",
		(t) => {
			const path = join(folder(t), "a\r\nX-Evil: b");
			mkdirSync(join(path, ".."), { recursive: true });
			writeFileSync(path, "");
			return ["--attach", path];
		},
		/^Content-Disposition: /,
	);
	refused("a page that is not UTF-8", (t) => ["--html", ...write(t, { a: Buffer.from([60, 228, 62]) })], /not UTF-8/);
	refused("a page with a NUL", () => ["--html", "-"], /NUL/, "<p>\0");
	refused("standard input as text and page", () => ["--html", "-", "--text", "-"], /not both/, "x");
	refused("eleven files", () => attach(Array(11).fill("package.json")), /10 files at most/);
	refused("a priority that is none", () => ["--priority", "urgent"], /^--priority must be one of/);
	for (const option of ["to", "cc", "bcc", "reply-to"]) {
		refused(`--${option} without an address`, () => [`--${option}`, "nobody"], new RegExp(`^--${option}: "nobody"`));
		refused(`--${option} with a line end`, () => [`--${option}`, "c@example.org\r\nX-Evil: d"], /./);
		for (const address of ["c@exämple.org", "Ada <çelik@example.org>"])
			refused(`--${option} ${address}`, () => [`--${option}`, address], /beyond ASCII: give --smtputf8/);
	}
	refused("a field without a colon", () => ["--header", "X-Board"], /^--header: "X-Board" is no field/);
	for (const field of ["X Board: a", "X-Küche: a", "X-Board : a", ": a", "Subject: a", "bcc: a@example.org", "X\n: a"])
		refused(`the field ${JSON.stringify(field)}`, () => ["--header", field], /./);
	for (const value of ["a\r\nX-Evil: b", "a\nb", "a\rb"])
		refused(`the value ${JSON.stringify(value)}`, () => ["--header", `X-Board: ${value}`], /./);

	function refused(what: string, options: (t: TestContext) => string[], says: RegExp, input?: string): void {
		test(what, async (t) => {
			const inbox = await startInbox(t);
			const heard: string[] = [];
			inbox.on("dialogue", (line) => heard.push(line));
			const { status, json } = await send(inbox.port, { options: options(t), input: input ?? "" });
			assert.equal(status, 64, JSON.stringify(json));
			assert.match(json.error.text, says);
			assert.deepEqual(heard, [], "something was sent");
			assert.equal(inbox.mails.length, 0);
		});
	}
});

test("a file is named from where ./build.sh was called", async (t) => {
	const inbox = await startInbox(t);
	const env = { CALLED_FROM: folder(t, { "README.md": "one's own" }) };
	const envelope = ["--from", "a@example.org", "--to", "b@example.org", "--attach", "README.md"];
	const server = ["--host", "127.0.0.1", "--port", String(inbox.port), "--tls", "none"];
	const { status, stderr } = await command("send", [...server, ...envelope], { env });
	assert.equal(status, 0, stderr);
	assert.equal(inbox.mails[0]?.parsed.attachments[0]?.content.toString(), "one's own");
});

test("C7: a calendar's type names its method", async (t) => {
	const cwd = folder(t, {
		"invite.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
		"plain.ics": "BEGIN:VCALENDAR\r\nX-METHOD:REQUEST\r\nEND:VCALENDAR\r\n",
	});
	const inbox = await startInbox(t);
	const options = ["--attach", join(cwd, "invite.ics"), "--attach", join(cwd, "plain.ics")];
	const { status } = await send(inbox.port, { options });
	assert.equal(status, 0);
	const raw = String(inbox.mails[0]?.raw);
	assert.match(raw, /Content-Type: text\/calendar;\r\n method=REQUEST;\r\n charset=utf-8\r\n/);
	assert.match(raw, /Content-Type: text\/calendar;\r\n charset=utf-8\r\n/);
});
