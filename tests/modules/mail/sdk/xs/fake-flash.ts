import type { FlashPartition } from "mail/storage";

/** A partition where there is none; it refuses what the SDK's refuses. */
export class FakeFlash implements FlashPartition {
	#bytes: ArrayBuffer;

	constructor(bytes: ArrayBuffer) {
		this.#bytes = bytes;
	}

	get byteLength(): number {
		return this.#bytes.byteLength;
	}

	read(offset: number, byteLength: number): ArrayBuffer {
		if (offset < 0 || offset >= this.byteLength) throw new Error("invalid offset");
		if (byteLength <= 0 || offset + byteLength > this.byteLength) throw new Error("invalid length");
		return this.#bytes.slice(offset, offset + byteLength);
	}
}
