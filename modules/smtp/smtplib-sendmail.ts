import type { SMTPError, SMTPRefusal, SMTPReply } from "./error";
import {
	exceptionOf,
	type Reply,
	SMTPDataError,
	SMTPNotSupportedError,
	SMTPRecipientsRefused,
	SMTPSenderRefused,
	textOf,
} from "./smtplib-errors";
import { type Message, measure, sourceOf } from "./smtplib-message";
import type { SMTPMessage } from "./types";

/** What `sendmail` is called with. */
export interface Mail {
	from_addr: string;
	to_addrs: string | readonly string[];
	msg: Message;
	mail_options: readonly string[];
	rcpt_options: readonly string[];
}

/**
 * The message as the client's transaction takes it.
 * @param esmtp the server knows parameters of MAIL and RCPT: others are not bothered with them
 * @param eightBitMIME the server takes text beyond ASCII
 * @throws SMTPNotSupportedError for text that the server does not take
 */
export const compose = (mail: Mail, esmtp: boolean, eightBitMIME: boolean): SMTPMessage => {
	const { from_addr, to_addrs, msg, rcpt_options } = mail;
	const known = typeof msg === "string" || msg instanceof Uint8Array ? measure(sourceOf(msg)) : undefined;
	if (typeof msg === "string" && known?.eightBit && !eightBitMIME)
		throw new SMTPNotSupportedError("the message has characters beyond ASCII, which takes 8BITMIME", "MAIL");
	const parameters: string[] = [];
	let utf8 = false;
	// Bytes are the caller's business, as in smtplib; the server is told of them if it wants to know.
	let eightBit = known && eightBitMIME && known.eightBit;
	for (const option of mail.mail_options) {
		const name = option.toUpperCase();
		if (name === "SMTPUTF8") utf8 = true;
		else if (name === "BODY=8BITMIME") eightBit = eightBitMIME || !known;
		else if (esmtp) parameters.push(option);
	}
	const list = typeof to_addrs === "string" ? [to_addrs] : to_addrs;
	const to = esmtp && rcpt_options.length ? list.map((address) => ({ address, parameters: rcpt_options })) : list;
	return {
		from: from_addr,
		to,
		body: sourceOf(msg),
		parameters,
		utf8,
		eightBit,
		...(known && { size: known.size }),
	};
};

/** Whether addresses can be said to a server without SMTPUTF8. */
export const isASCII = (addresses: string | readonly string[]): boolean => {
	const text = typeof addresses === "string" ? addresses : addresses.join();
	return ArrayBuffer.fromString(text).byteLength === text.length;
};

/** The refused recipients, with the server's replies. */
export const refusedOf = (rejected: readonly SMTPRefusal[]): Map<string, Reply> => {
	const refused = new Map<string, Reply>();
	for (const refusal of rejected) refused.set(refusal.address, [refusal.code, textOf(refusal)]);
	return refused;
};

/** The exception for a transaction that came to nothing. */
export const refusalOf = (error: SMTPError, sender: string, refused: Map<string, Reply>, lmtp: boolean): unknown => {
	const { kind, phase, code } = error;
	if (kind !== "refused" || code === undefined) return exceptionOf(error);
	const text = textOf(error as SMTPReply);
	if (phase === "MAIL") return new SMTPSenderRefused(code, text, sender);
	if (phase === "RCPT" || (lmtp && refused.size)) return new SMTPRecipientsRefused(refused, phase);
	return new SMTPDataError(code, text, phase);
};
