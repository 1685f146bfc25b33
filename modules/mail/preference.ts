import type { Source } from "./source";

/** The SDK's `preference` module, or another store with its `get`. */
export interface Preferences {
	get(domain: string, key: string): string | number | boolean | ArrayBuffer | undefined;
}

/**
 * The values under some keys, one after the other: bytes and strings as they are, numbers and truths in words; keys without
 * a value are passed over. Each is looked up when it is its turn, so that one value at a time is held.
 */
export class PreferenceSource implements Source {
	private preferences: Preferences;
	private domain: string;
	private keys: readonly string[];
	/** The value at hand, and how far it has been read. */
	private value: Uint8Array | undefined;
	private at = 0;
	/** The key that is next. */
	private next = 0;

	constructor(preferences: Preferences, domain: string, keys: readonly string[]) {
		this.preferences = preferences;
		this.domain = domain;
		this.keys = keys;
	}

	read(buffer: Uint8Array): number {
		const room = buffer.length;
		while (!this.value) {
			const key = this.keys[this.next];
			if (key === undefined) return 0;
			this.next += 1;
			this.at = 0;
			this.value = bytesOf(this.preferences.get(this.domain, key));
		}
		const value = this.value;
		const from = this.at;
		const left = value.length - from;
		const count = left < room ? left : room;
		buffer.set(count === value.length ? value : value.subarray(from, from + count));
		this.at = from + count;
		if (count === left) this.value = undefined;
		return count;
	}

	reset(): void {
		this.value = undefined;
		this.next = 0;
	}
}

/** Undefined for nothing: no value, or an empty one. */
const bytesOf = (value: string | number | boolean | ArrayBuffer | undefined): Uint8Array | undefined => {
	if (value === undefined) return undefined;
	const buffer = value instanceof ArrayBuffer ? value : ArrayBuffer.fromString(`${value}`);
	return buffer.byteLength ? new Uint8Array(buffer) : undefined;
};
