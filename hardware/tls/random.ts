import { Digest } from "crypt";
import HMAC from "hmac";
import { entropy } from "tls/entropy";

const enum Bytes {
	/** An output of SHA-256. */
	Digest = 32,
	/** What a generator is made from; the platform adds what it knows besides. */
	Entropy = 256,
}

/**
 * Random numbers for one handshake: HMAC_DRBG with SHA-256 (NIST SP 800-90A, 10.1.2). Each handshake makes its own, from new
 * entropy, and forgets it: who gets at the state of one learns nothing of the others.
 */
export class Generator {
	private key = new Uint8Array(Bytes.Digest);
	private value = new Uint8Array(Bytes.Digest).fill(1);

	/** @param seed entropy, a nonce and what else tells this generator from others; by default the platform's */
	constructor(seed: Uint8Array = new Uint8Array(entropy(Bytes.Entropy))) {
		this.update(seed);
	}

	/** Adds entropy. */
	reseed(seed: Uint8Array): void {
		this.update(seed);
	}

	get(bytes: number): Uint8Array {
		const result = new Uint8Array(bytes);
		for (let filled = 0; filled < bytes; filled += Bytes.Digest) {
			this.value = this.hmac(this.value);
			result.set(this.value.subarray(0, bytes - filled), filled);
		}
		this.update();
		return result;
	}

	/** HMAC_DRBG_Update (10.1.2.2). */
	private update(seed?: Uint8Array): void {
		for (let round = 0; round < (seed ? 2 : 1); round++) {
			this.key = this.hmac(this.value, Uint8Array.of(round), seed ?? new Uint8Array(0));
			this.value = this.hmac(this.value);
		}
	}

	private hmac(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
		return new Uint8Array(new HMAC(new Digest("SHA256"), this.key).process(...parts));
	}
}
