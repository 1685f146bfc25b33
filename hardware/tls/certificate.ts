import Bin from "bin";
import Curve from "curve";
import { DER, malformed, Tag } from "tls/der";
import { TLSError } from "tls/error";
import { type PublicKey, problemOfRSA, Scheme, SignatureCheck } from "tls/signature";
import { readText, readTime } from "tls/values";

/** One certificate (RFC 5280, 4.1), as far as it matters for a server's. It keeps views on the bytes it was made from. */
export class Certificate {
	readonly bytes: Uint8Array;
	/** Names as they stand: they are compared byte by byte. */
	readonly issuer: Uint8Array;
	readonly subject: Uint8Array;
	/** Milliseconds since 1970. */
	readonly notBefore: number;
	readonly notAfter: number;
	/** Subject alternative names, a GeneralNames' content. */
	names: Uint8Array | undefined;
	/** Whether it may stand for a server, or vouch for one that does (RFC 5280, 4.2.1.12). */
	servesTLS = true;
	/** Whether its key may sign for a server's handshakes (RFC 5280, 4.2.1.3). */
	signsHandshakes = true;
	private signed: Uint8Array;
	private algorithm: Uint8Array;
	private signature: Uint8Array;
	private keyInfo: Uint8Array;
	private version = 1;
	/** What the extensions allow. */
	private isAuthority = false;
	private pathLength: number | undefined;
	private signsCertificates = true;
	/** An extension that is not understood and must be (RFC 5280, 4.2). */
	private condition: string | undefined;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
		const whole = new DER(bytes);
		const certificate = whole.sequence();
		whole.end();
		this.signed = certificate.element(Tag.Sequence);
		this.algorithm = certificate.element(Tag.Sequence);
		this.signature = certificate.bits();
		certificate.end();
		const fields = new DER(this.signed).sequence();
		if (fields.tag === Tag.Context0) this.readVersion(new DER(fields.read(Tag.Context0)));
		fields.read(Tag.Integer); // serial number
		if (Bin.comp(fields.element(Tag.Sequence), this.algorithm) !== 0) throw malformed();
		this.issuer = fields.element(Tag.Sequence);
		const validity = fields.sequence();
		this.notBefore = readTime(validity);
		this.notAfter = readTime(validity);
		validity.end();
		this.subject = fields.element(Tag.Sequence);
		this.keyInfo = fields.read(Tag.Sequence);
		// Unique identifiers, which nobody has.
		for (const tag of [Tag.Bytes1, Tag.Bytes2]) if (fields.tag === tag) fields.read(tag);
		if (!fields.done) this.readExtensions(new DER(fields.read(Tag.Context3)));
		fields.end();
	}

	/** Whether its owner has issued it. */
	get isSelfIssued(): boolean {
		return Bin.comp(this.subject, this.issuer) === 0;
	}

	/** The public key (RFC 3279, 2.3), if it is one that the SDK can do with. */
	get key(): PublicKey {
		const info = new DER(this.keyInfo);
		const algorithm = info.sequence();
		const identifier = algorithm.identifier();
		const bits = info.bits();
		info.end();
		switch (identifier) {
			case "2a864886f70d010101":
				return readRSAKey(new DER(bits));
			case "2a8648ce3d0201": {
				const curve = curveOf(algorithm.identifier());
				return { curve, point: bits };
			}
			default:
				throw new TLSError("its certificate has a key that is neither RSA nor ECDSA", 43);
		}
	}

	/**
	 * Whether it may issue certificates for servers (RFC 5280, 4.2.1.9, 4.2.1.3 and, as everyone reads it, 4.2.1.12).
	 * @param depth how many issuers are between it and the server's certificate
	 * @param isTrusted it was given as an authority: then a certificate of before 1996, which cannot say so, may as well
	 */
	mayIssue(depth: number, isTrusted: boolean): boolean {
		if (!this.isAuthority && (this.version === 3 || !isTrusted)) return false;
		return this.signsCertificates && this.servesTLS && (this.pathLength === undefined || depth <= this.pathLength);
	}

	/** To find out whether the owner of `key` has signed it. */
	checkSignature(key: PublicKey): SignatureCheck {
		const scheme = schemeOf(new DER(this.algorithm).sequence().identifier());
		return new SignatureCheck(key, scheme, this.signed, this.signature);
	}

	/** Throws where it is not valid at the time `now`; as it may be the clock that is wrong, for a while only. */
	checkDates(now: number, which: string): void {
		if (now < this.notBefore) throw new TLSError(`${which} is not valid before ${dayOf(this.notBefore)}`, 42, true);
		if (now > this.notAfter) throw new TLSError(`${which} expired on ${dayOf(this.notAfter)}`, 45, true);
	}

	/** Throws where it has conditions that are not understood (RFC 5280, 4.2). */
	checkConditions(): void {
		if (this.condition !== undefined)
			throw new TLSError(`a certificate of its chain has conditions not known here (${this.condition})`, 43);
	}

	private readVersion(value: DER): void {
		this.version = value.small() + 1;
		value.end();
		if (this.version !== 2 && this.version !== 3) throw malformed();
	}

	private readExtensions(value: DER): void {
		const extensions = value.sequence();
		value.end();
		if (this.version !== 3 || extensions.done) throw malformed();
		const seen: string[] = [];
		while (!extensions.done) {
			const extension = extensions.sequence();
			const identifier = extension.identifier();
			const isCritical = extension.optional();
			const content = new DER(extension.read(Tag.OctetString));
			extension.end();
			if (seen.includes(identifier)) throw malformed();
			seen.push(identifier);
			this.readExtension(identifier, content, isCritical);
		}
	}

	private readExtension(identifier: string, value: DER, isCritical: boolean): void {
		switch (identifier) {
			case "551d0f":
				this.readUsage(value.read(Tag.BitString));
				break;
			case "551d11": // subject alternative name
				this.names = value.read(Tag.Sequence);
				break;
			case "551d13":
				this.readConstraints(value.sequence());
				break;
			case "551d25":
				this.readPurposes(value.sequence());
				break;
			default:
				// Name constraints, critical or not, are not checked here; what they do not allow must not pass.
				if (isCritical || identifier === "551d1e") this.condition = identifier;
				return;
		}
		value.end();
	}

	/** Key usage: digitalSignature is bit 0, keyCertSign bit 5. */
	private readUsage(bits: Uint8Array): void {
		if (bits.length < 2 || bits[0] > 7) throw malformed();
		this.signsHandshakes = (bits[1] & 0x80) !== 0;
		this.signsCertificates = (bits[1] & 0x04) !== 0;
	}

	/** Basic constraints. */
	private readConstraints(constraints: DER): void {
		this.isAuthority = constraints.optional();
		if (constraints.tag === Tag.Integer) this.pathLength = constraints.small();
		constraints.end();
	}

	/** Extended key usage. */
	private readPurposes(purposes: DER): void {
		if (purposes.done) throw malformed();
		this.servesTLS = false;
		while (!purposes.done) {
			const purpose = purposes.identifier();
			if (purpose === "2b06010505070301" || purpose === "551d2500") this.servesTLS = true; // serverAuth, any
		}
	}
}

/** The owner or issuer in a word: the common name or, without one, the organization. */
export const describeName = (name: Uint8Array): string => {
	const parts = new DER(name).sequence();
	let organization = "";
	while (!parts.done) {
		const attribute = new DER(parts.read(Tag.Set)).sequence();
		const identifier = attribute.identifier();
		const value = attribute.read(attribute.tag);
		if (identifier === "550403") return readText(value);
		if (identifier === "55040a") organization = readText(value);
	}
	return organization || "unnamed";
};

const schemeOf = (identifier: string): Scheme => {
	switch (identifier) {
		case "2a864886f70d01010b":
			return Scheme.RSASHA256;
		case "2a864886f70d01010c":
			return Scheme.RSASHA384;
		case "2a864886f70d01010d":
			return Scheme.RSASHA512;
		case "2a8648ce3d040302":
			return Scheme.ECDSASHA256;
		case "2a8648ce3d040303":
			return Scheme.ECDSASHA384;
		case "2a8648ce3d040304":
			return Scheme.ECDSASHA512;
		default:
			throw new TLSError("its certificate is signed in a way that is weak or not known here", 43);
	}
};

const curveOf = (identifier: string): Curve => {
	switch (identifier) {
		case "2a8648ce3d030107":
			return new Curve("secp256r1");
		case "2b81040022":
			return new Curve("secp384r1");
		default:
			throw new TLSError("its certificate has a key on a curve other than P-256 and P-384", 43);
	}
};

const readRSAKey = (value: DER): PublicKey => {
	const numbers = value.sequence();
	const [modulus, exponent] = [numbers.unsigned(), numbers.unsigned()];
	numbers.end();
	value.end();
	const problem = problemOfRSA(modulus, exponent);
	if (problem) throw new TLSError(`its certificate has an RSA key ${problem} that cannot be relied on`, 43);
	return { modulus };
};

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
