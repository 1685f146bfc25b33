import type { Transport } from "ssl/session";
import { TLSError } from "tls/error";

/** Content types (RFC 5246, 6.2.1). */
export const enum RecordType {
	ChangeCipherSpec = 20,
	Alert = 21,
	Handshake = 22,
	ApplicationData = 23,
}

export const HEADER_BYTES = 5;
/** RFC 5246, 6.2.3. */
const RECORD_MOST = 16384 + 2048;
/** What it takes to deal with a record, besides the record. */
const WORK_BYTES = 2048;

/** Gathers a record from what the connection has, however it comes in pieces. */
export class RecordReader {
	private freeMemory: (() => number | undefined) | undefined;
	private header = new Uint8Array(HEADER_BYTES);
	private record: Uint8Array | undefined;
	private filled = 0;

	constructor(freeMemory: (() => number | undefined) | undefined) {
		this.freeMemory = freeMemory;
	}

	/** @returns the record with its header when it is complete */
	read(transport: Transport): Uint8Array | undefined {
		if (!this.record) {
			if (!this.fill(transport, this.header)) return undefined;
			this.record = this.begin();
		}
		const record = this.record;
		if (!this.fill(transport, record)) return undefined;
		this.record = undefined;
		this.filled = 0;
		return record;
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
		const type = header[0];
		if (type < RecordType.ChangeCipherSpec || type > RecordType.ApplicationData || header[1] !== 3)
			throw new TLSError("the server does not speak TLS on this port", 10);
		const length = (header[3] << 8) | header[4];
		if (length === 0 || length > RECORD_MOST) throw new TLSError("the server breaks the rules of TLS (record)", 22);
		const free = this.freeMemory?.();
		if (free !== undefined && free < length + WORK_BYTES)
			throw new TLSError(`too little memory: the server sent ${length} bytes at once, ${free} are free`, 80, true);
		const record = new Uint8Array(HEADER_BYTES + length);
		record.set(header);
		return record;
	}
}
