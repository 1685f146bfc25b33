import type CertificateManager from "ssl/cert";
import RecordProtocol from "ssl/record";
import SSLSession, { type Transport } from "ssl/session";
import { alertError, TLSError } from "tls/error";
import { Flight } from "tls/flight";
import { RecordReader } from "tls/record";

/** Bytes that a record of application data is longer than what it carries: header, nonce and tag (RFC 5288, 3). */
export const RECORD_OVERHEAD = 5 + 8 + 16;

/** What the SDK's session does that waits for no byte from the server. */
const enum Own {
	ClientHello = 0,
	ClientFlight = 14,
	Finish = 20,
}

/**
 * The SDK's TLS session, kept to what RFC 5246 allows. The SDK takes handshake messages in any order, an alert for the
 * end of the handshake, and a key exchange that nobody signed; here a record reaches it only when it is its turn.
 */
export class Session extends SSLSession {
	#records: RecordReader;
	#flight: Flight;
	/** A record with certificates, until they are judged. */
	#held: Uint8Array | undefined;

	/**
	 * @param options of the SDK's session and for its `ssl/cert`
	 * @param freeMemory bytes free now, where that can be told
	 */
	constructor(options: object, freeMemory: (() => number | undefined) | undefined) {
		// A session that is resumed would not be judged again.
		super({ ...options, protocolVersion: 0x303, cache: false });
		this.#records = new RecordReader(freeMemory);
		this.#flight = new Flight(this.certificateManager as CertificateManager);
		this.initiateHandshake();
	}

	/** Whether `advance` has something to do without another byte from the server. */
	get isBusy(): boolean {
		const next = this.handshakeProcess;
		return this.#held !== undefined || next === Own.ClientHello || next === Own.ClientFlight || next === Own.Finish;
	}

	/** Takes the handshake a step further. @returns whether it is over, and the connection secure; throws where it fails */
	advance(transport: Transport): boolean {
		if (this.#held) {
			this.#judge(this.#held);
			return false;
		}
		const isOver = this.#guard(() => this.handshake(transport));
		// The SDK's session takes an alert for the end.
		if (this.alert) throw alertError(this.alert.description);
		if (!isOver) return false;
		if (!this.clientCipher || !this.serverCipher) throw new TLSError("the handshake ended too early", 10);
		this.#flight.finish();
		this.#forget();
		return true;
	}

	/** @returns a record's content, null after the server's close_notify, undefined as long as none is complete */
	receive(transport: Transport): Uint8Array | null | undefined {
		return this.#guard(() => this.read(transport));
	}

	/** The SDK's session reads through this: a whole record, or undefined. */
	override readPacket(transport: Transport): Uint8Array | undefined {
		const record = this.#records.read(transport);
		if (!record) return undefined;
		const isCertificate = this.#flight.check(record);
		if (!isCertificate) return record;
		this.#held = record;
		return undefined;
	}

	/** Checks one more certificate of the chain; when all are, the record goes on to the SDK. */
	#judge(record: Uint8Array): void {
		const { certificateManager } = this;
		if (!(certificateManager as CertificateManager).advance()) return;
		this.#held = undefined;
		this.#guard(() => RecordProtocol.unpacketize(this, record));
		// The SDK's copy of the certificate; the key is known.
		this.peerCert = undefined;
	}

	#guard<T>(step: () => T): T {
		try {
			return step();
		} catch (e) {
			if (e instanceof TLSError) throw e;
			const { alert } = this;
			if (alert) throw alertError(alert.description);
			const message = e instanceof Error && e.message ? e.message : "malformed";
			throw new TLSError(`the server breaks the rules of TLS (${message})`, 50);
		}
	}

	/** What only the handshake needs. */
	#forget(): void {
		this.handshakeDigests = this.dhparams = this.masterSecret = undefined;
		this.clientRandom = this.serverRandom = undefined;
		this.options = {};
	}
}
