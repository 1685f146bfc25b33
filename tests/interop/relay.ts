/**
 * Stands between client and server and writes down who says what. As a network does, it takes its time with what the server
 * says, so that a client's flight ends where the client waits, and not where the server happens to be quick.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What one side says before the other speaks again. */
interface Flight {
	from: "client" | "server";
	text: string;
}

const DELAY_MS = 25;

export class Relay {
	readonly #server: Server;
	readonly #delayMs: number;
	readonly #sockets: Socket[] = [];
	#flights: Flight[] = [];
	#bytes = { client: 0, server: 0 };
	/** Resolves when both sides have closed the last connection, and everything was passed on. */
	closed: Promise<unknown> = Promise.resolve();

	/** @param port where the server is @param delayMs how long what it says takes */
	static async start(port: number, delayMs = DELAY_MS): Promise<Relay> {
		const relay = new Relay(port, delayMs);
		await once(relay.#server, "listening");
		return relay;
	}

	private constructor(port: number, delayMs: number) {
		this.#delayMs = delayMs;
		this.#server = createServer((client) => {
			const server = connect(port, "127.0.0.1");
			this.#flights = [];
			this.#bytes = { client: 0, server: 0 };
			this.closed = Promise.all([once(client, "close"), once(server, "close")]).catch(() => {});
			this.#pass("client", client, server);
			this.#pass("server", server, client);
		}).listen(0, "127.0.0.1");
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	/** The flights of the client in the last connection, from the greeting to the reply that takes the message: without QUIT. */
	get clientFlights(): string[] {
		return this.#flights
			.filter(({ from, text }) => from === "client" && !/^quit\r\n$/i.test(text))
			.map(({ text }) => text);
	}

	/** Whether the client has said QUIT before it closed the connection. */
	get quit(): boolean {
		return this.#flights.some(({ from, text }) => from === "client" && /(^|\n)quit\r\n$/i.test(text));
	}

	/** Octets that client and server have said in the last connection, with greeting and QUIT. */
	get bytes(): { readonly client: number; readonly server: number } {
		return this.#bytes;
	}

	close(): void {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
	}

	#pass(side: Flight["from"], source: Socket, target: Socket): void {
		this.#sockets.push(source);
		source.setNoDelay(true);
		const later = (what: () => void) => (side === "server" ? setTimeout(what, this.#delayMs) : what());
		source.on("data", (bytes: Buffer) =>
			later(() => {
				this.#bytes[side] += bytes.length;
				this.#note(side, bytes.toString("latin1"));
				target.write(bytes);
			}),
		);
		source.on("error", () => target.destroy());
		source.on("end", () => later(() => target.end()));
	}

	#note(from: Flight["from"], text: string): void {
		const last = this.#flights.at(-1);
		if (last?.from === from) last.text += text;
		else this.#flights.push({ from, text });
	}
}
