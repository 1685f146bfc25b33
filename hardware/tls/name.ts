import { DER, Tag } from "tls/der";
import { TLSError } from "tls/error";
import { readText } from "tls/values";

/** Names of a certificate that a message lists. */
const NAMES_MOST = 3;

/** A server's name as it is asked for and compared: without the final dot. */
export const canonicalName = (host: string): string => (host.endsWith(".") ? host.slice(0, -1) : host);

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
	const listed: string[] = [];
	for (const values = new DER(names ?? new Uint8Array(0)); !values.done; ) {
		const { tag } = values;
		const value = values.read(tag);
		if (tag === Tag.DNSName) {
			if (!address && isMatch(value, host)) return;
			if (listed.length < NAMES_MOST) listed.push(readText(value));
		} else if (tag === Tag.IPAddress && address?.length === value.length) {
			if (address.every((number, i) => number === value[i])) return;
		}
	}
	throw new TLSError(`its certificate is for ${listed.join(", ") || "no name"}, not for ${host}`, 42);
};

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

const isDecimal = (text: string): boolean => {
	for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x30 || text.charCodeAt(i) > 0x39) return false;
	return text.length > 0 && text.length < 4;
};
