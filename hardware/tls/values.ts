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
	/** @returns the next two digits' number */
	const next = (least: number, most: number): number => {
		const value = digitOf(digits[position++]) * 10 + digitOf(digits[position++]);
		if (value < least || value > most) throw malformed();
		return value;
	};
	const first = next(0, 99);
	const year = isShort ? first + (first < 50 ? 2000 : 1900) : first * 100 + next(0, 99);
	const month = next(1, 12);
	const day = next(1, daysOf(year, month));
	const time = Date.UTC(year, month - 1, day, next(0, 23), next(0, 59), next(0, 59));
	if (digits[position] !== 0x5a) throw malformed(); // Z
	return time;
};

const digitOf = (character: number): number => {
	if (character < 0x30 || character > 0x39) throw malformed();
	return character - 0x30;
};

const daysOf = (year: number, month: number): number => {
	if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
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
