import type { TrustOptions } from "tls/chain";
import { type Cipher, OVERHEAD } from "tls/cipher";
import { alertError, type FreeMemory, illegal, TLSError, unexpected } from "tls/error";
import { Handshake } from "tls/handshake";
import { Message, MessageReader } from "tls/messages";
import { HEADER_BYTES, RecordReader, RecordType, recordOf, type Transport } from "tls/record";

/** Bytes that a record of application data is longer than what it carries (RFC 5288, 3). */
export const RECORD_OVERHEAD = HEADER_BYTES + OVERHEAD;
/** Warnings, requests and empty records in a row; a server that sends more does nothing else. */
const IDLE_MOST = 16;

/** What the server may send next, in the one order that there is without resumption (RFC 5246, 7.3). */
const enum Awaited {
	/** We speak first. */
	Nothing,
	ServerHello,
	Certificate,
	ServerKeyExchange,
	/** Or a CertificateRequest before it. */
	ServerHelloDone,
	/** There has been one. */
	ServerHelloDoneAlone,
	ChangeCipherSpec,
	Finished,
	/** Finished is being verified. */
	Verification,
	ApplicationData,
}

/** A client's session of TLS 1.2: records in and out, in the order that RFC 5246 allows. It throws a TLSError where it fails. */
export class Session {
	private records: RecordReader;
	private messages: MessageReader;
	private handshake: Handshake | undefined;
	private awaited = Awaited.Nothing;
	private reading: Cipher | undefined;
	private writing: Cipher | undefined;
	private hasClosed = false;
	/** How many in a row have brought nothing. */
	private idle = 0;

	/**
	 * @param trust whom to trust
	 * @param serverName the name to ask for, if any
	 * @param freeMemory bytes free now, where that can be told
	 */
	constructor(trust: TrustOptions, serverName: string | undefined, freeMemory: FreeMemory | undefined) {
		this.records = new RecordReader(freeMemory);
		this.messages = new MessageReader(freeMemory);
		this.handshake = new Handshake(trust, serverName, freeMemory);
	}

	/** Whether `advance` has something to do without another byte from the server. */
	get isBusy(): boolean {
		return this.awaited === Awaited.Nothing || (this.handshake?.isBusy ?? false);
	}

	/** Takes the handshake a step further. @returns whether it is over, and the connection secure */
	advance(transport: Transport): boolean {
		const handshake = this.handshake as Handshake;
		if (this.awaited === Awaited.Nothing) {
			this.awaited = Awaited.ServerHello;
			this.send(transport, RecordType.Handshake, handshake.hello());
		} else if (handshake.isBusy) {
			handshake.advance();
			if (handshake.isBusy) return false;
			if (this.awaited === Awaited.Verification) return this.finish();
			if (this.awaited === Awaited.ChangeCipherSpec) this.answer(transport, handshake);
		} else if (this.take(transport) !== undefined) throw unexpected();
		else if (this.hasClosed) throw alertError(0);
		return false;
	}

	/** @returns what a record carries, null after the server's close_notify, undefined where none is complete */
	receive(transport: Transport): Uint8Array | null | undefined {
		const data = this.take(transport);
		return this.hasClosed ? null : data;
	}

	/** Sends a record; it knows the room. */
	send(transport: Transport, type: RecordType, content: Uint8Array): void {
		const record = this.writing ? this.writing.seal(type, content) : recordOf(type, content);
		transport.writable = transport.write(record);
	}

	/** Our second flight, in one piece: what is ours of the keys, the change to them, and the first that they encrypt. */
	private answer(transport: Transport, handshake: Handshake): void {
		const { writing, flight, finished } = handshake.answer;
		const records = [
			...flight.map((message) => recordOf(RecordType.Handshake, message)),
			recordOf(RecordType.ChangeCipherSpec, Uint8Array.of(1)),
			writing.seal(RecordType.Handshake, finished),
		];
		const bytes = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
		let position = 0;
		for (const record of records) {
			bytes.set(record, position);
			position += record.length;
		}
		this.writing = writing;
		transport.writable = transport.write(bytes);
	}

	private finish(): boolean {
		this.awaited = Awaited.ApplicationData;
		this.handshake = undefined;
		return true;
	}

	/** Deals with the next record, if it is complete. @returns application data */
	private take(transport: Transport): Uint8Array | undefined {
		const { records } = this;
		const fragment = records.read(transport);
		if (!fragment) return undefined;
		const { type } = records;
		const content = this.reading ? this.reading.open(type, fragment) : fragment;
		if (type === RecordType.Alert) this.takeAlert(content);
		else if (type === RecordType.Handshake) this.takeMessages(content);
		else if (this.messages.isWithin) throw unexpected();
		else if (type === RecordType.ChangeCipherSpec) this.changeCipher(content);
		else return this.takeData(content);
		return undefined;
	}

	private takeData(data: Uint8Array): Uint8Array | undefined {
		if (this.awaited !== Awaited.ApplicationData) throw unexpected();
		if (data.length === 0) {
			this.beIdle();
			return undefined;
		}
		this.idle = 0;
		return data;
	}

	/** RFC 5246, 7.2: what is not fatal changes nothing. */
	private takeAlert(alert: Uint8Array): void {
		const [level, description] = alert;
		if (alert.length !== 2) throw illegal("alert", 50);
		if (description === 0) this.hasClosed = true;
		else if (level === 1) this.beIdle();
		else throw alertError(description);
	}

	private beIdle(): void {
		if (++this.idle > IDLE_MOST) throw new TLSError("the server sends warnings and requests without end", 10);
	}

	private changeCipher(content: Uint8Array): void {
		this.step(Awaited.ChangeCipherSpec, Awaited.Finished);
		if (content.length !== 1 || content[0] !== 1) throw illegal("change of cipher", 50);
		this.reading = this.handshake?.answer.reading;
		this.records.overhead = OVERHEAD;
	}

	private takeMessages(content: Uint8Array): void {
		const { messages } = this;
		messages.take(content);
		for (let message = messages.next(); message; message = messages.next()) {
			// A new handshake is wanted, and not made: during one that is as it must be, later as it may (RFC 5246, 7.4.1.1).
			if (message[0] === Message.HelloRequest) this.refuseRequest(message);
			else {
				this.takeTurn(message[0]);
				this.handshake?.take(message);
			}
		}
	}

	private refuseRequest(message: Uint8Array): void {
		if (message.length > 4) throw illegal("HelloRequest", 50);
		this.beIdle();
	}

	/** Throws where it is not the message's turn. */
	private takeTurn(type: Message): void {
		switch (type) {
			case Message.ServerHello:
				return this.step(Awaited.ServerHello, Awaited.Certificate);
			case Message.Certificate:
				return this.step(Awaited.Certificate, Awaited.ServerKeyExchange);
			case Message.ServerKeyExchange:
				return this.step(Awaited.ServerKeyExchange, Awaited.ServerHelloDone);
			case Message.CertificateRequest:
				return this.step(Awaited.ServerHelloDone, Awaited.ServerHelloDoneAlone);
			case Message.ServerHelloDone:
				if (this.awaited === Awaited.ServerHelloDone) this.awaited = Awaited.ServerHelloDoneAlone;
				return this.step(Awaited.ServerHelloDoneAlone, Awaited.ChangeCipherSpec);
			case Message.Finished:
				return this.step(Awaited.Finished, Awaited.Verification);
			default:
				throw unexpected();
		}
	}

	private step(from: Awaited, to: Awaited): void {
		if (this.awaited !== from) throw unexpected();
		this.awaited = to;
	}
}
