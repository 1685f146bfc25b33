import type { Output } from "./output";

/** What a person or an app proves its identity with. Which of them a mechanism takes is the mechanism's business. */
export interface Credentials {
	readonly user: string;
	/** Empty where there is a token. */
	readonly password: string;
	/** OAuth 2.0 access token (RFC 6750); empty where there is a password. */
	readonly token: string;
}

/**
 * A SASL mechanism (RFC 4422, RFC 4954). Mechanisms are frozen, stateless objects, so that they can live in flash; those
 * that are not always wanted stand in modules of their own.
 */
export interface Mechanism {
	/** Registered name, upper case. */
	readonly name: string;
	/** The secret can be read from what is sent: only to be used within TLS. */
	readonly cleartext: boolean;
	/** False where the server speaks first; else the first response goes with the AUTH command. */
	readonly initialResponse?: boolean;
	/** It takes a token in place of a password. */
	readonly token?: boolean;
	/**
	 * Writes the response to a challenge, to be sent as base64: `output.utf8` and `output.byte`.
	 * @param step 0 for the first response, then counting up
	 * @param challenge the server's challenge, still base64; empty for an initial response
	 * @returns false if the challenge cannot be answered: the exchange is cancelled
	 */
	respond(output: Output, credentials: Credentials, step: number, challenge: string): boolean;
}

/** RFC 4616: an empty authorization identity, the user and the password, between NULs. */
export const PLAIN: Mechanism = Object.freeze({
	name: "PLAIN",
	cleartext: true,
	respond(output: Output, { user, password }: Credentials, step: number): boolean {
		if (step > 1) return false; // once more for a server that ignores the initial response
		output.byte(0);
		output.utf8(user);
		output.byte(0);
		output.utf8(password);
		return true;
	},
});

/**
 * draft-murchison-sasl-login: the server prompts for a user and a password. There is no initial response, and some servers
 * refuse one. Prompts are obeyed, not counted on: one that asks for a user name gets the user, whatever came before.
 */
export const LOGIN: Mechanism = Object.freeze({
	name: "LOGIN",
	cleartext: true,
	initialResponse: false,
	respond(output: Output, { user, password }: Credentials, step: number, challenge: string): boolean {
		if (asksForUser(challenge)) output.utf8(user);
		else if (asksForPassword(challenge)) output.utf8(password);
		else if (step < 2) output.utf8(step ? password : user);
		else return false;
		return true;
	},
});

// "User" and "Pass" begin every known prompt ("Username:", "User Name", "Password:"), whose base64 then begins so.
// In lower case only the first letter differs.
const asksForUser = (challenge: string): boolean => {
	return challenge.indexOf("VXNl") === 0 || challenge.indexOf("dXNl") === 0;
};

const asksForPassword = (challenge: string): boolean => {
	return challenge.indexOf("UGFz") === 0 || challenge.indexOf("cGFz") === 0;
};
