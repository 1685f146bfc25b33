import Bin from "bin";
import { Certificate, describeName } from "tls/certificate";
import { TLSError, unexpected } from "tls/error";
import { checkName } from "tls/name";
import type { PublicKey } from "tls/signature";

/** A certificate in DER, in memory or in flash (a `Resource`). */
export type DERBytes = ArrayBuffer | Uint8Array | HostBuffer;

/** Whom to trust. */
export interface TrustOptions {
	/** False: the server may be anyone. For trying things out. Default true. */
	verify?: boolean;
	/** The authorities that are trusted, or the very certificate of the server. */
	certificate?: DERBytes | readonly DERBytes[];
	/** The name that the server's certificate must be for. */
	host?: string;
}

/**
 * Judges the certificates that a server sends. It stands where the SDK has its own `ssl/cert`, which (in 8.2.3) goes on
 * after a wrong signature, takes any certificate for an authority, and gives no reason.
 *
 * `begin` takes the chain, then `advance` checks one signature at a time: each can take the chip a good part of a second.
 */
export default class CertificateManager {
	#options: TrustOptions;
	#key: PublicKey | undefined;
	/** The certificates not used yet, and the one whose issuer is looked for. */
	#chain: (Uint8Array | undefined)[] = [];
	#subject: Certificate | undefined;
	/** How many issuers have been found. */
	#depth = 0;

	constructor(options: TrustOptions) {
		const { verify, certificate, host } = options;
		if (verify !== false && certificate === undefined) throw new TLSError("no certificate authority is given to trust");
		if (verify !== false && host === undefined) throw new TLSError("no name is given that its certificate must be for");
		this.#options = options;
	}

	/** The server's public key, to be trusted when nothing `isPending`. */
	get key(): PublicKey {
		if (!this.#key) throw unexpected();
		return this.#key;
	}

	/** Whether there are certificates to be judged yet. */
	get isPending(): boolean {
		return this.#subject !== undefined;
	}

	/** Takes what the server has sent, its own certificate first, and checks all but signatures there. */
	begin(chain: Uint8Array[]): void {
		const [own, ...others] = chain;
		if (!own) throw new TLSError("the server has no certificate", 42);
		const subject = new Certificate(own);
		this.#key = subject.key;
		if (this.#options.verify === false) return;
		subject.checkDates(Date.now(), "its certificate");
		if (!subject.servesTLS) throw new TLSError("its certificate is not for a server", 43);
		checkName(subject.names, this.#options.host as string);
		this.#subject = subject;
		this.#chain = others;
	}

	/** Finds the issuer of one certificate; throws where there is none that may be. */
	advance(): void {
		const subject = this.#subject as Certificate;
		if (this.isIssuedByAuthority(subject)) {
			this.#subject = undefined;
			this.#chain = [];
		} else {
			this.#subject = this.takeIssuer(subject);
			this.#depth++;
		}
	}

	private isIssuedByAuthority(subject: Certificate): boolean {
		for (const bytes of authoritiesOf(this.#options)) {
			if (Bin.comp(bytes, subject.bytes) === 0) return true;
			const authority = new Certificate(bytes);
			if (Bin.comp(authority.subject, subject.issuer) !== 0 || !authority.mayIssue(this.#depth, true)) continue;
			if (!authority.hasSigned(subject)) continue;
			authority.checkDates(Date.now(), `the authority ${describeName(authority.subject)}`);
			return true;
		}
		return false;
	}

	private takeIssuer(subject: Certificate): Certificate {
		const chain = this.#chain;
		for (let i = 0; i < chain.length; i++) {
			const bytes = chain[i];
			const issuer = bytes && new Certificate(bytes);
			if (!issuer || Bin.comp(issuer.subject, subject.issuer) !== 0 || Bin.comp(issuer.bytes, subject.bytes) === 0)
				continue;
			const name = describeName(issuer.subject);
			issuer.checkDates(Date.now(), `the certificate of its issuer ${name}`);
			if (!issuer.mayIssue(this.#depth, false))
				throw new TLSError(`its certificate comes from ${name}, which may not issue it`, 42);
			if (!issuer.hasSigned(subject)) throw new TLSError(`its certificate was not signed by ${name}`, 42);
			chain[i] = undefined;
			return issuer;
		}
		if (Bin.comp(subject.issuer, subject.subject) !== 0 || this.#depth > 0)
			throw new TLSError(`its certificate comes from ${describeName(subject.issuer)}, which is not trusted`, 48);
		throw new TLSError("its certificate is self-signed, and not one that is trusted", 48);
	}
}

/** The authorities, as views. */
const authoritiesOf = ({ certificate }: TrustOptions): Uint8Array[] => {
	const list = Array.isArray(certificate) ? (certificate as readonly DERBytes[]) : [certificate as DERBytes];
	return list.map((bytes) => (bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes as ArrayBuffer)));
};
