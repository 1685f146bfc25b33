import type { Mechanism } from "./auth";
import { Authentication } from "./authentication";
import { Capabilities } from "./capabilities";
import { Connection } from "./connection";
import { Content, ContentState } from "./content";
import { argumentError, SMTPError, type SMTPErrorKind, type SMTPPhase, type SMTPRefusal } from "./error";
import type { ConnectionOwner, Dialogue, Session } from "./session";
import { masked, sessionFor } from "./smtplib-auth";
import type { Reply } from "./smtplib-errors";
import { Transaction } from "./transaction";
import type { MessageSource, SMTPMessage, SMTPOptions, SMTPResult } from "./types";

/** How a mail transaction went. */
export interface Outcome {
	/** Why nobody got the message. */
	readonly error: SMTPError | undefined;
	readonly rejected: readonly SMTPRefusal[];
}

/** Octets of text kept of a reply. */
const REPLY_BYTES = 1024;
/** Replies that may wait for `take`. */
const REPLY_LIMIT = 16;

/**
 * One connection with its dialogue as promises: a call starts something, and what the connection tells of it settles the
 * call's promise. One thing at a time, as in smtplib, whose calls block. It is of use for as long as it is `open`.
 */
export class Channel implements Session, ConnectionOwner {
	readonly connection: Connection;
	readonly capabilities: Capabilities;
	readonly options: SMTPOptions;
	readonly lmtp: boolean;
	/** The connection has TLS. */
	secure: boolean;
	private showLine: ((line: string) => void) | undefined;
	private dialogue: Dialogue | undefined;
	private resolve: ((value: unknown) => void) | undefined;
	private reject: ((error: unknown) => void) | undefined;
	/** Replies that nobody has taken yet. */
	private replies: Reply[] = [];
	/** Why the connection ended while nobody waited. */
	private failure: SMTPError | undefined;

	constructor(options: SMTPOptions, lmtp: boolean) {
		this.options = options;
		this.lmtp = lmtp;
		this.secure = options.security === "implicit";
		this.connection = new Connection(this, REPLY_BYTES);
		this.capabilities = new Capabilities();
		this.connection.reply.keepText = true;
	}

	get open(): boolean {
		return this.connection.open;
	}

	/** Shows the dialogue, secrets masked. */
	set show(show: ((line: string) => void) | undefined) {
		this.showLine = show;
		this.connection.output.onCommand =
			show && ((command) => show(`send: ${masked(command, this.connection.reply.code)}`));
	}

	/** Connects; the greeting. */
	connect(): Promise<Reply> {
		const onConnected = () => this.connection.deadline("greeting", "greeting");
		return this.wait({ onConnected, onReply: () => this.settle() }, () => this.connection.connect());
	}

	/** Sends a command, whose reply `take` will give. @throws SMTPError (argument) where it cannot be sent */
	put(text: string, phase: SMTPPhase = "command", utf8 = false): void {
		const { connection } = this;
		const { output } = connection;
		if (!connection.open) throw this.gone();
		output.begin(phase, utf8);
		output.text(text);
		if (!output.end()) throw argumentError(phase, `${phase}: too many commands are waiting: get their replies first`);
		connection.deadline(phase, "command");
		connection.flush();
	}

	/** The next reply. */
	async take(): Promise<Reply> {
		const reply = this.replies.shift();
		if (reply) return reply;
		if (!this.open) throw this.gone();
		return this.wait({ onReply: () => this.settle() }, () => this.connection.deadline("command", "command"));
	}

	/** A command and its reply. */
	async request(text: string, phase: SMTPPhase = "command", utf8 = false): Promise<Reply> {
		this.checkStep();
		return this.wait({ onReply: () => this.settle() }, () => this.put(text, phase, utf8));
	}

	/** EHLO, HELO or LHLO; `capabilities` tells afterwards what is offered. */
	async hello(verb: SMTPPhase, name: string): Promise<Reply> {
		const { capabilities, connection, options } = this;
		const scan = (text: string, line: number) => {
			if (line > 0) capabilities.scan(text, options);
		};
		const onReply = () => {
			if (connection.reply.code !== 250) capabilities.clear();
			this.settle();
		};
		this.checkStep();
		return this.wait({ onReply }, () => {
			capabilities.clear();
			if (verb !== "HELO") connection.reply.scanner = { scan };
			this.put(`${verb} ${name}`, verb);
		});
	}

	/** STARTTLS and, after 220, the handshake. */
	async startTLS(): Promise<Reply> {
		const { connection } = this;
		let reply: Reply;
		const onReply = (unread: number) => {
			reply = this.reply();
			if (reply[0] !== 220) return this.settle();
			// Nothing may be said before TLS: someone on the way could have put it into the server's mouth (CVE-2011-0411).
			if (unread > 0)
				return connection.fail(
					"security",
					"the server spoke between STARTTLS and TLS: someone may have meddled",
					false,
				);
			connection.secure();
		};
		const onConnected = () => {
			this.secure = true;
			this.settle(reply);
		};
		this.checkStep();
		return this.wait({ onReply, onConnected }, () => this.put("STARTTLS", "STARTTLS"));
	}

	/**
	 * Authenticates by a mechanism, offered or not. A refusal leaves the connection open.
	 * @throws SMTPError (argument) for credentials that cannot be sent, or not without TLS; nothing has been sent then
	 */
	async authenticate(mechanism: Mechanism, user: string, secret: string): Promise<Reply> {
		const authentication = new Authentication(sessionFor(this, mechanism, user, secret), this.secure);
		this.checkStep();
		return this.wait(authentication, () => authentication.start());
	}

	/** The message, after 354, and its reply; for LMTP, the reply for the first recipient. */
	content(source: MessageSource): Promise<Reply> {
		const content = new Content(this.connection, source, false);
		const onReply = () => {
			const reply = this.reply();
			if (content.state === ContentState.Sent) return this.settle(reply);
			// The rest of the message would be taken for commands.
			this.connection.close();
			this.refuse("refused", "the server gave up in the middle of the message");
		};
		return this.wait({ onReply }, () => content.onWritable());
	}

	/** MAIL, RCPT, DATA and the message, in as few flights as the server allows. */
	async transact(message: SMTPMessage): Promise<Outcome> {
		const transaction = new Transaction(this, message);
		const onReply = () => {
			if (this.connection.reply.code !== 421) return transaction.onReply();
			this.connection.close();
			transaction.abandon();
		};
		this.checkStep();
		return this.wait({ onReply }, () => transaction.start());
	}

	/** Closes at once; who waits is told so. */
	close(): void {
		this.connection.close();
		this.end(new SMTPError("disconnected", this.connection.phase, "the connection was closed", true));
	}

	onConnected(): void {
		this.dialogue?.onConnected?.();
	}

	onReply(unread: number): void {
		if (this.showLine) {
			const [code, text] = this.reply();
			this.showLine(`reply: ${code} ${text}`);
		}
		if (this.dialogue) this.dialogue.onReply(unread);
		else if (this.replies.length < REPLY_LIMIT) this.replies.push(this.reply());
		else this.connection.fail("protocol", "the server answers more than it was asked", true);
	}

	onFailed(error: SMTPError): void {
		this.end(error);
	}

	onOpen(): void {
		this.settle();
	}

	onTransaction(_: SMTPResult | undefined, error: SMTPError | undefined, rejected: readonly SMTPRefusal[]): void {
		this.settle({ error, rejected });
	}

	/** A call ends with the reply that the connection holds being a refusal. */
	refuse(kind: SMTPErrorKind, message: string): void {
		const { connection } = this;
		const { reply } = connection.reply;
		// After a challenge the server waits for an answer, after 421 it closes.
		if (reply.code === 334 || reply.code === 421) connection.close();
		this.end(new SMTPError(kind, connection.phase, message, reply.code < 500, reply));
	}

	/** Starts something; the promise is settled by what comes of it. */
	private wait<T>(dialogue: Dialogue, start: () => void): Promise<T> {
		if (this.reject) throw argumentError("command", "another call is under way: await it first");
		return new Promise<T>((resolve, reject) => {
			this.resolve = resolve as (value: unknown) => void;
			this.reject = reject;
			this.dialogue = dialogue;
			try {
				start();
			} catch (e) {
				this.idle();
				reject(e);
			}
		});
	}

	/** The call under way has what it waited for. */
	private settle(value: unknown = this.reply()): void {
		const resolve = this.resolve;
		this.idle();
		resolve?.(value);
	}

	/** The call under way has failed; if there is none, the next one will. */
	private end(error: SMTPError): void {
		const reject = this.reject;
		this.idle();
		if (reject) reject(error);
		else this.failure ??= error;
	}

	private idle(): void {
		const { connection } = this;
		this.dialogue = this.resolve = this.reject = connection.reply.scanner = connection.writer = undefined;
		// A connection that nobody uses is given up in the end, so that nothing is held for ever.
		if (this.open) this.connection.deadline("command", "final");
	}

	/** The reply that the connection holds. */
	private reply(): Reply {
		const { code, text } = this.connection.reply;
		const lines = text.split("\n");
		for (let i = 0; i < lines.length; i++) lines[i] = (lines[i] as string).trim();
		return [code, lines.join("\n")];
	}

	/** A reply too many would be taken for the one to the next command, and so on for ever. */
	private checkStep(): void {
		const unasked = this.replies.shift();
		if (!unasked) return;
		const [code, text] = unasked;
		if (code === 421) this.connection.fail("disconnected", `the server ended the session: 421 ${text}`, true);
		else this.connection.fail("protocol", `the server answered ${code} to nothing`, true);
		throw this.gone();
	}

	/** Why there is no connection. */
	private gone(): SMTPError {
		return this.failure ?? new SMTPError("disconnected", "command", "please run connect() first", true);
	}
}
