import type { ConnectionContext } from "./connection.js";

/** The board's end of a connection, as the TCP device deals with it. */
export interface Wire {
	readonly remoteAddress: string;
	readonly remotePort: number;
	write(data: Buffer): void;
	/** The app has read so many bytes. */
	consume(count: number): void;
	close(): void;
	/** The board is gone. */
	destroy(): void;
}

/** What a server of the desk's own is given of a connection. */
export interface PeerConnection {
	send(data: string | Uint8Array): void;
	end(): void;
}

/** The other end of a connection, in this process: no socket, no time, the same in every run. */
export interface Peer {
	onData(data: Buffer): void;
	/** The app wants TLS: nothing is encrypted, it is only told that it is. @returns why it cannot be had */
	onSecure?(): string | undefined;
	/** The app has closed the connection. */
	onEnd?(): void;
}

/** Who answers at an address, instead of the desk's network; undefined: no one, the desk's network does. */
export type Peers = (address: string, port: number, connection: PeerConnection) => Peer | undefined;

/** A connection to a peer: what the app writes is acknowledged at once, what the peer sends comes in lwIP's segments. */
export class PeerWire implements Wire, PeerConnection {
	readonly remoteAddress: string;
	readonly remotePort: number;
	readonly #resource: number;
	readonly #context: ConnectionContext;
	#peer: Peer | undefined;
	#waiting = Buffer.alloc(0);
	#unread = 0;
	#ending = false;
	#closed = false;

	constructor(resource: number, context: ConnectionContext, address: string, port: number) {
		this.#resource = resource;
		this.#context = context;
		this.remoteAddress = address;
		this.remotePort = port;
	}

	/** False if there is no one at that address. */
	open(peers: Peers): boolean {
		const greeting: (string | Uint8Array)[] = [];
		let opened = false;
		const connection: PeerConnection = {
			send: (data) => (opened ? this.send(data) : void greeting.push(data)),
			end: () => this.end(),
		};
		this.#peer = peers(this.remoteAddress, this.remotePort, connection);
		if (!this.#peer) return false;
		opened = true;
		void this.#context.send(this.#resource, "c");
		for (const data of greeting) this.send(data);
		return true;
	}

	write(data: Buffer): void {
		void this.#context.send(this.#resource, "s", [data.length]);
		this.#peer?.onData(data);
	}

	secure(): void {
		const reason = this.#peer?.onSecure ? this.#peer.onSecure() : "the peer has no TLS";
		if (reason === undefined) void this.#context.send(this.#resource, "h");
		else void this.#context.send(this.#resource, "f", [], Buffer.from(reason));
	}

	consume(count: number): void {
		this.#unread -= count;
		this.#deliver();
	}

	close(): void {
		this.#closed = true;
		this.#peer?.onEnd?.();
	}

	destroy(): void {
		this.#closed = true;
	}

	send(data: string | Uint8Array): void {
		this.#waiting = Buffer.concat([this.#waiting, Buffer.from(data)]);
		this.#deliver();
	}

	end(): void {
		this.#ending = true;
		this.#deliver();
	}

	#deliver(): void {
		const { window } = this.#context;
		while (this.#waiting.length && this.#unread < window && !this.#closed) {
			const part = this.#waiting.subarray(0, Math.min(window / 4, window - this.#unread));
			this.#waiting = this.#waiting.subarray(part.length);
			this.#unread += part.length;
			void this.#context.send(this.#resource, "r", [], part);
		}
		if (!this.#ending || this.#waiting.length || this.#closed) return;
		this.#closed = true;
		void this.#context.send(this.#resource, "x");
	}
}
