import { LOGIN, type Mechanism, PLAIN } from "./auth";
import { argumentError } from "./error";
import type { SMTPOptions, SMTPTimeouts } from "./types";

/** Milliseconds for each wait where the dictionary does not say otherwise. */
export const defaultTimeouts: Readonly<SMTPTimeouts> = Object.freeze({
	connect: 30_000,
	greeting: 60_000,
	tls: 60_000,
	command: 60_000,
	block: 60_000,
	final: 300_000,
});

const basic: readonly Mechanism[] = Object.freeze([PLAIN, LOGIN]);

/** The mechanisms that may be used, the preferred first. */
export const mechanismsOf = (options: SMTPOptions): readonly Mechanism[] => options.mechanisms ?? basic;

/** Bytes of the one buffer. */
export const bufferBytesOf = ({ bufferBytes = 512 }: SMTPOptions): number => bufferBytes;

/** Characters of a user's name, a password or a token; as base64 it must fit into a command of 12,288 octets. */
const CREDENTIAL_LIMIT = 4_000;

/** The port, by default the one that goes with the security (RFC 8314, RFC 6409). */
export const portOf = ({ port, security }: SMTPOptions): number => {
	if (port !== undefined) return port;
	if (security === "implicit") return 465;
	return security === "none" || security === "opportunistic" ? 25 : 587;
};

/**
 * What can be known to be wrong before anything is sent.
 * @throws SMTPError (argument)
 */
export const checkOptions = (options: SMTPOptions): void => {
	const { host, port, security, hostname, user, password, token, bufferBytes } = options;
	if (!host) throw argumentError("connect", "host is missing");
	if (port !== undefined && !((port | 0) === port && port > 0 && port < 65536))
		throw argumentError("connect", `port ${port} is not between 1 and 65535`);
	if (
		security !== undefined &&
		security !== "none" &&
		security !== "required" &&
		security !== "implicit" &&
		security !== "opportunistic"
	)
		throw argumentError("connect", `security "${security}" is not "required", "implicit", "opportunistic" or "none"`);
	if (security !== "none" && !options.tls)
		throw argumentError("TLS", `security "${security ?? "required"}" takes a TLS class: tls: {io}`);
	if (!hostname || hostname.indexOf(" ") >= 0)
		throw argumentError("EHLO", "hostname is missing or has a space: it is what the client calls itself in EHLO");
	if ((user === undefined) !== (password === undefined && token === undefined))
		throw argumentError("AUTH", "a user goes with a password or a token");
	if (password !== undefined && token !== undefined)
		throw argumentError("AUTH", "there is a password and a token: which?");
	if (isUnsendable(user) || isUnsendable(password) || (typeof token === "string" && isUnsendable(token)))
		throw argumentError("AUTH", `user, password or token has NUL or more than ${CREDENTIAL_LIMIT} characters`);
	if (bufferBytes !== undefined && !((bufferBytes | 0) === bufferBytes && bufferBytes >= 512 && bufferBytes <= 4096))
		throw argumentError("connect", "bufferBytes is not between 512 and 4096");
	let cleartext = true;
	const mechanisms = mechanismsOf(options);
	for (let i = 0; i < mechanisms.length; i++) if (!mechanisms[i]?.cleartext) cleartext = false;
	if (user !== undefined && security === "none" && cleartext && !options.allowCleartextAuth)
		throw argumentError("AUTH", "user and password would be sent in the clear: use TLS, or set allowCleartextAuth");
};

const isUnsendable = (secret: string | undefined): boolean =>
	secret !== undefined && (secret.length > CREDENTIAL_LIMIT || secret.indexOf("\0") >= 0);
