import { isAtext } from "./address";
import { MailError } from "./error";
import { checkParameter } from "./parameter";
import { charCodeAt, sameWord, slice } from "./strings";

/** RFC 6838, 4.2, allows this for each half; the longest in use has about 80 in both. */
const LONGEST_TYPE = 127;

/** A parameter's name, which stands in a line with its value; the longest in use has 16. */
const LONGEST_NAME = 20;

const FIELD = "Content-Type";

const enum Code {
	TAB = 0x09,
	SPACE = 0x20,
	QUOTE = 0x22,
	APOSTROPHE = 0x27,
	PERCENT = 0x25,
	STAR = 0x2a,
	DOT = 0x2e,
	SLASH = 0x2f,
	SEMICOLON = 0x3b,
	EQUALS = 0x3d,
	QUESTION = 0x3f,
	BACKSLASH = 0x5c,
}

/**
 * Takes `text/calendar; method=REQUEST` apart (RFC 2045, 5.1).
 * @returns the type, and then name and value of each parameter
 * @throws MailError
 */
export const parseMediaType = (text: string): string[] => {
	let at = endOfToken(text, 0, true);
	const parts = [slice.call(text, 0, at)];
	if (!isType(parts[0]!)) throw new MailError(FIELD, "not a type and a subtype");
	for (;;) {
		at = pastSpace(text, at);
		if (!(charCodeAt.call(text, at) >= 0)) return parts;
		if (charCodeAt.call(text, at) !== Code.SEMICOLON) throw new MailError(FIELD, "not a type and its parameters");
		at = pastSpace(text, at + 1);
		if (charCodeAt.call(text, at) >= 0) at = parseParameter(text, at, parts);
	}
};

/** @returns the index behind it */
const parseParameter = (text: string, from: number, parts: string[]): number => {
	let at = endOfToken(text, from, false);
	const name = slice.call(text, from, at);
	if (!name || name.length > LONGEST_NAME || charCodeAt.call(text, at) !== Code.EQUALS)
		throw new MailError(FIELD, "a parameter that is no name=value");
	addParameter(parts, name);
	let value = "";
	if (charCodeAt.call(text, ++at) === Code.QUOTE) {
		for (;;) {
			let code = charCodeAt.call(text, ++at);
			if (code === Code.QUOTE) break;
			if (code === Code.BACKSLASH) code = charCodeAt.call(text, ++at);
			if (!(code >= 0)) throw new MailError(FIELD, "a quoted value does not end");
			value += slice.call(text, at, at + 1);
		}
		at++;
	} else {
		const start = at;
		at = endOfToken(text, start, true);
		value = slice.call(text, start, at);
		if (!value) throw new MailError(FIELD, "a parameter that is no name=value");
	}
	checkParameter(FIELD, value);
	parts.push(value);
	return at;
};

/** Adds a parameter's name, which there must be once. @throws MailError */
export const addParameter = (parts: string[], name: string): void => {
	for (let i = 1; i < parts.length; i += 2) if (sameWord(parts[i]!, name)) throw new MailError(FIELD, `${name} twice`);
	parts.push(name);
};

const pastSpace = (text: string, from: number): number => {
	let at = from;
	for (let code: number; (code = charCodeAt.call(text, at)) === Code.SPACE || code === Code.TAB; ) at++;
	return at;
};

/** The end of a token, in which a type has a slash, and a value may have what attributes have not (RFC 2231, 7). */
const endOfToken = (text: string, from: number, isValue: boolean): number => {
	let at = from;
	for (let code: number; isToken((code = charCodeAt.call(text, at))) || (isValue && code === Code.SLASH); at++)
		if (!isValue && (code === Code.STAR || code === Code.APOSTROPHE || code === Code.PERCENT)) break;
	return at;
};

/** `image/jpeg`: two tokens. */
const isType = (type: string): boolean => {
	let slash = 0;
	let length = 0;
	for (let code: number; (code = charCodeAt.call(type, length)) >= 0; length++) {
		if (code === Code.SLASH && !slash && length) slash = length;
		else if (!isToken(code)) return false;
	}
	return slash > 0 && slash < length - 1 && length <= LONGEST_TYPE;
};

const isToken = (code: number): boolean =>
	code === Code.DOT || (isAtext(code) && code !== Code.SLASH && code !== Code.EQUALS && code !== Code.QUESTION);
