/** The keys of the configuration, as a person meets them: flag, question, explanation. The rules are config.ts's. */
import { type Config, readConfig, splitAddresses } from "../../config.js";
import { asciiAddress, asciiDomain } from "../domain.js";
import { printable } from "../terminal.js";

export type Key = keyof Config;

export interface KeyDescription {
	key: Key;
	/** What a value looks like, for `--help`. */
	value: string;
	help: string;
	/** Never shown, and not echoed when typed. */
	secret?: boolean;
	/** What counts where nothing is set, in words; for the others config.ts has a value. */
	preset?: string;
	/** How the value stands in the file; a string where absent. */
	type?: "integer" | "boolean";
}

export const keys: readonly KeyDescription[] = [
	{ key: "ssid", value: "NAME", help: "name of the Wi-Fi network (2.4 GHz)" },
	{ key: "password", value: "TEXT", help: "its password; none for an open network", secret: true, preset: "none" },
	{ key: "smtpHost", value: "HOST", help: "the mail server that takes your outgoing mail" },
	{ key: "smtpPort", value: "PORT", help: "its port (default: 587 required, 465 implicit, 25 none)", type: "integer" },
	{ key: "smtpSecurity", value: "MODE", help: "TLS: required (STARTTLS), implicit or none (default: required)" },
	{ key: "smtpUser", value: "NAME", help: "user name of the mail account", preset: "none" },
	{
		key: "smtpPassword",
		value: "TEXT",
		help: "its password; most providers want an app password",
		secret: true,
		preset: "none",
	},
	{ key: "allowCleartextAuth", value: "BOOLEAN", help: "true: send the password even without TLS", type: "boolean" },
	{ key: "from", value: "ADDRESS", help: "address that the alerts come from" },
	{ key: "to", value: "ADDRESS", help: "who gets the alerts; several with commas, 10 at most" },
	{
		key: "hostname",
		value: "NAME",
		help: "how the board names itself to the server (default: its address)",
		preset: "its address",
	},
	{ key: "device", value: "TEXT", help: "how the mail names the board (default: alert)" },
	{
		key: "event",
		value: "TEXT",
		help: "what the mail says has happened (default: that the button was pressed)",
		preset: "that the button was pressed",
	},
	{ key: "language", value: "CODE", help: "language of the mail: en, de, es, fr or zh (default: en)" },
	{ key: "sntp", value: "HOST", help: 'time server, or "off" (default: pool.ntp.org)' },
	{
		key: "buttonPin",
		value: "GPIO",
		help: "pin of the button (default: the board's own)",
		preset: "the board's own",
		type: "integer",
	},
	{ key: "buttonInvert", value: "BOOLEAN", help: "true: pressed reads 0 (default: true)", type: "boolean" },
	{
		key: "ledPin",
		value: "GPIO",
		help: "pin of the LED (default: the board's own)",
		preset: "the board's own",
		type: "integer",
	},
	{ key: "ledInvert", value: "BOOLEAN", help: "true: 0 lights it (default: true)", type: "boolean" },
	{ key: "debounceMs", value: "MS", help: "how long the button must rest (default: 50)", type: "integer" },
	{
		key: "networkTimeoutMs",
		value: "MS",
		help: "how long an alert waits for the network (default: 60000)",
		type: "integer",
	},
	{
		key: "smtpTimeoutMs",
		value: "MS",
		help: "how long to wait for each answer of the server (default: 30000)",
		type: "integer",
	},
	{
		key: "giveUpAfter",
		value: "TIME",
		help: "how old an alert may become before it is given up, such as 36h (default: 3d)",
		preset: "3d",
	},
	{
		key: "fallbackHost",
		value: "HOST",
		help: "a second mail server, for when the first does not work",
		preset: "none",
	},
	{ key: "fallbackPort", value: "PORT", help: "its port", type: "integer" },
	{ key: "fallbackSecurity", value: "MODE", help: "its TLS (default: required)" },
	{ key: "fallbackUser", value: "NAME", help: "user name of the account there", preset: "none" },
	{ key: "fallbackPassword", value: "TEXT", help: "its password", secret: true, preset: "none" },
	{ key: "fallbackFrom", value: "ADDRESS", help: "address that its alerts come from (default: that of the first)" },
];

const hosts: ReadonlySet<Key> = new Set(["smtpHost", "fallbackHost", "hostname", "sntp"]);
const addresses: ReadonlySet<Key> = new Set(["from", "fallbackFrom", "to"]);

/** Whether spaces at a value's ends may be its own. */
export function keepsSpaces({ key, secret }: KeyDescription): boolean {
	return key === "ssid" || secret === true;
}

/** The flag of a key: smtpHost is given as --smtp-host. */
export function flagOf(key: Key): string {
	return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A value as it was typed, as it stands in the file; what does not fit its type stays text, for the rules to refuse. */
export function typed(key: KeyDescription, text: string): string | number | boolean {
	if (key.type === "integer" && /^\d{1,9}$/.test(text)) return Number(text);
	const isTrue = ["true", "yes", "y"].includes(text.toLowerCase());
	const isFalse = ["false", "no", "n"].includes(text.toLowerCase());
	if (key.type === "boolean" && (isTrue || isFalse)) return isTrue;
	if (hosts.has(key.key)) return asciiDomain(text);
	return addresses.has(key.key) ? splitAddresses(text).map(asciiAddress).join(",") : text;
}

/** What counts where nothing is set, given the rest; empty where something has to be set. */
export function defaultOf(description: KeyDescription, config: Config): string {
	return description.preset ?? shown(description, config[description.key]);
}

/** A value as it may be shown: of a secret only that it is there. */
export function shown(key: KeyDescription, value: unknown): string {
	if (value === undefined || value === "" || value === null) return "";
	if (key.secret) return "(set, not shown)";
	const text = Array.isArray(value) ? value.join(", ") : String(value);
	return text === text.trim() ? printable(text) : `"${printable(text)}"`; // else nobody sees its spaces
}

/** What the rules say of one value by itself. */
export function ruleOf(key: Key, value: unknown): string | undefined {
	return readConfig({ [key]: value }).problems.find((problem) => problem.key === key)?.problem;
}

/** The first address that makes a value one that the rules refuse; undefined where none does. */
export function wrongAddress(key: Key, value: unknown): string | undefined {
	if (!addresses.has(key) || typeof value !== "string") return undefined;
	return splitAddresses(value)
		.map((part) => part.trim())
		.find((address) => ruleOf(key, address));
}
