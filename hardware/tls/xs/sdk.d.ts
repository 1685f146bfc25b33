/** What the SDK's typings lack of its cryptography (modules/crypt). */

declare module "crypt" {
	export class BlockCipher {
		constructor(name: "AES", key: ArrayBuffer);
	}
}

declare module "gcm" {
	import type { BlockCipher } from "crypt";

	class GCM {
		constructor(cipher: BlockCipher);
		/**
		 * Encrypts, or decrypts and verifies; where a buffer is given, into it.
		 * @returns what is encrypted, with its tag; or the buffer with what was decrypted, undefined where the tag is wrong
		 */
		process(
			data: Uint8Array,
			buffer: Uint8Array | null,
			nonce: ArrayBuffer,
			associated: ArrayBuffer,
			encrypts: boolean,
		): ArrayBuffer | Uint8Array | undefined;
	}
	export default GCM;
}

declare module "hmac" {
	import type { Digest } from "crypt";

	class HMAC {
		constructor(digest: Digest, key: ArrayBuffer | Uint8Array);
		/** @returns the code over all parts, one after the other */
		process(...parts: (ArrayBuffer | Uint8Array)[]): ArrayBuffer;
	}
	export default HMAC;
}

declare module "bin" {
	const Bin: {
		/** @returns 0 where both are the same bytes */
		comp(a: ArrayBufferLike | Uint8Array, b: ArrayBufferLike | Uint8Array): number;
	};
	export default Bin;
}

declare module "modular" {
	/** Numbers modulo another one. */
	class Modular {
		constructor(modulus: bigint);
		mul(a: bigint, b: bigint): bigint;
		mulinv(a: bigint): bigint;
		exp(base: bigint, exponent: bigint): bigint;
	}
	export default Modular;
}

declare module "ecp" {
	class ECPoint {
		constructor(x: bigint, y: bigint);
		readonly x: bigint;
		readonly y: bigint;
	}
	export default ECPoint;
}

declare module "curve" {
	import type ECPoint from "ecp";

	class Curve {
		constructor(name: "secp256r1" | "secp384r1");
		readonly G: ECPoint;
		/** y² = x³ + ax + b modulo m. */
		readonly ec: { a: bigint; b: bigint; m: bigint; add(p: ECPoint, q: ECPoint): ECPoint };
		/** The order of the base point. */
		readonly n: bigint;
		/** Its bytes. */
		readonly orderSize: number;
	}
	export default Curve;
}
