/** Why there is no TLS connection, in words for a person: of a certificate, and of a handshake. */
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";

/** Names that are told of a certificate. */
const MOST_NAMES = 3;

/**
 * Why a server is not who it should be, as a clause about it; undefined where it is. The connection was made with
 * `rejectUnauthorized: false`, so that its certificate can be looked at: nothing may be said on it before this was asked.
 * @param now milliseconds since 1970, for dates
 */
export function certificateReason(secured: TLSSocket, host: string, now = Date.now()): string | undefined {
	const certificate = secured.getPeerCertificate(true);
	if (secured.authorized) return datesReason(certificate, now, " by the board's clock");
	const problem = String(secured.authorizationError ?? "it has none");
	switch (problem) {
		case "ERR_TLS_CERT_ALTNAME_INVALID":
			return `its certificate is for ${namesOf(certificate)}, not for ${host}`;
		case "CERT_HAS_EXPIRED":
		case "CERT_NOT_YET_VALID":
			return datesReason(certificate, Date.now()) ?? `its certificate ${notValid[problem]}`;
		case "DEPTH_ZERO_SELF_SIGNED_CERT":
			return `its certificate is self-signed: no authority vouches for ${host}`;
		case "SELF_SIGNED_CERT_IN_CHAIN":
			return `unable to verify its certificate: it comes from an authority that is not trusted here, ${nameOf(last(certificate).subject)}`;
		case "UNABLE_TO_GET_ISSUER_CERT":
		case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
		case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
			return `unable to verify its certificate: it comes from an authority that is not trusted here, ${nameOf(last(certificate).issuer)}`;
		case "INVALID_PURPOSE":
			return "its certificate is not one for servers";
		case "INVALID_CA":
			return "its certificate comes from one that is no authority";
		case "CERT_REVOKED":
			return "its certificate has been revoked";
		default:
			return `its certificate is not accepted: ${problem.toLowerCase().replaceAll("_", " ")}`;
	}
}

const notValid = { CERT_HAS_EXPIRED: "has expired", CERT_NOT_YET_VALID: "is not yet valid" };

/** What of a chain is not valid at a time. */
function datesReason(certificate: DetailedPeerCertificate, now: number, by = ""): string | undefined {
	let of = "its certificate";
	for (let each = certificate; each?.valid_to; each = each.issuerCertificate) {
		if (now > Date.parse(each.valid_to)) return `${of} expired${by} on ${day(each.valid_to)}`;
		if (now < Date.parse(each.valid_from)) return `${of} is not yet valid${by}: only from ${day(each.valid_from)} on`;
		if (each.issuerCertificate === each) break;
		of = `the certificate of its authority, ${nameOf(each.issuer)},`;
	}
	return undefined;
}

/** OpenSSL's reasons for a handshake that failed, by its code in Node without "ERR_SSL_". */
const handshakes: [reason: RegExp, words: string][] = [
	[
		/^(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_TOO_SMALL|BAD_RECORD_TYPE)$/,
		"the server does not speak TLS here",
	],
	[
		/UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|INSUFFICIENT_SECURITY|VERSION_TOO_LOW/,
		"the server takes no protocol version of TLS that is spoken here",
	],
	[
		/HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHERS|NO_SHARED/,
		"the server and this client have no way to encrypt in common",
	],
	[/TOO_SMALL|TOO_WEAK|BAD_SIGNATURE|LEGACY/, "the server's key or its signature is too weak"],
	[/UNRECOGNIZED_NAME/, "the server does not know itself by this name"],
	[
		/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|ALERT_CERTIFICATE|UNKNOWN_CA/,
		"the server wants a certificate from the client",
	],
];

/** Why a handshake failed, as a clause. */
export function handshakeReason(error: NodeJS.ErrnoException & { reason?: string }): string {
	const { code = "", message, reason } = error;
	if (code === "ECONNRESET" || code === "EPIPE") return "the server closed the connection during the handshake";
	const name = code.replace(/^ERR_SSL_/, "");
	const found = code.startsWith("ERR_SSL_") && handshakes.find(([pattern]) => pattern.test(name));
	return found ? found[1] : (reason ?? message);
}

/** Whom a certificate is for: its alternative names or, of an old one without any, its subject. */
function namesOf({ subject, subjectaltname }: DetailedPeerCertificate): string {
	const names = (subjectaltname ?? "").match(/(?:DNS|IP Address):("[^"]*"|[^,]*)/g) ?? [];
	const bare = names.map((name) => name.slice(name.indexOf(":") + 1));
	if (bare.length === 0) return nameOf(subject);
	const more = bare.length > MOST_NAMES ? ` and ${bare.length - MOST_NAMES} more` : "";
	return bare.slice(0, MOST_NAMES).join(", ") + more;
}

/** What people call it: its common name, or its organization. */
function nameOf(name: DetailedPeerCertificate["subject"] | undefined): string {
	const [text] = [name?.CN ?? name?.O ?? "nobody"].flat();
	return `"${text}"`;
}

/** The last that the server, or this machine, has of the way to an authority. */
function last(certificate: DetailedPeerCertificate): DetailedPeerCertificate {
	let each = certificate;
	while (each.issuerCertificate && each.issuerCertificate !== each) each = each.issuerCertificate;
	return each;
}

function day(date: string): string {
	return new Date(date).toISOString().slice(0, 10);
}
