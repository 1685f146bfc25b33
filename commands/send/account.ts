/** The server and the account on it, by the command line or by what `./build.sh configure` has written. */
import { networkInterfaces } from "node:os";
import { readConfig } from "../../config.js";
import { asciiDomain } from "../domain.js";
import { ConfigurationError, type Given, integer, UsageError } from "../options.js";
import { configuredValues, type Values } from "../settings.js";
import { printable } from "../terminal.js";
import type { Job } from "./job.js";
import type { Name } from "./options.js";

const securities = ["none", "required", "implicit"] as const;
export const mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"];
/** They take an access token where others take a password. */
const tokenMechanisms = ["XOAUTH2", "OAUTHBEARER"];

/** @throws UsageError */
export function readAccount(given: Given<Name>, env: NodeJS.ProcessEnv, base: Partial<Job>) {
	const port = given.value("port");
	const ehlo = given.value("ehlo");
	const timeout = given.value("timeout");
	return {
		host: host(given.value("host")) ?? base.host ?? missingHost(),
		port: port === undefined ? base.port : integer("port", port, 1, 65535),
		security: security(given.value("tls")) ?? base.security ?? "required",
		hostname: ehlo === undefined ? (base.hostname ?? addressLiteral()) : asciiDomain(ehlo),
		timeoutMs: timeout === undefined ? base.timeoutMs : integer("timeout", timeout, 1, 3600) * 1000,
		allowCleartextAuth: given.flag("allow-cleartext-auth") || (base.allowCleartextAuth ?? false),
		...credentials(given, env, base),
	};
}

function host(text: string | undefined): string | undefined {
	if (text === undefined || text.startsWith("/")) return text;
	if (!/[:/]/.test(text)) return asciiDomain(text);
	throw new UsageError(`--host: "${printable(text)}" is no name or IPv4 address alone; give the port with --port.`);
}

function missingHost(): never {
	throw new UsageError("--host is missing.");
}

function security(text: string | undefined): Job["security"] | undefined {
	if (text === undefined) return undefined;
	const found = securities.find((name) => name === text);
	if (!found) throw new UsageError(`--tls must be one of ${securities.join(", ")}, not "${text}".`);
	return found;
}

function mechanismOf(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	const name = text.toUpperCase();
	if (!mechanisms.includes(name))
		throw new UsageError(`--auth must be one of ${mechanisms.join(", ")}, not "${text}".`);
	return name;
}

function credentials(given: Given<Name>, env: NodeJS.ProcessEnv, base: Partial<Job>): Partial<Job> {
	const user = given.value("user") ?? base.user;
	const variable = given.value("password-env");
	if (variable !== undefined && env[variable] === undefined)
		throw new UsageError(`--password-env: there is no environment variable ${variable}.`);
	const password = variable === undefined ? base.password : env[variable];
	if (user === undefined && password !== undefined) throw new UsageError("--password-env needs --user.");
	if (user !== undefined && password === undefined) throw new UsageError("--user needs --password-env.");
	if (user !== undefined && isClear(given, base) && given.value("auth")?.toUpperCase() !== "CRAM-MD5")
		throw new UsageError(
			"--user: without TLS everyone on the way could read the password: --tls required (STARTTLS) or --tls implicit.",
		);
	const mechanism = mechanismOf(given.value("auth"));
	const isToken = mechanism !== undefined && tokenMechanisms.includes(mechanism);
	return { user, mechanism, ...(isToken ? { token: password } : { password }) };
}

/** Whether a password would go out without TLS, and nobody has said that it may. */
function isClear(given: Given<Name>, base: Partial<Job>): boolean {
	const allowed = given.flag("allow-cleartext-auth") || base.allowCleartextAuth;
	return !allowed && (security(given.value("tls")) ?? base.security) === "none";
}

/** For this command a configuration of no use is wrong usage: nothing is sent. */
function localValues(): Values {
	try {
		return configuredValues();
	} catch (error) {
		throw error instanceof ConfigurationError ? new UsageError(error.message) : error;
	}
}

/** The account that `./build.sh configure` has written. @throws UsageError */
export function configuredJob(): Partial<Job> {
	const { config, problems } = readConfig({ ssid: "-", ...localValues() });
	const [first] = problems;
	if (first)
		throw new UsageError(`The configuration is not complete: ${first.key} ${first.problem} (./build.sh configure).`);
	return {
		host: config.smtpHost,
		port: config.smtpPort,
		security: config.smtpSecurity,
		user: config.smtpUser,
		password: config.smtpPassword,
		allowCleartextAuth: config.allowCleartextAuth,
		from: config.from,
		to: [...config.to],
		hostname: config.hostname,
		timeoutMs: config.smtpTimeoutMs,
	};
}

/** This machine's own address as RFC 5321, 4.1.3 has it in EHLO. */
function addressLiteral(): string {
	const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
	const outward = all.find((entry) => entry.family === "IPv4" && !entry.internal);
	return `[${outward?.address ?? "127.0.0.1"}]`;
}
