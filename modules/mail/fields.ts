import { MailError } from "./error";
import { charCodeAt, sameWord } from "./strings";

/** A date, or milliseconds since 1970. */
export type Instant = number | { valueOf(): number };

/** How urgent a message is; shown by most readers. */
export type Priority = "high" | "normal" | "low";

/** @throws MailError */
export const millisecondsOf = (date: Instant | undefined, field = "Date"): number | undefined => {
	if (date === undefined) return undefined;
	const milliseconds = Number(date.valueOf());
	if (!(milliseconds >= 0 && milliseconds < LATEST)) throw new MailError(field, "not a date from 1970 to 9999");
	return milliseconds;
};

/** The level of X-Priority, from 1 to 5. */
export const levelOf = (priority: Priority | undefined): string | undefined => {
	if (priority === undefined) return undefined;
	return priority === "high" ? "1" : priority === "low" ? "5" : "3";
};

/** Names of the fields of a message in their order, with a gap where one's own stand. */
export const FIELDS: readonly string[] = Object.freeze(
	[
		"From",
		"Sender",
		"Reply-To",
		"To",
		"Cc",
		"Subject",
		"Date",
		"Message-ID",
		"In-Reply-To",
		"References",
		"Importance",
		"X-Priority",
		"Auto-Submitted",
		"",
		"MIME-Version",
	],
	true,
);

/** The year 10000, which has no place in a date. */
const LATEST = 253_402_300_800_000;

/** Fields that the composer writes itself, or that it never writes. */
const RESERVED: readonly string[] = Object.freeze(
	[
		"from",
		"sender",
		"reply-to",
		"to",
		"cc",
		"bcc",
		"subject",
		"date",
		"message-id",
		"in-reply-to",
		"references",
		"importance",
		"x-priority",
		"mime-version",
		"content-type",
		"content-transfer-encoding",
		"content-disposition",
		"content-id",
	],
	true,
);

const LONGEST_NAME = 60;

/** Names of structured fields of one's own, or their beginnings, each between spaces. */
const STRUCTURED =
	" auto list- disposition-notification- return- errors-to mail- feedback-id archived-at arc- authentication-results" +
	" dkim- received delivered-to content-base content-disp content-id content-lang content-loc content-md5 content-tr" +
	" content-ty original- precedence reply-by sensitivity supersedes expires expiry-date deferred-delivery delivery-date" +
	" require-recipient- tls- accept-language followup-to newsgroups encrypted ";

/**
 * Whether a field of one's own has a syntax, such as addresses or URLs, which encoded words would break (RFC 2047, 5 (3)).
 * All others are free text.
 */
export const isStructured = (name: string): boolean => {
	let matching = 0;
	for (let at = 0, code: number; (code = charCodeAt.call(STRUCTURED, at)) >= 0; at++) {
		if (code === 0x20) {
			if (matching > 0) return true;
			matching = 0;
		} else if (matching >= 0) matching = (charCodeAt.call(name, matching) | 0x20) === code ? matching + 1 : -1;
	}
	return false;
};

const { slice } = String.prototype;

/**
 * A field's name is printable ASCII without a colon (RFC 5322, 2.2), and has no dot at its beginning: no line has.
 * @throws MailError
 */
export const checkName = (name: string): void => {
	let length = 0;
	for (let code: number; (code = charCodeAt.call(name, length)) >= 0; length++)
		if (code <= 0x20 || code >= 0x7f || code === 0x3a || (!length && code === 0x2e))
			throw new MailError(name, "not a name for a field");
	if (!length || length > LONGEST_NAME) throw new MailError(name, "not a name for a field");
	for (let i = 0; i < RESERVED.length; i++)
		if (sameWord(name, RESERVED[i]!)) throw new MailError(name, "not a field of your own");
	if (sameWord(slice.call(name, 0, 7), "resent-")) throw new MailError(name, "for a ResentMessage");
};
