import { argumentError, type SMTPPhase } from "./error";

/** Octets of a reverse-path or forward-path, brackets included (RFC 5321, 4.5.3.1.3). */
const PATH_LIMIT = 256;

/** What means something in an address or around it. */
const specials: readonly string[] = Object.freeze(["<", '"', " ", ">", ",", ";"]);

/**
 * The bare address for an envelope: "a@b" of `a@b`, `<a@b>` and `Name <a@b>`; "" of `<>` and "". A quoted local part
 * may hold anything but a line end; outside quotes there is no white space, comma or bracket.
 * @throws SMTPError (argument) that says what is wrong
 */
export const envelopeAddress = (text: string, phase: SMTPPhase): string => {
	if (isPlain(text)) return quoteLocalPart(text);
	let address = bracketed(text);
	if (address === undefined) {
		// spaces around it; `trim` would bring Unicode's tables into flash
		let from = 0;
		let to = text.length;
		while (text.charCodeAt(from) === 32) from++;
		while (to > from && text.charCodeAt(to - 1) === 32) to--;
		address = text.slice(from, to);
	}
	if (address.length > PATH_LIMIT - 2)
		throw argumentError(phase, `${phase}: an address is longer than ${PATH_LIMIT - 2} characters`);
	let quoted = false;
	for (let i = 0; i < address.length; i++) {
		const code = address.charCodeAt(i);
		if (code < 32 || code === 127)
			throw argumentError(phase, `${phase}: an address contains a line end or another control character`);
		if (code === 34) quoted = !quoted;
		else if (quoted) {
			if (code === 92) i++;
		} else if (code === 32 || code === 44 || code === 59 || code === 60 || code === 62)
			throw argumentError(phase, `${phase}: "${address}" is not one address`);
	}
	if (quoted) throw argumentError(phase, `${phase}: a quoted part of "${address}" does not end`);
	return quoteLocalPart(address);
};

/** Puts quotes around a local part whose dots stand where an atom has none, such as `a..b` (RFC 5321, 4.1.2). */
const quoteLocalPart = (address: string): string => {
	if (address.indexOf(".") > address.indexOf("@")) return address; // most
	const at = address.lastIndexOf("@");
	const local = address.slice(0, at);
	const isAtom = local.charCodeAt(0) !== 46 && local.charCodeAt(at - 1) !== 46 && local.indexOf("..") < 0;
	return at <= 0 || isAtom || local.charCodeAt(0) === 34 ? address : `"${local}"${address.slice(at)}`;
};

/** Whether a text has none of the characters that mean something; control characters are looked for where it is written. */
const isPlain = (text: string): boolean => {
	for (let i = specials.length; i-- > 0; ) if (text.indexOf(specials[i] as string) >= 0) return false;
	return text.length <= PATH_LIMIT - 2;
};

/** What stands between angle brackets outside quotes, or undefined where there are none, or where more comes after them. */
const bracketed = (text: string): string | undefined => {
	let start = -1;
	let quoted = false;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === 34) quoted = !quoted;
		else if (quoted) {
			if (code === 92) i++;
		} else if (code === 60) start = i + 1;
		else if (code === 62 && start >= 0) {
			let end = i;
			while (text.charCodeAt(++end) === 32);
			return end < text.length ? undefined : text.slice(start, i);
		}
	}
	return undefined;
};
