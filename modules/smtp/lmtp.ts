import { SMTPClient } from "./client";
import type { SMTPOptions } from "./types";

/** IANA's port for LMTP, and what Dovecot and Postfix take. */
const LMTP_PORT = 24;

/**
 * A client for LMTP (RFC 2033), which a mail store speaks to those who bring mail: SMTPClient with LHLO and, after the
 * message, a reply for each recipient. So `onSent` tells of recipients too who were refused only then, and `onRefused` has
 * them all if nobody got the message.
 *
 * A host that begins with "/" is the path of a Unix socket, given to the socket's class as its address.
 */
export class LMTPClient extends SMTPClient {
	/** @throws SMTPError (argument), as SMTPClient */
	constructor(options: SMTPOptions) {
		super({ ...options, port: options.port ?? LMTP_PORT });
	}

	/** @internal */
	override get lmtp(): boolean {
		return true;
	}
}
