import { AES, ECDHE_RSA, GCM, SHA256 } from "ssl/constants";

const suite = (value: readonly number[]) => ({
	value,
	isExportable: false,
	/** The SDK's name for ECDHE, whichever key signs. */
	keyExchangeAlgorithm: ECDHE_RSA,
	cipherAlgorithm: AES,
	cipherKeySize: 16,
	cipherBlockSize: 16,
	hashAlgorithm: SHA256,
	hashSize: 32,
	encryptionMode: GCM,
	/** Bytes of the nonce that each record carries, and that both sides know. */
	ivSize: 8,
	saltSize: 4,
});

/**
 * What we offer, in the place of the SDK's `ssl/ciphersuites`: of its suites those that RFC 9325, 4.2 recommends. It would
 * prefer RSA key transport with CBC, where whoever gets the server's key later reads everything, and whose padding it
 * does not check.
 */
export default Object.freeze(
	[
		suite([0xc0, 0x2b]), // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
		suite([0xc0, 0x2f]), // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
	],
	true,
);
