import type { Credentials, Mechanism } from "./auth";
import { hmacMD5 } from "./md5";
import type { Output } from "./output";

/**
 * CRAM-MD5 (RFC 2195): the password is not sent, but proven to be known. The one mechanism here that is fit for a
 * connection without TLS, to a server that offers it.
 */
export const CRAM_MD5: Mechanism = Object.freeze({
	name: "CRAM-MD5",
	cleartext: false,
	initialResponse: false,
	respond(output: Output, { user, password }: Credentials, step: number, challenge: string): boolean {
		const bytes = step === 0 ? decodeBase64(challenge) : undefined;
		if (!bytes) return false;
		output.utf8(user);
		output.utf8(" ");
		const digest = hmacMD5(new Uint8Array(ArrayBuffer.fromString(password)), bytes);
		for (let i = 0; i < digest.length; i++) {
			const byte = digest[i] as number;
			output.byte(hexDigit(byte >> 4));
			output.byte(hexDigit(byte & 15));
		}
		return true;
	},
});

const hexDigit = (value: number): number => {
	return value < 10 ? value + 48 : value + 87;
};

/** The bytes that base64 stands for (RFC 4648, 4), or undefined where it is not well-formed. */
const decodeBase64 = (text: string): Uint8Array | undefined => {
	const { length } = text;
	if (length % 4) return undefined;
	const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
	const bytes = new Uint8Array((length / 4) * 3 - padding);
	let group = 0;
	let count = 0;
	for (let i = 0; i < length - padding; i++) {
		const digit = base64Value(text.charCodeAt(i));
		if (digit < 0) return undefined;
		group = ((group << 6) | digit) & 0xffffff;
		if (i % 4) bytes[count++] = (group >> (6 - 2 * (i % 4))) & 255;
	}
	return bytes;
};

const base64Value = (code: number): number => {
	if (code >= 65 && code <= 90) return code - 65;
	if (code >= 97 && code <= 122) return code - 71;
	if (code >= 48 && code <= 57) return code + 4;
	return code === 43 ? 62 : code === 47 ? 63 : -1;
};
