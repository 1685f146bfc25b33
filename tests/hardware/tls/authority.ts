/** Keys and certificates for the tests, made by openssl. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type KeyKind = "rsa" | "p256" | "p384" | "rsa1024" | "rsa4096" | "rsa3";

/** A certificate with its key, as PEM. */
export interface Identity {
	name: string;
	key: string;
	certificate: string;
	issuer: Identity | undefined;
}

const keyOptions: Record<KeyKind, string[]> = {
	rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
	rsa4096: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"],
	rsa3: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"],
	rsa1024: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
	p256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
	p384: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
};

/** What makes a certificate an authority's. */
export const AUTHORITY = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign";

interface IssueOptions {
	/** The subject's common name, where it is not given otherwise. */
	name?: string;
	key?: KeyKind;
	/** Whose key it shall have, instead of one of its own: a certificate that is renewed, or signed by two. */
	owner?: Identity;
	/** Lines of openssl's configuration. */
	extensions: string;
	issuer?: Identity | undefined;
	digest?: "sha1" | "sha256" | "sha384";
	days?: number;
}

/** A folder where openssl works. */
export class Certificates {
	#folder = mkdtempSync(join(tmpdir(), "certificates-"));
	#count = 0;

	/** Issues a certificate for `name`, signed by `issuer` or by itself. */
	issue(
		name: string,
		{ key = "rsa", owner, extensions, issuer, digest = "sha256", days = 30 }: IssueOptions,
	): Identity {
		const path = (what: string): string => join(this.#folder, `${this.#count}.${what}`);
		this.#count++;
		writeFileSync(path("extensions"), `${extensions}\nsubjectKeyIdentifier=hash\n`);
		if (owner) writeFileSync(path("key"), owner.key);
		else openssl("genpkey", ...keyOptions[key], "-out", path("key"));
		openssl("req", "-new", "-key", path("key"), "-subj", `/O=Tests/CN=${name}`, "-out", path("request"));
		const signer = issuer ? ["-CA", path("issuer"), "-CAkey", path("issuer-key")] : ["-signkey", path("key")];
		if (issuer) {
			writeFileSync(path("issuer"), issuer.certificate);
			writeFileSync(path("issuer-key"), issuer.key);
		}
		const form = [
			"-days",
			String(days),
			`-${digest}`,
			"-set_serial",
			String(this.#count),
			"-extfile",
			path("extensions"),
		];
		openssl("x509", "-req", "-in", path("request"), ...signer, ...form, "-out", path("certificate"));
		return {
			name,
			key: readFileSync(path("key"), "utf8"),
			certificate: readFileSync(path("certificate"), "utf8"),
			issuer,
		};
	}

	authority(name: string, options: Partial<IssueOptions> = {}): Identity {
		return this.issue(name, { extensions: AUTHORITY, ...options });
	}

	/** @param names what it is for, as "DNS:mail.example.org,IP:127.0.0.1" */
	server(names: string, issuer: Identity | undefined, options: Partial<IssueOptions> = {}): Identity {
		const extensions = `basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=${names}`;
		return this.issue(options.name ?? "server", { extensions, issuer, ...options });
	}

	close(): void {
		rmSync(this.#folder, { recursive: true });
	}
}

/** The certificate and its issuers, as servers have them: without the root. */
export function chainOf(identity: Identity): string {
	const { issuer, certificate } = identity;
	return issuer?.issuer ? certificate + chainOf(issuer) : certificate;
}

export function derOf({ certificate }: Identity): Buffer {
	return Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
}

function openssl(...options: string[]): void {
	const { status, stderr, error } = spawnSync("openssl", options, { encoding: "utf8" });
	if (status !== 0) throw new Error(`openssl ${options.join(" ")}: ${error?.message ?? stderr}`);
}
