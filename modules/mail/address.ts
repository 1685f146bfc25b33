import { MailError } from "./error";
import { charCodeAt, indexOf, slice } from "./strings";
import { beginSpan, WORD } from "./words";
import { EMPTY, LINE, Style, type Writer } from "./writer";

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

/** A mailbox that is written as it is fits in a line, behind the name of any field of addresses. */
const LONGEST_PLAIN = 60;

/** 64 for the local part, 255 for the domain, and the @ (RFC 5321, 4.5.3.1). */
const LONGEST_ADDRESS = 320;

const enum Code {
	SPACE = 0x20,
	QUOTE = 0x22,
	HYPHEN = 0x2d,
	DOT = 0x2e,
	COLON = 0x3a,
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

/** Every step calls little: the stack of XS on a small chip is short. */
const enum Phase {
	ENTRY,
	MEMBER,
	MAILBOX,
	GROUP_STYLE,
	GROUP_SPAN,
	GROUP,
	STYLE,
	SPAN,
	NAME,
	ADDRESS,
	CHECK,
	BRACKET,
	AFTER,
}

/** A list of addresses or identifiers; undefined if it is empty, since a field must not be (RFC 5322, 3.4). */
export const some = <List>(list: List | undefined): List | undefined =>
	typeof list === "object" && (list as { length?: number }).length === 0 ? undefined : list;

/** Writes the next piece of a list of addresses (RFC 5322, 3.4); true when all of it is written. */
export const addressList = (writer: Writer, list: AddressList): boolean => {
	const entry = entryAt(list, writer.entry);
	if (entry === undefined) {
		if (!writer.entry) throw new MailError(writer.field, "nobody");
		writer.endLine();
		return true;
	}
	switch (writer.phase) {
		case Phase.ENTRY:
			if (writer.entry) writer.add(",", 1);
			if (typeof entry === "string" && plainMailbox(writer, entry)) {
				writer.entry += 1;
				// the line's end has room where the address had it
				if (entryAt(list, writer.entry) !== undefined) return false;
				writer.endLine();
				return true;
			}
			if (isGroup(entry)) {
				writer.member = 0;
				writer.style = Style.NONE;
				setName(writer, entry.group);
				writer.phase = Phase.GROUP_STYLE;
			} else writer.phase = Phase.MAILBOX;
			break;
		case Phase.MEMBER:
			beginMember(writer, entry as Group);
			break;
		case Phase.MAILBOX:
			writer.style = Style.NONE;
			findName(writer, isGroup(entry) ? entry.members[writer.member]! : entry);
			if (writer.spanTo > writer.spanFrom) writer.phase = Phase.STYLE;
			else {
				writer.style = Style.NONE; // there were quotes around nothing
				writer.phase = Phase.ADDRESS;
			}
			break;
		case Phase.GROUP_STYLE:
		case Phase.STYLE:
			chooseStyle(writer);
			writer.phase += 1;
			break;
		case Phase.GROUP_SPAN:
		case Phase.SPAN:
			if (writer.style >= Style.Q) beginEncodedName(writer);
			writer.phase += 1;
			break;
		case Phase.GROUP:
			if (writer.style < Style.Q && !word(writer)) break;
			// an encoded word wants white space on both sides (RFC 2047, 5 (3))
			if (writer.style >= Style.Q) writer.add(" ", 1);
			writer.add(":", 1);
			writer.phase = Phase.MEMBER;
			break;
		case Phase.NAME:
			if (writer.style >= Style.Q || word(writer)) writer.phase = Phase.ADDRESS;
			break;
		case Phase.ADDRESS:
			findAddress(writer, isGroup(entry) ? entry.members[writer.member]! : entry);
			break;
		case Phase.CHECK:
			if (!isAddress(writer)) throw new MailError(writer.field, "not an address");
			quoteLocalPart(writer);
			writer.phase = Phase.BRACKET;
			break;
		case Phase.BRACKET:
			writer.space(writer.spanTo - writer.spanFrom + 3);
			if (writer.style !== Style.NONE) writer.add("<", 1);
			writer.run(writer.value, writer.spanFrom, writer.spanTo);
			writer.phase = Phase.AFTER;
			break;
		default:
			if (writer.style !== Style.NONE) writer.add(">", 1);
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
	writer.phase = Phase.ENTRY;
};

const beginMember = (writer: Writer, group: Group): void => {
	if (group.members[writer.member] === undefined) {
		writer.add(";", 1);
		nextEntry(writer);
		return;
	}
	if (writer.member) writer.add(",", 1);
	writer.phase = Phase.MAILBOX;
};

/** Writes a mailbox as it is, if it can stand so: most can. */
const plainMailbox = (writer: Writer, mailbox: string): boolean => {
	// an address alone has been checked before it is written
	const isChecked = writer.target && !writer.utf8 && !writer.quotes && indexOf.call(mailbox, "<") < 0;
	const length = isChecked ? mailbox.length : plainLength(mailbox);
	if (!length || length > LONGEST_PLAIN) return false;
	writer.space(length);
	writer.add(mailbox, length);
	return true;
};

/** The length of `ada@example.org`, or of `Ada Lovelace <ada@example.org>` with a name of atoms; 0 for anything else. */
const plainLength = (mailbox: string): number => {
	const bytes = new Uint8Array(ArrayBuffer.fromString(mailbox));
	const { length } = bytes;
	if (length > LONGEST_PLAIN) return 0;
	/** Where the address begins, and the @; whether what is before can be a name, and an address. */
	let from = 0;
	let at = 0;
	let isName = true;
	let isAddress = true;
	let before: number = Code.SPACE;
	for (let i = 0; i < length; i++) {
		const code = bytes[i]!;
		if (code < Code.A || code > Code.Z) {
			if (code === Code.AT) {
				if (at || i === from || before === Code.DOT) return 0;
				at = i;
			} else if (code === Code.SPACE) {
				if (before === code) return 0;
				isAddress = false;
			} else if (code === Code.LESS) {
				if (!isName || at || isAddress || before !== Code.SPACE) return 0;
				from = i + 1;
				isName = false;
				isAddress = true;
			} else if (code === Code.GREATER) return from && isAddress && at && at < i - 1 && i === length - 1 ? length : 0;
			else if (code === Code.DOT) {
				if (!at && (i === from || before === code)) return 0;
				isName = false;
			} else if (!isAtext(code)) return 0;
			else if (code < Code.HYPHEN || code > Code.Z || code === Code.EQUALS) isName = false;
		}
		before = code;
	}
	return !from && isAddress && at && at < length - 1 ? length : 0;
};

const setName = (writer: Writer, name: string): void => {
	writer.value = name;
	writer.spanFrom = 0;
	writer.spanTo = name.length;
};

/**
 * Finds the name in `Ada <ada@example.org>` or `"Ada" <ada@example.org>`, or apart. One that came in quotes is to be
 * written so: some servers refuse names such as `Ada's Cellar` without.
 */
const findName = (writer: Writer, mailbox: Mailbox): void => {
	writer.spanFrom = writer.spanTo = 0;
	if (typeof mailbox !== "string") {
		if (mailbox.name) setName(writer, mailbox.name);
		return;
	}
	let to = 0;
	let last = 0;
	for (let i = 0, code: number; (code = charCodeAt.call(mailbox, i)) >= 0; i++) {
		if (code === Code.LESS) to = i;
		last = code;
	}
	if (last !== Code.GREATER) return;
	let from = 0;
	while (from < to && charCodeAt.call(mailbox, from) === Code.SPACE) from++;
	while (from < to && charCodeAt.call(mailbox, to - 1) === Code.SPACE) to--;
	writer.value = mailbox;
	writer.spanFrom = from;
	writer.spanTo = to;
	if (to - from < 2 || charCodeAt.call(mailbox, from) !== Code.QUOTE || charCodeAt.call(mailbox, to - 1) !== Code.QUOTE)
		return;
	writer.style = Style.QUOTED;
	writer.spanFrom = from + 1;
	writer.spanTo = to - 1;
	for (let i = from + 1; i < to - 1; i++) {
		last = charCodeAt.call(mailbox, i);
		if (last === Code.QUOTE || last === Code.BACKSLASH) return setName(writer, unquoted(writer));
	}
};

/** What a quoted string says, its backslashes taken away (RFC 5322, 3.2.4); of several what they say together. */
const unquoted = (writer: Writer): string => {
	const { value, spanTo } = writer;
	let text = EMPTY;
	for (let i = writer.spanFrom; i < spanTo; i++) {
		if (charCodeAt.call(value, i) === Code.BACKSLASH) i++;
		else if (charCodeAt.call(value, i) === Code.QUOTE) continue;
		if (i === spanTo) throw new MailError(writer.field, "a quoted name does not end");
		text += slice.call(value, i, i + 1);
	}
	return text;
};

const findAddress = (writer: Writer, mailbox: Mailbox): void => {
	const value = typeof mailbox === "string" ? mailbox : mailbox.address;
	let from = 0;
	let to = 0;
	let last = 0;
	for (let code: number; (code = charCodeAt.call(value, to)) >= 0; to++) {
		if (code === Code.LESS) from = to + 1;
		last = code;
	}
	const bracketed = from > 0 && last === Code.GREATER && typeof mailbox === "string";
	writer.value = value;
	writer.spanFrom = bracketed ? from : 0;
	writer.spanTo = bracketed ? to - 1 : to;
	writer.phase = Phase.CHECK;
};

/** Decides how a name is written (RFC 5322, 3.2.5; RFC 2047, 5 (3)): as atoms, as a quoted string, or encoded. */
const chooseStyle = (writer: Writer): void => {
	const { value, spanTo } = writer;
	let style: Style = writer.style === Style.QUOTED ? Style.QUOTED : Style.ATOMS;
	let length = 0;
	let before: number = Code.SPACE;
	for (let i = writer.spanFrom; i < spanTo; i++) {
		const code = charCodeAt.call(value, i);
		length = code === Code.SPACE ? 0 : length + 1;
		if (code < Code.SPACE || code === Code.DELETE) throw new MailError(writer.field, "a control character");
		if (code > Code.DELETE || (code === Code.QUESTION && before === Code.EQUALS)) style = Style.Q;
		else if (style === Style.ATOMS && (code === Code.SPACE ? before === code : !isBare(code))) style = Style.QUOTED;
		if (code === Code.QUOTE || code === Code.BACKSLASH) length++;
		if (length > LONGEST_WORD) style = Style.Q;
		before = code;
	}
	writer.style = style === Style.ATOMS && before === Code.SPACE ? Style.QUOTED : style;
	writer.position = writer.spanFrom;
};

/** What can be one encoded word is not cut in two, between which some readers leave a space. */
const beginEncodedName = (writer: Writer): void => {
	const length = beginSpan(writer);
	if (length <= WORD && writer.column + 1 + length > LINE) writer.fold();
	writer.encoding = true;
};

/** Writes the next word of a name; true when all of it is written. */
const word = (writer: Writer): boolean => {
	const { value, spanTo } = writer;
	const quoted = writer.style === Style.QUOTED;
	const from = writer.position;
	let to = from;
	let length = 2;
	for (let code: number; to < spanTo && (code = charCodeAt.call(value, to)) !== Code.SPACE; to++)
		length += code === Code.QUOTE || code === Code.BACKSLASH ? 2 : 1;
	writer.space(length);
	if (quoted && from === writer.spanFrom) writer.add('"', 1);
	if (length === to - from + 2) writer.add(slice.call(value, from, to), to - from);
	else
		for (let i = from; i < to; i++) {
			const code = charCodeAt.call(value, i);
			if (code === Code.QUOTE || code === Code.BACKSLASH) writer.byte(Code.BACKSLASH);
			writer.byte(code);
		}
	writer.position = to + 1;
	if (to < spanTo) return false;
	if (quoted) writer.add('"', 1);
	return true;
};

/** RFC 5322, 3.2.3. */
export const isAtext = (code: number): boolean => {
	if (code >= 0x5e) return code <= 0x7e;
	if (code >= 0x3f) return code <= 0x5a && code !== Code.AT;
	if (code >= 0x2f) return code <= 0x39 || code === Code.EQUALS;
	return (code >= 0x23 && code <= 0x27) || code === 0x21 || code === 0x2a || code === 0x2b || code === 0x2d;
};

/** What may be in a name without quotes: an atom's characters (RFC 5322, 3.2.3), but for those that not all servers take. */
const isBare = (code: number): boolean =>
	code >= Code.HYPHEN && code <= Code.Z && code !== Code.EQUALS && isAtext(code);

/** Puts quotes around a local part that is no dot-atom, such as `a..b` (RFC 5321, 4.1.2); its characters are an atom's. */
const quoteLocalPart = (writer: Writer): void => {
	const { value, spanFrom, spanTo } = writer;
	let before: number = Code.DOT;
	let isAtom = true;
	for (let i = spanFrom; i < spanTo; i++) {
		const code = charCodeAt.call(value, i);
		if (code === Code.QUOTE) return;
		if (code === Code.AT) {
			if (isAtom && before !== Code.DOT) return;
			writer.quotes = true;
			return setName(writer, `"${slice.call(value, spanFrom, i)}"${slice.call(value, i, spanTo)}`);
		}
		if (code === Code.DOT && before === code) isAtom = false;
		before = code;
	}
};

/** Whether it can be read as one address only (RFC 5322, 3.4.1; RFC 6532 with `utf8`). */
const isAddress = (writer: Writer): boolean => {
	const { value, spanFrom, spanTo } = writer;
	let at = -1;
	let quoted = false;
	for (let i = spanFrom; i < spanTo; i++) {
		const code = charCodeAt.call(value, i);
		if (code >= Code.A && code <= Code.Z && !quoted) continue;
		if (code < Code.SPACE || code === Code.DELETE || (code > Code.DELETE && !writer.utf8)) return false;
		if (quoted) {
			if (code === Code.BACKSLASH) i++;
			else if (code !== Code.QUOTE) continue;
			else if (charCodeAt.call(value, i + 1) !== Code.AT) return false;
			else quoted = false;
		} else if (code === Code.QUOTE && i === spanFrom) quoted = true;
		else if (code === Code.AT && at < 0) at = i;
		else if (code !== Code.DOT && code < Code.DELETE && !isAtext(code) && (at < 0 || !isInLiteral(code))) return false;
	}
	return !quoted && at > spanFrom && at < spanTo - 1 && spanTo - spanFrom <= LONGEST_ADDRESS;
};

/** What a domain has besides atoms where it is a literal, such as `[IPv6:::1]`. */
export const isInLiteral = (code: number): boolean => code === Code.COLON || code === Code.LEFT || code === Code.RIGHT;
