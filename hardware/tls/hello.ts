import { illegal, notOffered, TLSError } from "tls/error";
import { Reader } from "tls/reader";
import { schemes } from "tls/signature";

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

/** What we offer: of the SDK's ciphers those that RFC 9325, 4.2 recommends. */
const enum CipherSuite {
	ECDHE_ECDSA_AES128_GCM = 0xc02b,
	ECDHE_RSA_AES128_GCM = 0xc02f,
}

/** What a ServerHello says that matters. */
export interface ServerHello {
	random: ArrayBuffer;
	/** The server's key is for ECDSA; else for RSA. */
	isECDSA: boolean;
	/** The keys are to belong to this handshake and no other (RFC 7627). */
	isExtended: boolean;
}

/** @returns the body of a ClientHello that asks for `serverName`, if any */
export const clientHello = (random: ArrayBuffer, serverName: string | undefined): Uint8Array => {
	const name = serverName ? new Uint8Array(ArrayBuffer.fromString(serverName)) : undefined;
	const named = name ? 9 + name.length : 0;
	const signed = 2 * schemes.length;
	const all = named + 8 + 6 + 6 + signed + 4 + 5;
	const body = new Uint8Array(2 + 32 + 1 + 6 + 2 + 2 + all);
	let position = 0;
	/** Numbers of two bytes. */
	const write = (...numbers: number[]): void => {
		for (const number of numbers) {
			body[position++] = number >> 8;
			body[position++] = number;
		}
	};
	write(0x0303);
	body.set(new Uint8Array(random), position);
	position += 32 + 1; // and no session to resume
	write(4, CipherSuite.ECDHE_ECDSA_AES128_GCM, CipherSuite.ECDHE_RSA_AES128_GCM);
	write(0x0100, all); // no compression
	if (name) {
		write(Extension.ServerName, named - 4, named - 6);
		position++; // host_name
		write(name.length);
		body.set(name, position);
		position += name.length;
	}
	write(Extension.SupportedGroups, 4, 2, 23); // P-256
	write(Extension.PointFormats, 2, 0x0100); // uncompressed
	write(Extension.SignatureAlgorithms, signed + 2, signed, ...schemes);
	write(Extension.ExtendedMasterSecret, 0);
	write(Extension.RenegotiationInfo, 1); // and a byte for nothing to renegotiate
	return body;
};

/** Reads a ServerHello; throws where it chooses what was not offered. */
export const readServerHello = (reader: Reader): ServerHello => {
	if (reader.number(2) !== 0x0303) throw new TLSError("the server does not speak TLS 1.2", 70);
	const random = reader.view(32).slice().buffer as ArrayBuffer;
	// A session to resume, some day (RFC 5246, 7.4.1.3).
	if (reader.vector(1).length > 32) throw illegal("session_id", 47);
	const suite = reader.number(2);
	const isECDSA = suite === CipherSuite.ECDHE_ECDSA_AES128_GCM;
	if ((!isECDSA && suite !== CipherSuite.ECDHE_RSA_AES128_GCM) || reader.number(1) !== 0) throw notOffered();
	const isExtended = reader.done ? false : readExtensions(reader);
	return { random, isECDSA, isExtended };
};

/** Reads a ServerHello's extensions, each of which answers one of ours. @returns whether it has the extended master secret */
const readExtensions = (reader: Reader): boolean => {
	const list = new Reader(reader.vector(2));
	const seen: number[] = [];
	let isExtended = false;
	reader.end();
	while (!list.done) {
		const type = list.number(2);
		const content = list.vector(2);
		if (seen.includes(type)) throw illegal("an extension that comes twice", 47);
		seen.push(type);
		switch (type) {
			case Extension.RenegotiationInfo: // RFC 5746, 3.4
				if (content.length !== 1 || content[0] !== 0) throw illegal("renegotiation_info", 40);
				break;
			case Extension.PointFormats: // RFC 8422, 5.2
				if (content[0] !== content.length - 1 || content.indexOf(0, 1) < 0) throw illegal("ec_point_formats", 47);
				break;
			case Extension.ExtendedMasterSecret:
				if (content.length !== 0) throw illegal("extended_master_secret", 50);
				isExtended = true;
				break;
			case Extension.ServerName:
				if (content.length !== 0) throw illegal("server_name", 50);
				break;
			case Extension.SupportedGroups: // it has no place here, but servers send it
				break;
			default:
				throw new TLSError(`the server sent an extension that was not asked for (${type})`, 110);
		}
	}
	return isExtended;
};
