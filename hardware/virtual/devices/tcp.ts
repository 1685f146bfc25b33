import type { DeviceCall } from "../frames.js";
import { Connection } from "./connection.js";
import type { Device, SendEvent } from "./device.js";
import type { Link } from "./link.js";

/** TCP for the app, by the desk's own sockets. */
export class TCP implements Device {
	readonly #link: Link;
	readonly #send: SendEvent;
	readonly #window: number;
	readonly #connections = new Map<number, Connection>();

	/** @param segmentSize lwIP's TCP_MSS, in bytes: the window is four of them, as on the ESP8266 */
	constructor(link: Link, send: SendEvent, segmentSize: number) {
		this.#link = link;
		this.#send = send;
		this.#window = 4 * segmentSize;
	}

	get busy(): boolean {
		return this.#connections.size > 0;
	}

	command(action: string, { resource, details, data }: DeviceCall): void {
		const connection = this.#connections.get(resource);
		if (!connection) return;
		switch (action) {
			case "write":
				return connection.write(Buffer.from(data));
			case "received":
				return connection.consume(Number(details[0]));
			case "move":
				this.#connections.delete(resource);
				this.#connections.set(Number(details[0]), connection);
				return connection.move(Number(details[0]));
			case "close":
				this.#connections.delete(resource);
				return connection.close();
		}
	}

	ask(action: string, { resource, details }: DeviceCall): string {
		switch (action) {
			case "connect":
				return this.#connect(resource, details);
			case "remoteAddress":
				return this.#connections.get(resource)?.remoteAddress ?? "";
			case "remotePort":
				return String(this.#connections.get(resource)?.remotePort ?? 0);
		}
		return "";
	}

	close(): void {
		for (const connection of this.#connections.values()) connection.destroy();
		this.#connections.clear();
	}

	/** Without an interface that is up lwIP knows no way, and its connect fails at once. */
	#connect(resource: number, [address = "", port, noDelay]: string[]): string {
		if (!this.#link.up) return "no route";
		const connection = new Connection(resource, this.#link, this.#send, this.#window, (lost) => {
			this.#connections.delete(lost);
		});
		this.#connections.set(resource, connection);
		connection.open(address, Number(port), noDelay === "1");
		return "";
	}
}
