/** Arithmetic of our own, beside Node's. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Bench } from "./bench.js";
import { numbers } from "./mutations.js";

/** A sample; by hand, TLS_NUMBERS=10000. */
const COUNT = Number(process.env.TLS_NUMBERS ?? 150);

export const arithmetic = (bench: Bench): void => {
	suite("calculates as Node does", () => {
		test(`${COUNT} RSA signatures, of 2,048 to 4,096 bits and of some that are odd`, async () => {
			for (let from = 0; from < COUNT; from += 250) {
				const pairs = Array.from({ length: Math.min(250, COUNT - from) }, (_, i) => pairOf(from + i));
				const digits = pairs.map(([n, s]) => [n.toString("hex"), s.toString("hex")] as [string, string]);
				const events = await bench.app.run({ what: "rsa", port: 0, pairs: digits });
				const opened = events.filter(({ event }) => event === "opened").map((it) => it.digits);
				assert.deepEqual(opened, pairs.map(openedByNode));
			}
		});
	});
};

/** A modulus, odd, and what is to be a signature: random numbers, and ones with many zeros or ones. */
function pairOf(seed: number): [Buffer, Buffer] {
	const random = numbers(seed);
	const size = [256, 257, 384, 385, 511, 512][random(6)] as number;
	const bytes = (kind: number): Buffer =>
		Buffer.from(
			Array.from({ length: size }, () => (kind === 0 ? random(256) : kind === 1 ? 0xff : random(8) ? 0 : random(256))),
		);
	const modulus = bytes(random(3));
	modulus[0] = (modulus[0] as number) | (1 << random(8));
	modulus[size - 1] = (modulus[size - 1] as number) | 1;
	const n = BigInt(`0x${modulus.toString("hex")}`);
	const signature = bytes(random(3));
	const special = [0n, 1n, n - 1n, n, n + 1n, n / 2n][random(12)];
	if (special !== undefined)
		signature.write((special % (1n << BigInt(8 * size))).toString(16).padStart(2 * size, "0"), "hex");
	else if (random(4)) signature[0] = 0;
	return [modulus, signature];
}

function openedByNode([modulus, signature]: [Buffer, Buffer]): string | undefined {
	const n = BigInt(`0x${modulus.toString("hex")}`);
	const s = BigInt(`0x${signature.toString("hex")}`);
	if (s >= n) return undefined;
	let power = s;
	for (let i = 0; i < 16; i++) power = (power * power) % n;
	return ((power * s) % n).toString(16).padStart(2 * modulus.length, "0");
}
