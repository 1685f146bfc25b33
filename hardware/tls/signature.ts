import { Digest } from "crypt";
import type Curve from "curve";
import ECDSA from "ecdsa";
import type ECPoint from "ecp";
import PKCS1_5 from "pkcs1_5";
import { DER } from "tls/der";
import { TLSError } from "tls/error";

/** A public key in the form that the SDK's handshake takes: RSA by `modulus`, or a point on a curve. */
export interface PublicKey {
	modulus?: bigint;
	exponent?: bigint;
	curve?: Curve;
	pub?: ECPoint;
}

const RSA_BITS_LEAST = 2048;
/** The longest that the roots of the Web have; the chip would take seconds over more. */
const RSA_BITS_MOST = 4096;
/** Smaller exponents are what forged signatures live from (CVE-2006-4339). */
const EXPONENT_LEAST = 65537n;

/**
 * @param algorithm the OBJECT IDENTIFIER of the signature, in hexadecimal digits
 * @returns whether `signature` is that of `key`'s owner below `message`
 */
export const isSignedBy = (key: PublicKey, algorithm: string, message: Uint8Array, signature: Uint8Array): boolean => {
	switch (algorithm) {
		case "2a864886f70d01010b": // sha256WithRSAEncryption
			return isRSA(key, digestOf("SHA256", message), signature);
		case "2a864886f70d01010c": // sha384WithRSAEncryption
			return isRSA(key, digestOf("SHA384", message), signature);
		case "2a864886f70d01010d": // sha512WithRSAEncryption
			return isRSA(key, digestOf("SHA512", message), signature);
		case "2a8648ce3d040302": // ecdsa-with-SHA256
			return isECDSA(key, digestOf("SHA256", message), signature);
		case "2a8648ce3d040303": // ecdsa-with-SHA384
			return isECDSA(key, digestOf("SHA384", message), signature);
		case "2a8648ce3d040304": // ecdsa-with-SHA512
			return isECDSA(key, digestOf("SHA512", message), signature);
		default:
			throw new TLSError("its certificate is signed in a way that is weak or not known here", 43);
	}
};

/** Refuses RSA keys that are too short, have an exponent to be wary of, or are too long for the chip. */
export const checkRSA = (modulus: bigint, exponent: bigint): void => {
	const bits = BigInt.bitLength(modulus);
	if (bits < RSA_BITS_LEAST || bits > RSA_BITS_MOST || exponent < EXPONENT_LEAST || BigInt.bitLength(exponent) > 32)
		throw new TLSError(`its certificate has an RSA key of ${bits} bits that cannot be relied on`, 43);
};

/**
 * The two numbers of an ECDSA signature (RFC 3279, 2.2.3). The SDK does not see to it that they are in range, and takes
 * zeros for a signature below anything (as in CVE-2022-21449).
 */
export const numbersOf = (signature: Uint8Array, curve: Curve): { r: bigint; s: bigint } => {
	const numbers = new DER(signature).sequence();
	const r = numbers.integer();
	const s = numbers.integer();
	if (r <= 0n || r >= curve.n || s <= 0n || s >= curve.n) throw new TLSError("a signature is forged", 51);
	return { r, s };
};

const isRSA = (key: PublicKey, digest: ArrayBuffer, signature: Uint8Array): boolean =>
	key.modulus !== undefined && new PKCS1_5(key, false, []).verify(digest, signature);

const isECDSA = ({ curve, pub }: PublicKey, digest: ArrayBuffer, signature: Uint8Array): boolean => {
	if (!curve || !pub) return false;
	const { r, s } = numbersOf(signature, curve);
	// Of a digest that is longer than the curve's order, the leftmost bits count (FIPS 186-4, 6.4).
	return new ECDSA(pub, curve)._verify(digest.slice(0, curve.orderSize), r, s);
};

const digestOf = (name: "SHA256" | "SHA384" | "SHA512", message: Uint8Array): ArrayBuffer => {
	const digest = new Digest(name);
	digest.write(message as unknown as ArrayBuffer); // the typing lacks views
	return digest.close();
};
