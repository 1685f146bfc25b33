import { isRecipientTemporary, SMTPError, type SMTPErrorKind, type SMTPPhase, type SMTPReply } from "./error";
import { replyOf } from "./reply";

/** A reply as smtplib gives it: the code, and the text of all lines, trimmed and joined by LF. */
export type Reply = readonly [code: number, message: string];

/**
 * The base of smtplib's exceptions. As there it is an OSError, so here it is an SMTPError, with `kind`, `phase`,
 * `temporary` and, where a reply was involved, `code`, `enhanced` and `text`. What is an OSError without more in smtplib
 * (no connection), or a ValueError (an argument with a line end), is an SMTPError without more here.
 */
export class SMTPException extends SMTPError {
	override readonly name: string = "SMTPException";
}

/** The server does not offer what was asked for; nothing of it was sent. */
export class SMTPNotSupportedError extends SMTPException {
	override readonly name = "SMTPNotSupportedError";

	constructor(message: string, phase: SMTPPhase = "command") {
		super("unsupported", phase, message, false);
	}
}

/** There is no connection: not yet, or not any more. */
export class SMTPServerDisconnected extends SMTPException {
	override readonly name = "SMTPServerDisconnected";

	constructor(message: string, phase: SMTPPhase = "command", kind: SMTPErrorKind = "disconnected") {
		super(kind, phase, message, true);
	}
}

/** The server answered a command with an error. */
export class SMTPResponseException extends SMTPException {
	override readonly name: string = "SMTPResponseException";
	readonly smtp_code: number;
	/** All that the server said after the code. */
	readonly smtp_error: string;

	constructor(
		code: number,
		text: string,
		phase: SMTPPhase = "command",
		message = "the command was refused",
		kind: SMTPErrorKind = "refused",
	) {
		super(kind, phase, message, kind !== "protocol" && code < 500, replyOf(code, text));
		this.smtp_code = code;
		this.smtp_error = text;
	}
}

/** MAIL was refused. */
export class SMTPSenderRefused extends SMTPResponseException {
	override readonly name = "SMTPSenderRefused";
	/** As given to `sendmail`. */
	readonly sender: string;

	constructor(code: number, text: string, sender: string) {
		super(code, text, "MAIL", "the sender was refused");
		this.sender = sender;
	}
}

/** Every recipient was refused: nobody got the message. */
export class SMTPRecipientsRefused extends SMTPException {
	override readonly name = "SMTPRecipientsRefused";
	/** Who, as given to `sendmail`, with the server's reply. */
	readonly recipients: ReadonlyMap<string, Reply>;

	constructor(recipients: ReadonlyMap<string, Reply>, phase: SMTPPhase = "RCPT") {
		let first: Reply | undefined;
		let temporary = false;
		for (const reply of recipients.values()) {
			first ??= reply;
			if (reply[0] < 500 || (phase === "RCPT" && isRecipientTemporary(replyOf(reply[0], reply[1])))) temporary = true;
		}
		super("refused", phase, "all recipients were refused", temporary, first && replyOf(first[0], first[1]));
		this.recipients = recipients;
	}
}

/** DATA, or the message after it, was refused. */
export class SMTPDataError extends SMTPResponseException {
	override readonly name = "SMTPDataError";

	constructor(code: number, text: string, phase: SMTPPhase = "message") {
		super(code, text, phase, "the message was refused");
	}
}

/** The greeting was not 220. */
export class SMTPConnectError extends SMTPResponseException {
	override readonly name = "SMTPConnectError";

	constructor(code: number, text: string) {
		super(code, text, "greeting", "the server does not take mail from here");
	}
}

/** Neither EHLO nor HELO was accepted. */
export class SMTPHeloError extends SMTPResponseException {
	override readonly name = "SMTPHeloError";

	constructor(code: number, text: string) {
		super(code, text, "HELO", "the server does not want to talk to us");
	}
}

/** The server did not accept the credentials. */
export class SMTPAuthenticationError extends SMTPResponseException {
	override readonly name = "SMTPAuthenticationError";

	constructor(code: number, text: string) {
		super(code, text, "AUTH", "the server refused the credentials", "authentication");
	}
}

/** The exception that an error of the client's parts is in smtplib; itself where smtplib has none of its own. */
export const exceptionOf = (error: unknown): unknown => {
	if (!(error instanceof SMTPError) || error instanceof SMTPException) return error;
	const { kind, phase, message, code, enhanced, text = "" } = error;
	const said = textOf({ enhanced, text });
	if (kind === "unsupported") return new SMTPNotSupportedError(message, phase);
	if (kind === "disconnected" || (kind === "timeout" && phase !== "connect"))
		return new SMTPServerDisconnected(message, phase, kind);
	// smtplib's code for a line that is too long; it takes other garbage for a reply with the code -1 and goes on.
	if (kind === "protocol") return new SMTPResponseException(500, message, phase, "protocol error", kind);
	if (code === undefined) return error;
	if (kind === "refused") return new SMTPDataError(code, said, phase);
	// A challenge too many is no refusal.
	if (kind === "authentication" && code !== 334) return new SMTPAuthenticationError(code, said);
	return new SMTPException(kind, phase, message, false);
};

/** The text of a reply as it came, with the enhanced status code. */
export const textOf = ({ enhanced, text }: Pick<SMTPReply, "enhanced" | "text">): string =>
	enhanced ? `${enhanced} ${text}` : text;
