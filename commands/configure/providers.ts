/** Outgoing mail servers of providers that many people use, so that only an address has to be typed. */
import type { Security } from "../../config.js";

export interface Provider {
	name: string;
	/** Domains of its addresses. */
	domains: readonly string[];
	host: string;
	security: Security;
	/**
	 * Common names of the authorities that vouch for the server, in 2026; they can change. None where it is better to ask
	 * the server.
	 */
	authorities?: readonly string[];
	/** What to know about the password. */
	advice: string;
}

const telekom = ["T-TeleSec GlobalRoot Class 2", "Telekom Security TLS RSA Root 2023"];
const appPassword = "wants an app password, not the one you log in with";

export const providers: readonly Provider[] = [
	{
		name: "Gmail",
		domains: ["gmail.com", "googlemail.com"],
		host: "smtp.gmail.com",
		security: "implicit",
		authorities: ["GTS Root R1", "GTS Root R4"],
		advice: `${appPassword}: myaccount.google.com/apppasswords`,
	},
	{
		name: "iCloud",
		domains: ["icloud.com", "me.com", "mac.com"],
		host: "smtp.mail.me.com",
		security: "required",
		advice: `${appPassword}: account.apple.com`,
	},
	{
		name: "Yahoo",
		domains: ["yahoo.com", "yahoo.de", "yahoo.fr", "yahoo.es", "yahoo.co.uk", "ymail.com"],
		host: "smtp.mail.yahoo.com",
		security: "implicit",
		advice: appPassword,
	},
	{
		name: "Fastmail",
		domains: ["fastmail.com", "fastmail.fm"],
		host: "smtp.fastmail.com",
		security: "implicit",
		advice: appPassword,
	},
	{
		name: "GMX",
		domains: ["gmx.de", "gmx.net", "gmx.at", "gmx.ch"],
		host: "mail.gmx.net",
		security: "required",
		authorities: telekom,
		advice: "lets programs send only after POP3 and IMAP are switched on in its settings",
	},
	{
		name: "WEB.DE",
		domains: ["web.de"],
		host: "smtp.web.de",
		security: "required",
		authorities: telekom,
		advice: "lets programs send only after POP3 and IMAP are switched on in its settings",
	},
	{
		name: "mailbox.org",
		domains: ["mailbox.org"],
		host: "smtp.mailbox.org",
		security: "implicit",
		advice: appPassword,
	},
	{
		name: "QQ Mail",
		domains: ["qq.com", "foxmail.com"],
		host: "smtp.qq.com",
		security: "implicit",
		advice: "wants an authorization code from its settings instead of the password",
	},
	{
		name: "Outlook",
		domains: ["outlook.com", "hotmail.com", "live.com", "msn.com"],
		host: "smtp-mail.outlook.com",
		security: "required",
		authorities: ["DigiCert Global Root G2", "DigiCert Global Root CA"],
		advice: "takes no passwords from programs any more; send from another account",
	},
];

/** The provider whose mail server this is, if it is a known one. */
export function providerAt(host: string): Provider | undefined {
	return providers.find((provider) => provider.host === host.toLowerCase());
}

/** The provider of a mail address, if it is a known one. */
export function providerOf(address: string): Provider | undefined {
	const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
	return providers.find((provider) => provider.domains.includes(domain));
}
