import { Digest } from "crypt";
import Curve from "curve";
import RNG from "rng";
import type CertificateManager from "ssl/cert";
import { AES, ECDHE_RSA, GCM, SHA256 } from "ssl/constants";
import PRF from "ssl/prf";
import type SSLSession from "ssl/session";
import SSLStream from "ssl/stream";
import { TLSError, unexpected } from "tls/error";
import { Extension, Message, messageOf, readExtensions } from "tls/messages";
import { isSignedBy, type Scheme } from "tls/signature";

/** AES-128-GCM with SHA-256 (RFC 5289), as the SDK's records want to have it described. */
const cipher = Object.freeze({
	keyExchangeAlgorithm: ECDHE_RSA,
	cipherAlgorithm: AES,
	cipherKeySize: 16,
	cipherBlockSize: 16,
	hashAlgorithm: SHA256,
	hashSize: 32,
	encryptionMode: GCM,
	ivSize: 8,
	saltSize: 4,
});

/** A digest as it is; the SDK's typing lacks views, and that one can go on after its result. */
interface Transcript {
	write(bytes: Uint8Array): void;
	close(goesOn: boolean): ArrayBuffer;
}

/** Bytes of an uncompressed point on P-256. */
const POINT_BYTES = 65;

/**
 * The client's half of a TLS 1.2 handshake (RFC 5246, 7.4) with ECDHE on P-256 (RFC 8422): the messages that it sends,
 * and what those of the server must be. In which order they come is the session's to know.
 */
export class Handshake {
	readonly certificates: CertificateManager;
	#session: SSLSession;
	#serverName: string | undefined;
	/** Of all messages, theirs and ours. */
	#transcript = new Digest("SHA256") as unknown as Transcript;
	/** Our share of the key exchange, and theirs. */
	#curve: Curve | undefined;
	#secret: ArrayBuffer | undefined;
	#share: ArrayBuffer | undefined;
	#theirs: ArrayBuffer | undefined;
	/** RFC 7627: the keys belong to this handshake and no other. */
	#isExtended = false;

	/** @param serverName the name to ask for, if any */
	constructor(session: SSLSession, serverName: string | undefined) {
		this.#session = session;
		this.#serverName = serverName;
		this.certificates = session.certificateManager as CertificateManager;
	}

	/** ClientHello */
	hello(): Uint8Array {
		const session = this.#session;
		const random = RNG.get(32);
		session.clientRandom = random;
		const body = new SSLStream();
		body.writeChars(0x0303, 2);
		body.writeChunk(random);
		body.writeChar(0); // no session to resume
		body.writeChars(4, 2);
		body.writeChars(0xc02b, 2); // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
		body.writeChars(0xc02f, 2); // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
		body.writeChars(0x0100, 2); // no compression
		const extensions = extensionsFor(this.#serverName);
		body.writeChars(extensions.length, 2);
		body.writeChunk(extensions);
		return this.record(messageOf(Message.ClientHello, body.getChunk()));
	}

	/** Takes a message of the server's, with its header. */
	take(type: Message, header: Uint8Array, body: Uint8Array): void {
		const stream = new SSLStream(body);
		switch (type) {
			case Message.ServerHello:
				this.takeHello(stream);
				break;
			case Message.Certificate:
				this.takeCertificates(stream);
				break;
			case Message.ServerKeyExchange:
				this.takeKeyExchange(stream, body);
				break;
			case Message.CertificateRequest:
				this.#session.clientCerts = []; // we have none, and say so
				break;
			case Message.ServerHelloDone:
				this.makeShare();
				break;
			case Message.Finished:
				this.takeFinished(body);
		}
		this.record(header);
		this.record(body);
	}

	/** Certificate: none. */
	certificate(): Uint8Array {
		return this.record(messageOf(Message.Certificate, new Uint8Array(3)));
	}

	/** ClientKeyExchange; then the keys are known. */
	keyExchange(): Uint8Array {
		const session = this.#session;
		const curve = this.#curve as Curve;
		const secret = curve.Z(curve.dh(this.#secret as ArrayBuffer, this.#theirs));
		const body = new SSLStream();
		body.writeChar(POINT_BYTES);
		body.writeChunk(this.#share as ArrayBuffer);
		const message = this.record(messageOf(Message.ClientKeyExchange, body.getChunk()));
		const [label, seed] = this.#isExtended
			? ["extended master secret", this.#transcript.close(true)]
			: ["master secret", (session.clientRandom as ArrayBuffer).concat(session.serverRandom as ArrayBuffer)];
		session.masterSecret = PRF(session, secret, label as string, seed as ArrayBuffer, 48);
		this.#curve = this.#secret = this.#share = this.#theirs = undefined;
		return message;
	}

	/** Finished */
	finished(): Uint8Array {
		return this.record(messageOf(Message.Finished, this.verifyData("client finished")));
	}

	private takeHello(stream: SSLStream): void {
		const session = this.#session;
		if (stream.readChars(2) !== 0x0303) throw new TLSError("the server does not speak TLS 1.2", 70);
		session.serverRandom = stream.readChunk(32);
		stream.readChunk(stream.readChar(), true); // a session to resume, some day
		const suite = stream.readChars(2);
		const compression = stream.readChar();
		if ((suite !== 0xc02b && suite !== 0xc02f) || compression !== 0)
			throw new TLSError("the server chooses what was not offered", 47);
		session.chosenCipher = cipher;
		this.#isExtended = readExtensions(stream).includes(Extension.ExtendedMasterSecret);
	}

	private takeCertificates(stream: SSLStream): void {
		const chain: Uint8Array[] = [];
		if (stream.readChars(3) !== stream.bytesAvailable) throw unexpected();
		while (stream.bytesAvailable > 0) chain.push(stream.readChunk(stream.readChars(3), true) as Uint8Array);
		this.certificates.begin(chain);
	}

	/** The server's share must be signed with the key of its certificate, or anyone could be the server. */
	private takeKeyExchange(stream: SSLStream, body: Uint8Array): void {
		const { clientRandom, serverRandom } = this.#session;
		if (stream.readChars(3) !== 0x030017 || stream.readChar() !== POINT_BYTES)
			throw new TLSError("the server chooses what was not offered", 47);
		this.#theirs = stream.readChunk(POINT_BYTES) as ArrayBuffer;
		const scheme = stream.readChars(2) as Scheme;
		const signature = stream.readChunk(stream.readChars(2), true) as Uint8Array;
		const signed = new Uint8Array(64 + 4 + POINT_BYTES);
		signed.set(new Uint8Array(clientRandom as ArrayBuffer));
		signed.set(new Uint8Array(serverRandom as ArrayBuffer), 32);
		signed.set(body.subarray(0, 4 + POINT_BYTES), 64);
		if (!isSignedBy(this.certificates.key, scheme, signed, signature))
			throw new TLSError("the server does not have the key of its certificate", 51);
	}

	private makeShare(): void {
		const curve = new Curve("secp256r1");
		this.#curve = curve;
		this.#secret = RNG.get(curve.orderSize);
		this.#share = curve.dh(this.#secret);
	}

	private takeFinished(body: Uint8Array): void {
		const expected = this.verifyData("server finished");
		let difference = expected.length ^ body.length;
		for (let i = 0; i < expected.length; i++) difference |= expected[i] ^ body[i];
		if (difference !== 0) throw new TLSError("someone has meddled with the handshake", 51);
	}

	private verifyData(label: string): Uint8Array {
		const session = this.#session;
		return PRF(session, session.masterSecret as Uint8Array, label, this.#transcript.close(true), 12);
	}

	private record(message: Uint8Array): Uint8Array {
		this.#transcript.write(message);
		return message;
	}
}

/** What ClientHello says besides, as it stands. */
const extensionsFor = (serverName: string | undefined): Uint8Array => {
	const extensions = new SSLStream();
	const begin = (type: Extension, length: number): void => {
		extensions.writeChars(type, 2);
		extensions.writeChars(length, 2);
	};
	if (serverName !== undefined) {
		begin(Extension.ServerName, serverName.length + 5);
		extensions.writeChars(serverName.length + 3, 2);
		extensions.writeChar(0);
		extensions.writeChars(serverName.length, 2);
		extensions.writeString(serverName);
	}
	begin(Extension.SupportedGroups, 4);
	extensions.writeChars(0x00020017, 4); // P-256
	begin(Extension.PointFormats, 2);
	extensions.writeChars(0x0100, 2); // uncompressed
	begin(Extension.SignatureAlgorithms, 14);
	extensions.writeChars(12, 2);
	for (let hash = 4; hash <= 6; hash++) extensions.writeChars((((hash << 8) | 3) << 16) | (hash << 8) | 1, 4); // ECDSA, RSA
	begin(Extension.ExtendedMasterSecret, 0);
	begin(Extension.RenegotiationInfo, 1);
	extensions.writeChar(0);
	return extensions.getChunk();
};
