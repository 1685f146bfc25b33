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
	/** For each wait of an SMTP session; the answer after the message may take ten times as long. */
	smtpTimeoutMs: number;
	/** Milliseconds after which an alert that cannot be sent is given up. */
	giveUpAfter: number;
	/** A second server and account, for when the first does not work; undefined where there is none. */
	fallbackHost: string | undefined;
	fallbackPort: number;
	fallbackSecurity: Security;
	fallbackUser: string | undefined;
	fallbackPassword: string | undefined;
	/** The address that its mails come from. */
	fallbackFrom: string;
	/** Seconds since 1970, before which no time can be right: the firmware was not built yet. `./build.sh flash` sets it. */
	built: number;
}

export interface ConfigProblem {
	/** What to change. */
	key: keyof Config;
	/** A clause that reads on from the key: "is missing". */
	problem: string;
}

type Raw = Readonly<Record<string, unknown>>;
/** @returns what is wrong with a text: a clause that reads on from the key */
type Rule = (text: string) => string | undefined;

const SECURITIES: readonly Security[] = Object.freeze(["none", "required", "implicit"] as const);
const LANGUAGES: readonly Language[] = Object.freeze(["en", "de", "es", "fr", "zh"] as const);
const RECIPIENT_LIMIT = 10;
const MISSING = "is missing";
const CLEAR = "must be required or implicit: without TLS everyone on the way can read the password";
/** 2026-01-01: this program is not older. */
const EARLIEST = 1_767_225_600;
const LATEST = 4_102_444_800;

/**
 * Reads and checks a configuration.
 * @returns the values, and what is wrong with them in the order of the keys; they are of use only when nothing is
 */
export const readConfig = (raw: Raw): { config: Config; problems: ConfigProblem[] } => {
	const reader = new Reader(raw);
	const smtpSecurity = reader.choice("smtpSecurity", SECURITIES, "required");
	const fallbackSecurity = reader.choice("fallbackSecurity", SECURITIES, "required");
	const config: Config = {
		ssid: reader.required("ssid", ssidRule),
		password: reader.text("password", passwordRule),
		smtpHost: reader.required("smtpHost", hostRule),
		smtpPort: reader.integer("smtpPort", 1, 65535) ?? defaultPort(smtpSecurity),
		smtpSecurity,
		smtpUser: reader.text("smtpUser", credentialRule),
		smtpPassword: reader.text("smtpPassword", credentialRule),
		allowCleartextAuth: reader.boolean("allowCleartextAuth", false),
		from: reader.required("from", addressRule),
		to: reader.addresses("to"),
		hostname: reader.text("hostname", hostnameRule),
		device: reader.text("device", textRule) ?? "alert",
		event: reader.text("event", textRule),
		language: reader.choice("language", LANGUAGES, "en"),
		sntp: reader.text("sntp", hostRule) ?? "pool.ntp.org",
		buttonPin: reader.pin("buttonPin", 15),
		buttonInvert: reader.boolean("buttonInvert", true),
		ledPin: reader.pin("ledPin", 16),
		ledInvert: reader.boolean("ledInvert", true),
		debounceMs: reader.integer("debounceMs", 10, 5_000) ?? 50,
		networkTimeoutMs: reader.integer("networkTimeoutMs", 1_000, 600_000) ?? 60_000,
		smtpTimeoutMs: reader.integer("smtpTimeoutMs", 1_000, 600_000) ?? 30_000,
		giveUpAfter: reader.duration("giveUpAfter", "1h", "20d") ?? 3 * DAY_MS,
		fallbackHost: reader.text("fallbackHost", hostRule),
		fallbackPort: reader.integer("fallbackPort", 1, 65535) ?? defaultPort(fallbackSecurity),
		fallbackSecurity,
		fallbackUser: reader.text("fallbackUser", credentialRule),
		fallbackPassword: reader.text("fallbackPassword", credentialRule),
		fallbackFrom: reader.text("fallbackFrom", addressRule) ?? "",
		built: reader.integer("built", EARLIEST, LATEST) ?? EARLIEST,
	};
	config.fallbackFrom ||= config.from;
	if (config.sntp === "off") config.sntp = undefined;
	checkTogether(config, reader);
	return { config, problems: reader.problems };
};

/** The port that goes with a security (RFC 8314, 3.3 and RFC 5321, 4.5.4.2). */
export const defaultPort = (security: Security): number => {
	return security === "implicit" ? 465 : security === "required" ? 587 : 25;
};

/** Whether a server is reached by TLS. */
export const needsTLS = ({ smtpSecurity, fallbackHost, fallbackSecurity }: Config): boolean =>
	smtpSecurity !== "none" || (fallbackHost !== undefined && fallbackSecurity !== "none");

const checkTogether = (config: Config, reader: Reader): void => {
	if (reader.problems.length) return;
	const { smtpUser, smtpPassword, smtpSecurity, allowCleartextAuth, buttonPin, ledPin } = config;
	const { fallbackHost, fallbackUser, fallbackPassword, fallbackSecurity } = config;
	if ((smtpUser === undefined) !== (smtpPassword === undefined))
		reader.report(smtpUser === undefined ? "smtpUser" : "smtpPassword", MISSING);
	if ((fallbackUser === undefined) !== (fallbackPassword === undefined))
		reader.report(fallbackUser === undefined ? "fallbackUser" : "fallbackPassword", MISSING);
	if (fallbackHost === undefined && (fallbackUser !== undefined || reader.has("fallbackFrom")))
		reader.report("fallbackHost", MISSING);
	if (needsTLS(config) && config.sntp === undefined)
		reader.report("sntp", "must not be off with TLS: certificates have dates");
	const isClear = smtpSecurity === "none" && smtpUser !== undefined;
	const isFallbackClear = fallbackSecurity === "none" && fallbackUser !== undefined;
	if ((isClear || isFallbackClear) && !allowCleartextAuth)
		reader.report(isClear ? "smtpSecurity" : "fallbackSecurity", CLEAR);
	if (ledPin !== undefined && ledPin === buttonPin) reader.report("ledPin", "must not be the button's pin");
};

/** Takes values out of a raw configuration by type, and gathers what is wrong. An empty string counts as absent. */
class Reader {
	readonly problems: ConfigProblem[] = [];
	private raw: Raw;

	constructor(raw: Raw) {
		this.raw = raw;
	}

	report(key: keyof Config, problem: string): undefined {
		this.problems.push({ key, problem });
	}

	text(key: keyof Config, rule: Rule): string | undefined {
		const value = this.value(key);
		if (value === undefined) return undefined;
		const problem = typeof value === "string" ? rule(value) : "must be a string";
		return problem ? this.report(key, problem) : (value as string);
	}

	required(key: keyof Config, rule: Rule): string {
		if (this.value(key) === undefined) this.report(key, MISSING);
		return this.text(key, rule) ?? "";
	}

	choice<T extends string>(key: keyof Config, choices: readonly T[], preset: T): T {
		const value = this.value(key) ?? preset;
		if (!choices.includes(value as T)) this.report(key, `must be one of ${choices.join(", ")}`);
		return value as T;
	}

	boolean(key: keyof Config, preset: boolean): boolean {
		const value = this.value(key) ?? preset;
		const isTrue = value === true || value === "true";
		if (!isTrue && value !== false && value !== "false") this.report(key, "must be true or false");
		return isTrue;
	}

	integer(key: keyof Config, least: number, most: number): number | undefined {
		const value = this.value(key);
		if (value === undefined) return undefined;
		const number = typeof value === "string" && isMadeOf(value, DIGITS) ? Number(value) : value;
		if (Number.isInteger(number) && (number as number) >= least && (number as number) <= most) return number as number;
		return this.report(key, `must be a whole number from ${least} to ${most}`);
	}

	/** @param least and the longest, as they would be written */
	duration(key: keyof Config, least: string, most: string): number | undefined {
		const value = this.value(key);
		if (value === undefined) return undefined;
		const ms = typeof value === "string" ? durationOf(value) : undefined;
		if (ms !== undefined && ms >= durationOf(least)! && ms <= durationOf(most)!) return ms;
		return this.report(key, `must be a time with its unit (${UNITS.join(", ")}), from ${least} to ${most}`);
	}

	has(key: keyof Config): boolean {
		return this.value(key) !== undefined;
	}

	pin(key: keyof Config, most: number): number | undefined {
		const pin = this.integer(key, 0, most);
		if (pin === undefined || pin < 6 || pin > 11) return pin;
		return this.report(key, "must not be one of GPIO 6 to 11, which the flash chip uses");
	}

	addresses(key: keyof Config): string[] {
		const value = this.value(key) ?? [];
		const list: unknown[] = Array.isArray(value) ? value : splitAddresses(`${value}`);
		const addresses: string[] = [];
		if (!list.length) this.report(key, MISSING);
		if (list.length > RECIPIENT_LIMIT) this.report(key, `must not have more than ${RECIPIENT_LIMIT} addresses`);
		for (const item of list) {
			const address = `${item}`.trim();
			const problem = addressRule(address);
			if (problem) this.report(key, problem);
			addresses.push(address);
		}
		return addresses;
	}

	private value(key: string): unknown {
		const value = this.raw[key];
		return value === "" ? undefined : value;
	}
}

const DIGITS = "0123456789";
const DAY_MS = 86_400_000;
const UNITS: readonly string[] = Object.freeze(["ms", "s", "min", "h", "d"] as const);
const UNIT_MS: readonly number[] = Object.freeze([1, 1_000, 60_000, 3_600_000, DAY_MS] as const);

/** A duration in milliseconds, written as in ESPHome: "200ms", "30s", "5min", "1h", "3d". A number alone is none. */
export const durationOf = (text: string): number | undefined => {
	for (let i = 0; i < UNITS.length; i++) {
		const unit = UNITS[i]!;
		const number = text.slice(0, -unit.length);
		if (text.endsWith(unit) && number.length < 10 && isMadeOf(number, DIGITS)) return Number(number) * UNIT_MS[i]!;
	}
	return undefined;
};

const HEXADECIMAL = "0123456789abcdefABCDEF";
const NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
/** RFC 5322, 3.2.3: what a local part is made of that is not in quotes. */
const ATOMS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.";

/** IEEE 802.11, 9.4.2.2: up to 32 bytes, any at all; the drivers end it at a NUL. */
const ssidRule = (text: string): string | undefined => {
	if (text.includes("\0")) return "must not have a NUL";
	return utf8Length(text) > 32 ? "must have at most 32 bytes" : undefined;
};

const passwordRule = (text: string): string | undefined => {
	const isKey = text.length === 64 && isMadeOf(text, HEXADECIMAL);
	const isPhrase = text.length >= 8 && text.length < 64 && utf8Length(text) === text.length;
	return isKey || isPhrase ? textRule(text) : "must have 8 to 63 ASCII characters, or 64 hexadecimal digits";
};

/** RFC 4616, 2: what every server takes of a user's name or a password; a provider's keys can be long. */
const credentialRule = (text: string): string | undefined =>
	utf8Length(text) > 255 ? "must have at most 255 bytes" : controlRule(text);

const textRule = (text: string): string | undefined =>
	text.length > 80 ? "must have at most 80 characters" : controlRule(text);

const controlRule = (text: string): string | undefined => {
	let problem: string | undefined;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code < 32 || (code > 126 && code < 160)) problem = "must not have control characters";
	}
	return problem;
};

const hostRule = (text: string): string | undefined => {
	return isDomain(text) ? undefined : "must be a host name or an IPv4 address";
};

/** Names that say nothing about the sender make servers drop its mail. */
const hostnameRule = (text: string): string | undefined => {
	const isLiteral = text.startsWith("[") && text.endsWith("]");
	const name = isLiteral ? text.slice(1, -1) : text;
	const isAddress = isMadeOf(name, "0123456789.");
	if (isDomain(name) && isLiteral === isAddress && !name.startsWith("127.") && name !== "localhost") return undefined;
	return "must be the board's domain name, or its address in square brackets";
};

const addressRule = (text: string): string | undefined => {
	const at = text.lastIndexOf("@");
	const local = text.slice(0, at);
	// dots where an atom has none, as some providers allow them, are put in quotes when the address is sent
	const isLocal = isMadeOf(local, ATOMS) || isQuoted(local);
	if (at > 0 && at <= 64 && text.length <= 254 && isLocal && isDomain(text.slice(at + 1))) return undefined;
	return "must be an address like name@example.org";
};

/** RFC 5321, 4.1.2: a quoted string of printable ASCII, within it quotes and backslashes behind a backslash. */
const isQuoted = (text: string): boolean => {
	const last = text.length - 1;
	if (last < 2 || text.charAt(0) !== '"' || text.charAt(last) !== '"') return false;
	for (let i = 1; i < last; i++) {
		if (text.charAt(i) === "\\") i++;
		else if (text.charAt(i) === '"') return false;
		const code = text.charCodeAt(i);
		if (i === last || code < 32 || code > 126) return false;
	}
	return true;
};

/** Addresses with commas between them, other than those in quotes. */
export const splitAddresses = (text: string): string[] => {
	const parts: string[] = [];
	let isQuoted = false;
	let from = 0;
	for (let i = 0; i < text.length; i++) {
		const character = text.charAt(i);
		if (isQuoted && character === "\\") i++;
		else if (character === '"') isQuoted = !isQuoted;
		else if (character === "," && !isQuoted) {
			parts.push(text.slice(from, i));
			from = i + 1;
		}
	}
	parts.push(text.slice(from));
	return parts;
};

/** Labels of letters, digits, hyphens within and, as many have them, underscores. */
const isDomain = (text: string): boolean => {
	const dotted = `.${text}.`;
	const isWhole = !dotted.includes("..") && !dotted.includes(".-") && !dotted.includes("-.");
	return isWhole && text.length <= 253 && isMadeOf(text, NAME);
};

const isMadeOf = (text: string, characters: string): boolean => {
	for (let i = 0; i < text.length; i++) if (!characters.includes(text.charAt(i))) return false;
	return text.length > 0;
};

const utf8Length = (text: string): number => {
	let bytes = 0;
	for (let i = 0; i < text.length; i++) bytes += bytesOf(text.charCodeAt(i));
	return bytes;
};

/** Beyond U+FFFF, XS gives whole characters, others the two halves of a pair. */
const bytesOf = (code: number): number => {
	if (code < 0x80) return 1;
	if (code < 0x800 || (code >= 0xd800 && code <= 0xdfff)) return 2;
	return code > 0xffff ? 4 : 3;
};
