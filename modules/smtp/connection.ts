import Timer from "timer";
import { messageOf, SMTPError, type SMTPErrorKind, type SMTPPhase } from "./error";
import { bufferBytesOf, defaultTimeouts, portOf } from "./options";
import { Output } from "./output";
import { octets, ReplyEvent, ReplyParser } from "./reply";
import type { Secrets } from "./secrets";
import type { ConnectionOwner, Writer } from "./session";
import { Told } from "./told";
import type { Resolver, SMTPTimeouts, Socket, SocketProvider } from "./types";

/** How far the output has gone. */
export const enum Flushed {
	/** Some of it is still waiting, until the socket has room. */
	Waiting,
	/** All of it has gone, and as much again would have to wait. */
	Full,
	/** All of it has gone, and the socket has room for as much again. */
	Ready,
}

/** Bytes that are read at once. */
const READ_BYTES = 128;

/** In place of the socket's room: nothing can be written any more. */
const GONE = -1;

/** In place of the most that the socket has had room for. */
const UNCONNECTED = -1;

/** A socket's callbacks find their connection by ECMA-419's `target`: no session has functions of its own. */
interface Callback {
	target: Connection;
}

function onReadable(this: Callback, count: number): void {
	this.target.onReadable(count);
}

function onWritable(this: Callback, count: number): void {
	this.target.onWritable(count);
}

function onError(this: Callback, reason?: unknown): void {
	this.target.onError(reason);
}

/** The deadline's timer likewise. */
const onDeadline = (timer: Timer & { target?: Connection }): void => timer.target?.onDeadline();

/**
 * One TCP connection and what belongs to it: name lookup, the bytes out and in, the deadline. It knows how replies are
 * framed, not what they mean. All resources go with `close`, which may be called at any time and again.
 */
export class Connection {
	readonly output: Output;
	readonly reply: ReplyParser;
	/** What is under way, for errors. */
	phase: SMTPPhase = "connect";
	/**
	 * The message has moved on since the deadline was set, which then is no error but is set once more: to set a timer for
	 * every block would take a quarter of all that a block takes.
	 */
	declare hasMoved?: boolean;
	/** Is told when the socket has room; else what waits is written, and nobody told. */
	declare writer: Writer | undefined;
	declare private teller?: Told;
	private owner: ConnectionOwner;
	declare private resolver?: Resolver;
	private socket: Socket | undefined;
	private timer: Timer | undefined;
	private room = 0;
	/** The most that the socket has ever had room for. */
	private mostRoom = UNCONNECTED;

	/**
	 * @param owner its options are there already
	 * @param textBytes octets of a reply's text to keep at most
	 */
	constructor(owner: ConnectionOwner, textBytes?: number) {
		const { options } = owner;
		this.owner = owner;
		this.output = new Output(bufferBytesOf(options));
		this.reply = new ReplyParser(textBytes);
		if (options.onTrace) {
			this.reply.keepText = true;
			this.output.onCommand = (command) => options.onTrace?.(`C: ${command}`);
		}
	}

	get open(): boolean {
		return this.socket !== undefined;
	}

	/** Looks the host up and connects, with TLS from the start where security is implicit. A host that begins with "/" is a Unix socket's path. */
	connect(): void {
		const { dns, host } = this.owner.options;
		this.deadline("connect", "connect");
		if (host.charCodeAt(0) === 47) return this.openSocket(host);
		try {
			this.resolver = new dns.io(dns);
			// an error has no address; a function of its own would be seven slots
			const onResolved = (_: string, address?: string) => this.onResolved(address);
			this.resolver.resolve({ host, onResolved, onError: onResolved });
		} catch (e) {
			this.failSoon("connect", `cannot look up ${host}: ${messageOf(e)}`, true);
		}
	}

	private onResolved(address: string | undefined): void {
		if (!this.resolver) return;
		this.closeResolver();
		if (address) this.openSocket(address);
		else this.fail("connect", `no address found for ${this.owner.options.host}`, true);
	}

	/** Puts TLS on the connection (RFC 3207); `onConnected` follows when the handshake is over. */
	secure(): void {
		this.deadline("TLS", "tls");
		this.reply.reset();
		this.openSocket(undefined);
	}

	/** Sets the time, by its name, until which the next thing must have happened; it replaces the one before. */
	deadline(phase: SMTPPhase, wait: keyof SMTPTimeouts): void {
		const { timeouts, timeout } = this.owner.options;
		this.expire(phase, timeouts?.[wait] ?? timeout ?? defaultTimeouts[wait]);
	}

	/** Likewise, in milliseconds from now. */
	expire(phase: SMTPPhase, ms: number): void {
		const current = this.timer;
		this.phase = phase;
		if (this.hasMoved) this.hasMoved = false;
		if (current) return Timer.schedule(current, ms);
		const timer: Timer & { target?: Connection } = Timer.set(onDeadline, ms);
		timer.target = this;
		this.timer = timer;
	}

	/**
	 * Hands what is committed to the socket, as far as it has room: all of it or, where it is more, as much as the
	 * socket can ever take, so that segments are full.
	 */
	flush(): Flushed {
		const { output, socket, mostRoom } = this;
		const { capacity } = output;
		const whole = capacity < mostRoom ? capacity : mostRoom;
		let { committed } = output;
		let { room } = this;
		while (committed > 0) {
			const count = committed < whole ? committed : whole;
			if (!socket || count <= 0 || room < count) return Flushed.Waiting;
			try {
				room = this.room = (socket.write(output.view(count)) as number | undefined) ?? 0;
			} catch {
				// The server has gone: nothing more is sent, but its last words are still to be read; onError comes after them.
				this.room = GONE;
				return Flushed.Waiting;
			}
			if (count === output.length) output.length = output.committed = 0;
			else output.drop(count);
			committed -= count;
		}
		if (!this.socket) return Flushed.Waiting;
		return room < whole ? Flushed.Full : Flushed.Ready;
	}

	/** What may be told of the reply that the connection holds. */
	get told(): Told {
		this.teller ??= new Told(this.owner.options);
		return this.teller;
	}

	/** A message begins. */
	beginMessage(): void {
		this.teller?.begin();
	}

	/** Begins anew to count what is told; `secrets` are not to be in it. */
	tellAnew(secrets: Secrets): void {
		this.teller = new Told(secrets);
	}

	/** @internal */
	onDeadline(): void {
		this.timer = undefined; // it is over, even if it were set again
		if (this.hasMoved) return this.deadline(this.phase, "block");
		if (this.takeRest() && (this.timer || !this.socket)) return;
		if (this.phase === "idle") return this.fail("timeout", "the session was idle for too long", true);
		this.fail("timeout", `${this.owner.options.host} did not answer in time (${this.phase})`, true);
	}

	/** Closes everything and tells the owner why. */
	fail(kind: SMTPErrorKind, message: string, temporary: boolean): void {
		this.failWith(new SMTPError(kind, this.phase, message, temporary));
	}

	/** Fails in a turn of its own: whoever makes a client does not hear of it before he has it. */
	private failSoon(kind: SMTPErrorKind, message: string, temporary: boolean): void {
		const error = new SMTPError(kind, this.phase, message, temporary);
		Timer.clear(this.timer);
		this.timer = Timer.set(() => {
			this.timer = undefined;
			this.failWith(error);
		});
	}

	failWith(error: SMTPError): void {
		this.close();
		this.owner.onFailed(error);
	}

	close(): void {
		const socket = this.socket;
		Timer.clear(this.timer);
		this.timer = this.socket = undefined;
		this.room = 0;
		this.mostRoom = UNCONNECTED;
		this.closeResolver();
		socket?.close();
	}

	private closeResolver(): void {
		const { resolver } = this;
		delete this.resolver; // a slot less for the rest of the session
		resolver?.close?.();
	}

	/** Opens the socket; without an address it takes over the connection of the one that is open. */
	private openSocket(address: string | undefined): void {
		const { options } = this.owner;
		const { socket, tls, host, security } = options;
		const secure = address === undefined || security === "implicit";
		const provider = (secure ? tls : socket) as SocketProvider;
		const from = this.socket;
		this.room = 0;
		this.mostRoom = UNCONNECTED;
		try {
			const opened = new provider.io({
				...provider,
				...(secure ? { TCP: socket } : undefined),
				...(address === undefined ? { from } : { address }),
				host,
				port: portOf(options),
				nodelay: true,
				target: this,
				onReadable,
				onWritable,
				onError,
			});
			this.socket = opened;
		} catch (e) {
			if (secure) this.phase = "TLS";
			this.failSoon(
				secure ? "security" : "connect",
				`cannot connect to ${host}: ${messageOf(e)}`,
				isTransient(e, true),
			);
		}
	}

	/** @internal */
	onWritable(count: number): void {
		if (!this.socket) return;
		if (this.room === GONE)
			return this.fail("disconnected", `${this.owner.options.host} takes no more (${this.phase})`, true);
		const { mostRoom, writer } = this;
		this.room = count;
		if (count > mostRoom) this.mostRoom = count;
		if (mostRoom === UNCONNECTED) this.owner.onConnected();
		else if (writer) writer.onWritable();
		else this.flush();
	}

	/** @internal */
	onReadable(count: number): void {
		const socket = this.socket;
		if (!socket) return;
		const { reply } = this;
		const { onTrace, host } = this.owner.options;
		while (count > 0) {
			const bytes = count < READ_BYTES ? count : READ_BYTES;
			reply.push(octets(socket.read(bytes) as ArrayBuffer), bytes);
			count -= bytes;
			do {
				const event = reply.next();
				if (event === ReplyEvent.None) break;
				if (event === ReplyEvent.Malformed)
					return this.fail("protocol", `${host} does not speak SMTP: ${reply.lineText}`, true);
				onTrace?.(`S: ${reply.code}${event === ReplyEvent.Line ? "-" : " "}${this.told.shown(reply.lineText)}`);
				if (event === ReplyEvent.Reply) this.owner.onReply(count + reply.unread);
				if (this.socket !== socket) return;
			} while (reply.unread > 0);
		}
	}

	/**
	 * Nothing more will come. A refusal counts as far as it has come, and so does what the server says of the message.
	 * @returns whether there was something
	 */
	private takeRest(): boolean {
		const { reply } = this;
		if (!reply.end() || (reply.code < 400 && this.phase !== "message")) return false;
		this.owner.onReply(0);
		return true;
	}

	/** @internal */
	onError(reason: unknown): void {
		if (!this.socket || (this.takeRest() && !this.socket)) return;
		const { options } = this.owner;
		const { host, security } = options;
		const because = reason === undefined ? "" : `: ${messageOf(reason)}`;
		if (this.mostRoom !== UNCONNECTED)
			return this.fail("disconnected", `${host} closed the connection (${this.phase})${because}`, true);
		if (security === "implicit" && reason !== undefined) this.phase = "TLS";
		if (this.phase === "TLS")
			this.fail("security", `no TLS connection to ${host}${because}`, isTransient(reason, reason === undefined));
		else this.fail("connect", `cannot connect to ${host} port ${portOf(options)}${because}`, true);
	}
}

/** Whether an error of TLS says that the same may succeed later (no memory, no clock); by default `otherwise`: a certificate stays as it is. */
const isTransient = (e: unknown, otherwise: boolean): boolean =>
	(e as { readonly temporary?: boolean } | undefined)?.temporary ?? otherwise;
