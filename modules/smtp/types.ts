import type { Mechanism } from "./auth";
import type { SMTPClient } from "./client";
import type { SMTPError, SMTPRefusal } from "./error";

// biome-ignore-start lint/suspicious/noExplicitAny: the dictionaries are those of ECMA-419 classes that this module never sees

/** An ECMA-419 TCP socket, or one that looks like it: the SDK's `embedded:io/socket/tcp` or its `TLSSocket`. */
export interface Socket {
	/** Gives an ArrayBuffer with so many of the bytes that have come. */
	read(count: number): unknown;
	/** Takes the whole buffer and returns the room left; throws where there is less room. */
	write(bytes: Uint8Array): unknown;
	close(): void;
}

/** A class for sockets, with further entries for its constructor's dictionary. */
export interface SocketProvider {
	io: new (options: any) => Socket;
	[option: string]: unknown;
}

/** An ECMA-419 resolver: `resolve({host, onResolved(host, address), onError(host)})`. */
export interface Resolver {
	resolve(options: any): void;
	close?(): void;
}

export interface ResolverProvider {
	io: new (options: any) => Resolver;
	[option: string]: unknown;
}

// biome-ignore-end lint/suspicious/noExplicitAny: see above

/** How the connection is protected (RFC 8314). */
export type SMTPSecurity =
	/** STARTTLS before anything else is said (port 587); no TLS, no mail. */
	| "required"
	/** TLS from the first byte (port 465). */
	| "implicit"
	/**
	 * STARTTLS where it is offered, else in the clear; a user and a password are then not sent, which is an error. It
	 * protects from listeners, not from meddlers.
	 */
	| "opportunistic"
	/** No TLS, as on port 25 of a relay in one's own network. */
	| "none";

/** Fetches a token and gives it to `done`, or undefined where there is none; at any time within the command's deadline. */
export type TokenSource = (done: (token: string | undefined) => void) => void;

/** Deadlines in milliseconds, each for one wait. RFC 5321, 4.5.3.2 would have minutes; a person at a button would not. */
export interface SMTPTimeouts {
	/** Name lookup and TCP connection together (30,000). */
	connect: number;
	/** The greeting (60,000). */
	greeting: number;
	/** The TLS handshake (60,000). */
	tls: number;
	/** The reply to a command (60,000). */
	command: number;
	/**
	 * Progress with the message: the socket takes a block (60,000). Only whether something has moved is looked at, once in that
	 * time: a server that takes no more is given up when it has passed once, or nearly twice.
	 */
	block: number;
	/** The reply after the message (300,000). Giving up early sends the mail twice. */
	final: number;
}

export interface SMTPOptions {
	/** Server's name or address. */
	host: string;
	/** 1 to 65535; by default 587, 465 or 25 by `security`. */
	port?: number;
	/** Default "required". */
	security?: SMTPSecurity;
	/** TCP, e.g. `{io: TCP}`. */
	socket: SocketProvider;
	/** Name lookup, e.g. `{io: Resolver}`. */
	dns: ResolverProvider;
	/** TLS over that TCP, e.g. `{io: TLSSocket, secure: {...}}`; not needed with security "none". */
	tls?: SocketProvider;
	/** What the client calls itself in EHLO: its domain name or its address as "[192.0.2.7]" (RFC 5321, 4.1.1.1). */
	hostname: string;
	/** User to authenticate, with a password or a token. */
	user?: string;
	password?: string;
	/** OAuth 2.0 access token, or a function that fetches one; takes a mechanism of `smtp/oauth`. */
	token?: string | TokenSource;
	/**
	 * Mechanisms that may be used, the preferred first; by default PLAIN and LOGIN. With the optional ones the order is
	 * OAUTHBEARER, XOAUTH2, CRAM-MD5, PLAIN, LOGIN.
	 */
	mechanisms?: readonly Mechanism[];
	/** Allows mechanisms that show the password to everyone on the way when there is no TLS. Default false. */
	allowCleartextAuth?: boolean;
	/** Milliseconds for every wait; or each of them by name. */
	timeout?: number;
	timeouts?: Partial<SMTPTimeouts>;
	/** Several commands in one flight, where the server offers it (RFC 2920). Default true. */
	pipelining?: boolean;
	/**
	 * The message in chunks, in one flight with its envelope, where the server offers that and PIPELINING (RFC 3030): true for
	 * every message, false for none. By default for those that are known to have at most 4,096 octets, for which a round trip
	 * less is worth more than what a chunk and its reply cost.
	 */
	chunking?: boolean;
	/** Bytes of the one buffer for commands and message, 512 to 4096; default 512. */
	bufferBytes?: number;
	/** A message to send as soon as the session is open; its envelope is checked before anything is sent. */
	message?: SMTPMessage;
	/** The session is open, or a message has been dealt with: `send` can be called. */
	onReady?(this: SMTPClient): void;
	/** The server has taken the message for at least one recipient. */
	onSent?(this: SMTPClient, result: SMTPResult): void;
	/** The server refused the message; the session goes on, `onReady` follows. Without it a refusal is an error that ends the session. */
	onRefused?(this: SMTPClient, error: SMTPError, rejected: readonly SMTPRefusal[]): void;
	/** The session has failed and everything is closed; also for a message that was under way. */
	onError?(this: SMTPClient, error: SMTPError): void;
	/** The session has ended after `quit`. */
	onClose?(this: SMTPClient): void;
	/** Shows the dialogue, a line at a time, as "C: ..." and "S: ...". Secrets are masked. Costs memory: for debugging. */
	onTrace?(this: unknown, line: string): void;
}

/** A message as it is to be sent: headers, an empty line and content (RFC 5322). */
export interface MessageSource {
	/**
	 * A promise: every line ends in CRLF, the last one too, there is no other CR or LF, and no line begins with a dot.
	 * Such a message is copied, not looked at, which is many times faster. Without it, line ends may be CR, LF or CRLF.
	 */
	readonly canonical?: boolean;
	/** Octets of the whole message, where they are known in advance. */
	readonly size?: number;
	/** There are bytes beyond ASCII in it (8BITMIME, RFC 6152). */
	readonly eightBit?: boolean;
	/**
	 * Fills the buffer from its start.
	 * @returns how many bytes were written; 0 at the end of the message
	 */
	read(buffer: Uint8Array): number;
}

export interface SMTPMessage {
	/** Reverse-path: the address that bounces go to; "" for none. A display name is dropped. */
	from: string;
	/** Forward-paths: the recipients' addresses, 1 to 100. */
	to: string | readonly (string | SMTPRecipient)[];
	body: MessageSource;
	/** The message's octets, about; a server whose limit they exceed is not bothered (SIZE, RFC 1870). */
	size?: number;
	/**
	 * The message has bytes beyond ASCII (8BITMIME, RFC 6152); needed where the source does not say so. To a server that does
	 * not take them they are not sent: an error before MAIL or, where nobody knew of them, in the middle of the message. With
	 * false nobody looks for them.
	 */
	eightBit?: boolean;
	/** Addresses or headers have characters beyond ASCII: the server must offer SMTPUTF8 (RFC 6531). */
	utf8?: boolean;
	/** Delivery status notifications (RFC 3461), where the server offers them. */
	dsn?: SMTPNotification;
	/** Parameters of MAIL as they stand, such as "DELIVERBY=120;R". */
	parameters?: readonly string[];
}

export interface SMTPNotification {
	/** True: a server that does not offer DSN is an error (`unsupported`), and gets nothing. Default: then nobody is notified. */
	required?: boolean;
	/** What of the message comes back with a notification: RET. */
	return?: "full" | "headers";
	/** What the notification calls the message: ENVID, 1 to 100 characters. */
	envelopeId?: string;
	/** When to notify, for recipients who do not say otherwise: NOTIFY. */
	notify?: SMTPNotify;
}

export type SMTPNotify = "never" | readonly ("success" | "failure" | "delay")[];

/** A recipient with options of its own. */
export interface SMTPRecipient {
	address: string;
	notify?: SMTPNotify;
	/** The address that the message was meant for at first: ORCPT. */
	originalRecipient?: string;
	/** Parameters of RCPT as they stand. */
	parameters?: readonly string[];
}

export interface SMTPResult {
	/** Recipients that the server has taken responsibility for, as given in `to`. */
	readonly accepted: readonly string[];
	readonly rejected: readonly SMTPRefusal[];
}
