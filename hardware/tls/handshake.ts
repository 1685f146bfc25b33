import { Digest } from "crypt";
import { CertificateChain, type TrustOptions } from "tls/chain";
import { type Cipher, makeCiphers } from "tls/cipher";
import { checkMemory, type FreeMemory, illegal, TLSError } from "tls/error";
import { KeyExchange } from "tls/exchange";
import { clientHello, readServerHello, type ServerHello } from "tls/hello";
import { MESSAGE_HEADER_BYTES, Message, messageOf } from "tls/messages";
import { prf } from "tls/prf";
import { Generator } from "tls/random";
import { Reader } from "tls/reader";
import { bitsOf, memoryFor } from "tls/signature";

/** More than any server has. */
const CERTIFICATES_MOST = 10;
/** Of a Finished message (RFC 5246, 7.4.9). */
const VERIFY_BYTES = 12;

/** A digest that goes on after its result, which the SDK's typing lacks. */
interface Transcript {
	write(bytes: Uint8Array): void;
	close(goesOn: boolean): ArrayBuffer;
}

/** What we send when the server has said all, and the keys for it. */
export interface Answer {
	/** Messages in the clear. */
	flight: Uint8Array[];
	/** The first message that is encrypted. */
	finished: Uint8Array;
	writing: Cipher;
	reading: Cipher;
}

/**
 * The client's half of a TLS 1.2 handshake (RFC 5246, 7.4) with ECDHE (RFC 8422): what the server's messages say is taken
 * down by `take`, judged and answered by `advance`, one computation at a time. In which order messages may come is the
 * session's to know.
 */
export class Handshake {
	private serverName: string | undefined;
	private freeMemory: FreeMemory | undefined;
	private certificates: CertificateChain;
	private generator = new Generator();
	private random: ArrayBuffer;
	/** Of all messages, theirs and ours. */
	private transcript = new Digest("SHA256") as unknown as Transcript;
	private server: ServerHello | undefined;
	private exchange: KeyExchange | undefined;
	private wantsCertificate = false;
	/** The server has said all. */
	private isAnswering = false;
	private flight: Uint8Array[] = [];
	private secret: Uint8Array | undefined;
	private whole: Answer | undefined;
	private theirFinished: Uint8Array | undefined;

	/** @param serverName the name to ask for, if any */
	constructor(trust: TrustOptions, serverName: string | undefined, freeMemory: FreeMemory | undefined) {
		this.serverName = serverName;
		this.freeMemory = freeMemory;
		this.certificates = new CertificateChain(trust, freeMemory);
		this.random = this.generator.get(32).buffer as ArrayBuffer;
	}

	/** ClientHello */
	hello(): Uint8Array {
		return this.note(messageOf(Message.ClientHello, clientHello(this.random, this.serverName)));
	}

	/** What there is to send when nothing `isBusy` after the server's ServerHelloDone. */
	get answer(): Answer {
		return this.whole as Answer;
	}

	/** Takes a message of the server's, with its header. */
	take(message: Uint8Array): void {
		const body = message.subarray(MESSAGE_HEADER_BYTES);
		switch (message[0]) {
			case Message.ServerHello:
				this.server = readServerHello(new Reader(body));
				break;
			case Message.Certificate:
				this.certificates.begin(readCertificates(new Reader(body)), (this.server as ServerHello).isECDSA);
				break;
			case Message.ServerKeyExchange: {
				const { random, isECDSA } = this.server as ServerHello;
				this.exchange = new KeyExchange(new Reader(body), this.random, random, isECDSA);
				break;
			}
			case Message.CertificateRequest:
				checkRequest(new Reader(body));
				this.wantsCertificate = true;
				break;
			case Message.ServerHelloDone:
				new Reader(body).end();
				this.isAnswering = true;
				break;
			case Message.Finished:
				if (body.length !== VERIFY_BYTES) throw illegal("Finished", 50);
				this.theirFinished = body;
				return; // the last of all, to be held against what went before
		}
		this.note(message);
	}

	/** Whether there is something to compute before the handshake can go on. */
	get isBusy(): boolean {
		const { certificates, exchange } = this;
		if (certificates.isPending || exchange?.isPending) return true;
		return this.isAnswering || this.theirFinished !== undefined;
	}

	/** One computation of those that take long. */
	advance(): void {
		const { certificates, exchange } = this;
		if (certificates.isPending) certificates.advance();
		else if (exchange?.isPending) this.verify(exchange);
		else if (this.isAnswering) this.prepare(exchange as KeyExchange);
		else this.verifyFinished(this.theirFinished as Uint8Array);
	}

	private verify(exchange: KeyExchange): void {
		const { key } = this.certificates;
		const needed = memoryFor(key);
		if (exchange.isNew) checkMemory(this.freeMemory, needed, `a key of ${bitsOf(key)} bits takes ${needed} bytes`);
		exchange.verify(key);
	}

	/** Prepares the answer: our share, then the secret, then the keys. */
	private prepare(exchange: KeyExchange): void {
		const { random } = this.server as ServerHello;
		if (!exchange.share) exchange.makeShare(this.generator);
		else if (!this.flight.length) {
			// Where the server asks for a certificate: none.
			if (this.wantsCertificate) this.flight.push(this.note(messageOf(Message.Certificate, new Uint8Array(3))));
			this.flight.push(this.note(messageOf(Message.ClientKeyExchange, exchange.share)));
		} else if (!exchange.secret) exchange.join();
		else if (!this.secret) this.secret = this.makeSecret(exchange.secret, random);
		else {
			const { client: writing, server: reading } = makeCiphers(this.secret, random, this.random);
			const finished = this.note(messageOf(Message.Finished, this.verifyData("client finished")));
			this.whole = { flight: this.flight, finished, writing, reading };
			this.exchange = undefined;
			this.isAnswering = false;
		}
	}

	/** The master secret: of this handshake and no other where the server can do that (RFC 7627, 4). */
	private makeSecret(premaster: Uint8Array, random: ArrayBuffer): Uint8Array {
		return this.server?.isExtended
			? prf(premaster, "extended master secret", [this.transcript.close(true)], 48)
			: prf(premaster, "master secret", [this.random, random], 48);
	}

	/** Only who has the same keys, and has had the same messages, can have sent this. */
	private verifyFinished(body: Uint8Array): void {
		const expected = this.verifyData("server finished");
		let difference = 0;
		for (let i = 0; i < VERIFY_BYTES; i++) difference |= expected[i] ^ body[i];
		if (difference !== 0) throw new TLSError("someone has meddled with the handshake", 51);
		this.theirFinished = undefined;
	}

	private verifyData(label: string): Uint8Array {
		return prf(this.secret as Uint8Array, label, [this.transcript.close(true)], VERIFY_BYTES);
	}

	private note(message: Uint8Array): Uint8Array {
		this.transcript.write(message);
		return message;
	}
}

/** @returns the certificates of a Certificate message, as views; none is empty (RFC 5246, 7.4.2) */
const readCertificates = (reader: Reader): Uint8Array[] => {
	const list = new Reader(reader.vector(3));
	const chain: Uint8Array[] = [];
	reader.end();
	while (!list.done) {
		const certificate = list.vector(3);
		if (certificate.length === 0) throw illegal("a certificate of 0 bytes", 50);
		if (chain.push(certificate) > CERTIFICATES_MOST)
			throw new TLSError(`the server sent more than ${CERTIFICATES_MOST} certificates`, 42);
	}
	return chain;
};

/** Reads over a CertificateRequest (RFC 5246, 7.4.4): we have no certificate, and say so. */
const checkRequest = (reader: Reader): void => {
	const [types, schemes] = [reader.vector(1), reader.vector(2)];
	reader.vector(2); // names of authorities
	reader.end();
	if (types.length === 0 || schemes.length === 0 || schemes.length % 2 !== 0) throw illegal("CertificateRequest", 50);
};
