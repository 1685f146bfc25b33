/** Certificates for the inbox of the emulated chip, made once: the firmware trusts the authority. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Certificates, chainOf, derOf } from "../../tests/hardware/tls/authority.js";

export type KeyKind = "rsa" | "p256";

export interface InboxIdentity {
	/** The authority's certificate: the firmware's, DER. */
	authority: string;
	/** The inbox's key and chain, PEM. */
	key: string;
	chain: string;
}

const DAYS = 3650;

/** The files of an identity in `folder`, which are made where they are missing. @throws Error without openssl */
export function inboxIdentity(folder: string, host: string, key: KeyKind): InboxIdentity {
	const path = (name: string): string => join(folder, name);
	if (!existsSync(path("chain.pem"))) make(folder, host, key);
	return {
		authority: path("authority-1.der"),
		key: readFileSync(path("key.pem"), "utf8"),
		chain: readFileSync(path("chain.pem"), "utf8"),
	};
}

/** As providers have them: a root, an authority below it, a server. */
function make(folder: string, host: string, key: KeyKind): void {
	const certificates = new Certificates();
	try {
		const root = certificates.authority("Inbox Root", { key, days: DAYS });
		const between = certificates.authority("Inbox Authority", { key, issuer: root, days: DAYS });
		const server = certificates.server(`DNS:${host}`, between, { key, days: DAYS });
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, "authority-1.der"), derOf(root));
		writeFileSync(join(folder, "key.pem"), server.key, { mode: 0o600 });
		writeFileSync(join(folder, "chain.pem"), chainOf(server));
	} finally {
		certificates.close();
	}
}
