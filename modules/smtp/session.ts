import type { Mechanism } from "./auth";
import type { Capabilities } from "./capabilities";
import type { Connection } from "./connection";
import type { SMTPError, SMTPRefusal } from "./error";
import type { SMTPOptions, SMTPResult, SMTPTimeouts } from "./types";

/** What the parts of a dialogue (hello, authentication, transaction) share. */
export interface Session {
	readonly connection: Connection;
	readonly capabilities: Capabilities;
	readonly mechanisms: readonly Mechanism[];
	readonly options: SMTPOptions;
	/** The server speaks LMTP: a reply for each recipient after the message (RFC 2033). */
	readonly lmtp: boolean;
	/** The phase's deadline in milliseconds. */
	timeout(name: keyof SMTPTimeouts): number;
	/** The transaction is over: taken by the server, or refused with an error that leaves the session usable. */
	onTransaction(result: SMTPResult | undefined, error: SMTPError | undefined, rejected: readonly SMTPRefusal[]): void;
}
