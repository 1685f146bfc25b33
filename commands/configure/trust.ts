/** Whom the board is to trust: as the person says, as it was, as the provider has it, or as the server itself shows. */
import type { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Config } from "../../config.js";
import { authorityProblem, configuredAuthorities, nameOf, parseCertificates, rootsNamed } from "../authorities.js";
import { givenPath } from "../folder.js";
import { ConfigurationError, UsageError } from "../options.js";
import { reasonOf } from "../reason.js";
import type { Manifest } from "../settings.js";
import { providerAt } from "./providers.js";
import { askServer } from "./server.js";

export interface TrustOptions {
	/** Files with certificates. */
	files: readonly string[];
	/** Whether the server may be asked without a question. */
	asksServer: boolean;
	/** Whether the person, who is there, lets the server be asked. */
	confirm?(question: string): Promise<boolean>;
}

export interface Trust {
	authorities: X509Certificate[];
	/** Where they are from, as the end of a sentence. */
	origin: string;
}

/** A server that the board reaches by TLS. */
interface TLSServer {
	host: string;
	port: number;
	security: "required" | "implicit";
}

/**
 * @param before the manifest as it was
 * @returns no authorities where there are none to be found
 * @throws UsageError, or an Error where the server cannot be asked
 */
export async function chooseAuthorities(config: Config, before: Manifest, options: TrustOptions): Promise<Trust> {
	if (options.files.length > 0) return { authorities: options.files.flatMap(readAuthorities), origin: "as you say" };
	const isSame = (["smtpHost", "fallbackHost"] as const).every((key) => before.config?.[key] === config[key]);
	const kept = isSame && !options.asksServer ? present(before) : [];
	if (kept.length > 0) return { authorities: kept, origin: "as before" };
	const all: Trust[] = [];
	for (const server of serversOf(config)) all.push(await authoritiesOf(server, options));
	const byPrint = new Map(all.flatMap(({ authorities }) => authorities).map((one) => [one.fingerprint256, one]));
	const origins = all.map(({ origin }) => origin).filter((origin) => origin);
	return { authorities: [...byPrint.values()], origin: [...new Set(origins)].join(" and ") };
}

function serversOf(config: Config): TLSServer[] {
	const { smtpHost, smtpPort, smtpSecurity, fallbackHost, fallbackPort, fallbackSecurity } = config;
	const servers: TLSServer[] = [];
	if (smtpSecurity !== "none") servers.push({ host: smtpHost, port: smtpPort, security: smtpSecurity });
	if (fallbackHost !== undefined && fallbackSecurity !== "none")
		servers.push({ host: fallbackHost, port: fallbackPort, security: fallbackSecurity });
	return servers;
}

async function authoritiesOf(server: TLSServer, options: TrustOptions): Promise<Trust> {
	const { host } = server;
	if (options.asksServer) return asked(server);
	const provider = providerAt(host);
	const known = rootsNamed(provider?.authorities ?? []);
	if (provider && known.length > 0) return { authorities: known, origin: `as ${provider.name} has them today` };
	const question = `Connect to ${host} now, to see which authority vouches for it`;
	if (await options.confirm?.(question)) return asked(server);
	return { authorities: [], origin: "" };
}

async function asked(server: TLSServer): Promise<Trust> {
	const root = await askServer(server);
	const problem = authorityProblem(root);
	if (problem) throw new Error(`The authority ${nameOf(root)} ${problem}.`);
	return { authorities: [root], origin: `which vouches for ${server.host}` };
}

function readAuthorities(path: string): X509Certificate[] {
	let certificates: X509Certificate[];
	try {
		certificates = parseCertificates(readFileSync(givenPath(path)));
	} catch (error) {
		throw new UsageError(`--ca: ${path}: ${reasonOf(error)}.`);
	}
	for (const certificate of certificates) {
		const problem = authorityProblem(certificate);
		if (problem) throw new UsageError(`--ca: ${path}: ${nameOf(certificate)} ${problem}.`);
	}
	return certificates;
}

/** Files that are not there any more are as good as none. */
function present(manifest: Manifest): X509Certificate[] {
	try {
		return configuredAuthorities(manifest);
	} catch (error) {
		if (error instanceof ConfigurationError) return [];
		throw error;
	}
}
