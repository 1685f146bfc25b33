import Curve from "curve";
import type ECPoint from "ecp";
import { illegal, notOffered, TLSError } from "tls/error";
import { Multiplication, pointOf } from "tls/multiplication";
import type { Generator } from "tls/random";
import type { Reader } from "tls/reader";
import { isECDSA, type PublicKey, type Scheme, SignatureCheck, schemes } from "tls/signature";

/** P-256, by its number in TLS, as ECParameters (RFC 8422, 5.4): a named curve. */
const CURVE = 0x030017;

const enum Bytes {
	/** A coordinate of a point on it, and a secret. */
	Coordinate = 32,
	/** A point, uncompressed. */
	Point = 65,
}

/** Ephemeral Diffie-Hellman on P-256 (RFC 8422): the server's share, and ours. */
export class KeyExchange {
	/** Whether the signature has not been verified yet. */
	isPending = true;
	/** Ours: the body of a ClientKeyExchange. */
	share: Uint8Array | undefined;
	/** What both have then, and nobody else: the premaster secret. */
	secret: Uint8Array | undefined;
	private curve = new Curve("secp256r1");
	/** The server's share, and what is signed of it. */
	private theirs: ECPoint;
	private signed: Uint8Array;
	private scheme: Scheme;
	private signature: Uint8Array;
	private check: SignatureCheck | undefined;
	/** Our secret number. */
	private factor: bigint | undefined;
	private product: Multiplication | undefined;

	/**
	 * Takes a ServerKeyExchange: its body; then both hellos' randoms, which are signed with it.
	 * @param usesECDSA the cipher suite wants a signature by ECDSA, else by RSA
	 */
	constructor(reader: Reader, clientRandom: ArrayBuffer, serverRandom: ArrayBuffer, usesECDSA: boolean) {
		if (reader.number(3) !== CURVE) throw notOffered();
		const share = reader.vector(1);
		const point = pointOf(this.curve, share);
		if (!point) throw illegal("point", 47); // or it would tell of our secret (RFC 8422, 5.11)
		this.theirs = point;
		this.scheme = reader.number(2);
		this.signature = reader.vector(2).slice(); // so that nothing keeps the record
		reader.end();
		if (!schemes.includes(this.scheme) || isECDSA(this.scheme) !== usesECDSA) throw notOffered();
		const signed = new Uint8Array(64 + 4 + Bytes.Point);
		signed.set(new Uint8Array(clientRandom));
		signed.set(new Uint8Array(serverRandom), 32);
		signed.set([CURVE >> 16, CURVE >> 8, CURVE, Bytes.Point], 64);
		signed.set(share, 68);
		this.signed = signed;
	}

	/** Whether the verification has not begun. */
	get isNew(): boolean {
		return this.check === undefined;
	}

	/** The share must be signed with the key of the server's certificate, or anyone could be the server. A step of it. */
	verify(key: PublicKey): void {
		this.check ??= new SignatureCheck(key, this.scheme, this.signed, this.signature);
		if (!this.check.advance()) return;
		if (!this.check.isValid) throw new TLSError("the server does not have the key of its certificate", 51);
		this.isPending = false;
		this.check = undefined;
		this.signed = this.signature = this.signed.subarray(0, 0);
	}

	/** A step on the way to our share. */
	makeShare(generator: Generator): void {
		this.factor ??= secretBelow(this.curve.n, generator);
		const point = this.multiply(this.curve.G);
		if (!point) return;
		const share = new Uint8Array(1 + Bytes.Point);
		share[0] = Bytes.Point;
		share[1] = 4; // uncompressed
		share.set(bytesOf(point.x), 2);
		share.set(bytesOf(point.y), 2 + Bytes.Coordinate);
		this.share = share;
	}

	/** A step on the way to the secret. */
	join(): void {
		const point = this.multiply(this.theirs);
		if (point) this.secret = bytesOf(point.x);
	}

	private multiply(point: ECPoint): { x: bigint; y: bigint } | undefined {
		this.product ??= new Multiplication(this.curve, point, this.factor as bigint);
		if (!this.product.advance()) return undefined;
		const { affine } = this.product;
		this.product = undefined;
		return affine;
	}
}

/** A coordinate with its leading zeros. The typing lacks the least number of bytes. */
const bytesOf = (coordinate: bigint): Uint8Array =>
	new Uint8Array((ArrayBuffer as unknown as BigIntBuffers).fromBigInt(coordinate, Bytes.Coordinate));

interface BigIntBuffers {
	fromBigInt(number: bigint, bytes: number): ArrayBuffer;
}

/** A number from 1 to n - 1, each as likely as any other (FIPS 186-4, B.4.2). */
const secretBelow = (n: bigint, generator: Generator): bigint => {
	for (;;) {
		const number = BigInt.fromArrayBuffer(generator.get(Bytes.Coordinate).buffer) as bigint;
		if (number > 0n && number < n) return number;
	}
};
