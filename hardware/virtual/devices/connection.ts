import { Socket } from "node:net";
import type { SendEvent } from "./device.js";
import type { Link } from "./link.js";
import type { Wire } from "./peer.js";
import { type SecureOptions, secure, type TLSLimits } from "./secure.js";

/** What connections share. */
export interface ConnectionContext {
	link: Link;
	send: SendEvent;
	/** How many received bytes the app may leave unread. */
	window: number;
	tls: TLSLimits;
	/** What the board's calendar shows. */
	now(): number;
	/** Called after the app was told of an error: the connection is no more. */
	onLost(resource: number): void;
}

/** What follows the last byte: the peer's end, or an error, for TLS with a reason. */
interface Ending {
	kind: "x" | "e" | "f";
	reason?: string;
}

const LINGER_MS = 5_000;

/** One TCP connection of the app, with the window that lwIP would offer its peer. */
export class Connection implements Wire {
	readonly #context: ConnectionContext;
	readonly #onLink = () => this.#resume();
	#socket: Socket = new Socket({ allowHalfOpen: true });
	readonly #resource: number;
	#received: Buffer[] = [];
	#unread = 0;
	#unsent: Buffer[] = [];
	#ending: Ending | undefined;
	#ended = false;
	#connected = false;
	/** The app was told that it is connected or, with TLS, that it is secure. */
	#told = false;
	/** TLS that is to begin, or has begun. */
	#secure: SecureOptions | undefined;
	#handshaking = false;

	constructor(resource: number, context: ConnectionContext) {
		this.#resource = resource;
		this.#context = context;
		this.#socket.once("connect", () => this.#connect());
		this.#listen();
		context.link.on("change", this.#onLink);
	}

	get remoteAddress(): string {
		return this.#socket.remoteAddress ?? "";
	}

	get remotePort(): number {
		return this.#socket.remotePort ?? 0;
	}

	/** @param address an IPv4 address or, as no device has it, the path of a Unix socket */
	open(address: string, port: number, noDelay: boolean): void {
		this.#socket.setNoDelay(noDelay);
		if (address.startsWith("/")) this.#socket.connect(address);
		else this.#socket.connect(port, address);
	}

	write(data: Buffer): void {
		if (!this.#context.link.up) this.#unsent.push(data);
		else
			this.#socket.write(data, (error) => {
				if (!error) void this.#send("s", [data.length]);
			});
	}

	/** The app has read so many bytes. */
	consume(count: number): void {
		this.#unread -= count;
		this.#deliver();
	}

	/** Bytes that the app was given and TLS should have been. */
	unread(bytes: Buffer): void {
		this.#unread -= bytes.length;
		if (this.#handshaking) this.#end({ kind: "f", reason: "the server spoke before the handshake" });
		else this.#received.unshift(bytes);
	}

	/** TLS from here on; the app is told "connected" when it is secure. */
	secure(options: SecureOptions): void {
		this.#secure = options;
		this.#told = false;
		if (this.#connected) void this.#handshake(options);
	}

	/** As lwIP's tcp_close: what was written still goes out. */
	close(): void {
		this.#detach();
		if (!this.#connected || this.#handshaking) return void this.#socket.destroy();
		for (const data of this.#unsent.splice(0)) this.#socket.write(data);
		this.#socket.end(() => this.#socket.unref()); // a peer that never ends its side keeps nobody waiting
		this.#socket.resume();
		setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
	}

	/** The board is gone. */
	destroy(): void {
		this.#detach();
		this.#socket.destroy();
	}

	async #handshake(options: SecureOptions): Promise<void> {
		const plain = this.#socket;
		this.#handshaking = true;
		this.#unlisten(plain);
		plain.pause();
		for (const bytes of this.#received.splice(0).reverse()) plain.unshift(bytes);
		try {
			const secured = await secure(plain, options, this.#context.tls, this.#context.now());
			this.#socket = secured;
			if (this.#ended) return void secured.destroy();
			this.#handshaking = false;
			this.#listen();
			this.#tell();
		} catch (error) {
			this.#end({ kind: "f", reason: (error as Error).message });
		}
	}

	#listen(): void {
		this.#socket.on("data", (bytes: Buffer) => this.#receive(bytes));
		this.#socket.once("end", () => this.#end({ kind: "x" }));
		this.#socket.on("error", () => this.#end({ kind: "e" }));
	}

	#unlisten(socket: Socket): void {
		for (const event of ["connect", "data", "end", "error"]) socket.removeAllListeners(event);
		socket.on("error", () => {});
	}

	#detach(): void {
		this.#context.link.off("change", this.#onLink);
		this.#unlisten(this.#socket);
		this.#ended = true;
		this.#received = [];
	}

	#connect(): void {
		this.#connected = true;
		if (this.#secure) void this.#handshake(this.#secure);
		else this.#tell();
	}

	#tell(): void {
		if (this.#told || !this.#connected || this.#handshaking || !this.#context.link.up) return;
		this.#told = true;
		void this.#send(this.#secure ? "h" : "c");
	}

	#receive(bytes: Buffer): void {
		this.#received.push(bytes);
		this.#deliver();
	}

	#end(ending: Ending): void {
		this.#ending ??= ending;
		this.#deliver();
	}

	#resume(): void {
		if (!this.#context.link.up) return;
		this.#tell();
		if (this.#connected) for (const data of this.#unsent.splice(0)) this.write(data);
		this.#deliver();
	}

	/** As much as the window lets through, and the end once everything is. */
	#deliver(): void {
		if (!this.#context.link.up || this.#ended) return;
		this.#deliverBytes();
		if (this.#handshaking && !this.#ending) return;
		if (this.#received.length) return void this.#socket.pause();
		this.#socket.resume();
		if (this.#ending) this.#deliverEnding(this.#ending);
	}

	#deliverBytes(): void {
		const { window } = this.#context;
		while (this.#received.length && this.#unread < window) {
			const [first] = this.#received as [Buffer];
			const part = first.subarray(0, window - this.#unread);
			if (part.length === first.length) this.#received.shift();
			else this.#received[0] = first.subarray(part.length);
			this.#unread += part.length;
			void this.#send("r", [], part);
		}
	}

	#deliverEnding({ kind, reason }: Ending): void {
		this.#ended = true;
		void this.#send(kind, [], reason === undefined ? undefined : Buffer.from(reason));
		if (kind === "x") return;
		this.destroy();
		this.#context.onLost(this.#resource);
	}

	#send(kind: string, words?: (string | number)[], data?: Uint8Array): Promise<void> {
		return this.#context.send(this.#resource, kind, words, data);
	}
}
