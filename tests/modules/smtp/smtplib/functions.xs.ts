import { equal, test, throws } from "harness";
import { CRAM_MD5 } from "smtp/crammd5";
import { SMTPError } from "smtp/error";
import { Output } from "smtp/output";
import { quoteaddr, quotedata } from "smtp/smtplib";
import { dialogue, hello } from "./talk";

test("case 1: quotedata", () => {
	equal(quotedata("abc\n.jkl\rfoo\r\n..blue"), "abc\r\n..jkl\r\nfoo\r\n...blue");
});

test("case 2: quotedata, line ends of every kind beside each other", () => {
	equal(quotedata("a\r"), "a\r\n");
	equal(quotedata("\r\r\n\n."), "\r\n\r\n\r\n..");
});

test("case 3: quotedata, a lone dot, nothing", () => {
	equal(quotedata("."), "..");
	equal(quotedata(""), "");
});

test("case 4: quoteaddr", () => {
	for (const [address, path] of [
		["a@b", "<a@b>"],
		["<a@b>", "<a@b>"],
		["", "<>"],
		["<>", "<>"],
		["Foo <a@b>", "<a@b>"],
		[" a@b", "<a@b>"],
		['"q q"@x', '<"q q"@x>'],
		["John", "<John>"],
	] as const)
		equal(quoteaddr(address), path);
	throws(() => quoteaddr("a@b, c@d"), SMTPError);
});

test("case 5: base64 of 0 to 4 bytes; 160 characters give one line", () => {
	const encode = (text: string) => {
		const output = new Output(512);
		output.begin("AUTH");
		output.base64Begin();
		output.utf8(text);
		output.base64End();
		return String.fromCharCode(...output.bytes.slice(0, output.length));
	};
	equal(["", "f", "fo", "foo", "foob"].map(encode).join(" "), " Zg== Zm8= Zm9v Zm9vYg==");
	equal(encode("x".repeat(160)), `${"eHh4".repeat(53)}eA==`);
});

const cram = (challenge: string, response: string) =>
	`${hello("AUTH CRAM-MD5")}C: AUTH CRAM-MD5\nS: 334 ${challenge}\nC: ${response}\nS: 235 ok`;

test("case 6: HMAC-MD5, the example of RFC 2195", () =>
	dialogue(
		cram(
			"PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+",
			"dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw",
		),
		(smtp) => smtp.login("tim", "tanstaaftanstaaf"),
		{ mechanisms: [CRAM_MD5] },
	));

test("case 7: HMAC-MD5 with a key longer than a block", () =>
	dialogue(
		cram("PDFAeD4=", "dGltIGRmM2NiYzJmOWE4Njk0ODhkM2Y0NjkxMGY0NWI4Yjky"),
		(smtp) => smtp.login("tim", "k".repeat(80)),
		{ mechanisms: [CRAM_MD5] },
	));
