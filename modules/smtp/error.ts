/**
 * What went wrong, by the part that failed:
 * - `argument`: the caller's input; nothing of it was sent
 * - `connect`: no address, or no connection
 * - `timeout`: the server was silent beyond a phase's deadline
 * - `disconnected`: the connection ended before the dialogue did
 * - `protocol`: the server spoke something that is not SMTP
 * - `security`: TLS was asked for and cannot be had, or is not to be trusted
 * - `authentication`: the server refused the credentials, or offers no mechanism that fits
 * - `refused`: the server answered a command with 4yz or 5yz
 * - `unsupported`: the message, or a command, needs what the server does not offer; nothing of it was sent
 * - `body`: the message's source failed while it was read
 */
export type SMTPErrorKind =
	| "argument"
	| "connect"
	| "timeout"
	| "disconnected"
	| "protocol"
	| "security"
	| "authentication"
	| "refused"
	| "unsupported"
	| "body";

/** What the client was about when it failed; a command's verb where a command was under way. */
export type SMTPPhase =
	| "connect"
	| "greeting"
	| "EHLO"
	| "HELO"
	| "LHLO"
	| "STARTTLS"
	| "TLS"
	| "AUTH"
	| "MAIL"
	| "RCPT"
	| "DATA"
	| "BDAT"
	| "message"
	| "RSET"
	| "NOOP"
	| "VRFY"
	| "EXPN"
	| "HELP"
	| "QUIT"
	| "command"
	| "idle";

/** A server's reply, as far as a person needs it. */
export interface SMTPReply {
	/** Three-digit reply code (RFC 5321, 4.2). */
	readonly code: number;
	/** Enhanced status code such as "5.7.8" (RFC 3463), where the server gave one. */
	readonly enhanced: string | undefined;
	/** The reply's text without codes, its lines joined by LF, bounded; empty where it was not kept. */
	readonly text: string;
}

/** A recipient that the server refused, with its reply. */
export interface SMTPRefusal extends SMTPReply {
	/** As given in the message's `to`. */
	readonly address: string;
	/** Its place there. */
	readonly index: number;
}

/** The one error that the client throws or reports. Its message is a sentence for a person; it never carries a secret. */
export class SMTPError extends Error {
	override readonly name: string = "SMTPError";
	readonly kind: SMTPErrorKind;
	readonly phase: SMTPPhase;
	/** Reply code of the server, or undefined where no reply was involved. */
	readonly code: number | undefined;
	readonly enhanced: string | undefined;
	/** What the server said, bounded. */
	readonly text: string | undefined;
	/** Whether the same attempt can succeed later: lost connections, timeouts and 4yz replies. */
	readonly temporary: boolean;
	/** The recipients that the server refused, where that is why the message was not sent. */
	rejected: readonly SMTPRefusal[] | undefined;

	constructor(kind: SMTPErrorKind, phase: SMTPPhase, message: string, temporary: boolean, reply?: SMTPReply) {
		super(reply ? describe(message, reply) : message);
		this.kind = kind;
		this.phase = phase;
		this.code = reply?.code;
		this.enhanced = reply?.enhanced;
		this.text = reply?.text;
		this.temporary = temporary;
	}
}

const describe = (message: string, reply: SMTPReply): string => {
	const enhanced = reply.enhanced ? ` ${reply.enhanced}` : "";
	const text = reply.text ? ` ${reply.text}` : "";
	return `${message}: ${reply.code}${enhanced}${text}`;
};

/** An error of the caller's making, found before anything was sent. */
export const argumentError = (phase: SMTPPhase, message: string): SMTPError => {
	return new SMTPError("argument", phase, message, false);
};

/** Whether a reply says that the same may succeed later (RFC 5321, 4.2.1). */
export const isTemporary = (code: number): boolean => code >= 400 && code < 500;

/** What is to be said of something that was thrown. */
export const messageOf = (e: unknown): string => {
	return e instanceof Error ? e.message : String(e);
};
