import { SMTPError } from "smtp/error";
import type { Failure, Scope } from "./types";

/**
 * What an error of a session says of the alert that was under way. Everything before a transaction is the way to the server:
 * name lookup, connection, greeting, EHLO, TLS, AUTH, a server that does not speak SMTP. What is said within one is the
 * mail's, so that it keeps no other; but only a refusal of its recipients or its content by 5yz is for good.
 */
export const failureOf = (error: unknown): Failure => {
	if (!(error instanceof SMTPError)) return mistake("mail", `${error}`, true); // of those who make the message
	const { kind, phase, code, message, temporary } = error;
	const scope = scopeOf(error);
	switch (kind) {
		case "argument":
			return mistake(scope, message);
		case "authentication":
		case "security":
			return { scope, reason: message, isFinal: false, isMistake: !temporary };
		case "unsupported":
		case "body":
			return { scope, reason: message, isFinal: scope !== "route", isMistake: false };
	}
	// a login or TLS that is wanted says nothing of the mail, nor does it that the sender's address is not liked
	if (code === 530 || code === 538 || (kind === "refused" && phase === "MAIL" && !temporary && code !== 552))
		return mistake(scope, message);
	if (kind !== "refused" && (phase === "message" || phase === "BDAT"))
		return { scope, reason: message, isFinal: false, isMistake: false, isUnread: true };
	if (kind !== "refused" || temporary || error.scope === "route")
		return { scope, reason: message, isFinal: false, isMistake: false };
	return { scope, reason: message, isFinal: true, isMistake: false };
};

const mistake = (scope: Scope, reason: string, isFinal = false): Failure => ({
	scope,
	reason,
	isFinal,
	isMistake: true,
});

const scopeOf = ({ phase }: SMTPError): Scope => {
	switch (phase) {
		case "RCPT":
			return "recipient";
		case "MAIL":
		case "DATA":
		case "BDAT":
		case "message":
			return "mail";
		default:
			return "route";
	}
};

/** Whether a login has been refused, or been tried and come to nothing: the server may count it. */
export const isLogin = ({ phase, kind, code }: SMTPError): boolean =>
	phase === "AUTH" && kind !== "argument" && (code !== undefined || kind === "disconnected" || kind === "timeout");
