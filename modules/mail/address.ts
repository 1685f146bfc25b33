import { MailError } from "./error";
import { charCodeAt, endOf } from "./strings";
import { beginSpan, encodedWord, WORD } from "./words";
import { LINE, Style, type Writer } from "./writer";

/** `"ada@example.org"`, `"Ada Lovelace <ada@example.org>"`, or name and address apart. */
export type Mailbox = string | { readonly name?: string | undefined; readonly address: string };

/** Mailboxes under a name, or none: `{ group: "undisclosed-recipients", members: [] }`. */
export interface Group {
	readonly group: string;
	readonly members: readonly Mailbox[];
}

/** One mailbox or group, or several. */
export type AddressList = Mailbox | Group | readonly (Mailbox | Group)[];

/** A longer word of a name is encoded, and so can be folded. */
const LONGEST_WORD = 60;

/** 64 for the local part, 255 for the domain, and the @ (RFC 5321, 4.5.3.1). */
const LONGEST_ADDRESS = 320;

const enum Code {
	SPACE = 0x20,
	QUOTE = 0x22,
	COMMA = 0x2c,
	DOT = 0x2e,
	COLON = 0x3a,
	SEMICOLON = 0x3b,
	LESS = 0x3c,
	EQUALS = 0x3d,
	GREATER = 0x3e,
	QUESTION = 0x3f,
	AT = 0x40,
	LEFT = 0x5b,
	BACKSLASH = 0x5c,
	A = 0x61,
	Z = 0x7a,
	RIGHT = 0x5d,
	DELETE = 0x7f,
}

const enum Phase {
	ENTRY,
	MEMBER,
	GROUP_STYLE,
	GROUP,
	STYLE,
	NAME,
	ADDRESS,
	AFTER,
}

/** Writes the next piece of a list of addresses (RFC 5322, 3.4); true when all of it is written. */
export const addressList = (writer: Writer, list: AddressList): boolean => {
	const entry = entryAt(list, writer.entry);
	if (entry === undefined) {
		writer.endLine();
		return true;
	}
	switch (writer.phase) {
		case Phase.ENTRY:
			if (writer.entry) writer.byte(Code.COMMA);
			if (isGroup(entry)) {
				writer.value = entry.group;
				writer.spanFrom = 0;
				writer.spanTo = endOf(entry.group);
				writer.phase = Phase.GROUP_STYLE;
			} else beginMailbox(writer, entry);
			break;
		case Phase.MEMBER:
			beginMember(writer, entry as Group);
			break;
		case Phase.GROUP_STYLE:
		case Phase.STYLE:
			chooseStyle(writer);
			writer.phase += 1;
			break;
		case Phase.GROUP:
			if (name(writer)) {
				// an encoded word wants white space on both sides (RFC 2047, 5 (3))
				if (writer.style >= Style.Q) writer.byte(Code.SPACE);
				writer.byte(Code.COLON);
				writer.phase = Phase.MEMBER;
			}
			break;
		case Phase.NAME:
			if (name(writer)) writer.phase = Phase.ADDRESS;
			break;
		case Phase.ADDRESS:
			address(writer, isGroup(entry) ? entry.members[writer.member]! : entry);
			break;
		default:
			if (writer.style !== Style.NONE) writer.byte(Code.GREATER);
			if (isGroup(entry)) {
				writer.member += 1;
				writer.phase = Phase.MEMBER;
			} else nextEntry(writer);
	}
	return false;
};

const entryAt = (list: AddressList, index: number): Mailbox | Group | undefined => {
	if (typeof list === "string" || !("length" in list)) return index ? undefined : list;
	return list[index];
};

const isGroup = (entry: Mailbox | Group): entry is Group => typeof entry !== "string" && "group" in entry;

const nextEntry = (writer: Writer): void => {
	writer.entry += 1;
	writer.member = 0;
	writer.phase = Phase.ENTRY;
};

const beginMember = (writer: Writer, group: Group): void => {
	const { member } = writer;
	const mailbox = group.members[member];
	if (mailbox === undefined) {
		writer.byte(Code.SEMICOLON);
		nextEntry(writer);
		return;
	}
	if (member) writer.byte(Code.COMMA);
	beginMailbox(writer, mailbox);
};

/** A name comes first, if there is one. */
const beginMailbox = (writer: Writer, mailbox: Mailbox): void => {
	writer.style = Style.NONE;
	writer.spanFrom = writer.spanTo = 0;
	if (typeof mailbox === "string") findName(writer, mailbox);
	else if (mailbox.name) {
		writer.value = mailbox.name;
		writer.spanTo = endOf(mailbox.name);
	}
	writer.phase = writer.spanTo > writer.spanFrom ? Phase.STYLE : Phase.ADDRESS;
};

/** Finds the name, without its quotes, in `Ada <ada@example.org>` or `"Ada" <ada@example.org>`. */
const findName = (writer: Writer, mailbox: string): void => {
	let to = bracketIn(mailbox, endOf(mailbox));
	while (to > 0 && charCodeAt.call(mailbox, to - 1) === Code.SPACE) to--;
	if (to <= 0) return;
	writer.value = mailbox;
	writer.spanTo = to;
	if (charCodeAt.call(mailbox, 0) !== Code.QUOTE || charCodeAt.call(mailbox, to - 1) !== Code.QUOTE) return;
	writer.spanFrom = 1;
	writer.spanTo = to - 1;
	for (let i = 1; i < to - 1; i++) {
		const code = charCodeAt.call(mailbox, i);
		if (code === Code.QUOTE || code === Code.BACKSLASH)
			throw new MailError(writer.field, "a name with quotes or backslashes is to be given apart");
	}
};

/** Where `<address>` begins at the end of a mailbox; -1 for an address alone. */
const bracketIn = (mailbox: string, end: number): number => {
	if (charCodeAt.call(mailbox, end - 1) !== Code.GREATER) return -1;
	let bracket = end - 1;
	while (bracket && charCodeAt.call(mailbox, bracket) !== Code.LESS) bracket--;
	return bracket;
};

const address = (writer: Writer, mailbox: Mailbox): void => {
	const value = typeof mailbox === "string" ? mailbox : mailbox.address;
	const end = endOf(value);
	const from = typeof mailbox === "string" ? bracketIn(mailbox, end) + 1 : 0;
	const to = from ? end - 1 : end;
	if (!isAddress(value, from, to, writer.utf8)) throw new MailError(writer.field, "not an address");
	writer.space(to - from + 3);
	if (writer.style !== Style.NONE) writer.byte(Code.LESS);
	writer.run(value, from, to);
	writer.phase = Phase.AFTER;
};

/**
 * Decides how a name is written (RFC 5322, 3.2.5; RFC 2047, 5 (3)): as atoms, as a quoted string, or encoded, and then
 * in one word if it can be, since some readers leave a space between two.
 */
const chooseStyle = (writer: Writer): void => {
	const { value, spanFrom, spanTo } = writer;
	let style: Style = Style.ATOMS;
	let encode = false;
	let word = 0;
	let before: number = Code.SPACE;
	for (let i = spanFrom; i < spanTo; i++) {
		const code = charCodeAt.call(value, i);
		word = code === Code.SPACE ? 0 : word + 1;
		if (code < Code.SPACE || code === Code.DELETE) throw new MailError(writer.field, "a control character");
		if (code > Code.DELETE || (code === Code.QUESTION && before === Code.EQUALS)) encode = true;
		else if (code === Code.SPACE ? before === code : !isAtext(code)) style = Style.QUOTED;
		if (code === Code.QUOTE || code === Code.BACKSLASH) word++;
		if (word > LONGEST_WORD) encode = true;
		before = code;
	}
	writer.style = before === Code.SPACE ? Style.QUOTED : style;
	writer.position = spanFrom;
	if (!encode) return;
	const length = beginSpan(writer, value, spanFrom, spanTo);
	if (length <= WORD && writer.column + 1 + length > LINE) writer.fold();
};

/** Writes the next word of a name, or the next encoded word; true when all of it is written. */
const name = (writer: Writer): boolean => {
	const { value, spanFrom, spanTo, style } = writer;
	if (style >= Style.Q) {
		encodedWord(writer);
		return writer.position >= spanTo;
	}
	const from = writer.position;
	let to = from;
	let length = 2;
	for (let code: number; to < spanTo && (code = charCodeAt.call(value, to)) !== Code.SPACE; to++)
		length += code === Code.QUOTE || code === Code.BACKSLASH ? 2 : 1;
	writer.space(length);
	if (style === Style.QUOTED && from === spanFrom) writer.byte(Code.QUOTE);
	for (let i = from; i < to; i++) {
		const code = charCodeAt.call(value, i);
		if (code === Code.QUOTE || code === Code.BACKSLASH) writer.byte(Code.BACKSLASH);
		writer.byte(code);
	}
	writer.position = to + 1;
	if (to < spanTo) return false;
	if (style === Style.QUOTED) writer.byte(Code.QUOTE);
	return true;
};

/** RFC 5322, 3.2.3. */
export const isAtext = (code: number): boolean => {
	if (code >= 0x5e) return code <= 0x7e;
	if (code >= 0x3f) return code <= 0x5a && code !== Code.AT;
	if (code >= 0x2f) return code <= 0x39 || code === Code.EQUALS;
	return (code >= 0x23 && code <= 0x27) || code === 0x21 || code === 0x2a || code === 0x2b || code === 0x2d;
};

/** Whether it can be read as one address only (RFC 5322, 3.4.1; RFC 6532 with `utf8`). */
export const isAddress = (value: string, from: number, to: number, utf8: boolean): boolean => {
	let at = -1;
	let quoted = false;
	for (let i = from; i < to; i++) {
		const code = charCodeAt.call(value, i);
		if (code >= Code.A && code <= Code.Z && !quoted) continue;
		if (code < Code.SPACE || code === Code.DELETE || (code > Code.DELETE && !utf8)) return false;
		if (quoted) {
			if (code === Code.BACKSLASH) i++;
			else if (code !== Code.QUOTE) continue;
			else if (charCodeAt.call(value, i + 1) !== Code.AT) return false;
			else quoted = false;
		} else if (code === Code.QUOTE && i === from) quoted = true;
		else if (code === Code.AT && at < 0) at = i;
		else if (code !== Code.DOT && code < Code.DELETE && !isAtext(code) && (at < 0 || !isInLiteral(code))) return false;
	}
	return !quoted && at > from && at < to - 1 && to - from <= LONGEST_ADDRESS;
};

/** What a domain has besides atoms where it is a literal, such as `[IPv6:::1]`. */
export const isInLiteral = (code: number): boolean => code === Code.COLON || code === Code.LEFT || code === Code.RIGHT;
