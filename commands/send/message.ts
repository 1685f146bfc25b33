/** What a mail says, and to whom, by the command line. */
import { randomUUID } from "node:crypto";
import { basename, extname } from "node:path";
import { detectMimeType } from "nodemailer/lib/mime-funcs/mime-types";
import { splitAddresses } from "../../config.js";
import { asciiAddress, asciiDomain, isASCII } from "../domain.js";
import { type Given, UsageError } from "../options.js";
import { printable } from "../terminal.js";
import type { Files } from "./files.js";
import type { Contents, File, FilePart, Job, Mail } from "./job.js";
import type { Name } from "./options.js";

/** What describes a message, and so does not go with a whole one. */
const describing = [
	...["cc", "bcc", "reply-to", "subject", "text", "html"],
	...["attach", "inline", "priority", "header"],
] as const;

const priorities = ["high", "normal", "low"] as const;

/** Files that the board's memory has room for. */
const MOST_FILES = 10;

type Message = Pick<Job, "from" | "to" | "mail" | "contents">;

/**
 * @param stdin all of standard input, for a text or a page that is to come from there
 * @throws UsageError
 */
export async function readMessage(
	given: Given<Name>,
	base: Partial<Job>,
	files: Files,
	stdin: () => Promise<Uint8Array>,
): Promise<Message> {
	if (given.flag("raw")) checkRaw(given);
	const { from, to, cc, bcc } = readEnvelope(given, base);
	const contents = await readContents(given, files, stdin);
	const text = given.value("text") ?? "This mail was sent by ./build.sh send: the account works.\n";
	return {
		from,
		to: once([...to, ...cc, ...bcc]),
		mail: {
			from,
			replyTo: list(readAddresses(given, "reply-to")),
			to: list(to),
			cc: list(cc),
			subject: given.value("subject") ?? "Test",
			date: Date.now(),
			messageId: `${randomUUID()}@${asciiDomain(domainOf(from))}`,
			priority: priority(given.value("priority")),
			headers: list(given.values("header").map(field)),
			utf8: given.flag("smtputf8") || undefined,
			text: contents?.text || (contents?.html && given.value("text") === undefined) ? undefined : text,
		},
		contents,
	};
}

function checkRaw(given: Given<Name>): void {
	const others = describing.filter((name) => given.values(name).length > 0).map((name) => `--${name}`);
	if (others.length === 0) return;
	const verb = others.length > 1 ? "do" : "does";
	throw new UsageError(
		`--raw takes the whole message from standard input; ${others.join(", ")} ${verb} not go with it.`,
	);
}

function readEnvelope(given: Given<Name>, base: Partial<Job>) {
	const verifies = given.value("verify") !== undefined;
	const from = given.value("from") ?? base.from ?? (verifies ? "" : missing("from"));
	if (from !== "") checkAddress("from", from, given.flag("smtputf8"));
	const [to, cc, bcc] = [readAddresses(given, "to"), readAddresses(given, "cc"), readAddresses(given, "bcc")];
	if (to.length > 0 || verifies) return { from, to, cc, bcc };
	const copies = cc.length > 0 || bcc.length > 0;
	return { from, to: base.to ?? (copies ? [] : missing("to")), cc, bcc };
}

/** Addresses with commas between them, other than those in quotes. */
function readAddresses(given: Given<Name>, name: "to" | "cc" | "bcc" | "reply-to"): string[] {
	const all = given
		.values(name)
		.flatMap(splitAddresses)
		.map((address) => address.trim());
	for (const address of all) checkAddress(name, address, given.flag("smtputf8"));
	return all;
}

/** The client and the composer have the rules; this is for what is no address at all. */
function checkAddress(name: Name, address: string, utf8: boolean): void {
	const bare = addressOf(address);
	const at = bare.lastIndexOf("@");
	const problem = (what: string) => new UsageError(`--${name}: "${printable(address)}" ${what}`);
	if (at <= 0 || at === bare.length - 1) {
		const several = name === "from" ? "" : ` Several have commas between them, or a --${name} each.`;
		throw problem(`is no address like name@example.org.${several}`);
	}
	if (utf8 || isASCII(bare)) return;
	const ascii = asciiAddress(bare);
	const other = isASCII(ascii) ? `; or give ${ascii}, which all take` : "";
	throw problem(`has characters beyond ASCII: give --smtputf8, for servers that take such addresses${other}.`);
}

/** The address in `Ada <ada@example.org>`. */
function addressOf(mailbox: string): string {
	return mailbox.endsWith(">") ? mailbox.slice(mailbox.lastIndexOf("<") + 1, -1) : mailbox;
}

function domainOf(mailbox: string): string {
	return addressOf(mailbox).slice(addressOf(mailbox).lastIndexOf("@") + 1);
}

/** Of several mailboxes with the same address the first. */
function once(mailboxes: string[]): string[] {
	const seen = new Set<string>();
	return mailboxes.filter((mailbox) => !seen.has(addressOf(mailbox)) && seen.add(addressOf(mailbox)));
}

function list<Item>(items: Item[]): Item[] | undefined {
	return items.length > 0 ? items : undefined;
}

function priority(text: string | undefined): Mail["priority"] {
	const found = priorities.find((name) => name === text);
	if (text !== undefined && !found)
		throw new UsageError(`--priority must be one of ${priorities.join(", ")}, not "${text}".`);
	return found;
}

/** "Name: value"; which names and values there can be the composer knows. */
function field(text: string): [name: string, value: string] {
	const colon = text.indexOf(":");
	if (colon <= 0) throw new UsageError(`--header: "${printable(text)}" is no field like "Name: value".`);
	return [text.slice(0, colon), text.slice(colon + 1).trimStart()];
}

async function readContents(
	given: Given<Name>,
	files: Files,
	stdin: () => Promise<Uint8Array>,
): Promise<Contents | undefined> {
	const [text, html] = [given.value("text"), given.value("html")];
	const [inline, attachments] = [given.values("inline"), given.values("attach")];
	if (text !== "-" && html === undefined && inline.length + attachments.length === 0) return undefined;
	if (text === "-" && html === "-") throw new UsageError("Standard input is either the text or the page, not both.");
	if (inline.length + attachments.length > MOST_FILES)
		throw new UsageError(`A mail takes ${MOST_FILES} files at most: the board has no memory for more.`);
	const standardInput = text === "-" || html === "-" ? files.addBytes(await stdin()) : undefined;
	const page = html === "-" ? standardInput : html === undefined ? undefined : readPage(html, files);
	for (const [name, file] of [["text", text === "-" ? standardInput : undefined] as const, ["html", page] as const])
		if (file && !files.isUTF8(file)) throw new UsageError(`--${name}: this is not UTF-8.`);
	return {
		text: text === "-" ? standardInput : undefined,
		html: page,
		inline: readInline(inline, page, files),
		attachments: attachments.map((path) => readPart("attach", path, files)),
	};
}

/** The page itself, which begins with "<", or its file. */
function readPage(html: string, files: Files): File {
	return html.trimStart().startsWith("<") ? files.addBytes(Buffer.from(html)) : files.open("html", html);
}

/** Files that the page refers to by their names. */
function readInline(paths: string[], page: File | undefined, files: Files): FilePart[] {
	if (paths.length > 0 && !page)
		throw new UsageError("--inline needs --html, a page that shows the file; --attach sends it beside the text.");
	const names = new Set<string>();
	return paths.map((path) => {
		const part = readPart("inline", path, files);
		const { name } = part;
		const problem = (what: string) => new UsageError(`--inline: ${printable(name)} ${what}.`);
		if (!/^[\w.+-]+$/.test(name)) {
			const link = `ln -s ${shellWord(path)} image${extname(name).replaceAll(/[^\w.]/g, "")}`;
			throw problem(
				`must have a name of ASCII letters, digits and - _ + . only, as the page calls it by that: rename it, or give a link to it (${link})`,
			);
		}
		if (names.has(name)) throw problem("is the name of two files");
		if (page && !files.has(page, `cid:${name}`))
			process.stderr.write(
				`--inline: the page has no cid:${name}; readers may show the file below it, or not at all.\n`,
			);
		names.add(name);
		return { ...part, contentId: name };
	});
}

/** As it can be typed at a shell. */
function shellWord(text: string): string {
	return `'${printable(text).replaceAll("'", "'\\''")}'`;
}

function readPart(option: "attach" | "inline", path: string, files: Files): FilePart {
	const file = files.open(option, path);
	const name = basename(path);
	const type = typeOf(name);
	if (type === "text/calendar") return { ...file, name, ...calendarType(file, files) };
	return { ...file, name, type, charset: type.startsWith("text/") && files.isUTF8(file) ? "utf-8" : undefined };
}

/** A calendar's type names its method: without, readers show no invitation (RFC 6047, 2.4; RFC 5545, 3.7.2). */
function calendarType(file: File, files: Files): Pick<FilePart, "type" | "charset"> {
	const method = files.find(file, /^METHOD(?:;[^:\r\n]*)?:([\w-]+)\r?$/im);
	const type = method === undefined ? "text/calendar" : `text/calendar; method=${method.toUpperCase()}`;
	return { type, charset: files.isUTF8(file) ? "utf-8" : undefined };
}

/** By the name's end. A message would be of a type that may not be encoded. */
function typeOf(name: string): string {
	const type = detectMimeType(name.toLowerCase()) || "";
	return type === "" || type.startsWith("message/") ? "application/octet-stream" : type;
}

function missing(name: Name): never {
	throw new UsageError(`--${name} is missing.`);
}
