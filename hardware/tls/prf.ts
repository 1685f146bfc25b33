import { Digest } from "crypt";
import HMAC from "hmac";

const DIGEST_BYTES = 32;

/**
 * The pseudorandom function of TLS 1.2 with SHA-256 (RFC 5246, 5).
 * @param seed in parts, one after the other
 * @returns `bytes` bytes
 */
export const prf = (
	secret: ArrayBuffer | Uint8Array,
	label: string,
	seed: ArrayBuffer[],
	bytes: number,
): Uint8Array<ArrayBuffer> => {
	const hmac = new HMAC(new Digest("SHA256"), secret);
	const labelled = [ArrayBuffer.fromString(label), ...seed];
	const result = new Uint8Array(bytes);
	let a = hmac.process(...labelled); // A(1)
	for (let filled = 0; ; a = hmac.process(a)) {
		const part = new Uint8Array(hmac.process(a, ...labelled));
		result.set(bytes - filled < DIGEST_BYTES ? part.subarray(0, bytes - filled) : part, filled);
		filled += DIGEST_BYTES;
		if (filled >= bytes) return result;
	}
};
