import { LOGIN, type Mechanism } from "./auth";
import { decodeBase64 } from "./base64";
import { Capabilities, Extension } from "./capabilities";
import { checkOptions } from "./options";
import type { Session } from "./session";
import type { SMTPOptions } from "./types";

/**
 * Gives the response to a challenge, or undefined to cancel. Asked first without a challenge, for the initial response;
 * undefined then leaves that out.
 */
export type AuthObject = (challenge: Uint8Array | undefined) => string | undefined;

/** A mechanism whose responses a function gives. What it does with the password is unknown, so it takes TLS, as PLAIN does. */
export const mechanismOf = (name: string, authobject: AuthObject, initialResponse: boolean): Mechanism => {
	const first = initialResponse ? authobject(undefined) : undefined;
	return {
		name: name.toUpperCase(),
		cleartext: true,
		initialResponse: first !== undefined,
		respond(output, _, step, challenge) {
			const bytes = decodeBase64(challenge);
			const response = step === 0 && first !== undefined ? first : bytes && authobject(bytes);
			if (response === undefined) return false;
			output.utf8(response);
			return true;
		},
	};
};

/**
 * The same mechanism as smtplib uses it: LOGIN begins with the user, and none begins for servers that want to speak first.
 * A server that refuses the initial response is asked once more without it.
 */
export const asInSmtplib = (mechanism: Mechanism, initialResponse: boolean): Mechanism =>
	initialResponse && mechanism !== LOGIN ? mechanism : { ...mechanism, initialResponse };

/**
 * A session as `Authentication` takes it, in which these mechanisms are offered.
 * @throws SMTPError (argument) for credentials that cannot be sent, or not without TLS
 */
export const sessionFor = (
	session: SecurableSession,
	mechanisms: readonly Mechanism[],
	user: string,
	secret: string,
): Session => {
	const options: SMTPOptions = {
		...session.options,
		security: session.secure ? "implicit" : "none",
		mechanisms,
		user,
		...(mechanisms[0]?.token ? { token: secret } : { password: secret }),
	};
	const capabilities = new Capabilities();
	checkOptions(options);
	capabilities.extensions = Extension.AUTH;
	capabilities.mechanisms = (1 << mechanisms.length) - 1;
	return {
		connection: session.connection,
		capabilities,
		options,
		lmtp: session.lmtp,
		refuse: (kind, problem, temporary) => session.refuse(kind, problem, temporary),
		onOpen: () => session.onOpen(),
		onTransaction: () => {},
	};
};

interface SecurableSession extends Session {
	readonly secure: boolean;
}

/** A command as it may be shown after a reply with `code`: without the response to a challenge, in AUTH or after it. */
export const commandOf = (command: string, code: number): string => {
	if (code === 334) return "***";
	const words = command.split(" ");
	return words.length > 2 && words[0]?.toUpperCase() === "AUTH" ? `AUTH ${words[1]} ***` : command;
};
