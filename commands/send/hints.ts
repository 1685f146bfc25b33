/** What a person can try when a mail was not sent. No hint advises less security than was asked for. */
import { lstatSync } from "node:fs";
import type { Job } from "./job.js";
import type { Failure } from "./outcome.js";
import { codeHint } from "./reply-hints.js";

/** What was asked for; what is not known counts as the default. */
export type Asked = Partial<Pick<Job, "host" | "port" | "security" | "lmtp" | "user">>;

/** @returns a sentence, or undefined where the error says enough */
export function hintFor(failure: Failure, asked: Asked = {}): string | undefined {
	const { kind, phase, code, text } = failure;
	switch (kind) {
		case "argument":
			return argumentHint(text);
		case "connect":
			return connectHint(text, asked);
		case "timeout":
			if (phase === "greeting" || phase === "TLS") return silenceHint(asked);
			return "The server did not answer in time: allow more with --timeout.";
		case "disconnected":
			if (phase === "greeting" && beginsWithTLS(asked)) return silenceHint(asked);
			return "The server hung up: it may block this network or sender.";
		case "protocol":
			if (asked.security === "implicit") return "This does not look like a mail server: check --host and --port.";
			return "This does not look like a mail server: check --host and --port, and --tls implicit for port 465.";
		case "security":
			return securityHint(failure, asked);
		case "authentication":
			if (code === undefined) return "The server offers no way to log in that fits: see --auth and --user.";
			return codeHint(failure, asked) ?? "User or password was refused: check both.";
		case "unsupported":
			return unsupportedHint(text);
		case "refused":
			return dialectHint(failure, asked) ?? codeHint(failure, asked);
		default:
			return undefined;
	}
}

function argumentHint(text: string): string | undefined {
	if (/in the clear/.test(text)) return "Use TLS: --tls required (STARTTLS, port 587) or --tls implicit (port 465).";
	if (/field of your own|name for a field/.test(text))
		return "--header adds fields that no other option writes, with names of printable ASCII characters.";
	if (/address/.test(text)) return "Addresses are like name@example.org; send --help says more.";
	return undefined;
}

function connectHint(text: string, { host = "", security }: Asked): string {
	if (host.startsWith("/")) return socketHint(host);
	if (/no address found|cannot look up/.test(text))
		return "Check how --host is written, and whether this machine is connected.";
	if (security === "implicit") return "Check --host and --port. The usual port for --tls implicit is 465.";
	return "Check --host and --port. Many networks block port 25: use 587, or 465 with --tls implicit.";
}

/** Why nobody answers at the path of a Unix socket. */
function socketHint(path: string): string {
	try {
		if (!lstatSync(path).isSocket()) return "What is at this path is no socket.";
		return "Nobody listens on this socket, or this user may not speak to it: see whether the mail store is running.";
	} catch (error) {
		const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
		return missing ? "There is no socket at this path." : "This user may not look at this path.";
	}
}

/** A port that usually has TLS from the first byte on, asked without. */
function beginsWithTLS({ port, security }: Asked): boolean {
	return port === 465 && security !== "implicit";
}

/** The server says nothing, where it should greet. */
function silenceHint({ security }: Asked): string {
	if (security === "implicit") return "The server is silent: check --host and --port, or allow more with --timeout.";
	return "A server that says nothing may expect TLS at once: --tls implicit (port 465).";
}

function securityHint({ phase, code, text }: Failure, { host = "the server", security }: Asked): string | undefined {
	const [, names] = / its certificate is for (.*), not for /.exec(text) ?? [];
	if (names !== undefined) return `Give --host the name that the certificate has: ${names}.`;
	if (/not yet valid|clock/.test(text))
		return "See whether this machine's clock is right; else the server's owner must act.";
	if (/expired/.test(text))
		return "See whether this machine's clock is right; if it is, only the server's owner can renew the certificate.";
	if (/self-signed/.test(text))
		return `Whoever is on the way could have made this certificate. If ${host} is your own: --ca FILE, with it in the file.`;
	if (/authority/.test(text))
		return "If the server is your own, --ca FILE names its authority; else someone may be on the way between.";
	if (/certificate/.test(text)) return "Only the server's owner can change its certificate; check --host.";
	if (/does not speak TLS/.test(text))
		return security === "implicit"
			? "This port begins without TLS: --tls required (STARTTLS, port 587)."
			: "The server offers STARTTLS and does not speak TLS then: its owner must know.";
	if (/protocol|in common|too weak/.test(text))
		return "Only the server's owner can change that: it must offer TLS 1.2.";
	if (/closed the connection/.test(text) && security === "implicit")
		return "If this port begins without TLS, it is --tls required (STARTTLS, port 587).";
	if (phase === "STARTTLS" && code !== undefined) return "The server cannot do TLS now; this may pass.";
	if (phase === "STARTTLS" || phase === "EHLO")
		return "The server has no STARTTLS on this port, or someone on the way hides it: try --tls implicit (port 465).";
	return undefined;
}

function unsupportedHint(text: string): string | undefined {
	if (/SMTPUTF8/.test(text))
		return "This server takes no addresses beyond ASCII: ask for one of ASCII, or send by another server.";
	if (/8BITMIME/.test(text)) return "Send the message in quoted-printable or base64.";
	if (/DSN/.test(text)) return "This server sends no delivery reports: leave out --dsn, or send by another server.";
	if (/bytes, the server takes/.test(text)) return "Send less at once, or by another server.";
	return undefined;
}

/** A server of SMTP does not know LHLO, one of LMTP does not know EHLO (RFC 2033, 4.1). */
function dialectHint({ phase, code = 0 }: Failure, { lmtp }: Asked): string | undefined {
	const isUnknown = code === 500 || code === 501 || code === 502 || code === 503 || code === 504 || code === 550;
	if (!isUnknown) return undefined;
	if (phase === "LHLO" && lmtp !== false) return "The server does not know LHLO: it speaks SMTP. Leave out --lmtp.";
	if (phase === "EHLO" || phase === "HELO")
		return "The server does not know EHLO: a mail store speaks LMTP, which is --lmtp. Else check --ehlo.";
	return undefined;
}
