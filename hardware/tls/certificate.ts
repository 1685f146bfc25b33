import Bin from "bin";
import Curve from "curve";
import ECPoint from "ecp";
import { DER, inRAM, malformed, Tag } from "tls/der";
import { TLSError } from "tls/error";
import { checkRSA, isSignedBy, type PublicKey, Scheme } from "tls/signature";
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
	private signed: Uint8Array;
	private algorithm: Uint8Array;
	private signature: Uint8Array;
	private keyInfo: Uint8Array;
	private version3 = false;
	/** What the extensions allow. */
	private isAuthority = false;
	private pathLength: number | undefined;
	private signsCertificates = true;
	private forServers = true;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
		const certificate = new DER(bytes).sequence();
		this.signed = certificate.element(Tag.Sequence);
		this.algorithm = certificate.element(Tag.Sequence);
		this.signature = certificate.bits();
		const fields = new DER(this.signed).sequence();
		if (fields.tag === Tag.Context0) {
			fields.read(Tag.Context0); // version
			this.version3 = true;
		}
		fields.read(Tag.Integer); // serial number
		if (Bin.comp(fields.element(Tag.Sequence), this.algorithm) !== 0) throw malformed();
		this.issuer = fields.element(Tag.Sequence);
		const validity = fields.sequence();
		this.notBefore = readTime(validity);
		this.notAfter = readTime(validity);
		this.subject = fields.element(Tag.Sequence);
		this.keyInfo = fields.read(Tag.Sequence);
		while (!fields.done) {
			const { tag } = fields;
			const content = fields.read(tag);
			if (tag === Tag.Context3) this.readExtensions(new DER(content).sequence());
		}
	}

	/** Whether it may stand for a server (RFC 5280, 4.2.1.12). */
	get servesTLS(): boolean {
		return this.forServers;
	}

	/** The public key (RFC 3279, 2.3), if it is one that the SDK can do with. */
	get key(): PublicKey {
		const info = new DER(this.keyInfo);
		const algorithm = info.sequence();
		switch (algorithm.identifier()) {
			case "2a864886f70d010101": {
				const numbers = new DER(info.bits()).sequence();
				const modulus = numbers.integer();
				const exponent = numbers.integer();
				checkRSA(modulus, exponent);
				return { modulus, exponent };
			}
			case "2a8648ce3d0201": {
				const curve = curveOf(algorithm.identifier());
				const point = info.bits();
				if (point.length !== 1 + 2 * curve.orderSize) throw malformed();
				return { curve, point: ECPoint.fromOctetString(inRAM(point)) };
			}
			default:
				throw new TLSError("its certificate has a key that is neither RSA nor ECDSA", 43);
		}
	}

	/**
	 * Whether it may issue certificates (RFC 5280, 4.2.1.9 and 4.2.1.3).
	 * @param depth how many issuers are between it and the server's certificate
	 * @param isTrusted it was given as an authority: then a certificate of before 1996, which cannot say so, may as well
	 */
	mayIssue(depth: number, isTrusted: boolean): boolean {
		if (!this.isAuthority && (this.version3 || !isTrusted)) return false;
		return this.signsCertificates && (this.pathLength === undefined || depth <= this.pathLength);
	}

	/** Whether its owner has signed `certificate`. */
	hasSigned(certificate: Certificate): boolean {
		const scheme = schemeOf(new DER(certificate.algorithm).sequence().identifier());
		return isSignedBy(this.key, scheme, certificate.signed, certificate.signature);
	}

	/** Throws where it is not valid at the time `now`. */
	checkDates(now: number, which: string): void {
		if (now < this.notBefore) throw new TLSError(`${which} is not valid before ${dayOf(this.notBefore)}`, 42);
		if (now > this.notAfter) throw new TLSError(`${which} expired on ${dayOf(this.notAfter)}`, 45);
	}

	private readExtensions(extensions: DER): void {
		while (!extensions.done) {
			const extension = extensions.sequence();
			const identifier = extension.identifier();
			const isCritical = extension.tag === Tag.Boolean && extension.read(Tag.Boolean)[0] !== 0;
			this.readExtension(identifier, new DER(extension.read(Tag.OctetString)), isCritical);
		}
	}

	private readExtension(identifier: string, value: DER, isCritical: boolean): void {
		switch (identifier) {
			case "551d0f": // key usage: keyCertSign is bit 5
				this.signsCertificates = (value.read(Tag.BitString)[1] & 0x04) !== 0;
				break;
			case "551d11": // subject alternative name
				this.names = value.read(Tag.Sequence);
				break;
			case "551d13": // basic constraints
				this.readConstraints(value.sequence());
				break;
			case "551d25": // extended key usage
				this.readPurposes(value.sequence());
				break;
			default:
				// RFC 5280, 4.2: who does not understand what is critical must not go on. Name constraints, critical or
				// not, are not checked here; what they do not allow must not pass.
				if (isCritical || identifier === "551d1e")
					throw new TLSError(`a certificate of its chain has conditions not known here (${identifier})`, 43);
		}
	}

	private readConstraints(constraints: DER): void {
		this.isAuthority = constraints.tag === Tag.Boolean && constraints.read(Tag.Boolean)[0] !== 0;
		if (constraints.tag === Tag.Integer) this.pathLength = Number(constraints.integer());
	}

	private readPurposes(purposes: DER): void {
		this.forServers = false;
		while (!purposes.done) {
			const purpose = purposes.identifier();
			if (purpose === "2b06010505070301" || purpose === "551d2500") this.forServers = true; // serverAuth, any
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

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
