import { decodeBase64 } from "./base64";
import { octets } from "./reply";

/** What of a dictionary must not be read in what a server says. */
export interface Secrets {
	readonly user?: string | undefined;
	readonly password?: string | undefined;
	/** A function that fetches one has none to give away. */
	readonly token?: unknown;
}

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const NOTHING = "";
const NUL = "\0";
const MASK = "***";
const STRING = "string";

const PADDING = 61;

/** What servers ask for a user and a password with, whose words may be those of a password. */
const PROMPTS: readonly string[] = Object.freeze(["VXNlcm5hbWU6", "UGFzc3dvcmQ6"]);

/** Octets in a row at a word's beginning that are a part of a secret as it stands; in a text there may be fewer by chance. */
const PART = 4;
/** The same of what base64 decodes to. */
const DECODED_PART = 3;
/** Hexadecimal digits in a row that are a digest (CRAM-MD5), or in base64 a part of it. */
const DIGEST = 32;
const DIGEST_PART = 8;
/** A base64 text that is longer is looked through in steps. */
const LONG = 48;

/**
 * What a server said, a character an octet, with asterisks in the place of the client's secrets. Servers say again what they
 * did not understand: whole or cut off, as it was sent, decoded or encoded anew.
 */
export const masked = (said: string, { user = NOTHING, password, token }: Secrets): string => {
	const secret = password || (typeof token === STRING ? (token as string) : NOTHING);
	if (secret === NOTHING) return said;
	const plain = octetsOf(secret);
	const name = octetsOf(user);
	const sent = NUL + name + NUL + plain;
	const { length } = said;
	let shown = NOTHING;
	let from = 0;
	let runEnd = 0;
	for (let at = 0; at < length; at++) {
		let end = at;
		if (at >= runEnd) {
			runEnd = encodedEnd(said, at);
			if (isSecret(said.slice(at, runEnd), sent)) end = paddingEnd(said, runEnd);
			else if (runEnd === at) runEnd++;
		}
		if (end === at) end = wholeEnd(said, at, plain);
		if (end === at) {
			const nameEnd = wholeEnd(said, at, name);
			if (nameEnd > at) {
				at = nameEnd - 1; // the user's name is no secret, whatever is in it
				continue;
			}
			end = partEnd(said, at, plain, from);
		}
		if (end === at) continue;
		shown += said.slice(from, at) + MASK;
		from = end;
		at = end - 1;
	}
	return from ? shown + said.slice(from) : said;
};

/** The UTF-8 of a text, a character an octet: itself, where it is ASCII. */
const octetsOf = (text: string): string => {
	const buffer = ArrayBuffer.fromString(text);
	return buffer.byteLength === text.length ? text : octets(buffer);
};

/** The end of a word that is there as it stands; `at` where it is not. */
const wholeEnd = (said: string, at: number, word: string): number => {
	const { length } = word;
	const isThere =
		length >= DECODED_PART && said.charCodeAt(at) === word.charCodeAt(0) && said.slice(at, at + length) === word;
	return isThere ? at + length : at;
};

/**
 * The end of a part of the secret as it stands: at a word's beginning, behind what was masked before (`from`), or most of it
 * anywhere; `at` where there is none.
 */
const partEnd = (said: string, at: number, secret: string, from: number): number => {
	let end = at + PART;
	if (end > said.length || secret.indexOf(said.slice(at, end)) < 0) return at;
	while (end < said.length && secret.indexOf(said.slice(at, end + 1)) >= 0) end++;
	const isWithin = at > from && isBase64(said.charCodeAt(at - 1));
	return isWithin && 3 * (end - at) < 2 * secret.length ? at : end;
};

const paddingEnd = (said: string, at: number): number => {
	while (said.charCodeAt(at) === PADDING) at++;
	return at;
};

/** The end of what may be base64. */
const encodedEnd = (said: string, at: number): number => {
	let end = at;
	while (isBase64(said.charCodeAt(end))) end++;
	return end;
};

const isBase64 = (code: number): boolean => {
	const letter = code & ~32;
	return (letter >= 65 && letter <= 90) || (code >= 47 && code <= 57) || code === 43;
};

/** Whether a text encodes some of what was sent, whichever of its octets it begins with; or is a digest. */
const isSecret = (run: string, sent: string): boolean => {
	if (hasDigits(run, DIGEST)) return true;
	if (PROMPTS.includes(run)) return false;
	const step = run.length > LONG ? DECODED_PART : 1;
	for (let skip = 0; skip < 4 && run.length - skip >= 4; skip++) {
		const bytes = decodeBase64(run.slice(skip, skip + ((run.length - skip) & ~3))) as Uint8Array;
		const decoded = octets(bytes.buffer as ArrayBuffer);
		for (let at = 0; at + DECODED_PART <= decoded.length; at += step)
			if (sent.indexOf(decoded.slice(at, at + DECODED_PART)) >= 0) return true;
		if (hasDigits(decoded, DIGEST_PART)) return true;
	}
	return false;
};

/** Whether so many hexadecimal digits stand in a row. */
const hasDigits = (text: string, most: number): boolean => {
	let count = 0;
	for (let i = 0; i < text.length && count < most; i++) {
		const code = text.charCodeAt(i);
		count = (code >= 48 && code <= 57) || (code >= 97 && code <= 102) ? count + 1 : 0;
	}
	return count >= most;
};
