import SSLStream from "ssl/stream";
import { TLSError } from "tls/error";

/** Extensions of hellos, by the registry of IANA. */
const enum Extension {
	/** RFC 6066 */
	ServerName = 0,
	/** RFC 8422 */
	SupportedGroups = 10,
	PointFormats = 11,
	/** RFC 5246, 7.4.1.4.1 */
	SignatureAlgorithms = 13,
	/** RFC 7627 */
	ExtendedMasterSecret = 23,
	/** RFC 5746 */
	RenegotiationInfo = 0xff01,
}

/**
 * What we offer: of the SDK's cipher suites those that RFC 9325, 4.2 recommends. It would rather have RSA key transport with
 * CBC, where whoever gets the server's key later reads everything, and whose padding it does not check.
 */
const enum CipherSuite {
	ECDHE_ECDSA_AES128_GCM = 0xc02b,
	ECDHE_RSA_AES128_GCM = 0xc02f,
}

/** What a ServerHello says that matters. */
export interface ServerHello {
	random: ArrayBuffer;
	/** The keys are to belong to this handshake and no other (RFC 7627). */
	isExtended: boolean;
}

/** @returns the body of a ClientHello that asks for `serverName`, if any */
export const clientHello = (random: ArrayBuffer, serverName: string | undefined): Uint8Array => {
	const extensions = extensionsFor(serverName);
	const body = new SSLStream();
	body.writeChars(0x0303, 2);
	body.writeChunk(random);
	body.writeChar(0); // no session to resume
	body.writeChars(4, 2);
	body.writeChars(CipherSuite.ECDHE_ECDSA_AES128_GCM, 2);
	body.writeChars(CipherSuite.ECDHE_RSA_AES128_GCM, 2);
	body.writeChars(0x0100, 2); // no compression
	body.writeChars(extensions.length, 2);
	body.writeChunk(extensions);
	return body.getChunk();
};

/** Reads a ServerHello; throws where it chooses what was not offered. */
export const readServerHello = (stream: SSLStream): ServerHello => {
	if (stream.readChars(2) !== 0x0303) throw new TLSError("the server does not speak TLS 1.2", 70);
	const random = stream.readChunk(32) as ArrayBuffer;
	stream.readChunk(stream.readChar(), true); // a session to resume, some day
	const suite = stream.readChars(2);
	const compression = stream.readChar();
	const isOffered = suite === CipherSuite.ECDHE_ECDSA_AES128_GCM || suite === CipherSuite.ECDHE_RSA_AES128_GCM;
	if (!isOffered || compression !== 0) throw new TLSError("the server chooses what was not offered", 47);
	let isExtended = false;
	if (stream.bytesAvailable > 0) stream.readChars(2);
	while (stream.bytesAvailable > 0) {
		if (stream.readChars(2) === Extension.ExtendedMasterSecret) isExtended = true;
		stream.readChunk(stream.readChars(2), true);
	}
	return { random, isExtended };
};

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
