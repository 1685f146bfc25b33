/** The command line of `./build.sh send`, and the job that it stands for. */
import { randomUUID } from "node:crypto";
import { networkInterfaces } from "node:os";
import { readConfig } from "../../config.js";
import type { EngineTarget } from "../../hardware/virtual/board.js";
import { boardEngine, engineOption } from "../engine.js";
import { type CommandLine, ConfigurationError, type Given, integer, readCommandLine, UsageError } from "../options.js";
import { configuredValues, type Values } from "../settings.js";
import { printable } from "../terminal.js";
import { readNotification } from "./dsn.js";
import type { Job } from "./job.js";

type Name =
	| "host"
	| "port"
	| "tls"
	| "user"
	| "password-env"
	| "auth"
	| "from"
	| "to"
	| "subject"
	| "text"
	| "raw"
	| "ehlo"
	| "timeout"
	| "allow-cleartext-auth"
	| "ca"
	| "insecure"
	| "lmtp"
	| "dsn"
	| "smtputf8"
	| "no-pipelining"
	| "no-chunking"
	| "verify"
	| "configured"
	| "engine"
	| "trace"
	| "json";

const securities = ["none", "required", "implicit"] as const;
const mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"];
/** They take an access token where others take a password. */
const tokenMechanisms = ["XOAUTH2", "OAUTHBEARER"];

const line: CommandLine<Name> = {
	usage: "./build.sh send --host HOST --from ADDRESS --to ADDRESS [OPTIONS]",
	about:
		"Sends one mail with the SMTP client that runs on the board, from this machine, to any server:\nto try a mail account before anything is flashed.",
	options: {
		host: { value: "HOST", help: "the mail server" },
		port: { value: "PORT", help: "its port (default: 587 required, 465 implicit, 25 none)" },
		tls: { value: "MODE", help: "required (STARTTLS), implicit or none (default: required)" },
		user: { value: "NAME", help: "user name to log in with" },
		"password-env": { value: "NAME", help: "environment variable that holds the password, or the access token" },
		auth: { value: "MECH", help: `log in with this mechanism: ${mechanisms.join(", ")}\n(default: PLAIN or LOGIN)` },
		from: { value: "ADDRESS", help: "who sends, and gets it back if it cannot be delivered" },
		to: { value: "ADDRESS", help: "who gets it; several with commas, or --to again", repeatable: true },
		subject: { value: "TEXT", help: 'the subject (default: "Test")' },
		text: { value: "TEXT", help: "the text (default: a sentence)" },
		raw: { help: "send standard input as it is, a whole message with its header" },
		ehlo: { value: "NAME", help: "name to introduce itself with (default: this machine's address)" },
		timeout: {
			value: "SECONDS",
			help: "how long to wait for each answer (default: 30 to connect, 300 for the last one, else 60)",
		},
		"allow-cleartext-auth": { help: "send the password even without TLS" },
		ca: { value: "FILE", help: "trust the authorities in this file (PEM), and no others" },
		insecure: { help: "trust whoever answers: for tests only" },
		lmtp: { help: "speak LMTP, to a mail store; --host may be the path of a Unix socket" },
		dsn: {
			value: "WORDS",
			help: "ask for delivery reports: never, or success, failure, delay; full or headers;\nid=TEXT; with commas between them",
		},
		smtputf8: { help: "addresses or headers have characters beyond ASCII" },
		"no-pipelining": { help: "wait for the reply to each command" },
		"no-chunking": { help: "send the message with DATA even if the server takes BDAT" },
		verify: { value: "ADDRESS", help: "send nothing: ask the server whether it knows this address (VRFY)" },
		configured: { help: "take what is not given here from manifest_local.json (./build.sh configure)" },
		engine: engineOption,
		trace: { help: "show the dialogue on standard error, secrets masked, and in the end the memory it took" },
		json: { help: "print one JSON object instead of sentences" },
	},
	notes: `Exit code: 0 all recipients accepted, 3 some refused, 75 failed but may work later,
69 failed for good, 64 wrong usage: nothing was sent.`,
};

/** @throws UsageError */
export function readSendOptions(argv: string[], env: NodeJS.ProcessEnv): Job {
	const given = readCommandLine(line, argv);
	const base = given.flag("configured") ? configuredJob() : {};
	const job: Job = {
		...defaults(given, base),
		...credentials(given, env, base),
		...features(given),
		raw: given.flag("raw"),
		trace: given.flag("trace"),
		allowCleartextAuth: given.flag("allow-cleartext-auth") || (base.allowCleartextAuth ?? false),
	};
	if (job.raw && (given.value("subject") !== undefined || given.value("text") !== undefined))
		throw new UsageError("--raw takes the whole message from standard input; --subject and --text do not go with it.");
	return job;
}

/** `--engine`, for the board. @throws UsageError */
export function engineOf(argv: string[]): { engine?: EngineTarget } {
	return boardEngine(readCommandLine(line, argv).value("engine"));
}

/** The file of `--ca`, which is the desk's business: the board's TLS trusts what it is made to trust. */
export function authorityFile(argv: string[]): string | undefined {
	return readCommandLine(line, argv).value("ca");
}

function features(given: Given<Name>): Partial<Job> {
	const dsn = given.value("dsn");
	if (given.flag("insecure") && given.value("ca") !== undefined)
		throw new UsageError("--ca says whom to trust, and --insecure to trust anyone: which?");
	return {
		insecure: given.flag("insecure") || undefined,
		lmtp: given.flag("lmtp") || undefined,
		dsn: dsn === undefined ? undefined : readNotification(dsn),
		utf8: given.flag("smtputf8") || undefined,
		pipelining: given.flag("no-pipelining") ? false : undefined,
		chunking: given.flag("no-chunking") ? false : undefined,
		verify: given.value("verify"),
	};
}

function defaults(given: Given<Name>, base: Partial<Job>) {
	const verifies = given.value("verify") !== undefined;
	const port = given.value("port");
	const timeout = given.value("timeout");
	const from = given.value("from") ?? base.from ?? (verifies ? "" : missing("from"));
	const to = given.values("to").flatMap(addresses);
	if (from !== "") checkAddress("from", from);
	for (const address of to) checkAddress("to", address);
	const host = given.value("host");
	if (host !== undefined) checkHost(host);
	return {
		host: host ?? base.host ?? missing("host"),
		port: port === undefined ? base.port : integer("port", port, 1, 65535),
		security: security(given.value("tls")) ?? base.security ?? "required",
		from,
		to: to.length > 0 || verifies ? to : (base.to ?? missing("to")),
		hostname: given.value("ehlo") ?? base.hostname ?? addressLiteral(),
		timeoutMs: timeout === undefined ? base.timeoutMs : integer("timeout", timeout, 1, 3600) * 1000,
		subject: given.value("subject") ?? "Test",
		text: given.value("text") ?? "This mail was sent by ./build.sh send: the account works.\n",
		date: Date.now(),
		messageId: `${randomUUID()}@${from.slice(from.lastIndexOf("@") + 1)}`,
	};
}

/** Addresses with commas between them; a quoted one, which may have a comma in it, stands alone. */
function addresses(text: string): string[] {
	return text.includes('"') ? [text] : text.split(",").map((address) => address.trim());
}

/** The client has the rules; this is for what is no address at all. */
function checkAddress(name: Name, address: string): void {
	const at = address.lastIndexOf("@");
	if (at > 0 && at < address.length - 1) return;
	const several = name === "to" ? " Several have commas between them, or a --to each." : "";
	throw new UsageError(`--${name}: "${printable(address)}" is no address like name@example.org.${several}`);
}

function checkHost(host: string): void {
	if (host.startsWith("/") || !/[:/]/.test(host)) return;
	throw new UsageError(`--host: "${printable(host)}" is no name or IPv4 address alone; give the port with --port.`);
}

function missing(name: Name): never {
	throw new UsageError(`--${name} is missing.`);
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
	const mechanism = mechanismOf(given.value("auth"));
	const isToken = mechanism !== undefined && tokenMechanisms.includes(mechanism);
	return { user, mechanism, ...(isToken ? { token: password } : { password }) };
}

/** For this command a configuration of no use is wrong usage: nothing is sent. */
function localValues(): Values {
	try {
		return configuredValues();
	} catch (error) {
		throw error instanceof ConfigurationError ? new UsageError(error.message) : error;
	}
}

/** The account that `./build.sh configure` has written. */
function configuredJob(): Partial<Job> {
	const { config, problems } = readConfig({ ssid: "-", ...localValues() });
	const [first] = problems;
	if (first) throw new UsageError(`The configuration is not complete. ${first.key}: ${first.problem}`);
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
