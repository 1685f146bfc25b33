import type Curve from "curve";
import ECPoint from "ecp";
import Modular from "modular";
import { integerOf } from "tls/der";

/** Jacobian coordinates: the point (x / z², y / z³), or the one at infinity where z is 0. */
interface Jacobian {
	x: bigint;
	y: bigint;
	z: bigint;
}

/** Resolved by the XS compiler: the C function of that name in multiplication.c. */
declare function native(
	name: string,
): (
	curve: Curve["ec"],
	sum: Jacobian,
	p: ECPoint,
	q: ECPoint,
	both: ECPoint,
	k: bigint,
	l: bigint,
	from: number,
	to: number,
) => void;

/** What a step does of a 256-bit number takes the chip 0.3 s at 80 MHz, of a 384-bit one as long. */
const enum Bits {
	Step256 = 64,
	Step384 = 32,
}

/** k·P, or k·P + l·Q, on an elliptic curve; in steps, between which the chip can turn to something else. */
export class Multiplication {
	private curve: Curve;
	private p: ECPoint;
	private k: bigint;
	private q: ECPoint;
	private l: bigint;
	private both: ECPoint;
	/** The point at infinity; its numbers must be in RAM, as the SDK's C reads single bytes of them. */
	private sum: Jacobian = { x: 0n, y: 0n, z: 0n };
	/** Bits that are left. */
	private bits: number;

	constructor(curve: Curve, p: ECPoint, k: bigint, q: ECPoint = p, l = 0n) {
		this.curve = curve;
		this.p = p;
		this.k = k;
		this.q = q;
		this.l = l;
		this.both = l === 0n ? p : curve.ec.add(p, q);
		this.bits = BigInt.bitLength(k > l ? k : l);
	}

	/** A step. @returns whether it was the last */
	advance(): boolean {
		const { curve, bits } = this;
		const to = Math.max(0, bits - (curve.orderSize > 32 ? Bits.Step384 : Bits.Step256));
		native("xs_tls_multiply")(curve.ec, this.sum, this.p, this.q, this.both, this.k, this.l, bits, to);
		this.bits = to;
		return to === 0;
	}

	/** The result; undefined at infinity. */
	get affine(): { x: bigint; y: bigint } | undefined {
		const { x, y, z } = this.sum;
		if (z === 0n) return undefined;
		const field = new Modular(this.curve.ec.m);
		const inverse = field.mulinv(z);
		const square = field.mul(inverse, inverse);
		return { x: field.mul(x, square), y: field.mul(field.mul(y, square), inverse) };
	}
}

/** @returns the point that an uncompressed one (SEC 1, 2.3.3) is; undefined where that is none of the curve's */
export const pointOf = (curve: Curve, bytes: Uint8Array): ECPoint | undefined => {
	const size = curve.orderSize;
	if (bytes.length !== 1 + 2 * size || bytes[0] !== 4) return undefined;
	const x = integerOf(bytes.subarray(1, 1 + size));
	const y = integerOf(bytes.subarray(1 + size));
	const { a, b, m } = curve.ec;
	if (x >= m || y >= m || (((x * x + a) % m) * x + b - y * y) % m !== 0n) return undefined;
	return new ECPoint(x, y);
};
