import type { Credentials, Mechanism } from "./auth";
import { decodeBase64 } from "./base64";
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
