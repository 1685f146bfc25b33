import { checkMemory, type FreeMemory, illegal, type TLSError, WORK_BYTES } from "tls/error";

/** Handshake messages (RFC 5246, 7.4). */
export const enum Message {
	HelloRequest = 0,
	ClientHello = 1,
	ServerHello = 2,
	Certificate = 11,
	ServerKeyExchange = 12,
	CertificateRequest = 13,
	ServerHelloDone = 14,
	ClientKeyExchange = 16,
	Finished = 20,
}

export const MESSAGE_HEADER_BYTES = 4;
/** More than any chain of certificates has, and than the chip can hold. */
const MESSAGE_MOST = 16384;

/** A handshake message: its type and length, then its body. */
export const messageOf = (type: Message, body: Uint8Array): Uint8Array => {
	const message = new Uint8Array(MESSAGE_HEADER_BYTES + body.length);
	message[0] = type;
	message[2] = body.length >> 8;
	message[3] = body.length;
	message.set(body, MESSAGE_HEADER_BYTES);
	return message;
};

/** Takes messages out of records, of which each may hold several messages, or a part of one (RFC 5246, 6.2.1). */
export class MessageReader {
	private freeMemory: FreeMemory | undefined;
	/** What is left of the record. */
	private rest: Uint8Array | undefined;
	/** A message, or its header, that has begun in a record and ends in a later one. */
	private begun: Uint8Array | undefined;
	private filled = 0;

	constructor(freeMemory: FreeMemory | undefined) {
		this.freeMemory = freeMemory;
	}

	/** Whether a message has begun that has not ended. */
	get isWithin(): boolean {
		return this.begun !== undefined || this.rest !== undefined;
	}

	/** Takes a record's content; the one before has been read to its end. */
	take(content: Uint8Array): void {
		if (content.length === 0) throw illegal("a record of 0 bytes", 10);
		this.rest = content;
	}

	/** @returns the next message with its header, perhaps as a view on its record; undefined where it has not all come */
	next(): Uint8Array | undefined {
		for (let rest = this.rest; rest; rest = this.rest) {
			if (!this.begun) {
				const bytes = rest.length < MESSAGE_HEADER_BYTES ? 0 : lengthOf(rest);
				if (bytes > 0 && bytes <= rest.length) return this.cut(rest, bytes);
				this.begin(bytes);
			}
			const message = this.fill(rest);
			if (message) return message;
		}
		return undefined;
	}

	/** @returns the first bytes of what is left of the record */
	private cut(rest: Uint8Array, bytes: number): Uint8Array {
		this.rest = bytes < rest.length ? rest.subarray(bytes) : undefined;
		return rest.subarray(0, bytes);
	}

	/** Makes room for a message, or for its header where not even its length has come. */
	private begin(bytes: number): Uint8Array {
		if (bytes > 0) checkMemory(this.freeMemory, bytes + WORK_BYTES, `the server sent a message of ${bytes} bytes`);
		this.filled = 0;
		this.begun = new Uint8Array(bytes || MESSAGE_HEADER_BYTES);
		return this.begun;
	}

	/** @returns the message that has begun, if this is its end */
	private fill(rest: Uint8Array): Uint8Array | undefined {
		let begun = this.begun as Uint8Array;
		const part = this.cut(rest, Math.min(begun.length - this.filled, rest.length));
		begun.set(part, this.filled);
		this.filled += part.length;
		if (this.filled < begun.length) return undefined;
		const bytes = lengthOf(begun);
		if (bytes > begun.length) {
			const header = begun;
			begun = this.begin(bytes);
			begun.set(header);
			this.filled = header.length;
			return undefined;
		}
		this.begun = undefined;
		return begun;
	}
}

/** How long a message is, with its header. @throws TLSError where that is too long */
const lengthOf = (header: Uint8Array): number => {
	const length = (header[1] << 16) | (header[2] << 8) | header[3];
	if (length > MESSAGE_MOST) throw tooLong(length);
	return MESSAGE_HEADER_BYTES + length;
};

const tooLong = (length: number): TLSError =>
	illegal(`a message of ${length} bytes, where ${MESSAGE_MOST} are taken`, 80);
