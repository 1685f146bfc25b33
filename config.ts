/**
 * The configuration's rules: what main.ts reads from `mc/config` and what `./build.sh configure` writes. This module
 * imports nothing and runs on XS and on Node. Keys are flat and every value may be a string, because `mcconfig key=value`
 * sets nothing else.
 */

export type Security = "none" | "required" | "implicit";
export type Language = "en" | "de" | "es" | "fr" | "zh";

/** A checked configuration, each value of its own type, defaults filled in. */
export interface Config {
	ssid: string;
	/** Undefined for an open network. */
	password: string | undefined;
	smtpHost: string;
	smtpPort: number;
	smtpSecurity: Security;
	smtpUser: string | undefined;
	smtpPassword: string | undefined;
	allowCleartextAuth: boolean;
	from: string;
	to: string[];
	/** The name given in EHLO; undefined for the board's own address. */
	hostname: string | undefined;
	/** Who sends. */
	device: string;
	/** What happened; undefined for the language's own words. */
	event: string | undefined;
	language: Language;
	/** SNTP server; undefined where the clock is not to be set. */
	sntp: string | undefined;
	/** GPIO numbers; undefined for the board's own button and LED. */
	buttonPin: number | undefined;
	buttonInvert: boolean;
	ledPin: number | undefined;
	ledInvert: boolean;
	debounceMs: number;
	networkTimeoutMs: number;
	smtpTimeoutMs: number;
}

export interface ConfigProblem {
	key: keyof Config;
	/** A clause that reads on from the key: "is missing". */
	problem: string;
}

type Raw = Readonly<Record<string, unknown>>;

const SECURITIES: readonly Security[] = Object.freeze(["none", "required", "implicit"] as const);
const LANGUAGES: readonly Language[] = Object.freeze(["en", "de", "es", "fr", "zh"] as const);
const RECIPIENT_LIMIT = 10;

/**
 * Reads and checks a configuration.
 * @returns the values, and what is wrong with them in the order of the keys; they are of use only when nothing is
 */
export function readConfig(raw: Raw): { config: Config; problems: ConfigProblem[] } {
	const reader = new Reader(raw);
	const smtpSecurity = reader.choice("smtpSecurity", SECURITIES, "required");
	const config: Config = {
		ssid: reader.required("ssid", ssidProblem),
		password: reader.optional("password", passwordProblem),
		smtpHost: reader.required("smtpHost", hostProblem),
		smtpPort: reader.integer("smtpPort", 1, 65535) ?? defaultPort(smtpSecurity),
		smtpSecurity,
		smtpUser: reader.optional("smtpUser", credentialProblem),
		smtpPassword: reader.optional("smtpPassword", credentialProblem),
		allowCleartextAuth: reader.boolean("allowCleartextAuth", false),
		from: reader.required("from", addressProblem),
		to: reader.addresses("to"),
		hostname: reader.optional("hostname", hostnameProblem),
		device: reader.optional("device", (text) => textProblem(text, 40)) ?? "alert",
		event: reader.optional("event", (text) => textProblem(text, 80)),
		language: reader.choice("language", LANGUAGES, "en"),
		sntp: reader.host("sntp", "pool.ntp.org"),
		buttonPin: reader.pin("buttonPin", 15),
		buttonInvert: reader.boolean("buttonInvert", true),
		ledPin: reader.pin("ledPin", 16),
		ledInvert: reader.boolean("ledInvert", true),
		debounceMs: reader.integer("debounceMs", 10, 5_000) ?? 50,
		networkTimeoutMs: reader.integer("networkTimeoutMs", 1_000, 600_000) ?? 60_000,
		smtpTimeoutMs: reader.integer("smtpTimeoutMs", 1_000, 600_000) ?? 30_000,
	};
	if (!reader.problems.length) checkCredentials(config, reader);
	return { config, problems: reader.problems };
}

/** The port that goes with a security (RFC 8314, 3.3 and RFC 5321, 4.5.4.2). */
export function defaultPort(security: Security): number {
	return security === "implicit" ? 465 : security === "required" ? 587 : 25;
}

function checkCredentials(config: Config, reader: Reader): void {
	const { smtpUser, smtpPassword } = config;
	if (smtpUser !== undefined && smtpPassword === undefined)
		reader.report("smtpPassword", "is missing, smtpUser is there");
	else if (smtpUser === undefined && smtpPassword !== undefined)
		reader.report("smtpUser", "is missing, smtpPassword is there");
	else if (smtpUser !== undefined && config.smtpSecurity === "none" && !config.allowCleartextAuth)
		reader.report("allowCleartextAuth", "must be true to send a password without TLS (smtpSecurity is none)");
}

type Rule = (text: string) => string | undefined;

/** Takes values out of a raw configuration by type, and gathers what is wrong. An empty string counts as absent. */
class Reader {
	readonly problems: ConfigProblem[] = [];
	#raw: Raw;

	constructor(raw: Raw) {
		this.#raw = raw;
	}

	report(key: keyof Config, problem: string): void {
		this.problems.push({ key, problem });
	}

	optional(key: keyof Config, rule: Rule): string | undefined {
		const value = this.#value(key);
		if (value === undefined) return undefined;
		if (typeof value !== "string") this.report(key, "must be a string");
		else {
			const problem = rule(value);
			if (problem) this.report(key, problem);
			else return value;
		}
		return undefined;
	}

	required(key: keyof Config, rule: Rule): string {
		if (this.#value(key) === undefined) this.report(key, "is missing");
		return this.optional(key, rule) ?? "";
	}

	host(key: keyof Config, preset: string): string | undefined {
		const host = this.optional(key, hostProblem) ?? preset;
		return host === "off" ? undefined : host;
	}

	choice<T extends string>(key: keyof Config, choices: readonly T[], preset: T): T {
		const value = this.#value(key) ?? preset;
		if (choices.includes(value as T)) return value as T;
		this.report(key, `must be one of ${choices.join(", ")}`);
		return preset;
	}

	boolean(key: keyof Config, preset: boolean): boolean {
		const value = this.#value(key) ?? preset;
		if (value === true || value === "true") return true;
		if (value !== false && value !== "false") this.report(key, "must be true or false");
		return false;
	}

	integer(key: keyof Config, least: number, most: number): number | undefined {
		const value = this.#value(key);
		if (value === undefined) return undefined;
		const number = typeof value === "number" ? value : typeof value === "string" ? decimal(value) : NaN;
		if (number >= least && number <= most && number % 1 === 0) return number;
		this.report(key, `must be a whole number from ${least} to ${most}`);
		return undefined;
	}

	pin(key: keyof Config, most: number): number | undefined {
		const pin = this.integer(key, 0, most);
		if (pin === undefined || pin < 6 || pin > 11) return pin;
		this.report(key, "must not be one of GPIO 6 to 11, which the flash chip uses");
		return undefined;
	}

	addresses(key: keyof Config): string[] {
		const value = this.#value(key);
		const list = typeof value === "string" ? value.split(",").map((part) => part.trim()) : value;
		if (list === undefined) this.report(key, "is missing");
		else if (!Array.isArray(list)) this.report(key, "must be an address or a list of addresses");
		else if (!list.length) this.report(key, "is missing");
		else if (list.length > RECIPIENT_LIMIT) this.report(key, `has more than ${RECIPIENT_LIMIT} addresses`);
		else {
			const problem = firstProblem(list);
			if (problem) this.report(key, problem);
			else return [...list];
		}
		return [];
	}

	#value(key: string): unknown {
		const value = this.#raw[key];
		return value === "" || value === null ? undefined : value;
	}
}

function firstProblem(addresses: readonly unknown[]): string | undefined {
	for (const address of addresses) {
		const problem = typeof address === "string" ? addressProblem(address) : "must hold strings only";
		if (problem) return problem;
	}
	return undefined;
}

/** @returns NaN for anything but decimal digits */
function decimal(text: string): number {
	if (!text || text.length > 9) return NaN;
	for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return NaN;
	return Number(text);
}

function ssidProblem(text: string): string | undefined {
	return hasControl(text) || utf8Length(text) > 32 ? "must have at most 32 bytes and no control characters" : undefined;
}

function passwordProblem(text: string): string | undefined {
	if (text.length === 64) {
		for (let i = 0; i < 64; i++) if (!isHexadecimal(text.charCodeAt(i))) return "of 64 characters must be hexadecimal";
		return undefined;
	}
	if (text.length >= 8 && text.length < 64 && isPrintable(text, 32)) return undefined;
	return "must have 8 to 63 printable ASCII characters";
}

function credentialProblem(text: string): string | undefined {
	return hasControl(text) || utf8Length(text) > 255
		? "must have at most 255 bytes and no control characters"
		: undefined;
}

function textProblem(text: string, most: number): string | undefined {
	return hasControl(text) || text.length > most
		? `must have at most ${most} characters and no control characters`
		: undefined;
}

function hostProblem(text: string): string | undefined {
	return isDomain(text) ? undefined : "must be a host name or an IPv4 address";
}

/** Names that say nothing about the sender make servers drop its mail. */
function hostnameProblem(text: string): string | undefined {
	const literal = text.startsWith("[") && text.endsWith("]");
	const name = literal ? text.slice(1, -1) : text;
	if (name.toLowerCase() === "localhost" || name.startsWith("127.")) return "must not be this device's name for itself";
	if (literal === isDotted(name) && isDomain(name)) return undefined;
	return "must be a domain name, or an IPv4 address in square brackets";
}

/** RFC 5321, 4.1.2: dot-string at domain; of 4.5.3.1 the limits. Quoted local parts are left to those who write code. */
function addressProblem(text: string): string | undefined {
	const at = text.lastIndexOf("@");
	const local = text.slice(0, at);
	if (at < 1 || at > 64 || text.length > 254 || !isDotString(local) || !isDomain(text.slice(at + 1)))
		return "must hold addresses like name@example.org";
	return undefined;
}

function isDotString(text: string): boolean {
	if (text.startsWith(".") || text.endsWith(".") || text.includes("..")) return false;
	for (let i = 0; i < text.length; i++) if ('"(),:;<>@[\\]'.includes(text.charAt(i))) return false;
	return isPrintable(text, 33);
}

/** Labels of letters, digits, hyphens and, as many have them, underscores. */
function isDomain(text: string): boolean {
	if (!text || text.length > 253) return false;
	for (const label of text.split(".")) if (!isLabel(label)) return false;
	return true;
}

function isLabel(label: string): boolean {
	if (!label || label.length > 63 || label.startsWith("-") || label.endsWith("-")) return false;
	for (let i = 0; i < label.length; i++) {
		const code = label.charCodeAt(i);
		if (!isDigit(code) && !isLetter(code) && code !== 45 && code !== 95) return false;
	}
	return true;
}

function isDotted(text: string): boolean {
	const parts = text.split(".");
	return parts.length === 4 && parts.every((part) => decimal(part) < 256);
}

function isPrintable(text: string, least: number): boolean {
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code < least || code > 126) return false;
	}
	return true;
}

function hasControl(text: string): boolean {
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code < 32 || (code > 126 && code < 160)) return true;
	}
	return false;
}

function utf8Length(text: string): number {
	let bytes = 0;
	for (const character of text) {
		const code = character.codePointAt(0)!;
		bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	}
	return bytes;
}

function isDigit(code: number): boolean {
	return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
	return (code | 32) >= 97 && (code | 32) <= 122;
}

function isHexadecimal(code: number): boolean {
	return isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 102);
}
