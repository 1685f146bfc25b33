import type { Mechanism } from "./auth";
import { Extension } from "./capabilities";
import { argumentError, isPositive } from "./error";
import { mechanismsOf } from "./options";
import { type AuthObject, asInSmtplib, mechanismOf } from "./smtplib-auth";
import type { Channel } from "./smtplib-channel";
import { SMTPCommands, type SMTPLibOptions } from "./smtplib-commands";
import {
	type Reply,
	SMTPConnectError,
	SMTPHeloError,
	SMTPNotSupportedError,
	SMTPResponseException,
	SMTPServerDisconnected,
} from "./smtplib-errors";
import type { AddressedMessage, Message } from "./smtplib-message";
import { compose, isASCII, refusalOf, refusedOf } from "./smtplib-sendmail";

/** The port of submission with TLS from the first byte (RFC 8314). */
export const SMTP_SSL_PORT = 465;
/** The port that smtplib takes for LMTP. */
export const LMTP_PORT = 2003;

/**
 * Python's `smtplib.SMTP`, with promises where that blocks: the same calls, replies and exceptions.
 *
 * ```ts
 * const smtp = await SMTP.open("mail.example.net", 587, options);
 * await smtp.starttls();
 * await smtp.login("me@example.net", "password");
 * await smtp.sendmail("me@example.net", ["you@example.net"], "Subject: Hello\n\nHello.\n");
 * await smtp.quit();
 * ```
 *
 * One call at a time: await each. Every call may reject with SMTPServerDisconnected, and with an SMTPError of the kind
 * "argument" for what cannot be sent, of which nothing has been sent then. When the connection ends, all that the server
 * has said on it is forgotten; `connect` begins anew.
 */
export class SMTP extends SMTPCommands {
	/** For `auth` without an authobject; `login` has its own and keeps nothing. */
	user = "";
	/** Likewise; for mechanisms that take a token, the token. */
	password = "";

	/**
	 * What Python's constructor does where it is given a host: connects, and wants to be greeted with 220.
	 * @throws SMTPConnectError for another greeting; everything is closed then
	 */
	static async open<T extends SMTP>(
		this: new (
			options: SMTPLibOptions,
		) => T,
		host: string,
		port: number,
		options: SMTPLibOptions,
	): Promise<T> {
		const smtp = new this(options);
		const [code, message] = await smtp.connect(host, port);
		if (isPositive(code)) return smtp;
		smtp.close();
		throw new SMTPConnectError(code, message);
	}

	/**
	 * What Python's `with` does: QUIT after the body, and everything closed, however it ends.
	 * @returns what the body returns
	 * @throws SMTPResponseException where QUIT is not answered with 221; what the body throws goes before
	 */
	async use<T>(body: (smtp: this) => T | Promise<T>): Promise<T> {
		let result: T;
		try {
			result = await body(this);
		} catch (e) {
			await this.leave().catch(() => {});
			throw e;
		}
		const [code, message] = (await this.leave()) ?? [221, ""];
		if (!isPositive(code)) throw new SMTPResponseException(code, message, "QUIT");
		return result;
	}

	/** EHLO and, for a server that does not know it, HELO; nothing where either has been said. @throws SMTPHeloError */
	async ehlo_or_helo_if_needed(): Promise<void> {
		if (this.ehlo_resp !== undefined || this.helo_resp !== undefined) return;
		let [code, message] = await this.ehlo();
		// LMTP knows no HELO (RFC 2033, 4.1), and a server that is busy (4yz) has understood EHLO.
		if (code >= 500 && !this.lmtp) [code, message] = await this.helo();
		if (!isPositive(code)) throw new SMTPHeloError(code, message);
	}

	/**
	 * Puts TLS on the connection, with `tls` of the options; what was said before is forgotten.
	 * @throws SMTPNotSupportedError, or SMTPResponseException for a refusal; the connection stays, without TLS.
	 * SMTPError (security) where there is no trusting the server; everything is closed then
	 */
	async starttls(): Promise<Reply> {
		if (!this.options.tls) throw argumentError("STARTTLS", "STARTTLS takes a TLS class: tls: {io}");
		await this.ehlo_or_helo_if_needed();
		if (!this.has_extn("starttls")) throw new SMTPNotSupportedError("the server does not offer STARTTLS", "STARTTLS");
		const reply = await this.call(async (channel) => {
			if (channel.secure) throw argumentError("STARTTLS", "there is TLS on this connection");
			return channel.startTLS();
		});
		if (!isPositive(reply[0])) throw new SMTPResponseException(reply[0], reply[1], "STARTTLS", "STARTTLS was refused");
		this.forget();
		return reply;
	}

	/**
	 * Authenticates by the first of the mechanisms that the server offers and that the connection allows: without TLS,
	 * none that shows the password, unless `allowCleartextAuth` is set. Where the server does not take it, the next has its turn;
	 * when it refuses the password, that is the end.
	 * @throws SMTPNotSupportedError where there is no such mechanism, SMTPAuthenticationError
	 */
	async login(user: string, password: string, initial_response_ok = true): Promise<Reply> {
		await this.ehlo_or_helo_if_needed();
		return this.call((channel) => {
			const mechanisms = this.choose(channel);
			for (let i = 0; i < mechanisms.length; i++)
				mechanisms[i] = asInSmtplib(mechanisms[i] as Mechanism, initial_response_ok);
			return channel.authenticate(mechanisms, user, password);
		});
	}

	/**
	 * Authenticates by one mechanism, offered or not.
	 * @param authobject gives the responses; by default the mechanism's own, for `user` and `password`
	 * @throws SMTPAuthenticationError
	 */
	async auth(mechanism: string, authobject?: AuthObject, initial_response_ok = true): Promise<Reply> {
		const name = mechanism.toUpperCase();
		return this.call((channel) => {
			let chosen = authobject && mechanismOf(name, authobject, initial_response_ok);
			chosen ??= mechanismsOf(channel.options).find((known) => known.name === name);
			if (!chosen) throw new SMTPNotSupportedError(`${name} is not among the mechanisms of the options`, "AUTH");
			if (!authobject || !initial_response_ok) chosen = asInSmtplib(chosen, initial_response_ok);
			return channel.authenticate([chosen], this.user, this.password);
		});
	}

	/**
	 * Sends a message, after EHLO where it has not been said; 1 to 100 recipients.
	 * @param mail_options parameters of MAIL; "SMTPUTF8" allows addresses beyond ASCII. SIZE and, where it is needed,
	 * BODY=8BITMIME are added where they are offered
	 * @param rcpt_options parameters of each RCPT
	 * @returns those who were refused, with the server's replies, where at least one was not
	 * @throws SMTPSenderRefused, SMTPRecipientsRefused, SMTPDataError: the connection can be used again, unless the reply
	 * was 421. SMTPNotSupportedError: nothing was sent
	 */
	async sendmail(
		from_addr: string,
		to_addrs: string | readonly string[],
		msg: Message,
		mail_options: readonly string[] = [],
		rcpt_options: readonly string[] = [],
	): Promise<Map<string, Reply>> {
		await this.ehlo_or_helo_if_needed();
		return this.call(async (channel) => {
			const mail = { from_addr, to_addrs, msg, mail_options, rcpt_options };
			const eightBitMIME = channel.capabilities.has(Extension.EightBitMIME);
			const { error, rejected } = await channel.transact(compose(mail, this.does_esmtp, eightBitMIME));
			const refused = refusedOf(rejected);
			if (!error) return refused;
			// The first error is the one to tell, even if the RSET after it fails too.
			if (error.kind !== "unsupported" && channel.open) await channel.request("RSET", "RSET").catch(() => {});
			throw refusalOf(error, from_addr, refused, this.lmtp);
		});
	}

	/**
	 * Sends a message that knows who sends it and who gets it. SMTPUTF8 and BODY=8BITMIME are added where it takes them.
	 * @param from_addr by default the message's sender, or else its first author
	 * @param to_addrs by default all whom the message is for; those of Bcc are not named in what is sent
	 * @returns and throws what `sendmail` does. SMTPNotSupportedError too for addresses beyond ASCII to a server without
	 * SMTPUTF8; the message's own error where it cannot be rendered. Nothing was sent then
	 */
	async send_message(
		msg: AddressedMessage,
		from_addr?: string,
		to_addrs?: string | readonly string[],
		mail_options: readonly string[] = [],
		rcpt_options: readonly string[] = [],
	): Promise<Map<string, Reply>> {
		await this.ehlo_or_helo_if_needed();
		const { envelope } = msg;
		const from = from_addr ?? envelope.from;
		const to = to_addrs ?? envelope.to;
		const utf8 = msg.utf8 || !isASCII(from) || !isASCII(to);
		if (utf8 && !this.has_extn("smtputf8"))
			throw new SMTPNotSupportedError("there are addresses beyond ASCII, which takes SMTPUTF8", "MAIL");
		const source = msg.source(utf8, this.has_extn("8bitmime"));
		if (source.eightBit && !this.has_extn("8bitmime"))
			throw new SMTPNotSupportedError("the message has characters beyond ASCII, which takes 8BITMIME", "MAIL");
		const options = [...mail_options];
		if (utf8) options.push("SMTPUTF8");
		if (source.eightBit) options.push("BODY=8BITMIME");
		return this.sendmail(from, to, source, options, rcpt_options);
	}

	/** Says goodbye and closes. @returns the answer, whatever it is */
	async quit(): Promise<Reply> {
		try {
			return await this.docmd("QUIT");
		} finally {
			this.close();
		}
	}

	private choose({ capabilities, options, secure }: Channel): Mechanism[] {
		if (!capabilities.has(Extension.AUTH))
			throw new SMTPNotSupportedError("the server offers no authentication", "AUTH");
		const cleartext = secure || this.options.allowCleartextAuth;
		const mechanisms = mechanismsOf(options);
		const chosen: Mechanism[] = [];
		for (let i = 0; i < mechanisms.length; i++) {
			const mechanism = mechanisms[i] as Mechanism;
			const offered = (capabilities.mechanisms & (1 << i)) !== 0;
			if (offered && !mechanism.token && (cleartext || !mechanism.cleartext)) chosen.push(mechanism);
		}
		if (chosen.length) return chosen;
		throw new SMTPNotSupportedError("the server offers no mechanism that the connection and the options allow", "AUTH");
	}

	/** Says goodbye, if there is anyone to say it to. */
	private async leave(): Promise<Reply | undefined> {
		try {
			return await this.quit();
		} catch (e) {
			if (e instanceof SMTPServerDisconnected) return undefined;
			throw e;
		}
	}
}

/** SMTP with TLS from the first byte. */
export class SMTP_SSL extends SMTP {
	override get default_port(): number {
		return SMTP_SSL_PORT;
	}

	protected override get implicitTLS(): boolean {
		return true;
	}
}

/**
 * LMTP (RFC 2033): what a mail store on the same host speaks, over TCP or over a Unix socket, whose path stands for the host.
 * `sendmail` returns those too who were refused after the message.
 */
export class LMTP extends SMTP {
	override get default_port(): number {
		return LMTP_PORT;
	}

	protected override get lmtp(): boolean {
		return true;
	}
}
