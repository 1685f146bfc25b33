import type CertificateManager from "ssl/cert";
import { alertError, TLSError } from "tls/error";
import { HEADER_BYTES, RecordType } from "tls/record";
import { numbersOf, type PublicKey } from "tls/signature";

/** Handshake messages that a server sends (RFC 5246, 7.4). */
const enum Message {
	ServerHello = 2,
	Certificate = 11,
	ServerKeyExchange = 12,
	CertificateRequest = 13,
	ServerHelloDone = 14,
}

/** What the server may send next. */
const enum Awaited {
	ServerHello,
	Certificate,
	ServerKeyExchange,
	/** ServerHelloDone, with or without a CertificateRequest before it. */
	ServerHelloDone,
	ChangeCipherSpec,
	Finished,
	ApplicationData,
}

/** Bytes of a point on P-256, uncompressed. */
const POINT_BYTES = 65;

/** What the server sends, in the one order that there is for ECDHE without resumption (RFC 5246, 7.3). */
export class Flight {
	#certificates: CertificateManager | undefined;
	#awaited = Awaited.ServerHello;

	constructor(certificates: CertificateManager) {
		this.#certificates = certificates;
	}

	/**
	 * Throws where it is not the record's turn.
	 * @returns whether the record brings certificates, which have to be judged before the record is used
	 */
	check(record: Uint8Array): boolean {
		const type = record[0] as RecordType;
		if (this.#awaited >= Awaited.Finished) {
			// What is in it cannot be seen yet. An alert is the SDK's to decrypt.
			const wanted = this.#awaited === Awaited.Finished ? RecordType.Handshake : RecordType.ApplicationData;
			if (type !== wanted && type !== RecordType.Alert) throw unexpected();
			return false;
		}
		switch (type) {
			case RecordType.Alert:
				throw alertError(record[HEADER_BYTES + 1]);
			case RecordType.Handshake:
				return this.#checkMessages(record);
			case RecordType.ChangeCipherSpec:
				if (this.#awaited !== Awaited.ChangeCipherSpec) throw unexpected();
				this.#awaited = Awaited.Finished;
				return false;
			default:
				throw unexpected();
		}
	}

	/** The SDK has found the server's Finished to be right. */
	finish(): void {
		if (this.#awaited !== Awaited.Finished) throw unexpected();
		this.#awaited = Awaited.ApplicationData;
		this.#certificates = undefined;
	}

	/** The SDK wants whole messages in a record. */
	#checkMessages(record: Uint8Array): boolean {
		let hasCertificates = false;
		for (let position = HEADER_BYTES; position < record.length; ) {
			const type = record[position] as Message;
			const length = threeBytes(record, position + 1);
			position += 4;
			if (!(position + length <= record.length))
				throw new TLSError("the server spreads a message over several records, which is not supported here", 80);
			const body = record.subarray(position, position + length);
			this.#checkMessage(type, body);
			if (type === Message.Certificate) hasCertificates = true;
			position += length;
		}
		return hasCertificates;
	}

	#checkMessage(type: Message, body: Uint8Array): void {
		const certificates = this.#certificates as CertificateManager;
		switch (type) {
			case Message.ServerHello:
				this.#step(Awaited.ServerHello);
				if (body[0] !== 3 || body[1] !== 3) throw new TLSError("the server does not speak TLS 1.2", 70);
				break;
			case Message.Certificate:
				this.#step(Awaited.Certificate);
				certificates.begin(certificatesIn(body));
				break;
			case Message.ServerKeyExchange:
				this.#step(Awaited.ServerKeyExchange);
				checkKeyExchange(body, certificates.key);
				break;
			case Message.CertificateRequest:
				if (this.#awaited !== Awaited.ServerHelloDone) throw unexpected();
				break;
			case Message.ServerHelloDone:
				this.#step(Awaited.ServerHelloDone);
				break;
			default:
				throw unexpected();
		}
	}

	#step(from: Awaited): void {
		if (this.#awaited !== from) throw unexpected();
		this.#awaited = from + 1;
	}
}

/** The certificates of a Certificate message, as views. */
const certificatesIn = (body: Uint8Array): Uint8Array[] => {
	const chain: Uint8Array[] = [];
	for (let position = 3; position < body.length; ) {
		const end = position + 3 + threeBytes(body, position);
		if (!(end <= body.length)) throw unexpected();
		chain.push(body.subarray(position + 3, end));
		position = end;
	}
	return chain;
};

/**
 * A ServerKeyExchange (RFC 8422, 5.4) must have a signature by the key of the certificate: the SDK verifies one, but is
 * content without. Then anyone with a copy of the server's certificate could be the server.
 */
const checkKeyExchange = (body: Uint8Array, { modulus, curve }: PublicKey): void => {
	const at = 4 + POINT_BYTES;
	const isPoint = body[0] === 3 && body[1] === 0 && body[2] === 23 && body[3] === POINT_BYTES && body[4] === 4;
	const signature = body.subarray(at + 4);
	const isSHA256 = body[at] === 4;
	const isByKey = body[at + 1] === (modulus === undefined ? 3 : 1); // ecdsa, rsa
	const isWhole = signature.length > 0 && ((body[at + 2] << 8) | body[at + 3]) === signature.length;
	if (!isPoint || !isSHA256 || !isByKey || !isWhole)
		throw new TLSError("the server's key exchange is not signed as it must be", 47);
	if (curve) numbersOf(signature, curve);
};

const threeBytes = (bytes: Uint8Array, at: number): number => (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];

const unexpected = (): TLSError => new TLSError("the server breaks the order of a TLS handshake", 10);
