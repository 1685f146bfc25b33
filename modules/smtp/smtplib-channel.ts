import type { Mechanism } from "./auth";
import { Authentication } from "./authentication";
import { Capabilities } from "./capabilities";
import { Connection } from "./connection";
import { Content, ContentState } from "./content";
import {
	argumentError,
	isIntermediate,
	isPositive,
	SMTPError,
	type SMTPErrorKind,
	type SMTPPhase,
	type SMTPRefusal,
} from "./error";
import { masked, type Secrets } from "./secrets";
import type { ConnectionOwner, Dialogue, Session } from "./session";
import { commandOf, sessionFor } from "./smtplib-auth";
import type { Reply } from "./smtplib-errors";
import { decodeText } from "./text";
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
	/** What the server must not be heard to say. */
	private secrets: Secrets = {};

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
			show && ((command) => show(`send: ${commandOf(command, this.connection.reply.code)}`));
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
			if (!isPositive(connection.reply.code)) capabilities.clear();
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
			if (!isPositive(reply[0])) return this.settle();
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
	 * Authenticates by the first of the mechanisms, offered or not; by the next where the server does not take it. A refusal
	 * leaves the connection open.
	 * @throws SMTPError (argument) for credentials that cannot be sent, or not without TLS; nothing has been sent then
	 */
	async authenticate(mechanisms: readonly Mechanism[], user: string, secret: string): Promise<Reply> {
		const session = sessionFor(this, mechanisms, user, secret);
		const authentication = new Authentication(session, this.secure);
		this.checkStep();
		this.secrets = session.options;
		this.connection.tellAnew(session.options);
		return this.wait(authentication, () => authentication.start());
	}

	/**
	 * The message, after 354, and its reply; for LMTP, the reply for the first recipient.
	 * @param isSevenBit the server takes no bytes beyond ASCII: they are looked for
	 */
	content(source: MessageSource, isSevenBit: boolean): Promise<Reply> {
		const content = new Content(this.connection, source, false);
		if (isSevenBit) content.isSevenBit = true;
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
		const onReply = (unread: number) => {
			if (this.connection.reply.code !== 421) return transaction.onReply(unread);
			this.connection.close();
			transaction.abandon();
		};
		const onLost = (failure: SMTPError) => {
			const result = transaction.onLost(failure);
			const { error } = transaction;
			if (result || error) this.settle({ error, rejected: (result ?? error)?.rejected ?? [] });
			return result;
		};
		this.checkStep();
		this.connection.tellAnew(this.secrets); // what this one keeps is the caller's
		return this.wait({ onReply, onLost }, () => transaction.start());
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
		const { replies } = this;
		if (this.dialogue) this.dialogue.onReply(unread);
		else if (replies.length < REPLY_LIMIT) replies.push(this.reply(REPLY_BYTES >> replies.length));
		else this.connection.fail("protocol", "the server answers more than it was asked", true);
	}

	onFailed(error: SMTPError): void {
		this.dialogue?.onLost?.(error);
		this.end(error);
	}

	onOpen(): void {
		this.settle();
	}

	onTransaction(_: SMTPResult | undefined, error: SMTPError | undefined, rejected: readonly SMTPRefusal[]): void {
		this.settle({ error, rejected });
	}

	/** A call ends with the reply that the connection holds being a refusal. */
	refuse(kind: SMTPErrorKind, problem: string, temporary?: boolean): void {
		const { connection } = this;
		const { code } = connection.reply;
		const error = connection.told.refusal(connection.reply, kind, connection.phase, problem, temporary);
		// After a challenge the server waits for an answer, after 421 it closes.
		if (isIntermediate(code) || code === 421) connection.close();
		this.end(error);
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

	/** The reply that the connection holds. @param most octets of its text */
	private reply(most = REPLY_BYTES): Reply {
		const { code, octets } = this.connection.reply;
		const lines = decodeText(masked(octets, this.secrets), most).split("\n");
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
