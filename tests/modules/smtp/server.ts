import Timer from "timer";

/** A script's or a transcript's lines without indentation and empty lines. */
export function lines(script: string): string[] {
	return script
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "");
}

/** A script's text, as transcripts have it. */
export const as = (script: string): string => lines(script).join("\n");

/** A script's EHLO, and what is offered. */
export const ehlo = (...offer: string[]): string => {
	const replies = ["mx", ...offer].map((line, i) => `S: 250${i === offer.length ? " " : "-"}${line}`);
	return ["C: EHLO me", ...replies, ""].join("\n");
};

/** A script's beginning: greeting, EHLO, and what is offered. */
export const hello = (...offer: string[]): string => `S: 220 x\n${ehlo(...offer)}`;

class Literal {
	resolve({ host, onResolved }: { host: string; onResolved(host: string, address: string): void }): void {
		Timer.set(() => onResolved(host, "192.0.2.1"));
	}
}

interface Callbacks {
	onReadable(count: number): void;
	onWritable(count: number): void;
	onError(reason?: unknown): void;
}

/**
 * A server that speaks by a script, for tests that read as transcripts. Lines of the script:
 *
 *     S: 220 ready          the server says this (CRLF added)
 *     C: EHLO me            the client is expected to say this
 *     TLS                   a handshake takes place
 *     (close)               the server closes the connection
 *     (fail)                the handshake fails
 *
 * The server says what it has to say as soon as the client has said as many lines as stand before it, whatever they
 * are; what really happened is written down in the same form, so a test compares the two.
 */
export interface ServerSetup {
	/** Bytes that arrive at once; by default all that the server says at a time. */
	fragment?: number;
	/** Room that the socket offers. */
	room?: number;
	/** Hears all that the client says, byte for byte, and may answer in the script's stead: bytes, or undefined for the end. */
	hear?(text: string, say: (text: string | undefined) => void): void;
	/** The classes of its sockets. */
	Socket?: typeof ScriptedSocket;
	TLS?: typeof ScriptedTLS;
}

/** What happened. */
export interface ServerRecord {
	/** What was really said. */
	transcript: string;
	/** How many sockets were opened, and closed. */
	opened: number;
	closed: number;
}

export class Server {
	readonly record: ServerRecord = { transcript: "", opened: 0, closed: 0 };
	/** What a client must be given to talk to this server. */
	readonly providers;
	readonly fragment: number;
	readonly room: number;
	socket: ScriptedSocket | undefined;
	#script: string[];
	#listener: ServerSetup["hear"];
	#said: string[] = [];
	#line = "";

	constructor(script: string, setup: ServerSetup = {}) {
		const { fragment = 0, room = 1072, hear, Socket = ScriptedSocket, TLS = ScriptedTLS } = setup;
		this.#script = lines(script);
		this.#listener = hear;
		this.fragment = fragment;
		this.room = room;
		this.providers = {
			socket: { io: Socket, server: this },
			tls: { io: TLS, server: this },
			dns: { io: Literal },
		};
	}

	/** The client said something. */
	hear(bytes: Uint8Array): void {
		let text = "";
		for (const byte of bytes) {
			text += String.fromCharCode(byte);
			this.#line += String.fromCharCode(byte);
			if (!this.#line.endsWith("\r\n")) continue;
			this.#said.push(`C: ${this.#line.slice(0, -2)}`.trim());
			this.#line = "";
			if (this.#next()?.startsWith("C:")) this.#script.shift();
		}
		this.#listener?.(text, (answer) => this.socket?.deliver(answer));
		Timer.set(() => this.speak());
	}

	/** Says what is to be said now. */
	speak(): void {
		let text = "";
		while (this.socket && this.#next()?.startsWith("S:")) {
			const line = this.#script.shift() as string;
			this.#said.push(line);
			text += `${line.slice(3)}\r\n`;
		}
		if (text) this.socket?.deliver(text);
		if (this.#next() === "(close)") {
			this.#said.push(this.#script.shift() as string);
			this.socket?.deliver(undefined);
			this.socket = undefined; // what the script goes on with is said to the next connection
		}
	}

	handshake(socket: ScriptedSocket): void {
		this.#said.push("TLS");
		if (this.#next() === "TLS") this.#script.shift();
		this.socket = socket;
		if (this.#next() === "(fail)") {
			this.#said.push(this.#script.shift() as string);
			Timer.set(() => socket.callbacks.onError("certificate has expired"));
		} else
			Timer.set(() => {
				socket.writable();
				this.speak();
			});
	}

	end(): ServerRecord {
		if (this.#line) this.#said.push(`C: ${this.#line} (no line end)`);
		this.record.transcript = this.#said.join("\n");
		return this.record;
	}

	#next(): string | undefined {
		return this.#script[0];
	}
}

/** Has the ways of the SDK's lwIP socket: it throws where that throws. */
export class ScriptedSocket {
	readonly callbacks: Callbacks;
	protected readonly server: Server;
	/** What has come and was not read yet: a character a byte. */
	#pending = "";
	#room: number;
	#open = true;
	#ended = false;

	constructor(options: Callbacks & { server: Server }) {
		this.callbacks = options;
		this.server = options.server;
		this.#room = this.server.room;
		this.server.record.opened++;
		this.begin();
	}

	read(count: number): ArrayBuffer | undefined {
		if (!this.#open) throw new Error("closed");
		if (this.#pending === "") return undefined;
		if (!(count > 0 && count <= this.#pending.length)) throw new Error("invalid");
		const bytes = Uint8Array.from({ length: count }, (_, index) => this.#pending.charCodeAt(index));
		this.#pending = this.#pending.slice(count);
		return bytes.buffer;
	}

	write(bytes: Uint8Array): number {
		if (!this.#open) throw new Error("closed");
		if (this.#ended) throw new Error("not ready"); // as lwIP's, though what came before the end is still to be read
		if (bytes.length > this.#room) throw new Error("would block");
		this.#room -= bytes.length;
		this.server.hear(bytes);
		Timer.set(() => this.writable());
		return this.#room;
	}

	close(): void {
		if (this.#open) this.server.record.closed++;
		this.#open = false;
		if (this.server.socket === this) this.server.socket = undefined;
	}

	/** Bytes, or the end, arrive at the client; in fragments if so set up. */
	deliver(text: string | undefined): void {
		const { fragment } = this.server;
		if (text === undefined) {
			this.#ended = true;
			return void Timer.set(() => this.#open && this.callbacks.onError());
		}
		for (let at = 0; at < text.length; at += fragment || text.length) {
			const piece = text.slice(at, at + (fragment || text.length));
			Timer.set(() => {
				if (!this.#open) return;
				this.#pending += piece;
				this.callbacks.onReadable(this.#pending.length);
			});
		}
	}

	writable(): void {
		if (!this.#open || this.#ended) return;
		this.#room = this.server.room;
		this.callbacks.onWritable(this.#room);
	}

	protected begin(): void {
		this.server.socket = this;
		Timer.set(() => {
			this.writable();
			this.server.speak();
		});
	}
}

export class ScriptedTLS extends ScriptedSocket {
	constructor(options: Callbacks & { server: Server; from?: ScriptedSocket }) {
		super(options);
		options.from?.close();
	}

	protected override begin(): void {
		this.server.handshake(this);
	}
}
