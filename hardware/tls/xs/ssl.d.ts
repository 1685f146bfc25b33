/** What the SDK's typings lack of its TLS and cryptography (modules/crypt). */

declare module "ssl/session" {
	/** A connection as the session uses it: it reads into a buffer, writes a whole one, and counts. */
	export interface Transport {
		/** Bytes that can be read. */
		readable: number;
		/** Bytes that can be written; undefined after a write that failed. */
		writable: number | undefined;
		read(buffer: Uint8Array): unknown;
		/** @returns the room left; undefined where the connection has failed */
		write(bytes: Uint8Array): number | undefined;
	}

	/** How one direction is encrypted. */
	export interface CipherState {
		enc: object;
		iv: ArrayBuffer;
		nonce: bigint;
	}

	class SSLSession {
		constructor(options: object);
		/** The handshake message dealt with last; -1 for none. */
		handshakeProcess: number;
		/** An alert that has come. */
		alert: { readonly level: number; readonly description: number } | undefined;
		certificateManager: unknown;
		clientCipher: CipherState | null | undefined;
		serverCipher: CipherState | null | undefined;
		/** Records since then. */
		writeSeqNum: bigint;
		readSeqNum: bigint;
		/** What the keys are made of. */
		chosenCipher: object | undefined;
		masterSecret: Uint8Array | undefined;
		clientRandom: ArrayBuffer | undefined;
		serverRandom: ArrayBuffer | undefined;
		/** Certificates of ours, where the server has asked for any. */
		clientCerts: never[] | undefined;
		initiateHandshake(): void;
		/** @returns true when it is over, or after an alert */
		handshake(transport: Transport): boolean;
		/** @returns what a record carries; null after a close_notify; undefined where no record is complete */
		read(transport: Transport): Uint8Array | null | undefined;
		/** @returns a record with its header, or undefined where it is not complete */
		readPacket(transport: Transport): Uint8Array | undefined;
	}
	export default SSLSession;
}

declare module "ssl/record" {
	import type SSLSession from "ssl/session";

	const recordProtocol: {
		/** Records as they are sent, encrypted as soon as there are keys; the layers above only pass on. */
		tlsCipherText: { packetize(session: SSLSession, type: number, fragment: Uint8Array): Uint8Array };
	};
	export default recordProtocol;
}

declare module "ssl/alert" {
	const alert: object;
	export default alert;
}

declare module "ssl/prf" {
	import type SSLSession from "ssl/session";

	/** RFC 5246, 5, with the hash of the session's cipher suite. */
	function PRF(
		session: SSLSession,
		secret: ArrayBuffer | Uint8Array,
		label: string,
		seed: ArrayBuffer,
		bytes: number,
	): Uint8Array;
	export default PRF;
}

declare module "ssl/stream" {
	/** Reads and writes big-endian numbers and bytes; throws where there is less to read. */
	class SSLStream {
		constructor(bytes?: Uint8Array);
		readonly bytesAvailable: number;
		readChar(): number;
		readChars(count: number): number;
		/** @param asView a Uint8Array on the same bytes; else they are copied to an ArrayBuffer */
		readChunk(count: number, asView?: boolean): ArrayBuffer | Uint8Array;
		writeChar(value: number): void;
		writeChars(value: number, count: number): void;
		writeChunk(bytes: ArrayBuffer | Uint8Array): void;
		writeString(text: string): void;
		/** What was written. */
		getChunk(): Uint8Array;
	}
	export default SSLStream;
}

declare module "ssl/constants" {
	export const AES: number;
	export const ECDHE_RSA: number;
	export const GCM: number;
	export const SHA256: number;
}

declare module "crypt" {
	export class BlockCipher {
		constructor(name: "AES", key: ArrayBuffer);
	}
}

declare module "gcm" {
	import type { BlockCipher } from "crypt";

	class GCM {
		constructor(cipher: BlockCipher);
	}
	export default GCM;
}

declare module "bin" {
	const Bin: {
		/** @returns 0 where both are the same bytes */
		comp(a: ArrayBufferLike | Uint8Array, b: ArrayBufferLike | Uint8Array): number;
	};
	export default Bin;
}

declare module "rng" {
	const RNG: { get(bytes: number): ArrayBuffer };
	export default RNG;
}

declare module "modular" {
	/** Numbers modulo another one. */
	class Modular {
		constructor(modulus: bigint);
		mul(a: bigint, b: bigint): bigint;
		mulinv(a: bigint): bigint;
		exp(base: bigint, exponent: bigint): bigint;
	}
	export default Modular;
}

declare module "ecp" {
	class ECPoint {
		readonly X: bigint;
		isZero(): boolean;
		/** @param bytes an uncompressed point (SEC 1, 2.3.3) */
		static fromOctetString(bytes: Uint8Array): ECPoint;
	}
	export default ECPoint;
}

declare module "curve" {
	import type ECPoint from "ecp";

	class Curve {
		constructor(name: "secp256r1" | "secp384r1");
		readonly G: ECPoint;
		readonly ec: { mul2(a: ECPoint, factorOfA: bigint, b: ECPoint, factorOfB: bigint): ECPoint };
		/** The order of the base point. */
		readonly n: bigint;
		/** Its bytes. */
		readonly orderSize: number;
		/** Diffie-Hellman: `secret` times the base point, or times `point`; points are uncompressed. */
		dh(secret: ArrayBuffer, point?: ArrayBuffer): ArrayBuffer;
		/** The x coordinate of a point. */
		Z(point: ArrayBuffer): ArrayBuffer;
	}
	export default Curve;
}
