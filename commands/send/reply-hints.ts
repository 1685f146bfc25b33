/** What a reply's codes mean (RFC 5321, 4.2; RFC 3463; the IANA's registry of enhanced status codes), in a sentence. */
import type { Asked } from "./hints.js";
import type { Failure } from "./outcome.js";

const wantsTLS = "The server wants TLS first: --tls required (STARTTLS), or --tls implicit on port 465.";
const wantsLogin = "The server wants a login: give --user and --password-env.";
const sender = "The sender was refused: --from must usually be an address of the account.";
const tooBig = "The message is too big for the server: send less at once.";
const full = "The mailbox is full: only its owner can make room.";
const later =
	"The server asks to come back later, as many do with whom they do not know yet; in some minutes it may go.";

/** By subject and detail of the enhanced status code: what holds for 4.x.x and 5.x.x. */
const byEnhanced: Record<string, string> = {
	"1.0": "The address was refused: check how it is written.",
	"1.1": "There is no such mailbox: check how the address is written.",
	"1.2": "There is no such domain: check what stands behind the @.",
	"1.3": "The address is not written as the server wants it.",
	"1.6": "The mailbox has moved, and nobody knows where to.",
	"1.7": sender,
	"1.8": sender,
	"1.10": "The domain takes no mail at all: check what stands behind the @.",
	"2.1": "The mailbox is closed, or takes no mail now.",
	"2.2": full,
	"2.3": "The message is too big for this mailbox: send less at once.",
	"3.1": "The server's disk is full: only its owner can make room.",
	"3.2": "The server takes no mail now.",
	"3.4": tooBig,
	"4.5": "The server has too much to do now.",
	"5.3": "These are too many recipients at once: send to fewer.",
	"6.7": "The recipient's server takes no addresses beyond ASCII.",
	"7.3": "The server gives this message to nobody in another domain.",
	"7.9": "The server wants another way to log in: an app password from the account's settings, or --auth.",
	"7.10": wantsTLS,
	"7.11": wantsTLS,
	"7.12": "The account must log in once by another way first; its provider tells how.",
	"7.13": "The account is closed: its provider tells why.",
	"7.20": "The server wants a signature (DKIM) that this mail has not: send by the provider of --from's domain.",
	"7.23": "The sender's domain does not name this server (SPF): send by the provider of --from's domain.",
	"7.25":
		"The server knows no name for this network's address: send by your provider's server, port 587, with a login.",
	"7.26": "The sender's domain vouches for no mail from here (SPF, DKIM): send by the provider of --from's domain.",
	"7.27": "The sender's domain takes no mail itself, so nobody takes mail from it.",
	"7.28": "These were too many mails in a short time: wait.",
	"7.139": "The provider takes no passwords from programs any more: log in with a token, --auth XOAUTH2.",
};

/** @returns a sentence, or undefined where the reply says enough */
export function codeHint(failure: Failure, asked: Asked): string | undefined {
	const { code = 0, enhanced, text, phase } = failure;
	const detail = enhanced?.slice(enhanced.indexOf(".") + 1) ?? "";
	const isClear = asked.security === undefined || asked.security === "none";
	if (code === 538 || code === 523 || (isClear && code >= 500 && /\bTLS\b|STARTTLS|encrypt|\bSSL\b/i.test(text)))
		return wantsTLS;
	if (phase === "greeting") return greetingHint(failure);
	if (phase === "AUTH") return byEnhanced[detail === "7.8" ? "" : detail] ?? loginHint(failure);
	if (code === 530)
		return asked.user === undefined ? wantsLogin : "The server did not take the login: see --auth and --user.";
	if (code === 421)
		return "The server ends the session: it is busy, or has had too many of them from here. Wait a little.";
	if (/relay/i.test(text))
		return asked.user === undefined
			? "The server does not forward mail to others without a login: --user and --password-env."
			: "The server does not forward mail to others for this account: check --from, and the addresses.";
	if (code >= 400 && code < 500 && /gr[ae]y-?list|try (again )?later|postpone|defer/i.test(text)) return later;
	return byEnhanced[detail] ?? byCode(failure);
}

function byCode({ code = 0, phase, text }: Failure): string | undefined {
	if (code === 552 || code === 452) {
		if (/recipient/i.test(text)) return byEnhanced["5.3"];
		return code === 452
			? "The server has no room now."
			: "The message is too big for the server, or the mailbox is full.";
	}
	if (phase === "MAIL") return sender;
	if (code === 551) return "The mailbox is elsewhere: the answer says where.";
	if (code === 556) return byEnhanced["1.10"];
	if (code === 555) return "The server does not know an option that was sent along: see --dsn, --smtputf8.";
	if (phase === "RCPT" && code >= 550 && code <= 553)
		return "The recipient was refused: check how the address is written.";
	if (phase === "RCPT" && code >= 400 && code < 500) return later;
	if ((phase === "message" || phase === "DATA" || phase === "BDAT") && code >= 500)
		return "The message itself was refused: its text, its files or its sender look wrong to the server.";
	return undefined;
}

/** A greeting other than 220 (RFC 5321, 3.1; RFC 7504). */
function greetingHint({ code = 0 }: Failure): string {
	if (code >= 400 && code < 500) return "The server is too busy, or takes no mail just now.";
	if (code === 521) return "This host takes no mail at all: check --host.";
	return "The server takes no mail from this network: use your provider's server and port 587, with a login.";
}

/** A login that was refused (RFC 4954, 6). */
function loginHint({ code = 0 }: Failure): string | undefined {
	if (code === 454 || code === 421 || (code >= 400 && code < 500))
		return "The server cannot judge a login now, or has had too many of them: wait some minutes.";
	if ((code >= 500 && code <= 504) || code === 534)
		return "The server does not take this way to log in: choose another with --auth.";
	if (code === 525) return byEnhanced["7.13"];
	if (code === 535)
		return "User or password was refused. Most providers want an app password from the account's settings.";
	return undefined;
}
