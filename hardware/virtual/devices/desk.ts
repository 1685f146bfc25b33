import { Readable } from "node:stream";
import type { DeviceCall } from "../frames.js";
import type { Device } from "./device.js";

/** What `virtual/desk` reads and reports. */
export class Desk implements Device {
	readonly #input: Readable;
	readonly #report: (text: string) => void;

	constructor(input: Readable | Uint8Array | undefined, report: (text: string) => void) {
		this.#input =
			input instanceof Readable
				? input
				: Readable.from(input?.length ? [Buffer.from(input)] : [], { objectMode: false });
		this.#report = report;
	}

	command(_action: string, { data }: DeviceCall): void {
		this.#report(data.toString());
	}

	/** Reads as much as there is, one byte at least, at most what is wanted; nothing at the end. */
	async ask(_action: string, { details }: DeviceCall): Promise<Uint8Array> {
		const wanted = Number(details[0]);
		for (;;) {
			const bytes = this.#read(wanted);
			if (bytes) return bytes;
			if (this.#input.readableEnded || this.#input.destroyed || this.#input.errored) return new Uint8Array(0);
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
