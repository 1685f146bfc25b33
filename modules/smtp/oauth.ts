import type { Credentials, Mechanism } from "./auth";
import type { Output } from "./output";

/** OAUTHBEARER (RFC 7628): the token, without a password. The authorization identity is the user. */
export const OAUTHBEARER: Mechanism = Object.freeze({
	name: "OAUTHBEARER",
	cleartext: true,
	token: true,
	respond(output: Output, { user, token }: Credentials, step: number): boolean {
		if (step === 0) {
			output.utf8("n,a=");
			writeName(output, user);
			output.utf8(",\x01auth=Bearer ");
			output.utf8(token);
			output.utf8("\x01\x01");
		} else if (step === 1)
			output.byte(1); // what the server says is why it refuses: it wants to hear so much (RFC 7628, 3.2.3)
		else return false;
		return true;
	},
});

/** XOAUTH2, Google's and Microsoft's own form of it. */
export const XOAUTH2: Mechanism = Object.freeze({
	name: "XOAUTH2",
	cleartext: true,
	token: true,
	respond(output: Output, { user, token }: Credentials, step: number): boolean {
		if (step > 1) return false;
		if (step === 1) return true; // likewise, with nothing
		output.utf8("user=");
		output.utf8(user);
		output.utf8("\x01auth=Bearer ");
		output.utf8(token);
		output.utf8("\x01\x01");
		return true;
	},
});

/** A saslname: "=" and "," have other meanings here (RFC 5801, 4). */
const writeName = (output: Output, name: string): void => {
	for (const character of name) output.utf8(character === "=" ? "=3D" : character === "," ? "=2C" : character);
};
