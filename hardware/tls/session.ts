import RecordProtocol from "ssl/record";
import SSLSession, { type Transport } from "ssl/session";
import { alertError, TLSError, unexpected } from "tls/error";
import { Handshake } from "tls/handshake";
import { Message } from "tls/messages";
import { HEADER_BYTES, RecordReader, RecordType } from "tls/record";

/** Bytes that a record of application data is longer than what it carries: header, nonce and tag (RFC 5288, 3). */
export const RECORD_OVERHEAD = HEADER_BYTES + 8 + 16;

/** What the server may send next, in the one order that there is without resumption (RFC 5246, 7.3). */
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

/**
 * The SDK's TLS session, as a client of TLS 1.2 alone, and kept to the order that RFC 5246 allows. The SDK's own code
 * keeps the state, packs and unpacks records and encrypts them; a record reaches it only when it is its turn.
 */
export class Session extends SSLSession {
	#records: RecordReader;
	#handshake: Handshake | undefined;
	#awaited = Awaited.ServerHello;

	/**
	 * @param options whom to trust, for the SDK's session and `ssl/cert`
	 * @param serverName the name to ask for, if any
	 * @param freeMemory bytes free now, where that can be told
	 */
	constructor(options: object, serverName: string | undefined, freeMemory: (() => number | undefined) | undefined) {
		// A session that is resumed would not be judged again.
		super({ ...options, protocolVersion: 0x303, cache: false });
		this.#records = new RecordReader(freeMemory);
		this.#handshake = new Handshake(this, serverName);
		this.initiateHandshake();
	}

	/** Our half of the handshake, for `ssl/handshake`. */
	get ours(): Handshake {
		return this.#handshake as Handshake;
	}

	/** Whether `advance` has something to do without another byte from the server. */
	get isBusy(): boolean {
		const next = this.handshakeProcess;
		const isOurs = next === Message.HelloRequest || next === Message.ServerHelloDone || next === Message.Finished;
		return isOurs || this.ours.isBusy;
	}

	/** Takes the handshake a step further. @returns whether it is over, and the connection secure; throws where it fails */
	advance(transport: Transport): boolean {
		const { ours } = this;
		if (ours.isBusy) {
			ours.advance();
			return false;
		}
		try {
			if (!this.handshake(transport)) return false;
		} catch (e) {
			throw this.reasonOf(e);
		}
		// The SDK's session takes an alert for the end.
		if (this.alert) throw alertError(this.alert.description);
		this.step(Awaited.Finished);
		this.#handshake = this.masterSecret = this.clientRandom = this.serverRandom = undefined;
		return true;
	}

	/** @returns a record's content, null after the server's close_notify, undefined as long as none is complete */
	receive(transport: Transport): Uint8Array | null | undefined {
		try {
			return this.read(transport);
		} catch (e) {
			throw this.reasonOf(e);
		}
	}

	/** Sends a record of our own making; it knows the room. */
	send(transport: Transport, type: RecordType, data: Uint8Array): void {
		transport.writable = transport.write(RecordProtocol.tlsCipherText.packetize(this, type, data));
	}

	/** The SDK's session reads through this: a whole record, or undefined. */
	override readPacket(transport: Transport): Uint8Array | undefined {
		const record = this.#records.read(transport);
		if (!record || this.check(record)) return record;
		this.serverCipher = this.ours.serverCipher;
		this.readSeqNum = 0n;
		return undefined;
	}

	/** From now on, what we send is encrypted. */
	useClientCipher(): void {
		this.clientCipher = this.ours.clientCipher;
		this.writeSeqNum = 0n;
	}

	/** Takes a handshake message, from `ssl/handshake`. */
	take(type: Message, header: Uint8Array, body: Uint8Array): void {
		switch (type) {
			case Message.ServerHello:
				this.step(Awaited.ServerHello);
				break;
			case Message.Certificate:
				this.step(Awaited.Certificate);
				break;
			case Message.ServerKeyExchange:
				this.step(Awaited.ServerKeyExchange);
				break;
			case Message.CertificateRequest:
				if (this.#awaited !== Awaited.ServerHelloDone) throw unexpected();
				break;
			case Message.ServerHelloDone:
				this.step(Awaited.ServerHelloDone);
				break;
			case Message.Finished:
				if (this.#awaited !== Awaited.Finished) throw unexpected();
				break;
			default:
				throw unexpected();
		}
		this.ours.take(type, header, body);
	}

	/** Throws where it is not the record's turn. @returns false for a ChangeCipherSpec, which is for us, not for the SDK */
	private check(record: Uint8Array): boolean {
		const type = record[0];
		if (type === RecordType.Alert) {
			// After ChangeCipherSpec it is the SDK's to decrypt.
			if (this.#awaited < Awaited.Finished) throw alertError(record[HEADER_BYTES + 1]);
		} else if (type === RecordType.ChangeCipherSpec) {
			this.step(Awaited.ChangeCipherSpec);
			if (record.length !== HEADER_BYTES + 1 || record[HEADER_BYTES] !== 1) throw unexpected();
			return false;
		} else if (type !== (this.#awaited === Awaited.ApplicationData ? RecordType.ApplicationData : RecordType.Handshake))
			throw unexpected();
		return true;
	}

	private step(from: Awaited): void {
		if (this.#awaited !== from) throw unexpected();
		this.#awaited = from + 1;
	}

	/** What an exception of the SDK's code means. */
	private reasonOf(e: unknown): Error {
		if (e instanceof TLSError) return e;
		if (this.alert) return alertError(this.alert.description);
		const message = e instanceof Error && e.message ? e.message : "malformed";
		return new TLSError(`the server breaks the rules of TLS (${message})`, 50);
	}
}
