import type { ECMA419File, SDKFile } from "mail/storage";

/** A file of the SDK's `file` module: it reads on from its position, and throws behind its end. */
export class FakeFile implements SDKFile {
	position = 0;
	#bytes: ArrayBuffer;

	constructor(bytes: ArrayBuffer) {
		this.#bytes = bytes;
	}

	get length(): number {
		return this.#bytes.byteLength;
	}

	read(type: ArrayBufferConstructor, bytes: number): ArrayBuffer {
		if (type !== ArrayBuffer) throw new TypeError("bad type");
		const from = this.position;
		if (from >= this.length) throw new Error("read past end of file");
		this.position = Math.min(from + bytes, this.length);
		return this.#bytes.slice(from, this.position);
	}
}

/** A file of ECMA-419. */
export class FakeECMA419File implements ECMA419File {
	#bytes: ArrayBuffer;

	constructor(bytes: ArrayBuffer) {
		this.#bytes = bytes;
	}

	status() {
		return { size: this.#bytes.byteLength };
	}

	read(buffer: Uint8Array, position: number): number {
		const slice = this.#bytes.slice(position, Math.min(position + buffer.length, this.#bytes.byteLength));
		buffer.set(new Uint8Array(slice));
		return slice.byteLength;
	}
}
