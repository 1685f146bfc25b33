import { deepEqual, equal, ok, test } from "harness";
import { LINE_COUNT_LIMIT, LINE_LIMIT, octets, ReplyEvent, ReplyParser } from "smtp/reply";

/** Gives a parser the bytes of a text's characters. */
function push(parser: ReplyParser, text: string): void {
	const bytes = Uint8Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
	parser.push(octets(bytes.buffer), bytes.length);
}

/**
 * Feeds text to a parser, in pieces of every size, or all at once to one that is given; the codes of the replies that came
 * out, or the problem.
 */
function parse(text: string, parser?: ReplyParser): string {
	if (parser) return feed(text, parser, text.length);
	const results = [1, 2, 3, 7, 128, text.length].map((size) => feed(text, new ReplyParser(), size));
	for (const result of results) equal(result, results[0] as string);
	return results[0] as string;
}

function feed(text: string, parser: ReplyParser, size: number): string {
	let codes = "";
	for (let i = 0; i < text.length; i += size) {
		push(parser, text.slice(i, i + size));
		for (let event = parser.next(); event !== ReplyEvent.None; event = parser.next()) {
			if (event === ReplyEvent.Reply) codes += `${parser.code} `;
			if (event === ReplyEvent.Malformed) return `${codes}! ${parser.lineText}`;
		}
	}
	return codes.trim();
}

test("a reply of one line, with and without text, ended by CRLF or LF", () => {
	for (const text of ["250 OK\r\n", "250\r\n", "250\n", "250 \r\n", "250 a\rb\r\n"]) equal(parse(text), "250");
});

test("a reply of several lines counts as one, the last code stands", () => {
	equal(parse("250-a\r\n250-b \r\n250 c\r\n"), "250");
	equal(parse("250-a\r\n250\r\n"), "250");
});

test("two replies at once are two", () => {
	equal(parse("250 a\r\n354 b\r\n"), "250 354");
});

test("what is no reply is malformed", () => {
	for (const text of [
		"garbage\r\n",
		"25\r\n",
		"+50 x\r\n",
		" 25 x\r\n",
		"2x0 a\r\n",
		"650 x\r\n",
		"050 x\r\n",
		"250x\r\n",
		"250-a\r\nb",
	])
		ok(parse(text).startsWith("! "), text);
});

test("the code may not change within a reply", () => {
	equal(parse("250-a\r\n550 b\r\n"), "! the code changes from 250 to 550 within one reply");
});

test("a line may have LINE_LIMIT bytes and not one more", () => {
	equal(parse(`250 ${"x".repeat(LINE_LIMIT - 6)}\r\n`), "250");
	ok(parse(`250 ${"x".repeat(LINE_LIMIT - 5)}\r\n`).startsWith("! a reply line is longer"));
});

test("a reply may have LINE_COUNT_LIMIT lines and not one more", () => {
	equal(parse(`${"250-x\r\n".repeat(LINE_COUNT_LIMIT - 1)}250 x\r\n`), "250");
	ok(parse("250-x\r\n".repeat(LINE_COUNT_LIMIT)).startsWith("! a reply has more than"));
});

test("text is kept of replies that a person will read, not of others", () => {
	const parser = new ReplyParser();
	parse("250 fine\r\n", parser);
	equal(parser.text, "");
	parse("550-no such user\r\n550 here\r\n", parser);
	equal(parser.text, "no such user\nhere");
	parse("250 fine\r\n", parser);
	equal(parser.text, "");
});

test("text is bounded, control characters and broken UTF-8 are shown harmlessly", () => {
	const parser = new ReplyParser(16);
	parse(`550 ${"x".repeat(100)}\r\n`, parser);
	equal(parser.text, "x".repeat(16));
	parse("550 a\u001b[2J\u0000b\r\n", parser);
	equal(parser.text, "a [2J b");
	parse("550 \u00c3\u00a4\u00ff\u00e2\u0082\r\n", parser);
	equal(parser.text, "\u00e4\ufffd\ufffd");
});

test("enhanced status codes are told from the text", () => {
	const of = (text: string) => {
		const parser = new ReplyParser();
		parse(text, parser);
		const { code, enhanced, text: rest } = parser.reply;
		return [code, enhanced, rest];
	};
	deepEqual(of("535 5.7.8 Bad credentials\r\n"), [535, "5.7.8", "Bad credentials"]);
	deepEqual(of("550-5.1.1 No such\r\n550 5.1.1 user\r\n"), [550, "5.1.1", "No such\nuser"]);
	deepEqual(of("550 5.1 x\r\n"), [550, undefined, "5.1 x"]);
	deepEqual(of("550 5.1234.1 x\r\n"), [550, undefined, "5.1234.1 x"]);
	deepEqual(of("421 4.4.2\r\n"), [421, "4.4.2", ""]);
	deepEqual(of("550 3.1.1 x\r\n"), [550, undefined, "3.1.1 x"]);
});

test("a scanner sees the text of every line, a character an octet", () => {
	for (const size of [1, 5, 100]) {
		const parser = new ReplyParser();
		let seen = "";
		parser.scanner = { scan: (text, line) => (seen += `${line}:${text};`) };
		feed("250-ab\r\n250-\xc3\xa4\0\n250 c\r\n", parser, size);
		equal(seen, "0:ab;1:\xc3\xa4\0;2:c;");
	}
});

test("what came after a reply is counted, and not taken with it", () => {
	const parser = new ReplyParser();
	push(parser, "250-a\r\n250 b\r\n550 no\r\n25");
	equal(parser.next(), ReplyEvent.Line);
	deepEqual([parser.next(), parser.code, parser.unread], [ReplyEvent.Reply, 250, 10]);
	deepEqual([parser.next(), parser.code, parser.unread, parser.text], [ReplyEvent.Reply, 550, 2, "no"]);
	equal(parser.next(), ReplyEvent.None);
	parser.reset();
	deepEqual([parser.next(), parser.unread], [ReplyEvent.None, 0]);
});

test("of a line that is too long to be kept, only the beginning is", () => {
	let text = "";
	for (let i = 0; text.length < 1500; i++) text += `<${i}>`;
	for (const limit of [512, 1024])
		for (const size of [48, 700, 2000]) {
			const parser = new ReplyParser(limit);
			feed(`550 ${text}\r\n`, parser, size);
			ok(
				parser.text.length >= limit - 4 && text.startsWith(parser.text),
				`${limit} in pieces of ${size}: ${parser.text}`,
			);
		}
});
