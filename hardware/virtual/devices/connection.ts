import { Socket } from "node:net";
import type { SendEvent } from "./device.js";
import type { Link } from "./link.js";

/** What becomes of received bytes that do not fit the window, and of the end that follows them. */
type Ending = "x" | "e";

const LINGER_MS = 5_000;

/** One TCP connection of the app, with the window that lwIP would offer its peer. */
export class Connection {
	readonly #socket: Socket;
	readonly #link: Link;
	readonly #send: SendEvent;
	readonly #window: number;
	readonly #onLost: (resource: number) => void;
	readonly #onLink = () => this.#resume();
	#resource: number;
	#received: Buffer[] = [];
	#unread = 0;
	#unsent: Buffer[] = [];
	#ending: Ending | undefined;
	#ended = false;
	#connected = false;

	/**
	 * @param window how many received bytes the app may leave unread
	 * @param onLost called after the app was told of an error: the connection is no more
	 */
	constructor(resource: number, link: Link, send: SendEvent, window: number, onLost: (resource: number) => void) {
		this.#resource = resource;
		this.#link = link;
		this.#send = send;
		this.#window = window;
		this.#onLost = onLost;
		this.#socket = new Socket({ allowHalfOpen: true });
		this.#socket.once("connect", () => this.#connect());
		this.#socket.on("data", (bytes: Buffer) => this.#receive(bytes));
		this.#socket.once("end", () => this.#end("x"));
		this.#socket.once("error", () => this.#end("e"));
		link.on("change", this.#onLink);
	}

	get remoteAddress(): string {
		return this.#socket.remoteAddress ?? "";
	}

	get remotePort(): number {
		return this.#socket.remotePort ?? 0;
	}

	open(address: string, port: number, noDelay: boolean): void {
		this.#socket.setNoDelay(noDelay);
		this.#socket.connect(port, address);
	}

	/** From now on the events are another resource's. */
	move(resource: number): void {
		this.#resource = resource;
	}

	write(data: Buffer): void {
		if (!this.#link.up) this.#unsent.push(data);
		else
			this.#socket.write(data, (error) => {
				if (!error) void this.#send(this.#resource, "s", [data.length]);
			});
	}

	/** The app has read so many bytes. */
	consume(count: number): void {
		this.#unread -= count;
		this.#deliver();
	}

	/** As lwIP's tcp_close: what was written still goes out. */
	close(): void {
		this.#detach();
		if (!this.#connected) return void this.#socket.destroy();
		for (const data of this.#unsent.splice(0)) this.#socket.write(data);
		this.#socket.on("error", () => {});
		this.#socket.end();
		this.#socket.resume();
		setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
	}

	/** The board is gone. */
	destroy(): void {
		this.#detach();
		this.#socket.destroy();
	}

	#detach(): void {
		this.#link.off("change", this.#onLink);
		this.#socket.removeAllListeners("connect").removeAllListeners("data").removeAllListeners("end");
		this.#ended = true;
		this.#received = [];
	}

	#lose(): void {
		this.destroy();
		this.#onLost(this.#resource);
	}

	#connect(): void {
		this.#connected = true;
		if (this.#link.up) void this.#send(this.#resource, "c");
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
		if (!this.#link.up) return;
		if (this.#connected) for (const data of this.#unsent.splice(0)) this.write(data);
		this.#deliver();
	}

	/** As much as the window lets through, and the end once everything is. */
	#deliver(): void {
		if (!this.#link.up || this.#ended) return;
		while (this.#received.length && this.#unread < this.#window) {
			const [first] = this.#received as [Buffer];
			const part = first.subarray(0, this.#window - this.#unread);
			if (part.length === first.length) this.#received.shift();
			else this.#received[0] = first.subarray(part.length);
			this.#unread += part.length;
			void this.#send(this.#resource, "r", [], part);
		}
		if (this.#received.length) return void this.#socket.pause();
		this.#socket.resume();
		if (!this.#ending) return;
		this.#ended = true;
		void this.#send(this.#resource, this.#ending);
		if (this.#ending === "e") this.#lose();
	}
}
