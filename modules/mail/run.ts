const HIGH_BITS = -2139062144; // 0x80808080, not as a double

const enum Code {
	SPACE = 32,
	EQUALS = 61,
	DELETE = 127,
}

/** The same bytes, four at a time. */
export const wordsOf = (bytes: Uint8Array): Int32Array => new Int32Array(bytes.buffer, 0, bytes.length >> 2);

/**
 * Where a run of characters ends that quoted-printable leaves as they are: ASCII but for `=` and controls. Four are
 * looked at together, for a look costs more than what is done with it.
 */
export const runEnd = (bytes: Uint8Array, words: Int32Array, from: number, to: number): number => {
	const wordsTo = to >> 2;
	let i = from >> 2;
	let begin = from & 3;
	for (; i < wordsTo; i++) {
		let word = words[i]!;
		if (begin) word >>= begin << 3;
		// over 0x7e, or =, which makes its byte borrow; under 0x20: neither 0x40 nor 0x20
		const found =
			((word | (word + 0x01010101) | ((word ^ 0x3d3d3d3d) - 0x01010101)) & HIGH_BITS) |
			(~(word | (word << 1)) & 0x40404040);
		if (found) {
			// the lowest is the first, and those above it may be mistaken
			const count = found & 0xff ? 0 : found & 0xffff ? 1 : found & 0xffffff ? 2 : 3;
			if (count + begin < 4) return (i << 2) + begin + count;
		}
		begin = 0;
	}
	let end = (i << 2) + begin;
	for (; end < to; end++) {
		const code = bytes[end]!;
		if (code < Code.SPACE || code >= Code.DELETE || code === Code.EQUALS) break;
	}
	return end;
};
