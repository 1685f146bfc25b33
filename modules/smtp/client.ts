import { LOGIN, type Mechanism, PLAIN } from "./auth";
import { Authentication } from "./authentication";
import { Capabilities, Extension } from "./capabilities";
import { Connection, type ConnectionOwner } from "./connection";
import { argumentError, SMTPError, type SMTPPhase, type SMTPRefusal } from "./error";
import { checkOptions, defaultPort, defaultTimeouts } from "./options";
import type { Session } from "./session";
import { Transaction } from "./transaction";
import type { SMTPMessage, SMTPOptions, SMTPResult, SMTPTimeouts } from "./types";

export { SMTPError, type SMTPRefusal, type SMTPReply } from "./error";
export type * from "./types";

const basic: readonly Mechanism[] = Object.freeze([PLAIN, LOGIN]);

/** How long a server may take to say goodbye before we go without. */
const QUIT_TIMEOUT_MS = 2_000;

const enum State {
	Connecting,
	Greeting,
	Hello,
	StartTLS,
	Handshake,
	Authenticating,
	Ready,
	Transaction,
	Reset,
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
	readonly connection: Connection;
	readonly capabilities: Capabilities;
	readonly mechanisms: readonly Mechanism[];
	readonly options: SMTPOptions;
	readonly lmtp: boolean = false;
	#state = State.Connecting;
	#secure = false;
	#esmtp = true;
	#authentication: Authentication | undefined;
	#transaction: Transaction | undefined;
	#refused: SMTPError | undefined;
	#rejected: readonly SMTPRefusal[] | undefined;

	/**
	 * Checks the dictionary and starts to connect.
	 * @throws SMTPError (argument) where the dictionary is incomplete or contradicts itself; nothing has been sent then
	 */
	constructor(options: SMTPOptions) {
		checkOptions(options);
		this.options = { ...options, port: options.port ?? defaultPort(options) };
		this.mechanisms = options.mechanisms ?? basic;
		this.capabilities = new Capabilities(this.mechanisms);
		this.connection = new Connection(this.options, this);
		this.#checkHello();
		if (options.message) this.#transaction = new Transaction(this, options.message);
		this.#secure = options.security === "implicit";
		this.connection.connect(this.#secure, this.timeout("connect"));
	}

	/** Whether `send` can be called. */
	get ready(): boolean {
		return this.#state === State.Ready;
	}

	/**
	 * Sends a message; `onSent`, `onRefused` or `onError` tells how it went.
	 * @throws SMTPError (argument) for an envelope that cannot be sent; nothing has been sent then, and the session stays ready
	 */
	send(message: SMTPMessage): void {
		if (this.#state !== State.Ready) throw argumentError("MAIL", "MAIL: the client is not ready; wait for onReady");
		this.#transaction = new Transaction(this, message);
		this.#start();
	}

	/** Says goodbye and closes; `onClose` follows. What was sent has been dealt with, nothing waits for the answer. */
	quit(): void {
		if (this.#state === State.Closed || this.#state === State.Quitting) return;
		if (this.#state !== State.Ready) return this.close();
		this.#state = State.Quitting;
		this.#command("QUIT", "QUIT", QUIT_TIMEOUT_MS);
	}

	/** Closes at once, whatever is under way. No callback comes after it. */
	close(): void {
		this.#state = State.Closed;
		this.#transaction = this.#authentication = undefined;
		this.connection.close();
	}

	timeout(name: keyof SMTPTimeouts): number {
		return this.options.timeouts?.[name] ?? this.options.timeout ?? defaultTimeouts[name];
	}

	onConnected(): void {
		if (this.#state === State.Connecting) {
			this.#state = State.Greeting;
			this.connection.deadline("greeting", this.timeout("greeting"));
		} else if (this.#state === State.Handshake) {
			this.#secure = true;
			this.#hello("EHLO");
		}
	}

	onDrained(): void {
		if (this.#state === State.Transaction) this.#transaction?.onDrained();
		else this.connection.flush();
	}

	onReply(unread: number): void {
		const { reply } = this.connection;
		if (this.#state === State.Quitting) return this.#closed();
		if (reply.code === 421 && this.#state !== State.Closed)
			return this.#fail("refused", "the server ended the session");
		switch (this.#state) {
			case State.Greeting:
				if (reply.code === 220) this.#hello("EHLO");
				else this.#fail("refused", `${this.options.host} does not take mail from here`);
				break;
			case State.Hello:
				this.#onHello();
				break;
			case State.StartTLS:
				this.#onStartTLS(unread);
				break;
			case State.Authenticating:
				this.#authentication?.onReply();
				break;
			case State.Transaction:
				this.#transaction?.onReply();
				break;
			case State.Reset:
				this.#onReset();
				break;
			default:
				this.connection.fail("protocol", `${this.options.host} answered ${reply.code} to nothing`, true);
		}
	}

	onFailed(error: SMTPError): void {
		if (this.#state === State.Closed) return;
		if (this.#state === State.Quitting) return this.#closed();
		const first = this.#refused;
		this.close();
		// What made a RSET necessary is what a person must know, not that the RSET went wrong too.
		this.options.onError?.call(this, first ?? error);
	}

	/** The server has authenticated the user. */
	onAuthenticated(): void {
		this.#authentication = undefined;
		this.#ready();
	}

	onTransaction(result: SMTPResult | undefined, error: SMTPError | undefined, rejected: readonly SMTPRefusal[]): void {
		this.#transaction = undefined;
		if (result) {
			this.#state = State.Ready;
			this.connection.deadline("command", this.timeout("final"));
			this.options.onSent?.call(this, result);
			if (this.ready) this.#ready();
			return;
		}
		this.#refused = error;
		this.#rejected = rejected;
		if (error?.kind === "unsupported") return this.#onRefused(); // nothing has been said that needs a RSET
		this.#state = State.Reset;
		this.#command("RSET", "RSET", this.timeout("command"));
	}

	#onReset(): void {
		if (this.connection.reply.code !== 250) return this.#fail("refused", "RSET was refused");
		this.#onRefused();
	}

	#onRefused(): void {
		const error = this.#refused as SMTPError;
		this.#refused = undefined;
		this.#state = State.Ready;
		this.options.onRefused?.call(this, error, this.#rejected as readonly SMTPRefusal[]);
		if (this.ready) this.#ready();
	}

	/** Introduces the client: EHLO, or HELO to a server that does not know it. */
	#hello(verb: "EHLO" | "HELO"): void {
		this.capabilities.clear();
		this.#esmtp = verb === "EHLO";
		this.connection.reply.scanner = this.#esmtp ? this.capabilities : undefined;
		this.#state = State.Hello;
		this.#command(verb, `${verb} ${this.options.hostname}`, this.timeout("command"));
	}

	#onHello(): void {
		const { reply } = this.connection;
		reply.scanner = undefined;
		if (reply.code !== 250) {
			const old = this.#esmtp && reply.code >= 500 && !this.#needsExtensions();
			return old ? this.#hello("HELO") : this.#fail("refused", "the server does not want to talk to us");
		}
		if (!this.#secure && this.#security() === "required") return this.#startTLS();
		if (this.options.user !== undefined) return this.#authenticate();
		this.#ready();
	}

	#startTLS(): void {
		if (!this.capabilities.has(Extension.STARTTLS)) {
			this.connection.phase = "STARTTLS";
			return this.connection.fail(
				"security",
				`${this.options.host} does not offer STARTTLS, and TLS is required`,
				false,
			);
		}
		this.#state = State.StartTLS;
		this.#command("STARTTLS", "STARTTLS", this.timeout("command"));
	}

	#onStartTLS(unread: number): void {
		if (this.connection.reply.code !== 220)
			return this.#fail("security", "the server refused STARTTLS, and TLS is required");
		// Whoever is on the way could have put words into the server's mouth: nothing may be said before TLS (CVE-2011-0411).
		if (unread > 0)
			return this.connection.fail(
				"security",
				"the server spoke between STARTTLS and TLS: someone may be listening in",
				false,
			);
		this.capabilities.clear();
		this.#state = State.Handshake;
		this.connection.secure(this.timeout("tls"));
	}

	#authenticate(): void {
		this.#state = State.Authenticating;
		this.#authentication = new Authentication(this, this.options, this.#secure);
		this.#authentication.start();
	}

	#ready(): void {
		this.#state = State.Ready;
		if (this.#transaction) return this.#start();
		this.connection.deadline("command", this.timeout("final"));
		this.options.onReady?.call(this);
	}

	#start(): void {
		this.#state = State.Transaction;
		this.#transaction?.start();
	}

	#command(phase: SMTPPhase, text: string, timeoutMs: number): void {
		const { connection } = this;
		connection.output.begin(phase);
		connection.output.text(text);
		connection.output.end();
		connection.deadline(phase, timeoutMs);
		connection.flush();
	}

	#fail(kind: "refused" | "security", message: string): void {
		const { connection } = this;
		const { reply } = connection.reply;
		connection.failWith(new SMTPError(kind, connection.phase, message, reply.code < 500, reply));
	}

	#closed(): void {
		this.close();
		this.options.onClose?.call(this);
	}

	#security(): string {
		return this.options.security ?? "required";
	}

	/** Whether the session cannot do with what HELO gives. */
	#needsExtensions(): boolean {
		return this.options.user !== undefined || (!this.#secure && this.#security() === "required");
	}

	/** Formats the greeting once, so that a name that cannot be sent is found before anything is. */
	#checkHello(): void {
		const { output } = this.connection;
		output.checking = true;
		output.begin("EHLO");
		output.text(`EHLO ${this.options.hostname}`);
		output.end();
		output.checking = false;
	}
}
