/** Mailboxes, groups and lists of them (RFC 5322 3.4). */

import { MailError } from "./error";
import { type Writer } from "./writer";
import { encodedWord, looksEncoded, setSpan } from "./words";

/** `"ada@example.org"`, `"Ada Lovelace <ada@example.org>"`, or name and address apart. */
export type Mailbox = string | { readonly name?: string | undefined; readonly address: string };

/** A named group of mailboxes, which may be empty: `{group: "undisclosed-recipients", members: []}`. */
export interface Group {
	readonly group: string;
	readonly members: readonly Mailbox[];
}

/** One mailbox or group, or several. */
export type AddressList = Mailbox | Group | readonly (Mailbox | Group)[];

/** A longer name is written as encoded words, which can be folded. */
const LONGEST_PHRASE = 60;

/** RFC 5321 4.5.3.1: 64 for the local part, 255 for the domain, and the @. */
const LONGEST_ADDRESS = 320;

const enum Phase {
	NEXT,
	GROUP,
	MEMBER,
	NAME,
	ADDRESS,
	AFTER,
	END,
}

const enum Code {
	SPACE = 0x20,
	QUOTE = 0x22,
	COMMA = 0x2c,
	COLON = 0x3a,
	SEMICOLON = 0x3b,
	LESS = 0x3c,
	GREATER = 0x3e,
	AT = 0x40,
	LEFT = 0x5b,
	BACKSLASH = 0x5c,
	RIGHT = 0x5d,
	DELETE = 0x7f,
}

/** Writes the next piece of a list; true when all of it is written. */
export function addressList(writer: Writer, list: AddressList): boolean {
	const entry = entryAt(list, writer.entry);
	switch (writer.phase) {
		case Phase.NEXT:
			if (entry === undefined)
				writer.phase = Phase.END;
			else if (isGroup(entry)) {
				writer.phase = Phase.GROUP;
				beginPhrase(writer, entry.group, 0, entry.group.length);
			}
			else
				beginMailbox(writer, entry);
			return false;
		case Phase.GROUP:
			if (phrase(writer)) {
				writer.byte(Code.COLON);
				writer.phase = Phase.MEMBER;
			}
			return false;
		case Phase.MEMBER:
			beginMember(writer, list, entry as Group);
			return false;
		case Phase.NAME:
			if (phrase(writer))
				writer.phase = Phase.ADDRESS;
			return false;
		case Phase.ADDRESS:
			address(writer, mailboxAt(writer, entry!));
			return false;
		case Phase.AFTER:
			afterMailbox(writer, list, entry!);
			return false;
		default:
			writer.endLine();
			return true;
	}
}

function entryAt(list: AddressList, index: number): Mailbox | Group | undefined {
	if (Array.isArray(list))
		return list[index];
	return index ? undefined : list as Mailbox | Group;
}

function isGroup(entry: Mailbox | Group): entry is Group {
	return typeof entry === "object" && "group" in entry;
}

function mailboxAt(writer: Writer, entry: Mailbox | Group): Mailbox {
	return isGroup(entry) ? entry.members[writer.member]! : entry;
}

function beginMember(writer: Writer, list: AddressList, group: Group): void {
	const mailbox = group.members[writer.member];
	if (mailbox !== undefined) {
		beginMailbox(writer, mailbox);
		return;
	}
	writer.byte(Code.SEMICOLON);
	nextEntry(writer, list);
}

function afterMailbox(writer: Writer, list: AddressList, entry: Mailbox | Group): void {
	if (hasName(mailboxAt(writer, entry)))
		writer.byte(Code.GREATER);
	if (!isGroup(entry)) {
		nextEntry(writer, list);
		return;
	}
	writer.member += 1;
	if (writer.member < entry.members.length)
		writer.byte(Code.COMMA);
	writer.phase = Phase.MEMBER;
}

function nextEntry(writer: Writer, list: AddressList): void {
	writer.entry += 1;
	writer.member = 0;
	writer.phase = Phase.NEXT;
	if (entryAt(list, writer.entry) !== undefined)
		writer.byte(Code.COMMA);
}

/** A mailbox given as one string ends with `<address>` if it has a name. */
function bracket(mailbox: string): number {
	return mailbox.endsWith(">") ? mailbox.lastIndexOf("<") : -1;
}

function hasName(mailbox: Mailbox): boolean {
	return typeof mailbox === "string" ? bracket(mailbox) > 0 : !!mailbox.name;
}

function beginMailbox(writer: Writer, mailbox: Mailbox): void {
	writer.phase = Phase.NAME;
	if (!hasName(mailbox))
		writer.phase = Phase.ADDRESS;
	else if (typeof mailbox === "object")
		beginPhrase(writer, mailbox.name!, 0, mailbox.name!.length);
	else
		beginNameBeforeBracket(writer, mailbox);
}

/** The name in `"Ada" <ada@example.org>`, with or without its quotes. */
function beginNameBeforeBracket(writer: Writer, mailbox: string): void {
	let from = 0;
	let to = bracket(mailbox);
	while (to && mailbox.charCodeAt(to - 1) === Code.SPACE)
		to--;
	if (to > 1 && mailbox.charCodeAt(0) === Code.QUOTE && mailbox.charCodeAt(to - 1) === Code.QUOTE) {
		from++;
		to--;
		for (let i = from; i < to; i++)
			if (mailbox.charCodeAt(i) === Code.BACKSLASH)
				throw new MailError(writer.field, "give a name with a backslash as {name, address}");
	}
	beginPhrase(writer, mailbox, from, to);
}

function beginPhrase(writer: Writer, value: string, from: number, to: number): void {
	writer.value = value;
	setSpan(writer, value, from, to);
}

/** A display name: as it is, as a quoted string, or encoded (RFC 5322 3.2.5, RFC 2047 5 (3)). */
function phrase(writer: Writer): boolean {
	const value = writer.value;
	const from = writer.spanFrom;
	const to = writer.spanTo;
	const length = quotedLength(writer, value, from, to);
	if (length > LONGEST_PHRASE || looksEncoded(value, from, to)) {
		encodedWord(writer, value);
		return writer.position >= to;
	}
	writer.space(length);
	if (isAtoms(value, from, to))
		writer.text(value, from, to);
	else
		quotedString(writer, value, from, to);
	return true;
}

/** Length as a quoted string; Infinity for what cannot be one. */
function quotedLength(writer: Writer, value: string, from: number, to: number): number {
	let length = to - from + 2;
	for (let i = from; i < to; i++) {
		const code = value.charCodeAt(i);
		if (code < Code.SPACE || code === Code.DELETE)
			throw new MailError(writer.field, "a name has no control characters");
		if (code > Code.DELETE)
			return Infinity;
		if (code === Code.QUOTE || code === Code.BACKSLASH)
			length++;
	}
	return length;
}

function quotedString(writer: Writer, value: string, from: number, to: number): void {
	writer.byte(Code.QUOTE);
	for (let i = from; i < to; i++) {
		const code = value.charCodeAt(i);
		if (code === Code.QUOTE || code === Code.BACKSLASH)
			writer.byte(Code.BACKSLASH);
		writer.byte(code);
	}
	writer.byte(Code.QUOTE);
}

/** Words of `atext` with single spaces between them. */
function isAtoms(value: string, from: number, to: number): boolean {
	let space = true;
	for (let i = from; i < to; i++) {
		const code = value.charCodeAt(i);
		if (code === Code.SPACE ? space : !isAtext(code))
			return false;
		space = code === Code.SPACE;
	}
	return !space;
}

/** RFC 5322 3.2.3. */
function isAtext(code: number): boolean {
	return code >= 0x61 && code <= 0x7e || code >= 0x41 && code <= 0x5a || code >= 0x2d && code <= 0x39 && code !== 0x2e
		|| code >= 0x23 && code <= 0x27 || code === 0x21 || code === 0x2a || code === 0x2b || code === 0x3d || code === 0x3f
		|| code === 0x5e || code === 0x5f || code === 0x60;
}

function address(writer: Writer, mailbox: Mailbox): void {
	const named = hasName(mailbox);
	const value = typeof mailbox === "string" ? mailbox : mailbox.address;
	const open = typeof mailbox === "string" ? bracket(mailbox) : -1;
	const from = open + 1;
	const to = open < 0 ? value.length : value.length - 1;
	checkAddress(writer, value, from, to);
	writer.space(to - from + (named ? 3 : 1));
	if (named)
		writer.byte(Code.LESS);
	writer.run(value, from, to);
	writer.phase = Phase.AFTER;
}

/** Refuses what could be read as anything but one address (RFC 5322 3.4.1). */
function checkAddress(writer: Writer, value: string, from: number, to: number): void {
	let at = -1;
	let quoted = false;
	for (let i = from; i < to; i++) {
		const code = value.charCodeAt(i);
		if (code < Code.SPACE || code >= Code.DELETE)
			throw new MailError(writer.field, "an address has printable ASCII only");
		if (code === Code.BACKSLASH && quoted)
			i++;
		else if (code === Code.QUOTE && at < 0 && (quoted || i === from))
			quoted = !quoted;
		else if (code === Code.AT && !quoted && at < 0)
			at = i;
		else if (!quoted && !isInAddress(code, at))
			throw new MailError(writer.field, "not an address");
	}
	if (at <= from || at === to - 1 || quoted || to - from > LONGEST_ADDRESS)
		throw new MailError(writer.field, "not an address");
}

/** Atoms and dots; after the @ also a literal such as `[IPv6:::1]`. */
function isInAddress(code: number, at: number): boolean {
	return isAtext(code) || code === 0x2e || at >= 0 && (code === Code.COLON || code === Code.LEFT || code === Code.RIGHT);
}
