/** What the board reads a piece at a time, by position: files, which stay where they are, and texts that came otherwise. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { FileReader } from "../../hardware/virtual/board.js";
import { givenPath } from "../folder.js";
import { UsageError } from "../options.js";
import { reasonOf } from "../reason.js";
import { printable } from "../terminal.js";
import type { File } from "./job.js";

/** Bytes that are looked at together. */
const PIECE = 65_536;

/** Positions on the board are whole numbers of 32 bits. */
const LARGEST = 0x7fff_ffff;

export class Files {
	/** In the order of their indexes. */
	readonly readers: FileReader[] = [];
	readonly #descriptors: number[] = [];

	/**
	 * Opens a file, which must be one that can be read more than once.
	 * @param option its name goes into the error
	 * @throws UsageError
	 */
	open(option: string, path: string): File {
		const problem = (what: string) => new UsageError(`--${option}: ${printable(path)} ${what}.`);
		let descriptor: number;
		try {
			const file = givenPath(path);
			if (!statSync(file).isFile()) throw problem("is no file"); // to open a pipe is to wait for who writes
			descriptor = openSync(file, "r");
		} catch (error) {
			throw error instanceof UsageError ? error : problem(`cannot be read: ${reasonOf(error)}`);
		}
		this.#descriptors.push(descriptor);
		const { size } = fstatSync(descriptor);
		if (size > LARGEST) throw problem("has more than 2 GB");
		return this.#add(size, (position, count) => readAt(descriptor, position, count));
	}

	/** Takes bytes for a file. */
	addBytes(bytes: Uint8Array): File {
		return this.#add(bytes.length, (position, count) => bytes.subarray(position, position + count));
	}

	/** Whether all of a file is UTF-8. */
	isUTF8({ file, size }: File): boolean {
		const decoder = new TextDecoder("utf-8", { fatal: true });
		try {
			for (let at = 0; at < size; at += PIECE) decoder.decode(this.readers[file]?.(at, PIECE), { stream: true });
			decoder.decode();
			return true;
		} catch {
			return false;
		}
	}

	/** Whether a text is in a file, which is UTF-8 or plain bytes. */
	has({ file, size }: File, text: string): boolean {
		const wanted = Buffer.from(text);
		for (let at = 0; at < size; at += PIECE)
			if (Buffer.from(this.readers[file]?.(at, PIECE + wanted.length) ?? []).includes(wanted)) return true;
		return false;
	}

	/** What the first group of a pattern has found in the beginning of a file. */
	find({ file }: File, pattern: RegExp): string | undefined {
		return pattern.exec(Buffer.from(this.readers[file]?.(0, PIECE) ?? []).toString("latin1"))?.[1];
	}

	close(): void {
		for (const descriptor of this.#descriptors.splice(0)) closeSync(descriptor);
	}

	#add(size: number, reader: FileReader): File {
		return { file: this.readers.push(reader) - 1, size };
	}
}

/** As many bytes as there are, which a single read need not give. */
function readAt(descriptor: number, position: number, count: number): Uint8Array {
	const bytes = Buffer.alloc(count);
	let length = 0;
	for (let more = 1; more && length < count; length += more)
		more = readSync(descriptor, bytes, length, count - length, position + length);
	return bytes.subarray(0, length);
}
