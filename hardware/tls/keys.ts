import { BlockCipher } from "crypt";
import Gcm from "gcm";
import { AES, ECDHE_RSA, GCM, SHA256 } from "ssl/constants";
import PRF from "ssl/prf";
import type SSLSession from "ssl/session";
import type { CipherState } from "ssl/session";

/** AES-128-GCM with SHA-256 (RFC 5289), as the SDK's PRF and records want to have it described. */
export const cipher = Object.freeze({
	keyExchangeAlgorithm: ECDHE_RSA,
	cipherAlgorithm: AES,
	hashAlgorithm: SHA256,
	encryptionMode: GCM,
	/** Bytes of the nonce that a record carries. */
	ivSize: 8,
});

const KEY_BYTES = 16;
/** Bytes of the nonce that both sides know. */
const SALT_BYTES = 4;

/** Both directions' keys (RFC 5246, 6.3). */
export const makeCiphers = (session: SSLSession): { client: CipherState; server: CipherState } => {
	const seed = (session.serverRandom as ArrayBuffer).concat(session.clientRandom as ArrayBuffer);
	const bytes = 2 * (KEY_BYTES + SALT_BYTES);
	const block = PRF(session, session.masterSecret as Uint8Array, "key expansion", seed, bytes);
	const state = (side: number): CipherState => {
		const salt = 2 * KEY_BYTES + side * SALT_BYTES;
		const key = block.slice(side * KEY_BYTES, (side + 1) * KEY_BYTES).buffer;
		return {
			enc: new Gcm(new BlockCipher("AES", key)),
			iv: block.slice(salt, salt + SALT_BYTES).buffer,
			nonce: 1n,
		};
	};
	return { client: state(0), server: state(1) };
};
