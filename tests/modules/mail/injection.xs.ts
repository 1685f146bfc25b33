/** No value adds a field, ends the header or ends the mail, whatever is in it and wherever it stands. */
import { deepEqual, ok, test } from "harness";
import { Attachment, type AttachmentOptions } from "mail/attachment";
import { compose } from "mail/compose";
import { EmailMessage } from "mail/email-message";
import { MailError } from "mail/error";
import { flowed } from "mail/flowed";
import type { MessageOptions } from "mail/message";
import { type Resending, ResentMessage } from "mail/resent-message";
import { StringSource } from "mail/sources";
import { escapeHTML, fill, TemplatePieces } from "mail/template";
import { isCanonical, readAll, render } from "./rendering";

/** Where a value can stand: renders a message with it. */
type Places = Record<string, (value: string) => string>;

const mail = (options: Partial<MessageOptions>): string => render({ ...options, utf8: true });

const file = (options: Partial<AttachmentOptions>): string =>
	mail({ content: compose({ attachments: [new Attachment({ source: new StringSource("x"), ...options })] }) });

const resent = (options: Partial<Resending>): string => {
	const message = new EmailMessage({ from: "ada@example.org" });
	return readAll(new ResentMessage({ from: "a@example.org", date: 0, ...options }, message).source(true));
};

const inHeader: Places = {
	"an address": (to) => mail({ to }),
	"an address of its own": (address) => mail({ to: { address } }),
	"a local part": (local) => mail({ to: `${local}@example.org` }),
	"a quoted local part": (local) => mail({ to: `"${local}"@example.org` }),
	"a domain": (domain) => mail({ to: `a@${domain}` }),
	"a literal": (domain) => mail({ to: `a@[${domain}]` }),
	"a name": (name) => mail({ cc: { name, address: "a@example.org" } }),
	"a name before an address": (name) => mail({ replyTo: `${name} <a@example.org>` }),
	"a quoted name": (name) => mail({ from: `"${name}" <a@example.org>` }),
	"a long name": (name) => mail({ sender: { name: "x ".repeat(60) + name, address: "a@example.org" } }),
	"a name beyond ASCII": (name) => mail({ to: { name: `é${name}`, address: "a@example.org" } }),
	"a group": (group) => mail({ to: { group, members: ["a@example.org"] } }),
	"a member": (member) => mail({ to: { group: "g", members: [member] } }),
	"a subject": (subject) => mail({ subject }),
	"a long subject": (subject) => mail({ subject: "x ".repeat(60) + subject }),
	"a subject beyond ASCII": (subject) => mail({ subject: `é${subject}水` }),
	"a subject by template": (x) => mail({ subject: fill("Alert: {{x}}", { x }) }),
	"an identifier": (messageId) => mail({ messageId: `${messageId}@example.org` }),
	"what it answers": (inReplyTo) => mail({ inReplyTo }),
	references: (id) => mail({ references: ["a@b", id] }),
	priority: (priority) => mail({ priority: priority as "high" }),
	"a field of one's own": (value) => mail({ headers: [["X-Own", value]] }),
	"its name": (name) => mail({ headers: [[name, "value"]] }),
	"a file's name": (name) => file({ name }),
	"a long file's name": (name) => file({ name: "x".repeat(80) + name }),
	"a file's name beyond ASCII": (name) => file({ name: `é${name}` }),
	"a file's type": (type) => file({ type: `text/${type}` }),
	"a file's charset": (charset) => file({ type: "text/plain", charset }),
	"an image's identifier": (contentId) => file({ contentId }),
	"who sends it on": (name) => resent({ from: { name, address: "a@example.org" } }),
	"who sends it on for them": (sender) => resent({ sender }),
	"to whom it is sent on": (to) => resent({ to: ["b@example.org", to] }),
	"of whom others get it": (group) => resent({ cc: { group, members: [] } }),
	"the identifier of the resending": (messageId) => resent({ messageId }),
};

const inBody: Places = {
	"a text": (text) => mail({ text }),
	"a text in 8bit": (text) => mail({ text: `é${text}`, eightBit: true }),
	"a page": (html) => mail({ content: compose({ html }) }),
	"a text by template": (x) => mail({ content: compose({ text: new TemplatePieces("{{x}}\n", { x }) }) }),
	"a page by template": (x) => mail({ content: compose({ html: new TemplatePieces("{{x}}", { x }, escapeHTML) }) }),
	"a text that flows": (text) => mail({ content: flowed(text) }),
	"a file": (text) => file({ source: new StringSource(text) }),
	"a file that stays readable": (text) => file({ source: new StringSource(text), encoding: "quoted-printable" }),
};

/** All control characters, and those that become one where they are cut to a byte, or are an end of line for some. */
const CHARACTERS = [...Array.from({ length: 32 }, (_, code) => code), 127, 0x85, 0x10a, 0x10d, 0x2028, 0x760a, 0x760d];

/** Values with a character that tries to leave its place. */
const attempts = (code: number): string[] => {
	const character = String.fromCharCode(code);
	const line = code === 13 ? "\r\n" : character;
	return [
		`a${character}`,
		`${character}a`,
		`a${line}Bcc: eve@example.org`,
		`a${line}${line}Bcc: eve@example.org`,
		`a${line} b${line}.${line}QUIT${line}`,
		`a?=${line}--=_1_--${line}X-Eve: =?UTF-8?Q?`,
	];
};

/** The names of all fields, those of parts too, that a message of this kind may have. */
const KNOWN = Object.freeze([
	...["From", "Sender", "Reply-To", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "Importance"],
	...["X-Priority", "X-Own", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"],
	...["Content-ID", "Resent-Date", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Message-ID"],
]);

/** The names of the header's fields; what is no field and no folded line is itself. */
const namesOf = (message: string): string[] => {
	const lines = message.slice(0, message.indexOf("\r\n\r\n")).split("\r\n");
	return lines
		.filter((line) => !line.startsWith(" "))
		.map((line) => (line.indexOf(": ") > 0 ? line.slice(0, line.indexOf(": ")) : line));
};

/** The message, or undefined where the value is refused. */
const attempt = (place: (value: string) => string, value: string): string | undefined => {
	try {
		return place(value);
	} catch (error) {
		if (error instanceof MailError) return undefined;
		throw error;
	}
};

for (const [name, place] of Object.entries(inHeader))
	test(`in the header: ${name}`, () => {
		for (const code of CHARACTERS)
			for (const value of attempts(code)) {
				const text = attempt(place, value);
				// in free text a tab and DEL are encoded
				ok(text === undefined || code === 9 || code > 31, `taken: ${JSON.stringify(value)}`);
				if (text === undefined) continue;
				ok(isCanonical(text), JSON.stringify(text));
				deepEqual(
					namesOf(text).filter((field) => !KNOWN.includes(field)),
					[],
					JSON.stringify(value),
				);
			}
	});

for (const [name, place] of Object.entries(inBody))
	test(`in the body: ${name}`, () => {
		const names = namesOf(place("a"));
		const parts = place("a").split("\r\n--=_1_").length;
		for (const code of CHARACTERS)
			for (const value of attempts(code)) {
				const text = attempt(place, value);
				if (text === undefined) continue;
				ok(isCanonical(text), JSON.stringify(text));
				deepEqual(namesOf(text), names, JSON.stringify(value));
				ok(text.split("\r\n--=_1_").length === parts, JSON.stringify(value));
			}
	});
