import Curve from "curve";
import RNG from "rng";
import type SSLStream from "ssl/stream";
import { TLSError } from "tls/error";
import { isSignedBy, type PublicKey } from "tls/signature";

/** P-256, by its number in TLS, as ECParameters (RFC 8422, 5.4): a named curve. */
const CURVE = 0x030017;
/** Bytes of a point on it, uncompressed. */
const POINT_BYTES = 65;

/** Ephemeral Diffie-Hellman on P-256 (RFC 8422): the server's share, and ours. */
export class KeyExchange {
	/** Whether the signature has not been verified yet. */
	isPending = true;
	/** The server's share, and what is signed of it. */
	private theirs: ArrayBuffer;
	private signed: Uint8Array;
	private scheme: number;
	private signature: Uint8Array;
	private secret: ArrayBuffer | undefined;

	/**
	 * Takes a ServerKeyExchange.
	 * @param stream its body @param randoms those of both hellos, which are signed with it
	 */
	constructor(stream: SSLStream, randoms: ArrayBuffer) {
		if (stream.readChars(3) !== CURVE || stream.readChar() !== POINT_BYTES)
			throw new TLSError("the server chooses what was not offered", 47);
		this.theirs = stream.readChunk(POINT_BYTES) as ArrayBuffer;
		this.scheme = stream.readChars(2);
		this.signature = stream.readChunk(stream.readChars(2), true) as Uint8Array;
		const signed = new Uint8Array(64 + 4 + POINT_BYTES);
		signed.set(new Uint8Array(randoms));
		signed.set([CURVE >> 16, CURVE >> 8, CURVE, POINT_BYTES], 64);
		signed.set(new Uint8Array(this.theirs), 68);
		this.signed = signed;
	}

	/** The share must be signed with the key of the server's certificate, or anyone could be the server. */
	verify(key: PublicKey): void {
		if (!isSignedBy(key, this.scheme, this.signed, this.signature))
			throw new TLSError("the server does not have the key of its certificate", 51);
		this.isPending = false;
		this.signed = this.signature = this.signed.subarray(0, 0);
	}

	/** @returns our share: the body of a ClientKeyExchange */
	makeShare(): Uint8Array {
		const curve = new Curve("secp256r1");
		const secret = RNG.get(curve.orderSize);
		this.secret = secret;
		const body = new Uint8Array(1 + POINT_BYTES);
		body[0] = POINT_BYTES;
		body.set(new Uint8Array(curve.dh(secret)), 1);
		return body;
	}

	/** @returns what both have now, and nobody else: the premaster secret */
	join(): ArrayBuffer {
		const curve = new Curve("secp256r1");
		return curve.Z(curve.dh(this.secret as ArrayBuffer, this.theirs));
	}
}
