/** What two parsers that know nothing of the composer, mailparser and Python's email, find in a message. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { type AddressObject, type ParsedMail, simpleParser } from "mailparser";
import { byteAt, type DescribedFile, type Description, type Named, type NamedGroup, rowAt } from "./descriptions.js";

/** What a parser has found, in the words of a description; a text without its last line end. */
export interface Found {
	defects: string[];
	from: Named[];
	sender: Named[];
	replyTo: Named[];
	to: (Named | NamedGroup)[];
	cc: (Named | NamedGroup)[];
	subject: string;
	date: number | null;
	messageId: string;
	inReplyTo: string;
	references: string[];
	importance: string;
	headers: [string, string][];
	text: string | null;
	html: string | null;
	files: { name: string; type: string; contentId: string; bytes: string }[];
}

const lastLine = (text: string | null | undefined): string | null => text?.replace(/\n$/, "") ?? null;

function bytesOf({ length, source }: DescribedFile): Buffer {
	if (source === "rows") return Buffer.from(Array.from({ length }, (_, index) => `${rowAt(index)}\r\n`).join(""));
	return Buffer.from(Array.from({ length }, (_, index) => byteAt(index)));
}

const fileOf = (file: DescribedFile) => ({
	name: file.name ?? "",
	type: file.type ?? "",
	contentId: file.contentId ?? "",
	bytes: bytesOf(file).toString("base64"),
});

/** What must be found. */
export function expected(description: Description): Found {
	const { from, sender, replyTo, to, cc, text, html, inline, attachments, priority, date } = description;
	return {
		defects: [],
		from,
		sender: sender ? [sender] : [],
		replyTo: replyTo ?? [],
		to: to ?? [],
		cc: cc ?? [],
		subject: description.subject ?? "",
		date: date === undefined ? null : Math.floor(date / 1000),
		messageId: description.messageId ?? "",
		inReplyTo: description.inReplyTo ?? "",
		references: description.references ?? [],
		importance: priority ?? "",
		headers: description.headers.map(([name, value]) => [name.toLowerCase(), value]),
		text: lastLine(text ?? (html === undefined ? "" : undefined)),
		html: lastLine(html),
		files: [...inline, ...attachments].map(fileOf),
	};
}

const idOf = (id: string | undefined): string => (id ?? "").replace(/^<|>$/g, "");

const namedOf = ({ name, address }: { name: string; address?: string | undefined }): Named => ({
	...(name && { name }),
	address: address ?? "",
});

async function addressesOf(list: AddressObject | AddressObject[] | undefined): Promise<(Named | NamedGroup)[]> {
	const entries = [list ?? []].flat().flatMap(({ value }) => value);
	return Promise.all(
		entries.map(async (entry) => {
			if (!entry.group) return namedOf(entry);
			const members = entry.group.map(async (member) => namedOf({ ...member, name: await decode(member.name) }));
			return { group: entry.name, members: await Promise.all(members) };
		}),
	);
}

/** mailparser decodes neither the fields that it does not know nor names in groups: it is asked to read a subject. */
async function decode(text: string): Promise<string> {
	const { subject } = await simpleParser(`Subject: ${text}\r\n\r\n`);
	return subject ?? "";
}

function ownFields(mail: ParsedMail): Promise<[string, string][]> {
	const own = mail.headerLines.filter(({ key }) => key.startsWith("x-own-"));
	return Promise.all(own.map(async ({ key, line }) => [key, await decode(line.slice(key.length + 2))]));
}

export async function foundByMailparser(message: Buffer): Promise<Found> {
	const mail = await simpleParser(message, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
	const references = mail.references ?? [];
	return {
		defects: [],
		from: (await addressesOf(mail.from)) as Named[],
		sender: (await addressesOf(mail.headers.get("sender") as AddressObject | undefined)) as Named[],
		replyTo: (await addressesOf(mail.replyTo)) as Named[],
		to: await addressesOf(mail.to),
		cc: await addressesOf(mail.cc),
		subject: mail.subject ?? "",
		date: mail.date ? mail.date.getTime() / 1000 : null,
		messageId: idOf(mail.messageId),
		inReplyTo: idOf(mail.inReplyTo),
		references: (Array.isArray(references) ? references : [references]).map(idOf),
		importance: `${mail.headers.get("priority") ?? ""}`,
		headers: await ownFields(mail),
		text: mail.html && !mail.text ? null : lastLine(mail.text),
		html: lastLine(mail.html || undefined),
		files: mail.attachments.map(({ filename, contentType, cid, content }) => ({
			name: filename ?? "",
			type: contentType,
			contentId: cid ?? "",
			bytes: content.toString("base64"),
		})),
	};
}

/** Reads messages, four bytes of length before each, and prints what it finds, a line of JSON each. */
const PYTHON = `
import base64, email, email.policy, json, struct, sys

def address(a):
	return {**({"name": a.display_name} if a.display_name else {}), "address": a.addr_spec}

def addresses(field):
	return [] if field is None else [
		address(g.addresses[0]) if g.display_name is None else {"group": g.display_name, "members": [address(a) for a in g.addresses]}
		for g in field.groups]

def ids(field):
	return [] if field is None else [i.strip("<>") for i in str(field).split()]

def one(data):
	m = email.message_from_bytes(data, policy=email.policy.default)
	defects = [repr(d) for part in m.walk() for d in part.defects]
	defects += [repr(d) for part in m.walk() for field in part.values() for d in field.defects]
	text = html = None
	files = []
	for part in m.walk():
		if part.is_multipart(): continue
		if part.get_content_disposition() is None:
			content = part.get_content().replace("\\r\\n", "\\n")
			if part.get_content_subtype() == "html": html = content
			else: text = content
		else:
			files.append({"name": part.get_filename() or "", "type": part.get_content_type(),
				"contentId": (part["content-id"] or "").strip("<>"), "bytes": base64.b64encode(part.get_payload(decode=True)).decode()})
	return {
		"defects": defects, "from": addresses(m["from"]), "sender": addresses(m["sender"]), "replyTo": addresses(m["reply-to"]),
		"to": addresses(m["to"]), "cc": addresses(m["cc"]), "subject": m["subject"] or "",
		"date": m["date"].datetime.timestamp() if m["date"] else None,
		"messageId": "".join(ids(m["message-id"])), "inReplyTo": "".join(ids(m["in-reply-to"])), "references": ids(m["references"]),
		"importance": m["importance"] or "", "headers": [[k.lower(), v] for k, v in m.items() if k.startswith("X-Own-")],
		"text": text, "html": html, "files": files,
	}

while head := sys.stdin.buffer.read(4):
	print(json.dumps(one(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))))
`;

export function foundByPython(messages: readonly Buffer[]): Found[] {
	const input = messages.flatMap((message) => {
		const length = Buffer.alloc(4);
		length.writeUInt32BE(message.length);
		return [length, message];
	});
	const options = { input: Buffer.concat(input), encoding: "utf8", maxBuffer: 1 << 26 } as const;
	const { stdout, stderr, status } = spawnSync("python3", ["-c", PYTHON], options);
	assert.equal(status, 0, stderr);
	return stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line))
		.map((found) => ({ ...found, text: lastLine(found.text), html: lastLine(found.html) }));
}

export const hasPython = spawnSync("python3", ["--version"]).status === 0;
