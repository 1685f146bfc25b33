import { Readable } from "node:stream";
import type { DeviceCall } from "../frames.js";
import type { Device } from "./device.js";

/** Reads some of a file: at most `count` bytes from `position` on, none at its end. */
export type FileReader = (position: number, count: number) => Uint8Array;

const nothing = new Uint8Array(0);

/** What `virtual/desk` reads and reports. */
export class Desk implements Device {
	readonly #input: Readable;
	readonly #files: readonly FileReader[];
	readonly #report: (text: string) => void;

	constructor(input: Readable | Uint8Array | undefined, files: readonly FileReader[], report: (text: string) => void) {
		this.#input =
			input instanceof Readable
				? input
				: Readable.from(input?.length ? [Buffer.from(input)] : [], { objectMode: false });
		this.#files = files;
		this.#report = report;
	}

	command(_action: string, { data }: DeviceCall): void {
		this.#report(data.toString());
	}

	ask(_action: string, { details }: DeviceCall): Promise<Uint8Array> | Uint8Array {
		const [wanted = 0, file, position = 0] = details.map(Number);
		return file === undefined ? this.#readInput(wanted) : this.#readFile(file, position, wanted);
	}

	/** A file that cannot be read any more ends there: who reads it knows its length. */
	#readFile(file: number, position: number, wanted: number): Uint8Array {
		try {
			return this.#files[file]?.(position, wanted).subarray(0, wanted) ?? nothing;
		} catch {
			return nothing;
		}
	}

	/** Reads as much as there is, one byte at least, at most what is wanted; nothing at the end. */
	async #readInput(wanted: number): Promise<Uint8Array> {
		for (;;) {
			const bytes = this.#read(wanted);
			if (bytes) return bytes;
			if (this.#input.readableEnded || this.#input.destroyed || this.#input.errored) return nothing;
			await this.#change();
		}
	}

	#read(wanted: number): Buffer | undefined {
		if (!wanted) return Buffer.alloc(0);
		const available = this.#input.readableLength;
		const bytes: unknown = this.#input.read(Math.min(wanted, available) || undefined);
		if (bytes === null) return undefined;
		const buffer = Buffer.from(bytes as Uint8Array);
		if (buffer.length > wanted) this.#input.unshift(buffer.subarray(wanted));
		return buffer.subarray(0, wanted);
	}

	#change(): Promise<void> {
		return new Promise((resolve) => {
			const names = ["readable", "end", "close", "error"];
			const done = () => {
				for (const name of names) this.#input.off(name, done);
				resolve();
			};
			for (const name of names) this.#input.on(name, done);
		});
	}
}
