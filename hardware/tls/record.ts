import { checkMemory, type FreeMemory, illegal, TLSError, WORK_BYTES } from "tls/error";

/** Content types (RFC 5246, 6.2.1). */
export const enum RecordType {
	ChangeCipherSpec = 20,
	Alert = 21,
	Handshake = 22,
	ApplicationData = 23,
}

/** A connection: it reads into a buffer, writes a whole one, and counts. */
export interface Transport {
	/** Bytes that can be read. */
	readable: number;
	/** Bytes that can be written; undefined after a write that failed. */
	writable: number | undefined;
	read(buffer: Uint8Array): unknown;
	/** @returns the room left; undefined where the connection has failed */
	write(bytes: Uint8Array): number | undefined;
}

export const HEADER_BYTES = 5;
/** What a record carries at most (RFC 5246, 6.2.1). */
export const FRAGMENT_MOST = 16384;
/** Gathers a record from what the connection has, however it comes in pieces. */
export class RecordReader {
	/** Of the record that `read` has given. */
	type = 0;
	/** How many bytes a record is longer than what it carries: none, until it is encrypted. */
	overhead = 0;
	private freeMemory: FreeMemory | undefined;
	private header = new Uint8Array(HEADER_BYTES);
	private fragment: Uint8Array | undefined;
	private filled = 0;
	private isFirst = true;

	constructor(freeMemory: FreeMemory | undefined) {
		this.freeMemory = freeMemory;
	}

	/** @returns what follows the record's header, in a buffer of its own, when it is complete */
	read(transport: Transport): Uint8Array | undefined {
		if (!this.fragment) {
			if (!this.fill(transport, this.header)) return undefined;
			this.fragment = this.begin();
			this.filled = 0;
		}
		const fragment = this.fragment;
		if (!this.fill(transport, fragment)) return undefined;
		this.fragment = undefined;
		this.filled = 0;
		return fragment;
	}

	/** Reads until `bytes` is full. */
	private fill(transport: Transport, bytes: Uint8Array): boolean {
		const count = Math.min(bytes.length - this.filled, transport.readable);
		if (count > 0) {
			transport.read(bytes.subarray(this.filled, this.filled + count));
			transport.readable -= count;
			this.filled += count;
		}
		return this.filled === bytes.length;
	}

	/** Makes room for the record whose header has come. */
	private begin(): Uint8Array {
		const header = this.header;
		const length = (header[3] << 8) | header[4];
		this.type = header[0];
		this.checkVersion(header[1], header[2]);
		if (length > FRAGMENT_MOST + this.overhead) throw illegal(`a record of ${length} bytes`, 22);
		// What is encrypted can be of no bytes; whether anything may be is for its cipher to say.
		if (length === 0) throw illegal("a record of 0 bytes", 10);
		checkMemory(this.freeMemory, length + WORK_BYTES, `the server sent ${length} bytes at once`);
		return new Uint8Array(length);
	}

	/** Only a server that has no TLS 1.2 says anything, an alert, in the words of another version. */
	private checkVersion(major: number, minor: number): void {
		const { type, isFirst } = this;
		this.isFirst = false;
		if (type < RecordType.ChangeCipherSpec || type > RecordType.ApplicationData || major !== 3)
			throw new TLSError("the server does not speak TLS on this port", 10);
		if (minor !== 3 && !(isFirst && type === RecordType.Alert))
			throw new TLSError("the server does not speak TLS 1.2", 70);
	}
}

/** A record, in the clear. */
export const recordOf = (type: RecordType, content: Uint8Array): Uint8Array => {
	const record = new Uint8Array(HEADER_BYTES + content.length);
	writeHeader(record, type);
	record.set(content, HEADER_BYTES);
	return record;
};

/** Fills in the first bytes of a whole record. */
export const writeHeader = (record: Uint8Array, type: RecordType): void => {
	const length = record.length - HEADER_BYTES;
	record[0] = type;
	record[1] = record[2] = 3;
	record[3] = length >> 8;
	record[4] = length;
};
