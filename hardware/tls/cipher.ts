import { BlockCipher } from "crypt";
import Gcm from "gcm";
import { TLSError } from "tls/error";
import { prf } from "tls/prf";
import { HEADER_BYTES, type RecordType, writeHeader } from "tls/record";

const enum Bytes {
	/** Of AES: a key, and a tag. */
	Block = 16,
	/** Of the nonce that both sides know. */
	Salt = 4,
	/** Of the nonce that a record carries. */
	Nonce = 8,
	/** What is authenticated besides the content: sequence number, type, version, length (RFC 5246, 6.2.3.3). */
	Associated = 13,
}

/** How many bytes an encrypted record is longer than one in the clear. */
export const OVERHEAD = Bytes.Nonce + Bytes.Block;
/** No key is used for more records than this. */
const RECORDS_MOST = 0xffffffff;

/** One direction's AES-128-GCM (RFC 5288). */
export class Cipher {
	private gcm: Gcm;
	private salt: Uint8Array;
	/** Of the next record; also what makes each nonce another one. */
	private sequence = 0;

	constructor(key: ArrayBuffer, salt: Uint8Array) {
		this.gcm = new Gcm(new BlockCipher("AES", key));
		this.salt = salt;
	}

	/** @returns the encrypted record */
	seal(type: RecordType, content: Uint8Array): Uint8Array {
		const associated = this.associated(type, content.length);
		const sequence = associated.subarray(0, Bytes.Nonce);
		const sealed = this.gcm.process(content, null, this.nonce(sequence), associated.buffer, true);
		const record = new Uint8Array(HEADER_BYTES + Bytes.Nonce + (sealed as ArrayBuffer).byteLength);
		writeHeader(record, type);
		record.set(sequence, HEADER_BYTES);
		record.set(new Uint8Array(sealed as ArrayBuffer), HEADER_BYTES + Bytes.Nonce);
		return record;
	}

	/**
	 * Decrypts what follows a record's header, in its place. It is its buffer's own, so that the ciphertext is aligned to
	 * words, as the SDK's GHASH reads it.
	 */
	open(type: RecordType, fragment: Uint8Array): Uint8Array {
		const length = fragment.length - OVERHEAD;
		if (length >= 0) {
			const sealed = fragment.subarray(Bytes.Nonce);
			const nonce = this.nonce(fragment.subarray(0, Bytes.Nonce));
			const content = this.gcm.process(sealed, sealed, nonce, this.associated(type, length).buffer, false);
			if (content) return content as Uint8Array;
		}
		throw new TLSError("a record was changed on its way", 20);
	}

	private nonce(explicit: Uint8Array): ArrayBuffer {
		const nonce = new Uint8Array(Bytes.Salt + Bytes.Nonce);
		nonce.set(this.salt);
		nonce.set(explicit, Bytes.Salt);
		return nonce.buffer;
	}

	/** Counts a record. */
	private associated(type: RecordType, length: number): Uint8Array<ArrayBuffer> {
		const sequence = this.sequence++;
		if (sequence >= RECORDS_MOST) throw new TLSError("the connection has been used for too long");
		const data = new Uint8Array(Bytes.Associated);
		data.set([sequence >>> 24, sequence >>> 16, sequence >>> 8, sequence, type, 3, 3, length >> 8, length], 4);
		return data;
	}
}

/** Both directions' keys (RFC 5246, 6.3). */
export const makeCiphers = (
	secret: Uint8Array,
	serverRandom: ArrayBuffer,
	clientRandom: ArrayBuffer,
): { client: Cipher; server: Cipher } => {
	const block = prf(secret, "key expansion", [serverRandom, clientRandom], 2 * (Bytes.Block + Bytes.Salt));
	const cipher = (side: number): Cipher => {
		const salt = 2 * Bytes.Block + side * Bytes.Salt;
		const key = block.slice(side * Bytes.Block, (side + 1) * Bytes.Block);
		return new Cipher(key.buffer, block.slice(salt, salt + Bytes.Salt));
	};
	return { client: cipher(0), server: cipher(1) };
};
