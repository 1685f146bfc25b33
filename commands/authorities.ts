/**
 * The certificate authorities that a board trusts: files beside manifest_local.json, which names them as resources. The app
 * finds them by their names, authority-1.der and so on (hardware/tls/provider.ts). Each set of them has a folder of its own,
 * so that the manifest goes from one set to the next as a whole.
 */
import { createHash, X509Certificate } from "node:crypto";
import { type Dirent, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { ConfigurationError } from "./options.js";
import { reasonOf } from "./reason.js";
import { replaceFile } from "./replace.js";
import { appManifest, localManifest, type Manifest, readManifest, tlsManifest } from "./settings.js";

/** Git ignores it. */
const authorityFolder = "authorities_local";
/** What the board's TLS speaks (hardware/tls/hello.ts), for Node: a server may have other certificates for other clients. */
export const boardTLS = {
	minVersion: "TLSv1.2",
	maxVersion: "TLSv1.2",
	ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
	ecdhCurve: "prime256v1",
	sigalgs: "ECDSA+SHA256:RSA+SHA256:ECDSA+SHA384:RSA+SHA384:ECDSA+SHA512:RSA+SHA512",
} as const;
/** More would only fill the flash. */
const LIMIT = 8;

/** Certificates in a file's bytes: one in DER, or any number in PEM. @throws Error where there is none */
export function parseCertificates(bytes: Buffer): X509Certificate[] {
	const blocks = bytes.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
	try {
		return (blocks ?? [bytes]).map((block) => new X509Certificate(block));
	} catch {
		throw new Error("is no certificate, neither PEM nor DER");
	}
}

/** What keeps a board from trusting a certificate; undefined where nothing does. */
export function authorityProblem(certificate: X509Certificate, now = new Date()): string | undefined {
	const { asymmetricKeyType, asymmetricKeyDetails = {} } = certificate.publicKey;
	const { modulusLength = 0, publicExponent, namedCurve = "" } = asymmetricKeyDetails;
	const isLong = modulusLength >= 2048 && modulusLength <= 4096;
	const isRSA = asymmetricKeyType === "rsa" && isLong && publicExponent === 65537n;
	const isEC = asymmetricKeyType === "ec" && ["prime256v1", "secp384r1"].includes(namedCurve);
	if (!isRSA && !isEC)
		return "has a key that the board cannot work with: RSA of 2048 to 4096 bits with the exponent 65537, P-256 or P-384";
	if (now > new Date(certificate.validTo)) return `expired on ${day(certificate.validTo)}`;
	return undefined;
}

/** What people call it: its common name, or the last of its names. */
export function nameOf({ subject }: { subject: string }): string {
	const last = /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.trim().split("\n").at(-1) ?? "";
	return last.replace(/^[A-Za-z]+=/, "");
}

/** "ISRG Root X1, ISRG Root X2" */
export function namesOf(certificates: readonly X509Certificate[]): string {
	return certificates.map(nameOf).join(", ");
}

/** The authorities of these common names, as Node brings them; those that it does not have (any more) are left out. */
export function rootsNamed(names: readonly string[]): X509Certificate[] {
	const roots = rootCertificates.map((pem) => new X509Certificate(pem));
	return names.flatMap((name) => roots.find((root) => nameOf(root) === name) ?? []);
}

/** Whether the app is built with TLS by a manifest: it includes the app's with TLS. */
export function includesTLS(manifest: Manifest): boolean {
	return [manifest.include ?? []].flat().some((path) => isManifest(path, tlsManifest));
}

/** The files of the authorities that a manifest names. */
export function authorityFiles(manifest: Manifest): string[] {
	return resourcesOf(manifest)
		.filter(isOurs)
		.map((path) => `${path.replace(/^\.\//, "")}.der`);
}

/**
 * The authorities of manifest_local.json.
 * @throws ConfigurationError where a file is missing or no certificate
 */
export function configuredAuthorities(manifest: Manifest = readManifest(localManifest)): X509Certificate[] {
	return authorityFiles(manifest).map((path) => {
		try {
			return new X509Certificate(readFileSync(path));
		} catch (error) {
			const { code, syscall } = error as NodeJS.ErrnoException;
			const reason =
				code === "ENOENT" ? "is missing" : syscall ? `cannot be read: ${reasonOf(error)}` : "is no certificate";
			throw new ConfigurationError(
				`${path} ${reason}; ./build.sh configure --ask-server, or --ca FILE, writes it anew.`,
			);
		}
	});
}

/**
 * A manifest with TLS and these authorities, or without both where there is no need for TLS.
 * @param files of the authorities
 */
export function withAuthorities(manifest: Manifest, files: readonly string[], needsTLS: boolean): Manifest {
	const [wanted, other] = needsTLS ? [tlsManifest, appManifest] : [appManifest, tlsManifest];
	const swap = (path: unknown) => (isManifest(path, other) ? `./${wanted}` : path);
	const { include = `./${wanted}`, resources, ...rest } = manifest;
	const { "*": _, ...named } = (resources ?? {}) as Record<string, unknown>;
	const others = resourcesOf(manifest).filter((path) => !isOurs(path));
	const unnamed = [...others, ...files.map((file) => `./${file.slice(0, -".der".length)}`)];
	const all = unnamed.length ? { ...named, "*": unnamed } : named;
	return {
		include: (Array.isArray(include) ? include.map(swap) : swap(include)) as string | string[],
		...rest,
		...(Object.keys(all).length ? { resources: all } : {}),
	};
}

/**
 * Writes files for a manifest to name; those that it names now stay as they are.
 * @returns the files
 * @throws Error where they are too many
 */
export function writeAuthorities(certificates: readonly X509Certificate[]): string[] {
	if (certificates.length > LIMIT) throw new Error(`These are ${certificates.length} authorities; ${LIMIT} at most.`);
	if (certificates.length === 0) return [];
	const hash = createHash("sha256");
	for (const { raw } of certificates) hash.update(raw);
	const folder = join(authorityFolder, hash.digest("hex").slice(0, 8));
	mkdirSync(folder, { recursive: true });
	return certificates.map(({ raw }, i) => {
		const file = join(folder, `authority-${i + 1}.der`);
		replaceFile(file, raw);
		return file;
	});
}

/** Deletes the authorities that the manifest does not name any more, and the folders that are empty then. */
export function forgetAuthorities(named: readonly string[]): void {
	if (!existsSync(authorityFolder)) return;
	for (const { name } of readdirSync(authorityFolder, { withFileTypes: true }).filter(isSet))
		forgetIn(join(authorityFolder, name), named);
	forgetIn(authorityFolder, named); // where they all were before there were sets
}

function isSet(entry: Dirent): boolean {
	return entry.isDirectory() && /^[0-9a-f]{8}$/.test(entry.name);
}

function forgetIn(folder: string, named: readonly string[]): void {
	for (const name of readdirSync(folder)) {
		const file = join(folder, name);
		if (/^authority-\d+\.der(\.\d+\.new)?$/.test(name) && !named.includes(file)) rmSync(file);
	}
	if (readdirSync(folder).length === 0) rmdirSync(folder);
}

export function day(date: string): string {
	return new Date(date).toISOString().slice(0, 10);
}

function isManifest(path: unknown, name: string): boolean {
	return path === name || path === `./${name}`;
}

function resourcesOf({ resources }: Manifest): string[] {
	const files = (resources as Record<string, unknown> | undefined)?.["*"] ?? [];
	return [files].flat().filter((path) => typeof path === "string");
}

function isOurs(path: string): boolean {
	return /^(\.\/)?authorities_local\/([0-9a-f]{8}\/)?authority-\d+$/.test(path);
}
