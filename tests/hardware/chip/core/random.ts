/** Numbers that are the same in every run: xorshift32 (Marsaglia, 2003). */
export class Random {
	#state: number;

	/** @param seed not 0 */
	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** A word of 32 bits, unsigned. */
	word(): number {
		let x = this.#state;
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		this.#state = x >>> 0;
		return this.#state;
	}

	/** An integer from 0 to below `limit`. */
	below(limit: number): number {
		return this.word() % limit;
	}

	of<T>(choices: readonly T[]): T {
		return choices[this.below(choices.length)] as T;
	}
}
