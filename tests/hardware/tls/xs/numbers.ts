import { Generator } from "tls/random";
import { open as openRSA } from "tls/rsa";
import type { Scenario } from "./main";

/** Makes a generator from the entropy given, and tells what it gives the second time (as CAVP has it), and after a reseed. */
export const generate = (scenario: Scenario, _tls: object, tell: (event: string, details?: object) => void): void => {
	const { entropy = "", reseed, bytes = 0 } = scenario;
	const generator = new Generator(bytesOf(entropy));
	if (reseed === undefined) generator.get(bytes);
	else generator.reseed(bytesOf(reseed));
	if (reseed !== undefined) generator.get(bytes);
	tell("done", { digits: hexadecimal(generator.get(bytes)) });
};

/** Tells what signatures become with their moduli and the exponent 65,537. */
export const open = (scenario: Scenario, _tls: object, tell: (event: string, details?: object) => void): void => {
	for (const [modulus, signature] of scenario.pairs ?? []) {
		const opened = openRSA(bytesOf(modulus), bytesOf(signature));
		tell("opened", { digits: opened && hexadecimal(new Uint8Array(opened)) });
	}
	tell("done");
};

const bytesOf = (digits: string): Uint8Array => {
	const bytes = new Uint8Array(digits.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
	return bytes;
};

const hexadecimal = (bytes: Uint8Array): string => {
	let digits = "";
	for (const byte of bytes) digits += (0x100 + byte).toString(16).slice(1);
	return digits;
};
