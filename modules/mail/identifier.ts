import { isAtext, isInLiteral } from "./address";
import { MailError } from "./error";
import type { Writer } from "./writer";

/** One identifier, or several; without their brackets. */
export type Identifiers = string | readonly string[];

/** With its brackets and a space it fits in a line of 998, and in anyone's table. */
const LONGEST = 250;

/** One that fits in a line, behind the name of any field of identifiers. */
const LONGEST_PLAIN = 56;

const MESSAGE_ID = "Message-ID";

const enum Code {
	DOT = 0x2e,
	ZERO = 0x30,
	NINE = 0x39,
	AT = 0x40,
	A = 0x61,
	Z = 0x7a,
}

const enum Phase {
	OPEN,
	CLOSE,
}

/** Writes the next piece of a list of message identifiers (RFC 5322, 3.6.4); true when all of it is written. */
export const identifiers = (writer: Writer, list: Identifiers): boolean => {
	const id = typeof list === "string" ? (writer.entry ? undefined : list) : list[writer.entry];
	if (id === undefined) {
		writer.endLine();
		return true;
	}
	if (writer.phase === Phase.OPEN) {
		const { length } = id;
		// others' may have UTF-8, where that is agreed on; one of our own is ASCII (RFC 6532, 3.4)
		const utf8 = writer.utf8 && writer.field !== MESSAGE_ID;
		if (!writer.target && !isIdentifier(id, utf8)) throw new MailError(writer.field, "not a message identifier");
		writer.space(length + 2);
		if (length <= LONGEST_PLAIN && !utf8) {
			writer.add(writer.target ? `<${id}>` : id, length + 2);
			writer.entry += 1;
			if (id !== list) return false;
			writer.endLine();
			return true;
		}
		writer.add("<", 1);
		writer.run(id, 0, length);
		writer.phase = Phase.CLOSE;
	} else {
		writer.add(">", 1);
		writer.entry += 1;
		writer.phase = Phase.OPEN;
	}
	return false;
};

/** Atoms and dots, with `utf8` also of characters beyond ASCII, on both sides of one @; on the right it may be a literal in brackets. */
export const isIdentifier = (id: string, utf8 = false): boolean => findAt(id, utf8) > 0;

/** The same, or atoms and dots without an @, such as a file's name: against RFC 2392, 2, but all readers understand it. */
export const isContentId = (id: string): boolean => {
	const at = findAt(id);
	return at ? at > 0 : id.length > 0;
};

/** Where the @ is; 0 if there is none, -1 for what is no identifier. */
const findAt = (id: string, utf8 = false): number => {
	const bytes = new Uint8Array(ArrayBuffer.fromString(id));
	const { length } = bytes;
	if (length > LONGEST) return -1;
	let at = 0;
	for (let i = 0; i < length; i++) {
		const code = bytes[i]!;
		if ((code >= Code.A && code <= Code.Z) || (code >= Code.ZERO && code <= Code.NINE) || code === Code.DOT) continue;
		if (code === Code.AT && !at && i) at = i;
		else if (!isAtext(code) && (!at || !isInLiteral(code)) && !(utf8 && code >= 0x80)) return -1;
	}
	return at && at === length - 1 ? -1 : at;
};
