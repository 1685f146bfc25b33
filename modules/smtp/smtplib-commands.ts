import { argumentError, isIntermediate, isPositive, type SMTPPhase } from "./error";
import { checkOptions } from "./options";
import { Channel } from "./smtplib-channel";
import {
	exceptionOf,
	type Reply,
	SMTPDataError,
	SMTPNotSupportedError,
	SMTPServerDisconnected,
} from "./smtplib-errors";
import { type Message, measure, quoteaddr, sourceOf } from "./smtplib-message";
import type { SMTPOptions } from "./types";

/** The port of SMTP between servers (RFC 5321, 4.5.4.2). */
export const SMTP_PORT = 25;

/** What smtplib's constructor takes, and what a device must be given besides: sockets and name lookup. */
export interface SMTPLibOptions
	extends Pick<
		SMTPOptions,
		"socket" | "dns" | "tls" | "mechanisms" | "allowCleartextAuth" | "pipelining" | "chunking" | "bufferBytes"
	> {
	/** What the client calls itself: its domain name or its address as "[192.0.2.7]". There is no default. */
	local_hostname: string;
	/** Seconds for each wait, above 0; without it, the client's own deadlines. */
	timeout?: number;
	/** Handed to the socket's constructor; the SDK's sockets have one address and no use for it. */
	source_address?: readonly [host: string, port: number];
	/** Gets what `set_debuglevel` lets see, a line at a time; by default it is traced. */
	onDebug?(line: string): void;
}

/** The connection of smtplib's SMTP, and the calls that are one command each. */
export class SMTPCommands {
	readonly local_hostname: string;
	readonly timeout: number | undefined;
	readonly source_address: readonly [host: string, port: number] | undefined;
	/** What the server said to HELO; undefined before. */
	helo_resp: string | undefined;
	/** What the server said to EHLO; undefined before. */
	ehlo_resp: string | undefined;
	/** EHLO was accepted. */
	does_esmtp = false;
	/** What the server offers: keyword in lower case -> parameters. */
	readonly esmtp_features = new Map<string, string>();
	/** @internal */
	protected readonly options: SMTPLibOptions;
	private channel: Channel | undefined;
	private debuglevel = 0;
	/** The transaction under way has agreed upon UTF-8. */
	private utf8 = false;
	/** Recipients accepted in the transaction under way. */
	private recipients = 0;

	/** Opens nothing. @throws SMTPError (argument) for a timeout that is none */
	constructor(options: SMTPLibOptions) {
		const { timeout } = options;
		if (timeout !== undefined && !(timeout > 0)) throw argumentError("connect", `timeout ${timeout} is not above 0`);
		this.options = options;
		this.local_hostname = options.local_hostname;
		this.timeout = timeout;
		this.source_address = options.source_address;
	}

	/** The port where `connect` is given none. */
	get default_port(): number {
		return SMTP_PORT;
	}

	/** There is a connection, as far as is known. */
	get connected(): boolean {
		return this.channel?.open ?? false;
	}

	/** @internal */
	protected get implicitTLS(): boolean {
		return false;
	}

	/** @internal */
	protected get lmtp(): boolean {
		return false;
	}

	/**
	 * Connects, after closing what was open.
	 * @param host name, address, "name:port" if `port` is 0, or the path of a Unix socket, which begins with "/"
	 * @returns the greeting, whatever it is
	 */
	async connect(host = "localhost", port = 0): Promise<Reply> {
		this.close();
		const [name, number] = splitPort(host, port);
		const { timeout, source_address, socket, ...rest } = this.options;
		const options: SMTPOptions = {
			...rest,
			socket: source_address ? { ...socket, source_address } : socket,
			host: name,
			port: number || this.default_port,
			security: this.implicitTLS ? "implicit" : "none",
			hostname: this.local_hostname,
			...(timeout !== undefined && { timeout: Math.ceil(timeout * 1000) }),
		};
		checkOptions(options);
		this.channel = new Channel(options, this.lmtp);
		this.set_debuglevel(this.debuglevel);
		if (this.debuglevel > 0) this.debug(`connect: ${name} ${options.port}`);
		return this.call((channel) => channel.connect());
	}

	/** Closes at once and forgets what the server said; may be called at any time. */
	close(): void {
		const channel = this.channel;
		this.channel = undefined;
		this.forget();
		channel?.close();
	}

	/** @param level 0 shows nothing, 1 the dialogue with secrets masked, 2 the time of day (UTC) too */
	set_debuglevel(level: number): void {
		this.debuglevel = level;
		if (this.channel) this.channel.show = level > 0 ? (line) => this.debug(line) : undefined;
	}

	/** A command and its reply. */
	docmd(cmd: string, args = ""): Promise<Reply> {
		return this.command("command", args ? `${cmd} ${args}` : cmd);
	}

	/** Sends a command; `getreply` gives its reply. */
	async putcmd(cmd: string, args = ""): Promise<void> {
		await this.call(async (channel) => channel.put(args ? `${cmd} ${args}` : cmd));
	}

	/** The next reply. */
	getreply(): Promise<Reply> {
		return this.call((channel) => channel.take());
	}

	async helo(name = this.local_hostname): Promise<Reply> {
		const reply = await this.call((channel) => channel.hello("HELO", name));
		this.helo_resp = reply[1];
		return reply;
	}

	/** EHLO, or LHLO where the server speaks LMTP; what was offered before is forgotten. */
	async ehlo(name = this.local_hostname): Promise<Reply> {
		this.does_esmtp = false;
		this.esmtp_features.clear();
		const reply = await this.call((channel) => channel.hello(this.lmtp ? "LHLO" : "EHLO", name));
		const [code, text] = reply;
		this.ehlo_resp = text;
		this.does_esmtp = isPositive(code);
		if (this.does_esmtp) readFeatures(text, this.esmtp_features);
		return reply;
	}

	/** Whether the server offers an extension, in whatever case. */
	has_extn(name: string): boolean {
		return this.esmtp_features.has(name.toLowerCase());
	}

	/** The text of the reply alone. */
	async help(args = ""): Promise<string> {
		return (await this.command("HELP", args ? `HELP ${args}` : "HELP"))[1];
	}

	async rset(): Promise<Reply> {
		this.utf8 = false;
		this.recipients = 0;
		return this.command("RSET", "RSET");
	}

	noop(): Promise<Reply> {
		return this.command("NOOP", "NOOP");
	}

	/** Asks whether an address, or a user, is known. */
	vrfy(address: string): Promise<Reply> {
		return this.command("VRFY", `VRFY ${bare(address)}`);
	}

	verify(address: string): Promise<Reply> {
		return this.vrfy(address);
	}

	/** Asks for the members of a list. */
	expn(address: string): Promise<Reply> {
		return this.command("EXPN", `EXPN ${bare(address)}`);
	}

	/**
	 * Begins a transaction.
	 * @param options parameters as they stand, such as "SIZE=1000"; left out for a server without EHLO
	 * @throws SMTPNotSupportedError for SMTPUTF8 that the server does not offer
	 */
	async mail(sender: string, options: readonly string[] = []): Promise<Reply> {
		const utf8 = options.some((option) => option.toUpperCase() === "SMTPUTF8");
		if (utf8 && !this.has_extn("smtputf8"))
			throw new SMTPNotSupportedError("the server does not offer SMTPUTF8", "MAIL");
		const parameters = this.does_esmtp ? options : [];
		this.utf8 = utf8;
		this.recipients = 0;
		return this.command("MAIL", ["MAIL", `FROM:${quoteaddr(sender)}`, ...parameters].join(" "), utf8);
	}

	async rcpt(recip: string, options: readonly string[] = []): Promise<Reply> {
		const reply = await this.command("RCPT", ["RCPT", `TO:${quoteaddr(recip)}`, ...options].join(" "), this.utf8);
		if (isPositive(reply[0])) this.recipients++;
		return reply;
	}

	/**
	 * Sends the message. LMTP replies for each recipient: what comes back is the first refusal, if there is one;
	 * `sendmail` tells them apart.
	 * @throws SMTPDataError where DATA is not answered with 354; SMTPNotSupportedError for text that the server does not take
	 */
	async data(msg: Message): Promise<Reply> {
		const isSevenBit = !this.utf8 && !this.has_extn("8bitmime");
		if (isSevenBit && typeof msg === "string" && measure(sourceOf(msg)).eightBit)
			throw new SMTPNotSupportedError("the message has characters beyond ASCII, which takes 8BITMIME", "DATA");
		const invitation = await this.command("DATA", "DATA");
		if (!isIntermediate(invitation[0])) throw new SMTPDataError(invitation[0], invitation[1], "DATA");
		let result = await this.call((channel) =>
			channel.content(sourceOf(msg), isSevenBit && !(msg instanceof Uint8Array)),
		);
		for (let more = this.lmtp ? this.recipients - 1 : 0; more > 0; more--) {
			const reply = await this.getreply();
			if (isPositive(result[0])) result = reply;
		}
		this.utf8 = false;
		return result;
	}

	/** Runs a call on the connection; an error becomes smtplib's. @internal */
	protected async call<T>(start: (channel: Channel) => Promise<T>): Promise<T> {
		const channel = this.channel;
		if (!channel) throw new SMTPServerDisconnected("please run connect() first");
		try {
			return await start(channel);
		} catch (e) {
			throw exceptionOf(e);
		} finally {
			if (!channel.open && this.channel === channel) this.close();
		}
	}

	/** Forgets what the server said: it may say something else now. @internal */
	protected forget(): void {
		this.helo_resp = this.ehlo_resp = undefined;
		this.does_esmtp = this.utf8 = false;
		this.recipients = 0;
		this.esmtp_features.clear();
	}

	private command(phase: SMTPPhase, text: string, utf8 = false): Promise<Reply> {
		return this.call((channel) => channel.request(text, phase, utf8));
	}

	private debug(line: string): void {
		const text = this.debuglevel > 1 ? `${new Date().toISOString().slice(11, 23)} ${line}` : line;
		if (this.options.onDebug) this.options.onDebug(text);
		else trace(text, "\n");
	}
}

/** The host and the port of "host:port"; an IPv6 address has more colons, a path begins with "/". */
const splitPort = (host: string, port: number): [host: string, port: number] => {
	const colon = host.indexOf(":");
	if (port || colon < 0 || colon !== host.lastIndexOf(":") || host.startsWith("/")) return [host, port];
	const text = host.slice(colon + 1);
	const number = Number(text);
	if (String(number) !== text) throw argumentError("connect", `"${text}" is no port`);
	return [host.slice(0, colon), number];
};

/** An address without display name and brackets; anything else as it is. */
const bare = (address: string): string => (address.includes("<") ? quoteaddr(address).slice(1, -1) : address.trim());

/** Reads the lines after the first of a reply to EHLO (RFC 5321, 4.1.1.1); old servers write "AUTH=LOGIN" and the like. */
const readFeatures = (reply: string, features: Map<string, string>): void => {
	const lines = reply.split("\n");
	for (let i = 1; i < lines.length; i++) {
		const line = lines[i] as string;
		let end = 0;
		while (end < line.length && line[end] !== " " && line[end] !== "=") end++;
		const name = line.slice(0, end).toLowerCase();
		const parameters = line.slice(end + 1).trim();
		const known = name === "auth" ? features.get(name) : undefined;
		if (name) features.set(name, known ? `${known} ${parameters}` : parameters);
	}
};
