/** What the SDK's typings lack of its TLS and cryptography (modules/crypt). */

declare module "ssl/session" {
	/** A connection as the session uses it: it reads into a buffer, writes a whole one, and counts. */
	export interface Transport {
		/** Bytes that can be read. */
		readable: number;
		/** Bytes that can be written; undefined after a write that failed. */
		writable: number | undefined;
		read(buffer: Uint8Array): unknown;
		/** @returns the room left */
		write(bytes: Uint8Array): unknown;
	}

	class SSLSession {
		constructor(options: object);
		/** The handshake message dealt with last; -1 for none. */
		handshakeProcess: number;
		/** An alert that has come. */
		alert: { readonly level: number; readonly description: number } | undefined;
		certificateManager: unknown;
		clientCipher: object | null;
		serverCipher: object | null;
		/** State of the handshake. */
		peerCert: ArrayBuffer | undefined;
		handshakeDigests: object | undefined;
		dhparams: object | undefined;
		masterSecret: ArrayBuffer | Uint8Array | undefined;
		clientRandom: ArrayBuffer | undefined;
		serverRandom: ArrayBuffer | undefined;
		options: object;
		initiateHandshake(): void;
		/** @returns true when it is over, or after an alert */
		handshake(transport: Transport): boolean;
		/** @returns what a record carries; null after a close_notify; undefined where no record is complete */
		read(transport: Transport): Uint8Array | null | undefined;
		write(transport: Transport, data: Uint8Array): number;
		/** Sends what `protocol` packs, such as an alert of a level and description. */
		doProtocol(transport: Transport, protocol: object, first?: unknown, second?: unknown): void;
		/** @returns a record with its header, or undefined where it is not complete */
		readPacket(transport: Transport): Uint8Array | undefined;
	}
	export default SSLSession;
}

declare module "ssl/record" {
	import type SSLSession from "ssl/session";

	const recordProtocol: { unpacketize(session: SSLSession, record: Uint8Array): void };
	export default recordProtocol;
}

declare module "ssl/alert" {
	const alert: object;
	export default alert;
}

declare module "ssl/constants" {
	export const AES: number;
	export const ECDHE_RSA: number;
	export const GCM: number;
	export const SHA256: number;
}

declare module "bin" {
	const Bin: {
		/** @returns 0 where both are the same bytes */
		comp(a: ArrayBufferLike | Uint8Array, b: ArrayBufferLike | Uint8Array): number;
	};
	export default Bin;
}

declare module "curve" {
	class Curve {
		constructor(name: "secp256r1" | "secp384r1");
		/** The order of the base point. */
		readonly n: bigint;
		/** Its bytes. */
		readonly orderSize: number;
	}
	export default Curve;
}

declare module "ecp" {
	class ECPoint {
		/** @param bytes an uncompressed point (SEC 1, 2.3.3) */
		static fromOctetString(bytes: Uint8Array): ECPoint;
	}
	export default ECPoint;
}

declare module "ecdsa" {
	import type Curve from "curve";
	import type ECPoint from "ecp";

	class ECDSA {
		constructor(key: ECPoint, curve: Curve);
		_verify(digest: ArrayBuffer, r: bigint, s: bigint): boolean;
	}
	export default ECDSA;
}

declare module "pkcs1_5" {
	class PKCS1_5 {
		/** @param identifier an array to unwrap a DigestInfo, whichever its algorithm */
		constructor(key: { modulus?: bigint; exponent?: bigint }, isPrivate: boolean, identifier: number[]);
		verify(digest: ArrayBuffer, signature: Uint8Array): boolean;
	}
	export default PKCS1_5;
}
