import { MailError } from "./error";
import { charCodeAt, utf8Byte, utf8Length } from "./strings";
import { LINE, type Writer } from "./writer";

/** Characters of a value that is written in one piece, in quotes if need be. */
const LONGEST_VALUE = 50;

/** What stands around a value in one section: the space before the name, and `*=UTF-8''`. */
const AROUND = 10;

const enum Code {
	SPACE = 0x20,
	QUOTE = 0x22,
	PERCENT = 0x25,
	APOSTROPHE = 0x27,
	STAR = 0x2a,
	COMMA = 0x2c,
	SEMICOLON = 0x3b,
	EQUALS = 0x3d,
	BACKSLASH = 0x5c,
	DELETE = 0x7f,
	SURROGATES = 0xd800,
	SURROGATES_END = 0xe000,
}

const enum Phase {
	TOKEN = 1,
	QUOTED,
	SECTION,
	SECTIONS,
}

/**
 * Writes a parameter of a MIME field on lines of its own, after the semicolon that parts it from what is before: as a
 * token, in quotes, or by RFC 2231 in as many sections as it needs. To be called, after `beginParameter`, until it is
 * true.
 */
export const parameter = (writer: Writer, name: string, value: string): boolean => {
	const { phase } = writer;
	writer.add(";", 1);
	writer.fold();
	writer.literal(name);
	if (phase >= Phase.SECTION) {
		writer.flush();
		section(writer, value);
		return !(charCodeAt.call(value, writer.position) >= 0);
	}
	writer.literal(phase === Phase.QUOTED ? '="' : "=");
	writer.text(value);
	if (phase === Phase.QUOTED) writer.add('"', 1);
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

/** Decides how a parameter is written. */
export const beginParameter = (writer: Writer, name: string, value: string): void => {
	let phase: Phase = Phase.TOKEN;
	let length = 0;
	let encoded = name.length + AROUND;
	for (let code: number; (code = charCodeAt.call(value, length)) >= 0; length++) {
		if (isPlain(code)) encoded++;
		else {
			encoded += 3 * utf8Length(code);
			if (phase === Phase.TOKEN) phase = Phase.QUOTED;
			if (code >= Code.DELETE || code === Code.QUOTE || code === Code.BACKSLASH) phase = Phase.SECTION;
		}
	}
	if (!length) phase = Phase.QUOTED;
	if (length > LONGEST_VALUE) phase = Phase.SECTION;
	if (phase === Phase.SECTION && encoded >= LINE) phase = Phase.SECTIONS;
	writer.phase = phase;
	writer.position = writer.entry = 0;
};

/** Writes as much of a value as fits in a line, percent-encoded (RFC 2231, 3 and 4). */
const section = (writer: Writer, value: string): void => {
	const { entry } = writer;
	if (writer.phase === Phase.SECTIONS) {
		writer.byte(Code.STAR);
		if (entry > 9) writer.byte(0x30 + ((entry / 10) | 0));
		writer.byte(0x30 + (entry % 10));
		writer.entry = entry + 1;
	}
	writer.text(entry ? "*=" : "*=UTF-8''");
	for (let code: number; (code = charCodeAt.call(value, writer.position)) >= 0; writer.position++) {
		const length = isPlain(code) ? 0 : utf8Length(code);
		if (writer.column + (length ? 3 * length : 1) >= LINE) break;
		if (!length) writer.byte(code);
		else for (let i = 0; i < length; i++) writer.escape(Code.PERCENT, utf8Byte(code, i, length));
	}
};

/** What needs neither quotes nor encoding: `attribute-char` (RFC 2231, 7). */
const isPlain = (code: number): boolean => {
	if (code >= 0x5e) return code <= 0x7e;
	if (code >= 0x41) return code <= 0x5a;
	if (code >= 0x30) return code <= 0x39;
	return code >= 0x21 && code <= 0x2e && code !== Code.QUOTE && !isNoAttribute(code);
};

/** `%'()*,` */
const isNoAttribute = (code: number): boolean =>
	code === Code.PERCENT || (code >= Code.APOSTROPHE && code <= Code.STAR) || code === Code.COMMA;
