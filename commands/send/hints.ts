/** What a person can try when a mail was not sent. */
import type { Failure } from "./outcome.js";

/** @returns a sentence, or undefined where the error says enough */
export function hintFor({ kind, phase, code, text }: Failure): string | undefined {
	switch (kind) {
		case "argument":
			if (/in the clear/.test(text))
				return "With --allow-cleartext-auth it goes out; everyone on the way can then read it.";
			if (/field of your own|name for a field/.test(text))
				return "--header adds fields that no other option writes, with names of printable ASCII characters.";
			if (/address/.test(text)) return "Addresses are like name@example.org; send --help says more.";
			return undefined;
		case "connect":
			if (/no address found|cannot look up/.test(text))
				return "Check how --host is written, and whether this machine is connected.";
			return "Check --host and --port. Many networks block port 25: use 587, or 465 with --tls implicit.";
		case "timeout":
			if (phase === "greeting") return "A server that says nothing may expect TLS at once: --tls implicit (port 465).";
			return "The server did not answer in time: allow more with --timeout.";
		case "disconnected":
			return "The server hung up: it may block this network or sender.";
		case "protocol":
			return "This does not look like a mail server: check --host and --port, and --tls implicit for port 465.";
		case "security":
			if (/certificate|self.signed/i.test(text))
				return "No authority that this machine trusts vouches for the server. --ca FILE names one of your own.";
			return "The server has no TLS as asked for: --tls implicit (port 465), or --tls none in a network of your own.";
		case "authentication":
			if (code === undefined) return "The server offers no way to log in that fits: see --auth and --tls.";
			return "User or password was refused. Most providers want an app password from the account's settings.";
		case "refused":
			return refusalHint(phase, code, text);
		default:
			return undefined;
	}
}

function refusalHint(phase: string | undefined, code: number | undefined, text: string): string | undefined {
	if (code === 530) return "The server wants a login: give --user and --password-env.";
	if (phase === "greeting")
		return "The server takes no mail from this network: use your provider's server and port 587.";
	if (phase === "MAIL") return "The sender was refused: --from must usually be an address of the account.";
	if (phase === "RCPT" && /relay/i.test(text)) return "The server does not forward mail to others without a login.";
	if (code === 552) return "The message is too big for the server, or the mailbox is full.";
	return undefined;
}
