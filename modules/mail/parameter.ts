import { isAtext } from "./address";
import { MailError } from "./error";
import { charCodeAt, endOf, utf8Byte, utf8Length } from "./strings";
import { LINE, type Writer } from "./writer";

/** Characters of a value that is written in one piece, in quotes if need be. */
const LONGEST_VALUE = 50;

/** What stands around a value in one section: the space before the name, and `*=UTF-8''`. */
const SINGLE = 10;

const enum Code {
	SPACE = 0x20,
	QUOTE = 0x22,
	PERCENT = 0x25,
	APOSTROPHE = 0x27,
	STAR = 0x2a,
	DOT = 0x2e,
	SLASH = 0x2f,
	SEMICOLON = 0x3b,
	EQUALS = 0x3d,
	QUESTION = 0x3f,
	BACKSLASH = 0x5c,
	DELETE = 0x7f,
	SURROGATES = 0xd800,
	SURROGATES_END = 0xe000,
}

const enum Phase {
	BEGIN,
	SECTIONS,
}

/**
 * Writes a parameter of a MIME field on lines of its own, after the semicolon that parts it from what is before: as a
 * token, in quotes, or by RFC 2231 in as many sections as it needs. To be called until it is true.
 */
export const parameter = (writer: Writer, name: string, value: string): boolean => {
	if (writer.phase === Phase.BEGIN) {
		if (plainParameter(writer, name, value)) return true;
		writer.position = 0;
		writer.phase = Phase.SECTIONS;
		return false;
	}
	section(writer, name, value);
	if (charCodeAt.call(value, writer.position) >= 0) return false;
	writer.phase = Phase.BEGIN;
	return true;
};

/**
 * Refuses what is no text for a parameter.
 * @throws MailError for a control character or half a surrogate pair
 */
export const checkParameter = (field: string, value: string): void => {
	for (let i = 0, code: number; (code = charCodeAt.call(value, i)) >= 0; i++)
		if (code < Code.SPACE || code === Code.DELETE || (code >= Code.SURROGATES && code < Code.SURROGATES_END))
			throw new MailError(field, "what is no character");
};

/** Writes a short ASCII value; of any other it finds out whether one section is enough. */
const plainParameter = (writer: Writer, name: string, value: string): boolean => {
	let isToken = true;
	let isPlainText = true;
	let length = 0;
	let encoded = 0;
	for (let code: number; (code = charCodeAt.call(value, length)) >= 0; length++) {
		const plain = isPlain(code);
		encoded += plain ? 1 : 3 * utf8Length(code);
		if (!plain) isToken = false;
		if (code >= Code.DELETE || code === Code.QUOTE || code === Code.BACKSLASH) isPlainText = false;
	}
	if (!isPlainText || length > LONGEST_VALUE) {
		writer.member = endOf(name) + SINGLE + encoded < LINE ? -1 : 0;
		return false;
	}
	begin(writer, name);
	writer.byte(Code.EQUALS);
	if (!isToken || !length) writer.byte(Code.QUOTE);
	writer.text(value);
	if (!isToken || !length) writer.byte(Code.QUOTE);
	return true;
};

const begin = (writer: Writer, name: string): void => {
	writer.byte(Code.SEMICOLON);
	writer.fold();
	writer.text(name);
};

/** Writes as much of a value as fits in a line, percent-encoded (RFC 2231, 3 and 4). */
const section = (writer: Writer, name: string, value: string): void => {
	const { member } = writer;
	begin(writer, name);
	if (member >= 0) {
		writer.byte(Code.STAR);
		if (member > 9) writer.byte(0x30 + ((member / 10) | 0));
		writer.byte(0x30 + (member % 10));
		writer.member += 1;
	}
	writer.text(member > 0 ? "*=" : "*=UTF-8''");
	for (let code: number; (code = charCodeAt.call(value, writer.position)) >= 0; writer.position++) {
		const plain = isPlain(code);
		const length = utf8Length(code);
		if (writer.column + (plain ? 1 : 3 * length) >= LINE) break;
		if (plain) writer.byte(code);
		else for (let i = 0; i < length; i++) writer.escape(Code.PERCENT, utf8Byte(code, i, length));
	}
};

/** What needs neither quotes nor encoding: `attribute-char` (RFC 2231, 7). */
const isPlain = (code: number): boolean => {
	if (code === Code.DOT) return true;
	if (code === Code.STAR || code === Code.SLASH || code === Code.QUESTION || code === Code.EQUALS) return false;
	return code !== Code.PERCENT && code !== Code.APOSTROPHE && isAtext(code);
};
