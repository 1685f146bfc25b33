/**
 * String's own function, to be used by `call`: `charCodeAt.call(value, i)`. Called as a method it makes XS wrap the
 * string in an object, two slots of garbage for every character looked at. Past the end it gives NaN, so `>= 0` tells
 * whether there is a character. XS counts a string in code points, and here they come whole.
 */
export const { charCodeAt, indexOf, slice } = String.prototype;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
export const LINE_FEED = "\n";
export const CARRIAGE_RETURN = "\r";

/** Behind a text that is made into bytes, which are then looked at in whole words. */
const PADDING = "   ";

/** Of each of four bytes the highest: 0x80808080, not as a double. */
export const HIGH_BITS = -2139062144;

/** Bytes of a code point in UTF-8. */
export const utf8Length = (code: number): number => {
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
};

/** One byte of a code point's UTF-8 form, which has `length` of them. */
export const utf8Byte = (code: number, index: number, length: number): number => {
	const bits = code >> (6 * (length - 1 - index));
	if (index) return 0x80 | (bits & 0x3f);
	return length === 1 ? code : ((0xf00 >> length) & 0xff) | bits;
};

/** Whether two texts are the same but for the case of ASCII letters. */
export const sameWord = (a: string, b: string): boolean => {
	for (let i = 0; ; i++) {
		const x = charCodeAt.call(a, i);
		const y = charCodeAt.call(b, i);
		if (x === y) continue;
		if (!(x >= 0) || !(y >= 0)) return !(x >= 0) && !(y >= 0);
		if ((x | 0x20) !== (y | 0x20) || (x | 0x20) < 0x61 || (x | 0x20) > 0x7a) return false;
	}
};

/** The length of a text of ASCII without tabs; -1 for any other. */
export const asciiLength = (value: string): number => {
	const { length } = value;
	return ArrayBuffer.fromString(value).byteLength === length && indexOf.call(value, "\t") < 0 ? length : -1;
};

/** The engine's own encoder, which ECMAScript 2026 has, and XS since 2024. */
export interface Encodable {
	toBase64(): string;
}

/** The length of a text of nothing but printable ASCII; -1 for any other. Four characters are looked at a time. */
export const printableLength = (value: string): number => {
	const buffer = ArrayBuffer.fromString(value + PADDING);
	const length = buffer.byteLength - 3;
	const count = (length + 3) >> 2;
	const words = new Int32Array(buffer, 0, count);
	for (let i = 0; i < count; i++) {
		const word = words[i]!;
		// under 0x20 or over 0x9f, or over 0x7e
		if (((word - 0x20202020) | (word + 0x01010101)) & HIGH_BITS) return -1;
	}
	return length;
};
