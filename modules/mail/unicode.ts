const REPLACEMENT = 0xfffd;

/** The code point at a position; U+FFFD for half a surrogate pair. */
export function codePointAt(value: string, position: number): number {
	const code = value.codePointAt(position)!;
	return code >= 0xd800 && code <= 0xdfff ? REPLACEMENT : code;
}

/** How far the next code point is. XS counts a string in code points, other engines in UTF-16 units: both are served. */
export function stride(value: string, position: number, code: number): number {
	return code > 0xffff && value.charCodeAt(position) !== code ? 2 : 1;
}

/** Bytes of a code point in UTF-8. */
export function utf8Length(code: number): number {
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** One byte of the UTF-8 form, whose length is `length`, of a code point. */
export function utf8Byte(code: number, index: number, length: number): number {
	const bits = code >> 6 * (length - 1 - index);
	if (index)
		return 0x80 | bits & 0x3f;
	return length === 1 ? code : 0xf00 >> length & 0xff | bits;
}
