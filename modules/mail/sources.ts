import { MailError } from "./error";
import { StringPieces } from "./pieces";
import type { Source } from "./source";

/** Bytes in memory or in flash. */
export class BytesSource implements Source {
	private bytes: Uint8Array;
	private at = 0;

	/** @param bytes also a `Resource` of the SDK, which stays in flash */
	constructor(bytes: Uint8Array | ArrayBuffer | HostBuffer) {
		this.bytes = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes as ArrayBuffer);
	}

	get size(): number {
		return this.bytes.length;
	}

	read(buffer: Uint8Array): number {
		const from = this.at;
		const left = this.bytes.length - from;
		const room = buffer.length;
		const count = Math.min(left, room);
		if (count) buffer.set(this.bytes.subarray(from, from + count));
		this.at = from + count;
		return count;
	}

	reset(): void {
		this.at = 0;
	}
}

/** A string in UTF-8, byte for byte. */
export class StringSource implements Source {
	private pieces: StringPieces;
	private from = 0;
	private to = 0;

	constructor(text: string) {
		this.pieces = new StringPieces(text);
	}

	read(buffer: Uint8Array): number {
		const pieces = this.pieces;
		if (this.from === this.to) {
			this.from = 0;
			this.to = pieces.next();
		}
		const from = this.from;
		const room = buffer.length;
		const to = Math.min(this.to, from + room);
		if (to > from) buffer.set(pieces.bytes.subarray(from, to));
		this.from = to;
		return to - from;
	}

	reset(): void {
		this.pieces.reset();
		this.from = this.to = 0;
	}
}

/**
 * Rows that are made when it is their turn, such as a day's readings: as many as there will be, each with a line end.
 *
 * ```ts
 * new RowsSource(function* () {
 * 	yield "time,centimetres";
 * 	for (const { time, level } of readings) yield `${time},${level}`;
 * });
 * ```
 */
export class RowsSource implements Source {
	private begin: () => Iterator<string>;
	private rows: Iterator<string> | undefined;
	private row: Uint8Array | undefined;
	private at = 0;
	private ended = false;

	/** @param begin begins with the first row: called anew for every time the source is read */
	constructor(begin: () => Iterator<string>) {
		this.begin = begin;
	}

	read(buffer: Uint8Array): number {
		const room = buffer.length;
		let count = 0;
		while (count < room) {
			if (!this.row && !this.next()) break;
			const row = this.row!;
			const from = this.at;
			const left = row.length - from;
			const part = Math.min(left, room - count);
			buffer.set(part < row.length ? row.subarray(from, from + part) : row, count);
			count += part;
			this.at = from + part;
			if (part === left) this.row = undefined;
		}
		return count;
	}

	reset(): void {
		this.rows?.return?.();
		this.rows = this.row = undefined;
		this.ended = false;
	}

	private next(): boolean {
		if (this.ended) return false;
		this.rows ??= this.begin();
		const { done, value } = this.rows.next();
		if (done) {
			this.rows = undefined;
			this.ended = true;
			return false;
		}
		this.row = new Uint8Array(ArrayBuffer.fromString(`${value}\r\n`));
		this.at = 0;
		return true;
	}
}

/** What is given in pieces, by position: `mail/storage` makes them of flash and of files. */
export class SlicesSource implements Source {
	readonly size: number;
	private slice: (from: number, count: number) => ArrayBuffer | HostBuffer;
	private at = 0;

	/** @param slice gives `count` bytes from the position `from` on, or fewer, but some */
	constructor(size: number, slice: (from: number, count: number) => ArrayBuffer | HostBuffer) {
		this.size = size;
		this.slice = slice;
	}

	read(buffer: Uint8Array): number {
		const from = this.at;
		const left = this.size - from;
		const room = buffer.length;
		const wanted = Math.min(left, room);
		if (!wanted) return 0;
		const slice = new Uint8Array(this.slice(from, wanted) as ArrayBuffer);
		const count = checkCount(slice.length);
		buffer.set(slice);
		this.at = from + count;
		return count;
	}

	reset(): void {
		this.at = 0;
	}
}

/** A file of ECMA-419, or another that fills a buffer from a position on. */
export interface PositionedFile {
	/** Reads as far as there is something. @returns how many bytes */
	read(buffer: Uint8Array, position: number): number;
}

/** A file that is read into the buffer of who wants its bytes: nothing is made for a read. It stays open: it is not ours. */
export class FileSource implements Source {
	readonly size: number;
	private file: PositionedFile;
	private at = 0;

	constructor(size: number, file: PositionedFile) {
		this.size = size;
		this.file = file;
	}

	read(buffer: Uint8Array): number {
		const from = this.at;
		const left = this.size - from;
		if (left <= 0) return 0;
		const found = checkCount(this.file.read(buffer, from));
		const count = found < left ? found : left;
		this.at = from + count;
		return count;
	}

	reset(): void {
		this.at = 0;
	}
}

/** @throws MailError for a file that ends before its size: a mail with half of it must not look whole */
const checkCount = (count: number): number => {
	if (count > 0) return count;
	throw new MailError("attachment", "has become shorter since its size was told");
};
