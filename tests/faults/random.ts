/** A generator of numbers that is the same in every run (xorshift, 32 bits). */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed;
	}

	/** A whole number from 0 to below `limit`. */
	below(limit: number): number {
		let x = this.#state;
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		this.#state = x;
		return (x >>> 0) % limit;
	}

	/** One of them. */
	of<Item>(items: ArrayLike<Item>): Item {
		return items[this.below(items.length)]!;
	}
}
