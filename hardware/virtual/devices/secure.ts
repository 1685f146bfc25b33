import { isIP, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { certificateReason, handshakeReason } from "./tls-reason.js";

/** What the app asks of TLS. */
export interface SecureOptions {
	/** The server's name: asked for and looked for in its certificate. */
	name: string;
	/** False: the server may be anyone. */
	verify: boolean;
	/** The authorities trusted, in DER; none: those that Node trusts. */
	certificates: Buffer[];
}

/** What TLS on the board can do, laid over Node's defaults: to be as narrow as the chip's. */
export interface TLSLimits {
	minVersion?: "TLSv1.2" | "TLSv1.3";
	maxVersion?: "TLSv1.2" | "TLSv1.3";
	/** In OpenSSL's notation. */
	ciphers?: string;
	/** In OpenSSL's notation, too. */
	ecdhCurve?: string;
	sigalgs?: string;
	/** Authorities, in PEM, that are trusted in place of Node's where the app names none. */
	ca?: string;
}

/** A clock that shows less has not been set. */
const EARLIEST_MS = Date.UTC(2024);

/** The words of the command: name, NUL, then each certificate with its length before it (4 bytes, little-endian). */
export function decodeSecure(data: Buffer, verify: boolean): SecureOptions {
	const end = data.indexOf(0);
	const certificates: Buffer[] = [];
	for (let at = end + 1; at < data.length; ) {
		if (at + 4 > data.length) throw new Error("the engine sent half a certificate");
		const length = data.readUInt32LE(at);
		if (at + 4 + length > data.length) throw new Error("the engine sent half a certificate");
		certificates.push(data.subarray(at + 4, at + 4 + length));
		at += 4 + length;
	}
	return { name: data.toString("utf8", 0, end), verify, certificates };
}

/**
 * Puts TLS on a connection; what its stream still holds is TLS's.
 * @param now what the board's calendar shows: certificates must be valid by it too
 * @throws Error with a reason for people
 */
export function secure(socket: Socket, options: SecureOptions, limits: TLSLimits, now: number): Promise<TLSSocket> {
	const { name, verify, certificates } = options;
	if (verify && now < EARLIEST_MS) throw new Error("the clock is not set, so no certificate can be judged");
	const secured = connect({
		...limits,
		socket,
		host: name,
		...(isIP(name) ? {} : { servername: name }), // RFC 6066, 3: SNI has no addresses
		rejectUnauthorized: false, // certificateReason judges, so that it can say why
		...(certificates.length ? { ca: certificates.map(toPEM) } : {}),
	});
	return new Promise((done, fail) => {
		secured.once("secureConnect", () => {
			const problem = verify ? certificateReason(secured, name, now) : undefined;
			if (problem === undefined) return done(secured);
			secured.destroy();
			fail(new Error(problem));
		});
		secured.once("error", (error) => fail(new Error(handshakeReason(error))));
		secured.once("close", () => fail(new Error("the server closed the connection during the handshake")));
	});
}

function toPEM(der: Buffer): string {
	return `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
}
