import { type DER, malformed, Tag } from "tls/der";

/** Characters of a text from a certificate that go into a message. */
const TEXT_MOST = 64;

/** Reads a UTCTime or GeneralizedTime of the form that RFC 5280, 4.1.2.5 asks for; milliseconds since 1970. */
export const readTime = (values: DER): number => {
	const { tag } = values;
	const digits = values.read(tag);
	const isShort = tag === Tag.UTCTime;
	if ((!isShort && tag !== Tag.GeneralizedTime) || digits.length !== (isShort ? 13 : 15)) throw malformed();
	let position = 0;
	const next = (): number => {
		const value = (digits[position++] - 48) * 10 + digits[position++] - 48;
		if (!(value >= 0 && value < 100)) throw malformed();
		return value;
	};
	const first = next();
	const year = isShort ? first + (first < 50 ? 2000 : 1900) : first * 100 + next();
	return Date.UTC(year, next() - 1, next(), next(), next(), next());
};

/** Someone else's text for a message to a person: printable ASCII, not too long. */
export const readText = (bytes: Uint8Array): string => {
	const length = Math.min(bytes.length, TEXT_MOST);
	let text = "";
	for (let i = 0; i < length; i++) {
		const byte = bytes[i];
		text += byte >= 0x20 && byte < 0x7f && byte !== 0x22 ? String.fromCharCode(byte) : "?";
	}
	return text;
};
