/**
 * The names and meanings of Python's smtplib over the parts of the SMTP client, for those who port scripts. What differs is
 * in README.md.
 */
export type { AuthObject } from "./smtplib-auth";
export { SMTP_PORT, type SMTPLibOptions } from "./smtplib-commands";
export {
	type Reply,
	SMTPAuthenticationError,
	SMTPConnectError,
	SMTPDataError,
	SMTPException,
	SMTPHeloError,
	SMTPNotSupportedError,
	SMTPRecipientsRefused,
	SMTPResponseException,
	SMTPSenderRefused,
	SMTPServerDisconnected,
} from "./smtplib-errors";
export { type AddressedMessage, type Message, quoteaddr, quotedata } from "./smtplib-message";
export { LMTP, LMTP_PORT, SMTP, SMTP_SSL, SMTP_SSL_PORT } from "./smtplib-smtp";

/** The end of a line. */
export const CRLF = "\r\n";
