import Bin from "bin";
import { Digest } from "crypt";
import type Curve from "curve";
import Modular from "modular";
import { DER, inRAM, integerOf } from "tls/der";
import { Multiplication, pointOf } from "tls/multiplication";
import { open } from "tls/rsa";

/** A key as it was sent: of RSA the modulus, without leading zeros; or a point, which need not be on the curve. */
export type PublicKey = { modulus: Uint8Array } | { curve: Curve; point: Uint8Array };

/** Signature schemes, by their numbers in TLS (RFC 8446, 4.2.3): the hash, then how it is signed. */
export const enum Scheme {
	RSASHA256 = 0x0401,
	RSASHA384 = 0x0501,
	RSASHA512 = 0x0601,
	ECDSASHA256 = 0x0403,
	ECDSASHA384 = 0x0503,
	ECDSASHA512 = 0x0603,
}

/** Those that are taken. */
export const schemes: readonly Scheme[] = Object.freeze([
	Scheme.ECDSASHA256,
	Scheme.RSASHA256,
	Scheme.ECDSASHA384,
	Scheme.RSASHA384,
	Scheme.ECDSASHA512,
	Scheme.RSASHA512,
]);

/** Whether a scheme is ECDSA, not RSA. */
export const isECDSA = (scheme: Scheme): boolean => (scheme & 0xff) === 3;

const enum Bits {
	/** RSA keys that are taken: the longest that the roots of the Web have; the chip would take seconds over more. */
	RSALeast = 2048,
	RSAMost = 4096,
}

const enum Memory {
	/** What a computation takes of XS's heap: RSA as many numbers as long as the key, */
	RSANumbers = 8,
	ECDSA = 2560,
	/** and what XS wants besides: it collects, and grows by 512 bytes before it takes the last of what there is. */
	Around = 1536,
}

/** How many bits a key's numbers have. */
export const bitsOf = (key: PublicKey): number =>
	"curve" in key ? 8 * key.curve.orderSize : 8 * key.modulus.length - Math.clz32(key.modulus[0]) + 24;

/** Bytes of XS's heap that it takes to verify a signature. */
export const memoryFor = (key: PublicKey): number =>
	Memory.Around + ("curve" in key ? Memory.ECDSA : Memory.RSANumbers * key.modulus.length);

/** A key that does not keep what it came in. */
export const copyOf = (key: PublicKey): PublicKey =>
	"curve" in key ? { ...key, point: inRAM(key.point) } : { modulus: inRAM(key.modulus) };

/** @returns what is wrong with an RSA key; undefined where it is as it should be */
export const problemOfRSA = (modulus: Uint8Array, exponent: Uint8Array): string | undefined => {
	const bits = bitsOf({ modulus });
	if (bits < Bits.RSALeast || bits > Bits.RSAMost) return `of ${bits} bits`;
	// Smaller ones are what forged signatures live from (CVE-2006-4339), larger ones take the chip seconds.
	const [high, middle, low, more] = exponent;
	if (high !== 1 || middle !== 0 || low !== 1 || more !== undefined) return "with an exponent other than 65537";
	return (modulus[modulus.length - 1] & 1) === 0 ? "with an even modulus" : undefined;
};

/** Whether a signature is that of a key's owner below a message; found out in steps, as the chip takes long for it. */
export class SignatureCheck {
	/** What came out when `advance` has said that it is done. */
	isValid = false;
	private key: PublicKey;
	private hash: number;
	private digest: ArrayBuffer;
	private signature: Uint8Array;
	/** ECDSA's, under way, and what its result is compared with. */
	private product: Multiplication | undefined;
	private r = 0n;

	/** @param scheme which is not valid either where the key is of another kind */
	constructor(key: PublicKey, scheme: Scheme, message: Uint8Array, signature: Uint8Array) {
		this.key = key;
		this.hash = (scheme >> 8) - 3;
		const digest = new Digest(this.hash === 1 ? "SHA256" : this.hash === 2 ? "SHA384" : "SHA512");
		digest.write(message as unknown as ArrayBuffer); // the typing lacks views
		this.digest = digest.close();
		this.signature = isECDSA(scheme) === "curve" in key ? signature : new Uint8Array(0);
	}

	/** A step. @returns whether it was the last */
	advance(): boolean {
		const { key } = this;
		if ("curve" in key) return this.advanceECDSA(key);
		this.isValid = isRSASignature(key.modulus, this.hash, this.digest, this.signature);
		return true;
	}

	/** ECDSA (FIPS 186-4, 6.4), signature as in RFC 3279, 2.2.3. */
	private advanceECDSA({ curve, point }: { curve: Curve; point: Uint8Array }): boolean {
		if (!this.product) {
			const numbers = readNumbers(this.signature, curve);
			const theirs = numbers && pointOf(curve, point);
			if (!theirs) return true;
			const [r, s] = numbers;
			const { n, G, orderSize } = curve;
			const field = new Modular(n);
			// Of a digest that is longer than the order, the leftmost bits count.
			const e = BigInt.fromArrayBuffer(this.digest.slice(0, orderSize)) as bigint;
			const inverse = field.mulinv(s);
			this.r = r;
			this.product = new Multiplication(curve, G, field.mul(e, inverse), theirs, field.mul(r, inverse));
			return false;
		}
		if (!this.product.advance()) return false;
		const { affine } = this.product;
		this.isValid = affine !== undefined && affine.x % curve.n === this.r;
		return true;
	}
}

/** @returns r and s; undefined where they are not from 1 to n - 1, or in another form than they must have */
const readNumbers = (signature: Uint8Array, { n, orderSize }: Curve): [bigint, bigint] | undefined => {
	// Two numbers of a byte more than the order, with tags and lengths: measured before anything is made of them.
	if (signature.length < 8 || signature.length > 2 * (orderSize + 3) + 3) return undefined;
	try {
		const whole = new DER(signature);
		const numbers = whole.sequence();
		const [r, s] = [numbers.unsigned(), numbers.unsigned()];
		numbers.end();
		whole.end();
		if (r.length > orderSize || s.length > orderSize) return undefined;
		const [first, second] = [integerOf(r), integerOf(s)];
		return first > 0n && first < n && second > 0n && second < n ? [first, second] : undefined;
	} catch {
		return undefined; // malformed
	}
};

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2): what comes out of the signature must be all that should have gone in.
 * @param hash the last number of the hash's object identifier, 1 to 3 for SHA-256 to SHA-512
 */
const isRSASignature = (modulus: Uint8Array, hash: number, digest: ArrayBuffer, signature: Uint8Array): boolean => {
	const size = modulus.length;
	if (signature.length !== size) return false;
	const opened = open(modulus, signature);
	if (!opened) return false;
	const length = digest.byteLength;
	// DigestInfo: SEQUENCE { SEQUENCE { 2.16.840.1.101.3.4.2.hash, NULL }, OCTET STRING }
	const info = [0, 0x30, 17 + length, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, hash, 5, 0, 4, length];
	const expected = new Uint8Array(size).fill(0xff);
	expected[0] = 0;
	expected[1] = 1;
	expected.set(info, size - length - info.length);
	expected.set(new Uint8Array(digest), size - length);
	return Bin.comp(opened, expected) === 0;
};
