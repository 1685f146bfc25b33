import Timer from "timer";
import type { TrustOptions } from "tls/chain";
import { type FreeMemory, TLSError, tooLittleMemory } from "tls/error";
import { canonicalName, isAddress } from "tls/name";
import { FRAGMENT_MOST, RecordType, type Transport } from "tls/record";
import { RECORD_OVERHEAD, Session } from "tls/session";

/** An ECMA-419 TCP socket; the session counts in it what can be read and written. */
interface Connection extends Transport {
	close(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: the dictionary is that of an ECMA-419 class which is not known here
type ConnectionClass = new (options: any) => { close(): void };

export interface TLSOptions extends TrustOptions {
	/** The name to ask for and to check, if it is not the socket's `host`. */
	serverName?: string;
}

export interface ChannelOptions {
	/** The server's name: asked for (SNI, RFC 6066) and looked for in its certificate. */
	host?: string;
	port?: number;
	/** Where to connect to. */
	address?: string;
	/** Or the connection to take over, as after STARTTLS; it cannot be used any more. */
	from?: unknown;
	/** The class for the connection, with further entries for its dictionary. */
	TCP: { io: ConnectionClass; [option: string]: unknown };
	secure?: TLSOptions;
	/** Bytes free in the heap now; then too little is an error before the handshake instead of a restart during it. */
	freeMemory?: FreeMemory;
	/** Bytes that the handshake takes of that; default 13,312. */
	memoryNeeded?: number;
}

/** What a channel tells its owner. */
export interface ChannelOwner {
	/** There is room to send; the first time, the connection has become secure. */
	onRoom(): void;
	/** There may be something to receive, or the channel has ended. */
	onChanged(): void;
}

/** What a handshake takes of XS's heap, rounded up: 11,600 with three certificates of RSA-2048, 7,900 with two of P-256. */
const MEMORY_NEEDED = 13312;
/** 1 January 2024: a clock that shows less has not been set. */
const CLOCK_LEAST = 1704067200000;

/** What a TCP socket or timer knows that works for a channel: no channel has functions of its own. */
interface Worker {
	target?: Channel;
}

function onReadable(this: Worker, count: number): void {
	this.target?.onReadable(count);
}

function onWritable(this: Worker, count: number): void {
	this.target?.onWritable(count);
}

function onError(this: Worker): void {
	this.target?.onError();
}

const onTimer = (timer: Timer & Worker): void => timer.target?.onTimer();

/**
 * A connection and the TLS session on it. Nothing is thrown into the network's callbacks; what fails ends the channel.
 *
 * The handshake goes on one step at a time, with the event loop in between, as a step can take the chip a second.
 */
export class Channel {
	/** The handshake is over, and the server is the one that was meant. */
	isSecure = false;
	/** Nothing more comes, and nothing can be sent. */
	hasEnded = false;
	/** Why it ended; undefined where it was closed from there. */
	failure: Error | undefined;
	private options: ChannelOptions;
	private owner: ChannelOwner;
	private connection: Connection | undefined;
	private session: Session | undefined;
	private timer: Timer | undefined;
	/** Nothing can be sent any more; what has come can be received. */
	private isBroken = false;

	constructor(options: ChannelOptions, owner: ChannelOwner) {
		const { host, port, address, from, TCP } = options;
		this.options = options;
		this.owner = owner;
		const where = from === undefined ? { address } : { from };
		const connection = new TCP.io({ ...TCP, ...where, host, port, target: this, onReadable, onWritable, onError });
		this.connection = connection as Connection;
		this.connection.readable = this.connection.writable = 0;
	}

	/** Whether there is more to receive. */
	get hasMore(): boolean {
		return !this.hasEnded && (this.connection?.readable ?? 0) > 0;
	}

	/** How many bytes one record can carry now. */
	get room(): number {
		const { writable = 0 } = this.connection ?? {};
		return writable > RECORD_OVERHEAD ? Math.min(writable - RECORD_OVERHEAD, FRAGMENT_MOST) : 0;
	}

	/** @returns what the next record carries; undefined where none is complete, or the channel has ended */
	receive(): Uint8Array | undefined {
		const connection = this.connection;
		while (connection && this.hasMore) {
			try {
				const data = (this.session as Session).receive(connection);
				if (data) return data;
				if (data === null) {
					this.alert(1, 0); // as RFC 5246, 7.2.1 wants it
					this.hasEnded = true;
				}
			} catch (e) {
				this.end(e);
			}
		}
		if (this.isBroken) this.hasEnded = true;
		return undefined;
	}

	/** Sends bytes for which there is room. */
	send(bytes: Uint8Array): void {
		const connection = this.connection as Connection;
		try {
			(this.session as Session).send(connection, RecordType.ApplicationData, bytes);
		} catch (e) {
			this.end(e);
			return this.later();
		}
		if (connection.writable !== undefined) return;
		// TCP has failed. It would say so, but the simulator's does not.
		connection.writable = 0;
		this.isBroken = true;
		this.later();
	}

	/** Has the owner called from the event loop, or the handshake go on. */
	later(): void {
		if (this.timer) return;
		const timer: Timer & Worker = Timer.set(onTimer);
		timer.target = this;
		this.timer = timer;
	}

	/** Closes all there is, with a close_notify where there is room for one. */
	close(): void {
		const connection = this.connection;
		if (this.isSecure && !this.hasEnded) this.alert(1, 0);
		this.hasEnded = true;
		Timer.clear(this.timer);
		this.timer = this.connection = this.session = undefined;
		connection?.close();
	}

	/** @internal */
	onReadable(count: number): void {
		const connection = this.connection;
		if (!connection || this.hasEnded) return;
		connection.readable = count;
		if (this.isSecure) this.owner.onChanged();
		else if (this.session) this.later();
		else {
			const by = this.options.from === undefined ? "it is not a port for TLS" : "someone may have meddled";
			this.fail(new TLSError(`the server spoke before TLS began: ${by}`));
		}
	}

	/** @internal */
	onWritable(count: number): void {
		const connection = this.connection;
		if (!connection || this.hasEnded) return;
		connection.writable = count;
		if (!this.session) this.begin();
		else if (this.isSecure && this.room > 0) this.owner.onRoom();
	}

	/** @internal */
	onError(): void {
		this.hasEnded = true;
		if (this.connection) this.owner.onChanged();
	}

	/** One step of the handshake; or what the owner wanted to be called for. @internal */
	onTimer(): void {
		const session = this.session;
		const connection = this.connection;
		this.timer = undefined;
		if (!session || !connection) return;
		if (!this.isSecure && !this.hasEnded) {
			try {
				this.isSecure = session.advance(connection);
			} catch (e) {
				return this.fail(e);
			}
			if (!this.isSecure) {
				if (session.isBusy || connection.readable > 0) this.later();
				return;
			}
			if (this.room > 0) this.owner.onRoom();
		}
		this.owner.onChanged();
	}

	/** Prepares the handshake, if all is there that it takes. */
	private begin(): void {
		const { host, secure, freeMemory, memoryNeeded = MEMORY_NEEDED } = this.options;
		try {
			if (secure?.verify !== false && Date.now() < CLOCK_LEAST)
				throw new TLSError("the clock is not set, so that no certificate can be verified", 0, true);
			const free = freeMemory?.();
			if (free !== undefined && free < memoryNeeded) throw tooLittleMemory(`TLS takes ${memoryNeeded} bytes`, free);
			const name = secure?.serverName ?? host;
			const canonical = name === undefined ? undefined : canonicalName(name);
			const { verify, certificate } = secure ?? {};
			const trust = { verify, certificate, host: canonical };
			// An address is not asked for (RFC 6066, 3).
			const asked = canonical === undefined || isAddress(canonical) ? undefined : canonical;
			this.session = new Session(trust, asked, freeMemory);
			this.later();
		} catch (e) {
			this.fail(e);
		}
	}

	private fail(error: unknown): void {
		this.end(error);
		this.owner.onChanged();
	}

	private end(error: unknown): void {
		this.failure = error instanceof Error ? error : new Error(String(error));
		this.hasEnded = true;
		const { alert = 0 } = this.failure as Partial<TLSError>;
		if (alert > 0) this.alert(2, alert);
	}

	/** Tells the server, where that is possible, why the connection ends. */
	private alert(level: number, description: number): void {
		const connection = this.connection;
		if (!connection || !this.session || (connection.writable ?? 0) < RECORD_OVERHEAD + 2) return;
		try {
			this.session.send(connection, RecordType.Alert, Uint8Array.of(level, description));
		} catch {
			// It would only have been polite.
		}
	}
}
