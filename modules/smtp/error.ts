import { inOneLine } from "./text";

/**
 * What went wrong, by the part that failed:
 * - `argument`: the caller's input; nothing of it was sent
 * - `connect`: no address, or no connection
 * - `timeout`: the server was silent beyond a phase's deadline
 * - `disconnected`: the connection ended before the dialogue did
 * - `protocol`: the server spoke something that is not SMTP
 * - `security`: TLS was asked for and cannot be had, or is not to be trusted
 * - `authentication`: the server refused the credentials (`credentials` is true then), or offers or takes no mechanism that fits
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
	/**
	 * The reply's text without codes, its lines joined by LF, bounded; empty where it was not kept. What it has of the client's
	 * secrets is masked, and what would not be seen as it is shown as an escape.
	 */
	readonly text: string;
}

/**
 * What an error is about, and so what else fails with it: the way to the server or the session on it, the mail, or some of its
 * recipients.
 */
export type SMTPScope = "route" | "mail" | "recipient";

/** A recipient that the server refused, with its reply, whose text is in one line. */
export interface SMTPRefusal extends SMTPReply {
	/** As given in the message's `to`. */
	readonly address: string;
	/** Its place there. */
	readonly index: number;
	/** Whether the same recipient can be accepted later. */
	readonly temporary: boolean;
}

/** The one error that the client throws or reports. Its message is a sentence for a person; it never carries a secret. */
export class SMTPError extends Error {
	override readonly name: string = "SMTPError";
	readonly kind: SMTPErrorKind;
	readonly phase: SMTPPhase;
	/** Reply code of the server, or undefined where no reply was involved. */
	readonly code: number | undefined;
	readonly enhanced: string | undefined;
	/** What the server said, in one line, bounded. */
	readonly text: string | undefined;
	/** Whether the same attempt can succeed later: lost connections, timeouts and 4yz replies. */
	readonly temporary: boolean;
	/** The recipients that the server refused, where that is why the message was not sent. */
	rejected: readonly SMTPRefusal[] | undefined;
	/** What was tried, without what the server said of it. */
	private readonly problem: string;

	constructor(kind: SMTPErrorKind, phase: SMTPPhase, problem: string, temporary: boolean, reply?: SMTPReply) {
		super();
		this.kind = kind;
		this.phase = phase;
		this.problem = problem;
		this.code = reply?.code;
		this.enhanced = reply?.enhanced;
		this.text = reply && inOneLine(reply.text);
		this.temporary = temporary;
	}

	/** One line; made when it is asked for, so that the server's text is there once. */
	override get message(): string {
		const { problem, code, enhanced, text } = this;
		if (code === undefined) return problem;
		return `${problem}: ${code}${enhanced ? ` ${enhanced}` : ""}${text ? ` ${text}` : ""}`;
	}

	/**
	 * What it is about: the same mail can go another way where it is the route, others can go on the same way where it is the
	 * mail or a recipient.
	 */
	get scope(): SMTPScope {
		const { kind, phase, code } = this;
		if (kind === "argument" || kind === "unsupported" || kind === "body")
			return phase === "RCPT" ? "recipient" : phase === "MAIL" || phase === "message" ? "mail" : "route";
		// A login or TLS that is wanted, a command that is not understood, a session that ends: no other mail would fare better.
		if (kind !== "refused" || isOfRoute(code ?? 0)) return "route";
		if (phase === "RCPT") return "recipient";
		return phase === "MAIL" || phase === "DATA" || phase === "message" ? "mail" : "route";
	}

	/** The server has judged user and password, or the token, and does not take them; no other mechanism would help. */
	get credentials(): boolean {
		return this.kind === "authentication" && refusesCredentials(this.code, this.enhanced);
	}
}

const isOfRoute = (code: number): boolean =>
	code === 421 || code === 500 || code === 502 || code === 503 || code === 521 || code === 530 || code === 538;

/** RFC 4954, 6: 535 or, where the basic code says less, the enhanced one; or the account is disabled (RFC 5248: 525, X.7.13). */
export const refusesCredentials = (code: number | undefined, enhanced: string | undefined): boolean =>
	code === 535 || code === 525 || enhanced === "5.7.8" || enhanced === "5.7.13";

/** An error of the caller's making, found before anything was sent. */
export const argumentError = (phase: SMTPPhase, message: string): SMTPError => {
	return new SMTPError("argument", phase, message, false);
};

/** Whether the server has done what it was told: the first digit decides (RFC 5321, 4.2). */
export const isPositive = (code: number): boolean => code >= 200 && code < 300;

/** Whether it waits for more: 354, 334. */
export const isIntermediate = (code: number): boolean => code >= 300 && code < 400;

/** Whether the same may succeed later (RFC 5321, 4.2.1); a reply that makes no sense says nothing for good. */
export const isTemporary = (code: number): boolean => code < 500;

/**
 * The same of a recipient: 552 (RFC 5321, 4.5.3.1.10) and "too many recipients" (RFC 3463, 3.6) are no judgement of this one.
 */
export const isRecipientTemporary = ({ code, enhanced }: SMTPReply): boolean =>
	code < 500 || code === 552 || enhanced === "5.5.3";

/** What is to be said of something that was thrown. */
export const messageOf = (e: unknown): string => {
	return e instanceof Error ? e.message : String(e);
};
