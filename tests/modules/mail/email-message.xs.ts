import { deepEqual, equal, ok, test } from "harness";
import { compose } from "mail/compose";
import { EmailMessage, type EmailOptions } from "mail/email-message";
import { flowed } from "mail/flowed";
import { Message } from "mail/message";
import { bodyOf, field, message, readAll, refusedField } from "./rendering";

const email = (options: Partial<EmailOptions> = {}): EmailMessage =>
	new EmailMessage({ from: "ada@example.org", to: "bob@example.org", subject: "Water", text: "süß\n", ...options });

test("it renders what a message of the same description does, as often as it is asked to", () => {
	const options: EmailOptions = { from: "Ada <ada@example.org>", cc: "c@example.org", subject: "é", text: "a\n" };
	const expected = readAll(new Message(options));
	const email = new EmailMessage(options);
	for (let i = 0; i < 2; i++) equal(readAll(email.source()), expected);
});

test("its envelope has Bcc, what it renders has not", () => {
	const secret = email({ sender: "s@example.org", bcc: ["x@example.org", "bob@example.org"] });
	deepEqual(secret.envelope, { from: "s@example.org", to: ["bob@example.org", "x@example.org"] });
	equal(readAll(secret.source()).indexOf("x@example.org"), -1);
});

test("addresses beyond ASCII in the header take UTF-8, names and recipients of Bcc do not", () => {
	equal(email({ from: "Ädа <ada@example.org>", subject: "é", bcc: "é@example.org" }).utf8, false);
	for (const options of [
		{ from: "é@example.org" },
		{ sender: "é@example.org" },
		{ replyTo: { name: "E", address: "é@example.org" } },
		{ to: ["b@example.org", { group: "g", members: ["E <e@exämple.org>"] }] },
		{ cc: "é@example.org" },
	]) {
		equal(email(options).utf8, true);
		readAll(email(options).source());
	}
	equal(
		refusedField(() => email({ cc: "é@example.org" }).source(false)),
		"Cc",
	);
});

test("a text is 8bit only where the server takes it, and then says so", () => {
	for (const eightBit of [false, true]) {
		const source = email().source(false, eightBit);
		equal(source.eightBit, eightBit);
		equal(field("Content-Transfer-Encoding", readAll(source)), eightBit ? "8bit" : "base64");
	}
	equal(email({ text: "sweet\n" }).source(false, true).eightBit, false);
	equal(message({ content: flowed("süß\n", true) }).eightBit, true);
});

test("a multipart with a part in 8bit says so, and so does the one around it (RFC 2045, 6.4)", () => {
	const page = { text: "sweet\n", html: "<p>süß</p>\n" };
	const text = readAll(message({ content: compose({ ...page, eightBit: true }) }));
	equal(field("Content-Transfer-Encoding", text), "8bit");
	equal(message({ content: compose({ ...page, eightBit: true }) }).eightBit, true);
	const plain = message({ content: compose(page) });
	equal(plain.eightBit, false);
	equal(field("Content-Transfer-Encoding", readAll(plain)), undefined);
	ok(bodyOf(text).startsWith("--=_1_\r\n"));
});
