import { HIGH_BITS } from "./strings";

/** The same bytes, four at a time. */
export const wordsOf = (bytes: Uint8Array): Int32Array => new Int32Array(bytes.buffer, 0, bytes.length >> 2);

/**
 * Where a run of characters ends that quoted-printable leaves as they are: ASCII but for `=` and controls. Four are
 * looked at together, for a look costs more than what is done with it.
 */
export const runEnd = (words: Int32Array, from: number, to: number): number => {
	let i = from >> 2;
	let begin = from & 3;
	// where there is no word any more 0 ends the run
	let word = words[i]! >> (begin << 3);
	for (;;) {
		// under 0x20 or over 0x9f, or =, which makes its byte borrow, or over 0x7e
		const found = ((word - 0x20202020) | ((word ^ 0x3d3d3d3d) - 0x01010101) | (word + 0x01010101)) & HIGH_BITS;
		if (found) {
			// the lowest is the first, and those above it may be mistaken
			const count = begin + (found & 0xff ? 0 : found & 0xffff ? 1 : found & 0xffffff ? 2 : 3);
			const end = (i << 2) + count;
			if (end >= to) return to;
			if (count < 4) return end;
			begin = 0;
		}
		word = words[++i]! | 0;
	}
};
