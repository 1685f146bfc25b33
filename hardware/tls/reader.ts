import { illegal } from "tls/error";

/** Reads a message (RFC 5246, 4) front to back; what reaches beyond its end, or stops before it, throws. */
export class Reader {
	private bytes: Uint8Array;
	private position = 0;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	/** Whether all has been read. */
	get done(): boolean {
		return this.position === this.bytes.length;
	}

	/** @returns a big-endian number of `count` bytes, four at most */
	number(count: number): number {
		const bytes = this.view(count);
		let value = 0;
		for (let i = 0; i < count; i++) value = value * 256 + bytes[i];
		return value;
	}

	/** @returns the next bytes, as a view */
	view(count: number): Uint8Array {
		const start = this.position;
		if (count > this.bytes.length - start) throw illegal("a message that ends early", 50);
		this.position += count;
		return this.bytes.subarray(start, start + count);
	}

	/** @returns the content of a vector, as a view; its length comes first, in `count` bytes */
	vector(count: number): Uint8Array {
		return this.view(this.number(count));
	}

	/** Throws where there is more. */
	end(): void {
		if (!this.done) throw illegal("a message that goes on after its end", 50);
	}
}
