// MD5 (RFC 1321) and HMAC (RFC 2104), for CRAM-MD5 alone: MD5 is broken as a digest of documents, HMAC-MD5 is not.

const BLOCK = 64;

/** Steps of a round turn by these bits, four at a time (RFC 1321, 3.4). */
const turns: readonly number[] = Object.freeze([7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]);

/** The HMAC-MD5 of a message: 16 bytes. */
export const hmacMD5 = (key: Uint8Array, message: Uint8Array): Uint8Array => {
	if (key.length > BLOCK) key = md5(key);
	const inner = new Uint8Array(BLOCK + message.length);
	const outer = new Uint8Array(BLOCK + 16);
	for (let i = 0; i < BLOCK; i++) {
		const byte = key[i] ?? 0;
		inner[i] = byte ^ 0x36;
		outer[i] = byte ^ 0x5c;
	}
	inner.set(message, BLOCK);
	outer.set(md5(inner), BLOCK);
	return md5(outer);
};

/** The MD5 digest of a message: 16 bytes. */
export const md5 = (message: Uint8Array): Uint8Array => {
	const { length } = message;
	const padded = new Uint8Array((((length + 8) >> 6) + 1) << 6);
	const view = new DataView(padded.buffer);
	padded.set(message);
	padded[length] = 0x80;
	view.setUint32(padded.length - 8, length << 3, true);
	const state = new Int32Array(4);
	state[0] = 0x67452301;
	state[1] = 0xefcdab89 | 0;
	state[2] = 0x98badcfe | 0;
	state[3] = 0x10325476;
	for (let at = 0; at < padded.length; at += BLOCK) mix(state, view, at);
	return new Uint8Array(state.buffer);
};

/** Works a block into the state (RFC 1321, 3.4). */
const mix = (state: Int32Array, view: DataView, at: number): void => {
	let a = state[0] as number;
	let b = state[1] as number;
	let c = state[2] as number;
	let d = state[3] as number;
	for (let i = 0; i < 64; i++) {
		const round = i >> 4;
		let mixed: number;
		let word: number;
		if (round === 0) {
			mixed = (b & c) | (~b & d);
			word = i;
		} else if (round === 1) {
			mixed = (d & b) | (~d & c);
			word = (5 * i + 1) & 15;
		} else if (round === 2) {
			mixed = b ^ c ^ d;
			word = (3 * i + 5) & 15;
		} else {
			mixed = c ^ (b | ~d);
			word = (7 * i) & 15;
		}
		// The constants are the sine's first bits: 2^32 |sin(i + 1)|.
		const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 0x1_0000_0000);
		const sum = (a + mixed + view.getInt32(at + 4 * word, true) + constant) | 0;
		const bits = turns[(round << 2) | (i & 3)] as number;
		a = d;
		d = c;
		c = b;
		b = (b + ((sum << bits) | (sum >>> (32 - bits)))) | 0;
	}
	state[0] = ((state[0] as number) + a) | 0;
	state[1] = ((state[1] as number) + b) | 0;
	state[2] = ((state[2] as number) + c) | 0;
	state[3] = ((state[3] as number) + d) | 0;
};
