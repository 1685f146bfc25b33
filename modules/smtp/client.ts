import { Capabilities } from "./capabilities";
import { Command, sendCommand } from "./command";
import { Connection } from "./connection";
import { checkEnvelope } from "./envelope";
import {
	argumentError,
	isPositive,
	type SMTPError,
	type SMTPErrorKind,
	type SMTPPhase,
	type SMTPRefusal,
	type SMTPReply,
} from "./error";
import { Opening } from "./opening";
import { checkOptions } from "./options";
import type { ConnectionOwner, Dialogue, Session } from "./session";
import { Transaction } from "./transaction";
import type { SMTPMessage, SMTPOptions, SMTPResult } from "./types";

export { SMTPError, type SMTPRefusal, type SMTPReply } from "./error";
export type * from "./types";

/** How long a server may take to say goodbye before we go without. */
const QUIT_TIMEOUT_MS = 2_000;

/** Commands that more than a reply follows; the client has ways of its own for them. */
const multiline: readonly string[] = Object.freeze(["DATA", "BDAT", "STARTTLS", "AUTH"]);

const nobody: readonly SMTPRefusal[] = Object.freeze([]);

/** While nothing is under way. */
const none: Dialogue = Object.freeze({ onReply() {} });

const enum State {
	/** A dialogue is under way. */
	Busy,
	/** The dictionary's message goes when nothing is left on the stack of the dialogue before it. */
	Opened,
	/** A message or a command can be sent. */
	Ready,
	Quitting,
	Closed,
}

/**
 * An SMTP client (RFC 5321) for one connection, in the manner of ECMA-419's network clients: a dictionary in, callbacks
 * out, nothing blocks. It connects when it is made; from `onReady` on messages can be sent, one at a time, each as
 * often as `onReady` comes. After `onError` or `onClose` it is of no use any more: make a new one.
 *
 * ```ts
 * const client = new SMTPClient({
 * 	host: "mail.example.net", security: "none", hostname: "[192.0.2.7]",
 * 	socket: { io: TCP }, dns: { io: Resolver },
 * 	onReady() { client.send({ from: "me@example.net", to: "you@example.net", body }); },
 * 	onSent() { client.quit(); },
 * 	onError(error) { trace(error.message, "\n"); },
 * });
 * ```
 */
export class SMTPClient implements Session, ConnectionOwner {
	/** @internal */
	readonly connection: Connection;
	/** What the server offers; empty before the session is open. */
	readonly capabilities = new Capabilities();
	readonly options: SMTPOptions;
	private state = State.Busy;
	private dialogue: Dialogue;
	declare private refused: SMTPError | undefined;
	declare private rejected: readonly SMTPRefusal[];

	/**
	 * Checks the dictionary and starts to connect.
	 * @throws SMTPError (argument) where the dictionary is incomplete or contradicts itself; nothing has been sent then
	 */
	constructor(options: SMTPOptions) {
		checkOptions(options);
		this.options = options;
		this.connection = new Connection(this);
		this.dialogue = new Opening(this);
		this.checkName();
		if (options.message) checkEnvelope(options.message, this.connection.output);
		this.connection.connect();
	}

	get lmtp(): boolean {
		return false;
	}

	/** Whether `send` and `command` can be called. */
	get ready(): boolean {
		return this.state === State.Ready;
	}

	/**
	 * Sends a message; `onSent`, `onRefused` or `onError` tells how it went.
	 * @throws SMTPError (argument) for an envelope that cannot be sent; nothing has been sent then, and the session stays ready
	 */
	send(message: SMTPMessage): void {
		this.checkReady("MAIL");
		this.transact(new Transaction(this, message));
	}

	/**
	 * Sends one command as it stands, such as "VRFY ada" or "NOOP", and gives its reply to `onReply`, whatever it is.
	 * @param utf8 allows characters beyond ASCII, for a server that offers SMTPUTF8
	 * @throws SMTPError (argument) for a command that cannot be sent, or would take the session out of step
	 */
	command(text: string, onReply: (reply: SMTPReply) => void, utf8 = false): void {
		for (let i = 0; i < multiline.length; i++)
			if (startsWithVerb(text, multiline[i] as string))
				throw argumentError("command", `${multiline[i]} is not a command with one reply`);
		this.checkReady("command");
		const { reply } = this.connection;
		const kept = reply.keepText ?? false;
		this.run(
			new Command(() => {
				reply.keepText = kept;
				this.state = State.Ready;
				onReply(this.connection.told.answer(reply));
				this.beIdle();
			}),
		);
		try {
			reply.keepText = true;
			sendCommand(this, "command", text, utf8);
		} catch (e) {
			reply.keepText = kept;
			this.state = State.Ready;
			throw e;
		}
	}

	/**
	 * Says goodbye and closes; `onClose` follows, at once where something is under way, which then comes to nothing. What was sent has been dealt with, nothing waits for the answer. */
	quit(): void {
		if (this.state === State.Closed || this.state === State.Quitting) return;
		if (this.state !== State.Ready) return this.closed();
		this.state = State.Quitting;
		sendCommand(this, "QUIT", "QUIT");
		if (this.connection.open) this.connection.expire("QUIT", QUIT_TIMEOUT_MS);
	}

	/** Closes at once, whatever is under way. No callback comes after it. */
	close(): void {
		this.state = State.Closed;
		this.connection.close();
	}

	/** Hands the replies to a dialogue, until `ready` again. @internal */
	run(dialogue: Dialogue): void {
		this.state = State.Busy;
		this.dialogue = dialogue;
	}

	/** @internal */
	onConnected(): void {
		this.dialogue.onConnected?.();
	}

	/** @internal */
	onReply(unread: number): void {
		if (this.state === State.Quitting) return this.closed();
		if (this.connection.reply.code === 421) return this.abandon();
		if (this.state === State.Busy) {
			this.dialogue.onReply(unread);
			if ((this.state as State) === State.Opened) this.transact(this.dialogue as Transaction);
			return;
		}
		this.connection.fail("protocol", `${this.options.host} answered ${this.connection.reply.code} to nothing`, true);
	}

	/** @internal */
	onFailed(error: SMTPError): void {
		if (this.state === State.Closed) return;
		if (this.state === State.Quitting) return this.closed();
		const result = this.dialogue.onLost?.(error);
		const first = this.refused ?? this.dialogue.error;
		if (this.refused) this.refused.rejected = this.rejected;
		if (result) {
			this.options.onSent?.call(this, result);
			if ((this.state as State) === State.Closed) return; // it wanted no more than that
		}
		this.close();
		// The first refusal is what a person must know, not that the connection, or the RSET after it, went wrong too.
		this.options.onError?.call(this, first ?? error);
	}

	/** @internal */
	refuse(kind: SMTPErrorKind, problem: string, temporary?: boolean): void {
		const { connection } = this;
		connection.failWith(connection.told.refusal(connection.reply, kind, connection.phase, problem, temporary));
	}

	/** @internal */
	onOpen(): void {
		const { message } = this.options;
		if (!message) return this.onReady();
		this.dialogue = new Transaction(this, message, true);
		this.state = State.Opened;
	}

	/** @internal */
	onTransaction(result: SMTPResult | undefined, error: SMTPError | undefined, rejected: readonly SMTPRefusal[]): void {
		if (this.state === State.Closed) return;
		this.dialogue = none; // the message is not kept while the next one is made
		if (result) {
			this.state = State.Ready;
			this.options.onSent?.call(this, result);
			return this.goOn();
		}
		this.refused = error;
		this.rejected = rejected;
		if (error?.kind === "unsupported")
			this.onRefused(); // nothing has been said that RSET would take back
		else if (error && this.connection.reply.code === 421) this.connection.failWith(error);
		else {
			this.run(new Command(() => this.onReset()));
			sendCommand(this, "RSET", "RSET");
		}
	}

	private transact(transaction: Transaction): void {
		this.run(transaction);
		transaction.start();
	}

	private onReset(): void {
		if (!isPositive(this.connection.reply.code)) return this.refuse("refused", "RSET was refused");
		this.onRefused();
	}

	private onRefused(): void {
		const { refused, rejected } = this;
		const { onRefused } = this.options;
		// A refusal that nobody hears would be tried again and again.
		if (!onRefused) return this.connection.failWith(refused as SMTPError);
		this.refused = undefined;
		this.rejected = nobody;
		this.state = State.Ready;
		onRefused.call(this, refused as SMTPError, rejected);
		this.goOn();
	}

	private onReady(): void {
		this.state = State.Ready;
		this.connection.output.release();
		this.options.onReady?.call(this);
		this.beIdle();
	}

	/** After a message: the next, if nothing has been begun yet. */
	private goOn(): void {
		if (this.ready) this.onReady();
	}

	/** An open session that nobody uses is given up in the end, so that nothing is held for ever. */
	private beIdle(): void {
		if (this.ready) this.connection.deadline("idle", "final");
	}

	/** The server ends the session (421): a transaction sorts out who has been served. */
	private abandon(): void {
		if (this.state === State.Busy && this.dialogue.abandon) this.dialogue.abandon();
		else this.refuse("refused", "the server ended the session");
	}

	private closed(): void {
		this.close();
		this.options.onClose?.call(this);
	}

	private checkReady(phase: SMTPPhase): void {
		if (this.state !== State.Ready) throw argumentError(phase, `${phase}: the client is not ready; wait for onReady`);
	}

	/** Formats the greeting once, so that a name that cannot be sent is found before anything is. */
	private checkName(): void {
		const { output } = this.connection;
		output.check(true);
		output.begin("EHLO");
		output.text(`EHLO ${this.options.hostname}`);
		output.end();
		output.check(false);
	}
}

/** Whether a command has this (upper-case) verb. */
const startsWithVerb = (text: string, verb: string): boolean => {
	for (let i = 0; i < verb.length; i++) if ((text.charCodeAt(i) & ~32) !== verb.charCodeAt(i)) return false;
	return !((text.charCodeAt(verb.length) & ~32) >= 65);
};
