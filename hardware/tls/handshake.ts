import { Digest } from "crypt";
import RNG from "rng";
import type CertificateManager from "ssl/cert";
import PRF from "ssl/prf";
import type SSLSession from "ssl/session";
import type { CipherState } from "ssl/session";
import SSLStream from "ssl/stream";
import { TLSError, unexpected } from "tls/error";
import { KeyExchange } from "tls/exchange";
import { clientHello, readServerHello } from "tls/hello";
import { cipher, makeCiphers } from "tls/keys";
import { Message, messageOf } from "tls/messages";

/** A digest as it is; the SDK's typing lacks views, and that one can go on after its result. */
interface Transcript {
	write(bytes: Uint8Array): void;
	close(goesOn: boolean): ArrayBuffer;
}

/**
 * The client's half of a TLS 1.2 handshake (RFC 5246, 7.4) with ECDHE (RFC 8422): what the server's messages say is taken
 * down by `take`, judged and answered by `advance`, one computation at a time, and asked for by the SDK's session when it
 * is to be sent. In which order messages may come is the session's to know.
 */
export class Handshake {
	/** The keys that ChangeCipherSpec brings into use. */
	clientCipher: CipherState | undefined;
	serverCipher: CipherState | undefined;
	private session: SSLSession;
	private certificates: CertificateManager;
	private serverName: string | undefined;
	/** Of all messages, theirs and ours. */
	private transcript = new Digest("SHA256") as unknown as Transcript;
	private isExtended = false;
	/** What the server has sent and is not judged yet. */
	private chain: Uint8Array[] | undefined;
	private exchange: KeyExchange | undefined;
	private theirFinished: Uint8Array | undefined;
	/** The server has said all; what we answer, as far as it is ready. */
	private isAnswering = false;
	private certificateMessage: Uint8Array | undefined;
	private exchangeMessage: Uint8Array | undefined;
	private finishedMessage: Uint8Array | undefined;

	/** @param serverName the name to ask for, if any */
	constructor(session: SSLSession, serverName: string | undefined) {
		session.chosenCipher = cipher;
		this.session = session;
		this.serverName = serverName;
		this.certificates = session.certificateManager as CertificateManager;
	}

	/** ClientHello */
	hello(): Uint8Array {
		const random = RNG.get(32);
		this.session.clientRandom = random;
		return this.note(messageOf(Message.ClientHello, clientHello(random, this.serverName)));
	}

	/** Certificate: none; after a request for one. */
	certificate(): Uint8Array {
		return this.certificateMessage as Uint8Array;
	}

	/** ClientKeyExchange */
	keyExchange(): Uint8Array {
		return this.exchangeMessage as Uint8Array;
	}

	/** Finished */
	finished(): Uint8Array {
		return this.finishedMessage as Uint8Array;
	}

	/** Takes a message of the server's, with its header. */
	take(type: Message, header: Uint8Array, body: Uint8Array): void {
		switch (type) {
			case Message.ServerHello: {
				const { random, isExtended } = readServerHello(new SSLStream(body));
				this.session.serverRandom = random;
				this.isExtended = isExtended;
				break;
			}
			case Message.Certificate:
				this.chain = readCertificates(new SSLStream(body));
				break;
			case Message.ServerKeyExchange: {
				const { clientRandom, serverRandom } = this.session;
				this.exchange = new KeyExchange(new SSLStream(body), joined(clientRandom, serverRandom));
				break;
			}
			case Message.CertificateRequest:
				this.session.clientCerts = []; // we have none, and say so
				break;
			case Message.ServerHelloDone:
				this.isAnswering = true;
				break;
			case Message.Finished:
				this.theirFinished = body;
				return; // the last of all, to be held against what went before
		}
		this.note(header);
		this.note(body);
	}

	/** Whether there is something to compute before the handshake can go on. */
	get isBusy(): boolean {
		if (this.chain || this.certificates.isPending || this.exchange?.isPending) return true;
		return this.isAnswering || this.theirFinished !== undefined;
	}

	/** One computation of those that take long. */
	advance(): void {
		const certificates = this.certificates;
		if (this.chain) {
			certificates.begin(this.chain);
			this.chain = undefined;
		} else if (certificates.isPending) certificates.advance();
		else if (this.exchange?.isPending) this.exchange.verify(certificates.key);
		else if (this.isAnswering) this.answer(this.exchange as KeyExchange);
		else this.verifyFinished(this.theirFinished as Uint8Array);
	}

	/** Prepares what follows ServerHelloDone: our share, then the secret, then the keys. */
	private answer(exchange: KeyExchange): void {
		const session = this.session;
		if (!this.exchangeMessage) {
			const share = exchange.makeShare();
			if (session.clientCerts) this.certificateMessage = this.note(messageOf(Message.Certificate, new Uint8Array(3)));
			this.exchangeMessage = this.note(messageOf(Message.ClientKeyExchange, share));
		} else if (!session.masterSecret) {
			const [label, seed] = this.isExtended
				? ["extended master secret", this.transcript.close(true)]
				: ["master secret", joined(session.clientRandom, session.serverRandom)];
			session.masterSecret = PRF(session, exchange.join(), label as string, seed as ArrayBuffer, 48);
			this.exchange = undefined;
		} else {
			const { client, server } = makeCiphers(session);
			this.clientCipher = client;
			this.serverCipher = server;
			this.finishedMessage = this.note(messageOf(Message.Finished, this.verifyData("client finished")));
			this.isAnswering = false;
		}
	}

	/** Only who has the same keys, and has had the same messages, can have sent this. */
	private verifyFinished(body: Uint8Array): void {
		const expected = this.verifyData("server finished");
		let difference = expected.length ^ body.length;
		for (let i = 0; i < expected.length; i++) difference |= expected[i] ^ body[i];
		if (difference !== 0) throw new TLSError("someone has meddled with the handshake", 51);
		this.theirFinished = undefined;
	}

	private verifyData(label: string): Uint8Array {
		const session = this.session;
		return PRF(session, session.masterSecret as Uint8Array, label, this.transcript.close(true), 12);
	}

	private note(message: Uint8Array): Uint8Array {
		this.transcript.write(message);
		return message;
	}
}

/** @returns the certificates of a Certificate message, as views */
const readCertificates = (stream: SSLStream): Uint8Array[] => {
	const chain: Uint8Array[] = [];
	if (stream.readChars(3) !== stream.bytesAvailable) throw unexpected();
	while (stream.bytesAvailable > 0) chain.push(stream.readChunk(stream.readChars(3), true) as Uint8Array);
	return chain;
};

const joined = (first: ArrayBuffer | undefined, second: ArrayBuffer | undefined): ArrayBuffer =>
	(first as ArrayBuffer).concat(second as ArrayBuffer);
