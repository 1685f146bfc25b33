import { Digest } from "crypt";
import type Curve from "curve";
import type ECPoint from "ecp";
import Modular from "modular";
import { DER, integerOf } from "tls/der";
import { TLSError } from "tls/error";

/** A server's or an issuer's public key: an RSA key or a point on a curve. */
export type PublicKey = { modulus: bigint; exponent: bigint } | { curve: Curve; point: ECPoint };

/** Signature schemes, by their numbers in TLS (RFC 8446, 4.2.3): the hash, then how it is signed. */
export const enum Scheme {
	RSASHA256 = 0x0401,
	RSASHA384 = 0x0501,
	RSASHA512 = 0x0601,
	ECDSASHA256 = 0x0403,
	ECDSASHA384 = 0x0503,
	ECDSASHA512 = 0x0603,
}

const RSA_BITS_LEAST = 2048;
/** The longest that the roots of the Web have; the chip would take seconds over more. */
const RSA_BITS_MOST = 4096;
/** Smaller exponents are what forged signatures live from (CVE-2006-4339). */
const EXPONENT_LEAST = 65537n;

/** Whether `signature` is that of `key`'s owner below `message`. False also where the scheme is not one for the key. */
export const isSignedBy = (key: PublicKey, scheme: Scheme, message: Uint8Array, signature: Uint8Array): boolean => {
	const hash = scheme >> 8;
	const isECDSA = (scheme & 0xff) === 3;
	if (hash < 4 || hash > 6 || isECDSA !== "curve" in key) return false;
	const digest = new Digest(hash === 4 ? "SHA256" : hash === 5 ? "SHA384" : "SHA512");
	digest.write(message as unknown as ArrayBuffer); // the typing lacks views
	const bytes = digest.close();
	return "curve" in key ? isECDSASignature(key, bytes, signature) : isRSASignature(key, hash - 3, bytes, signature);
};

/** Refuses RSA keys that are too short, have an exponent to be wary of, or are too long for the chip. */
export const checkRSA = (modulus: bigint, exponent: bigint): void => {
	const bits = BigInt.bitLength(modulus);
	if (bits < RSA_BITS_LEAST || bits > RSA_BITS_MOST || exponent < EXPONENT_LEAST || BigInt.bitLength(exponent) > 32)
		throw new TLSError(`its certificate has an RSA key of ${bits} bits that cannot be relied on`, 43);
};

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2): what comes out of the signature must be all that should have gone in.
 * @param hash the last number of the hash's object identifier, 1 to 3 for SHA-256 to SHA-512
 */
const isRSASignature = (
	{ modulus, exponent }: { modulus: bigint; exponent: bigint },
	hash: number,
	digest: ArrayBuffer,
	signature: Uint8Array,
): boolean => {
	const size = (BigInt.bitLength(modulus) + 7) >>> 3;
	if (signature.length !== size) return false;
	const length = digest.byteLength;
	// DigestInfo: SEQUENCE { SEQUENCE { 2.16.840.1.101.3.4.2.hash, NULL }, OCTET STRING }
	const info = [0, 0x30, 17 + length, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, hash, 5, 0, 4, length];
	const expected = new Uint8Array(size).fill(0xff);
	expected[0] = 0;
	expected[1] = 1;
	expected.set(info, size - length - info.length);
	expected.set(new Uint8Array(digest), size - length);
	return new Modular(modulus).exp(integerOf(signature), exponent) === integerOf(expected);
};

/** ECDSA (FIPS 186-4, 6.4), signature as in RFC 3279, 2.2.3. */
const isECDSASignature = (
	{ curve, point }: { curve: Curve; point: ECPoint },
	digest: ArrayBuffer,
	signature: Uint8Array,
): boolean => {
	const numbers = new DER(signature).sequence();
	const r = numbers.integer();
	const s = numbers.integer();
	const { n, G, ec, orderSize } = curve;
	if (r <= 0n || r >= n || s <= 0n || s >= n) return false;
	const field = new Modular(n);
	// Of a digest that is longer than the order, the leftmost bits count.
	const e = BigInt.fromArrayBuffer(digest.slice(0, orderSize)) as bigint;
	const inverse = field.mulinv(s);
	const sum = ec.mul2(G, field.mul(e, inverse), point, field.mul(r, inverse));
	return !sum.isZero() && sum.X % n === r;
};
