import Bin from "bin";
import { Certificate, describeName } from "tls/certificate";
import { checkMemory, type FreeMemory, TLSError, unexpected } from "tls/error";
import { checkName } from "tls/name";
import { bitsOf, copyOf, memoryFor, type PublicKey, type SignatureCheck } from "tls/signature";

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

/** Signatures that are verified at most: who has more twins than that among the issuers is not worth the chip's time. */
const CHECKS_MOST = 8;

/** A certificate on the way from the server's to an authority. */
interface Step {
	/** Which of those that were sent. */
	index: number;
	/** Of the last on the way alone: it takes memory. */
	certificate: Certificate | undefined;
	/** How many issuers are on the way to it and may not be too many: not those that issue for themselves (RFC 5280, 6.1.4). */
	depth: number;
	/** The candidate that is looked at next as its issuer: first the authorities, then what was sent. */
	next: number;
}

/**
 * Judges the certificates that a server sends: looks for a way from its own to an authority (RFC 5280, 6.1). Where there are
 * several issuers of one name, as when one was renewed or has signed for two, each is tried; what is not on the way is passed
 * over, whatever is wrong with it.
 *
 * `begin` takes the chain, then `advance` goes a step on: each can take the chip a good part of a second.
 */
export class CertificateChain {
	private options: TrustOptions;
	private freeMemory: FreeMemory | undefined;
	private ownKey: PublicKey | undefined;
	private sent: readonly Uint8Array[] = [];
	private way: Step[] = [];
	/** An issuer whose signature is being verified, where it was found, and whether it is an authority. */
	private candidate: { issuer: Certificate; check: SignatureCheck; index: number } | undefined;
	private checks = 0;
	/** Why there is no way: the first reason, rather one of a certificate that is there. */
	private reason: TLSError | undefined;
	private deadEnd: TLSError | undefined;

	constructor(options: TrustOptions, freeMemory: FreeMemory | undefined) {
		const { verify, certificate, host } = options;
		if (verify !== false && certificate === undefined) throw new TLSError("no certificate authority is given to trust");
		if (verify !== false && host === undefined) throw new TLSError("no name is given that its certificate must be for");
		this.options = options;
		this.freeMemory = freeMemory;
	}

	/** The server's public key, to be trusted when nothing `isPending`. */
	get key(): PublicKey {
		if (!this.ownKey) throw unexpected();
		return this.ownKey;
	}

	/** Whether there are certificates to be judged yet. */
	get isPending(): boolean {
		return this.way.length > 0;
	}

	/**
	 * Takes what the server has sent, its own certificate first, and checks all of that but the signature.
	 * @param isECDSA the key must be for ECDSA, else for RSA
	 */
	begin(sent: readonly Uint8Array[], isECDSA: boolean): void {
		const { verify, host } = this.options;
		const [own] = sent;
		if (!own) throw new TLSError("the server has no certificate", 42);
		const certificate = new Certificate(own);
		const key = certificate.key;
		if ("curve" in key !== isECDSA) throw new TLSError("its certificate has a key of another kind than it chose", 47);
		if (isECDSA && bitsOf(key) !== 256)
			throw new TLSError("its certificate has a key on P-384, which is too slow for a server's: RSA or P-256", 43);
		this.ownKey = copyOf(key);
		if (verify === false) return;
		certificate.checkConditions();
		certificate.checkDates(Date.now(), "its certificate");
		if (!certificate.servesTLS) throw new TLSError("its certificate is not for a server", 43);
		if (!certificate.signsHandshakes) throw new TLSError("its certificate's key may not sign for a server", 43);
		checkName(certificate.names, host as string);
		this.sent = sent;
		this.way = [{ index: 0, certificate, depth: 0, next: 0 }];
	}

	/** Goes a step on: looks at the next issuer that may be the one, or further into its signature; throws where there is none. */
	advance(): void {
		const { way, candidate } = this;
		if (candidate) return this.verify(candidate);
		const step = way[way.length - 1] as Step;
		const { next } = step;
		step.certificate ??= new Certificate(this.sent[step.index] as Uint8Array);
		const { certificate } = step;
		const authorities = authoritiesOf(this.options);
		if (next === 0 && authorities.some((bytes) => Bin.comp(bytes, certificate.bytes) === 0)) return this.arrive();
		if (next === authorities.length + this.sent.length) return this.goBack(certificate);
		step.next++;
		const index = next - authorities.length;
		const bytes = index < 0 ? authorities[next] : this.sent[index];
		if (!way.some((other) => other.index === index)) this.consider(bytes as Uint8Array, certificate, step.depth, index);
	}

	/** Begins to verify that a certificate is the issuer; passes over it where it cannot be. @param index negative: an authority */
	private consider(bytes: Uint8Array, certificate: Certificate, depth: number, index: number): void {
		const issuer = parsed(bytes);
		if (!issuer || Bin.comp(issuer.subject, certificate.issuer) !== 0) return;
		let key: PublicKey;
		let check: SignatureCheck;
		try {
			checkIssuer(issuer, depth, index < 0);
			key = issuer.key;
			check = certificate.checkSignature(key);
		} catch (e) {
			this.reason ??= e as TLSError;
			return;
		}
		this.checkMemory(key);
		if (++this.checks > CHECKS_MOST) throw new TLSError("its certificates have too many issuers of one name", 42);
		this.candidate = { issuer, check, index };
	}

	/** A step of verifying a signature, and what comes of it. */
	private verify({ issuer, check, index }: { issuer: Certificate; check: SignatureCheck; index: number }): void {
		const { way } = this;
		if (!check.advance()) return;
		this.candidate = undefined;
		if (check.isValid) {
			if (index < 0) return this.arrive();
			const last = way[way.length - 1] as Step;
			last.certificate = undefined;
			way.push({ index, certificate: issuer, depth: last.depth + (issuer.isSelfIssued ? 0 : 1), next: 0 });
		} else if (index >= 0)
			this.reason ??= new TLSError(`its certificate was not signed by ${describeName(issuer.subject)}`, 42);
	}

	private arrive(): void {
		this.way = [];
		this.sent = [];
	}

	/** This way leads nowhere. */
	private goBack({ issuer, isSelfIssued }: Certificate): void {
		const { way } = this;
		this.deadEnd ??=
			isSelfIssued && way.length === 1
				? new TLSError("its certificate is self-signed, and not one that is trusted", 48)
				: new TLSError(`its certificate comes from ${describeName(issuer)}, which is not trusted`, 48);
		way.pop();
		if (way.length === 0) throw this.reason ?? this.deadEnd;
	}

	/** Throws where there is no room to verify a signature with a key. */
	private checkMemory(key: PublicKey): void {
		const taken = this.sent.reduce((sum, { length }) => sum + length, 0);
		const needed = memoryFor(key);
		checkMemory(
			this.freeMemory,
			needed,
			`its certificates take ${taken} bytes, a key of ${bitsOf(key)} bits ${needed} more`,
		);
	}
}

/** Throws where a certificate is not one that may issue others now. @param depth how many issuers it would have below it */
const checkIssuer = (issuer: Certificate, depth: number, isTrusted: boolean): void => {
	const name = describeName(issuer.subject);
	issuer.checkDates(Date.now(), isTrusted ? `the authority ${name}` : `the certificate of its issuer ${name}`);
	if (!issuer.mayIssue(depth, isTrusted))
		throw new TLSError(`its certificate comes from ${name}, which may not issue it`, 42);
	issuer.checkConditions();
};

/** A certificate that someone has sent; undefined where it is malformed, for it may not be on the way. */
const parsed = (bytes: Uint8Array): Certificate | undefined => {
	try {
		return new Certificate(bytes);
	} catch {
		return undefined;
	}
};

/** The authorities, as views. */
const authoritiesOf = ({ certificate }: TrustOptions): Uint8Array[] => {
	const list = Array.isArray(certificate) ? (certificate as readonly DERBytes[]) : [certificate as DERBytes];
	return list.map((bytes) => (bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes as ArrayBuffer)));
};
