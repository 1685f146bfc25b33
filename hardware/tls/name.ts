import { DER, Tag } from "tls/der";
import { TLSError } from "tls/error";
import { readText } from "tls/values";

/** Names of a certificate that a message lists. */
const NAMES_MOST = 3;

/**
 * A server's name as it is asked for and compared: without the final dot.
 * @throws TLSError where it is none (RFC 1123, 2.1); what is beyond ASCII must come as A-labels (RFC 5890, 2.3.2.1)
 */
export const canonicalName = (host: string): string => {
	const name = host.endsWith(".") ? host.slice(0, -1) : host;
	if (isAddress(name)) return name;
	for (let i = 0; i < name.length; i++)
		if (name.charCodeAt(i) > 0x7f)
			throw new TLSError(`"${host}" is no name of a host: it must be written in ASCII, as xn--...`);
	if (name.length > 253 || !name.split(".").every(isLabel)) throw new TLSError(`"${host}" is no name of a host`);
	return name;
};

/** The four numbers of an IPv4 address, or undefined for a name. */
const addressOf = (host: string): number[] | undefined => {
	const parts = host.split(".");
	if (parts.length !== 4) return undefined;
	const numbers = parts.map((part) => (isDecimal(part) ? Number(part) : 256));
	return numbers.every((number) => number < 256) ? numbers : undefined;
};

export const isAddress = (host: string): boolean => host.includes(":") || addressOf(host) !== undefined;

/**
 * Throws where a certificate is not for `host` (RFC 9525, 6.3): its DNS names, of which the leftmost label may be "*", or
 * its IPv4 addresses. The subject's common name does not count.
 * @param names subject alternative names, a GeneralNames' content
 * @param host canonical
 */
export const checkName = (names: Uint8Array | undefined, host: string): void => {
	const address = addressOf(host);
	const isName = !isAddress(host);
	const listed: string[] = [];
	let isFor = false;
	for (const values = new DER(names ?? new Uint8Array(0)); !values.done; ) {
		const { tag } = values;
		const value = values.read(tag);
		if (tag === Tag.Bytes2 && isName && isMatch(value, host)) isFor = true;
		if (tag === Tag.Bytes7 && address && isSame(value, address)) isFor = true;
		if (listed.length < NAMES_MOST) listed.push(...describe(tag, value, isName));
	}
	if (isFor) return;
	const theirs = listed.join(", ") || "no name";
	const ours = isName ? host : `the address ${host}: a server's name is wanted`;
	throw new TLSError(`its certificate is for ${theirs}, not for ${ours}`, 42);
};

/** A name in a message, where it is one of a host; whoever wants an address is told which of them are addresses. */
const describe = (tag: number | undefined, value: Uint8Array, isName: boolean): string[] => {
	if (tag === Tag.Bytes7 && value.length === 4 && !isName) return [`the address ${value.join(".")}`];
	if (tag !== Tag.Bytes2) return [];
	const name = readText(value);
	return [isAddress(name) ? `the name ${name}` : name];
};

const isSame = (value: Uint8Array, address: number[]): boolean =>
	value.length === address.length && address.every((number, i) => number === value[i]);

const isMatch = (pattern: Uint8Array, name: string): boolean => {
	const isWild = pattern[0] === 0x2a && pattern[1] === 0x2e;
	const rest = isWild ? name.slice(name.indexOf(".")) : name;
	const bytes = isWild ? pattern.subarray(1) : pattern;
	// One label for the star, and two at least behind it.
	if (isWild && (name.indexOf(".") < 1 || rest.indexOf(".", 1) < 0)) return false;
	if (bytes.length !== rest.length) return false;
	for (let i = 0; i < bytes.length; i++) if (lower(bytes[i]) !== lower(rest.charCodeAt(i))) return false;
	return true;
};

/** A letter of ASCII in lower case, without the tables of Unicode in flash. */
const lower = (code: number): number => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);

/** Letters, digits, hyphens within and, as many have them, underscores. */
const isLabel = (label: string): boolean => {
	const { length } = label;
	if (length === 0 || length > 63 || label[0] === "-" || label[length - 1] === "-") return false;
	for (let i = 0; i < length; i++) {
		const code = lower(label.charCodeAt(i));
		const isLetter = code >= 0x61 && code <= 0x7a;
		const isDigit = code >= 0x30 && code <= 0x39;
		if (!isLetter && !isDigit && code !== 0x2d && code !== 0x5f) return false;
	}
	return true;
};

const isDecimal = (text: string): boolean => {
	for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x30 || text.charCodeAt(i) > 0x39) return false;
	return text.length > 0 && text.length < 4;
};
