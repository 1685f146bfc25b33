import type { Capabilities } from "./capabilities";
import type { Connection } from "./connection";
import type { SMTPError, SMTPErrorKind, SMTPRefusal } from "./error";
import type { SMTPOptions, SMTPResult } from "./types";

/** What a connection tells its session. */
export interface ConnectionOwner {
	readonly options: SMTPOptions;
	/** The connection, or the TLS layer on it, is up. */
	onConnected(): void;
	/** The connection's `reply` holds a complete reply; `unread` bytes came with it. */
	onReply(unread: number): void;
	/** The connection has failed, and is closed. */
	onFailed(error: SMTPError): void;
}

/** Who has more to write than the output or the socket could take. */
export interface Writer {
	/** The socket has room. */
	onWritable(): void;
}

/** A part of a session that takes the replies while it is under way: the opening, a command, a transaction. */
export interface Dialogue {
	/** Takes the reply that the connection holds; `unread` bytes came with it. */
	onReply(unread: number): void;
	/** The reply that the connection holds ends the session (421). */
	abandon?(): void;
	/** The connection has failed; who has a message all the same, if it is that far. */
	onLost?(error: SMTPError): SMTPResult | undefined;
	/** What has gone wrong so far; it tells more than that the connection is lost now. */
	readonly error?: SMTPError | undefined;
	/** The connection, or TLS on it, is up. */
	onConnected?(): void;
}

/** What the parts of a session share. */
export interface Session {
	readonly connection: Connection;
	readonly capabilities: Capabilities;
	readonly options: SMTPOptions;
	/** The server speaks LMTP (RFC 2033): LHLO, and after the message a reply for each recipient. */
	readonly lmtp: boolean;
	/** Ends the session because of the reply that the connection holds. @param temporary by default, what its code says */
	refuse(kind: SMTPErrorKind, problem: string, temporary?: boolean): void;
	/** The session is open. */
	onOpen(): void;
	/** The transaction is over: taken by the server, or refused with an error that leaves the session usable. */
	onTransaction(result: SMTPResult | undefined, error: SMTPError | undefined, rejected: readonly SMTPRefusal[]): void;
}
