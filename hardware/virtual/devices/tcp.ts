import type { DeviceCall } from "../frames.js";
import { Connection } from "./connection.js";
import type { Device, SendEvent } from "./device.js";
import type { Link } from "./link.js";

/** What went over the app's connections. */
export interface Traffic {
	bytesSent: number;
	bytesReceived: number;
	/** How often something was received after something had been sent, or after connecting. */
	roundTrips: number;
}

/** TCP for the app, by the desk's own sockets. */
export class TCP implements Device {
	readonly traffic: Traffic = { bytesSent: 0, bytesReceived: 0, roundTrips: 0 };
	readonly #link: Link;
	readonly #send: SendEvent;
	readonly #window: number;
	readonly #connections = new Map<number, Connection>();
	/** Connections that wait for an answer. */
	readonly #waiting = new Set<Connection>();

	/** @param segmentSize lwIP's TCP_MSS, in bytes: the window is four of them, as on the ESP8266 */
	constructor(link: Link, send: SendEvent, segmentSize: number) {
		this.#link = link;
		this.#send = (resource, kind, words, data) => {
			if (data) this.#countReceived(resource, data.length);
			return send(resource, kind, words, data);
		};
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
				this.traffic.bytesSent += data.length;
				this.#waiting.add(connection);
				return connection.write(Buffer.from(data));
			case "received":
				return connection.consume(Number(details[0]));
			case "move":
				this.#connections.delete(resource);
				this.#connections.set(Number(details[0]), connection);
				return connection.move(Number(details[0]));
			case "close":
				this.#forget(resource);
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

	#forget(resource: number): void {
		const connection = this.#connections.get(resource);
		if (connection) this.#waiting.delete(connection);
		this.#connections.delete(resource);
	}

	#countReceived(resource: number, bytes: number): void {
		const connection = this.#connections.get(resource);
		this.traffic.bytesReceived += bytes;
		if (connection && this.#waiting.delete(connection)) this.traffic.roundTrips++;
	}

	/** Without an interface that is up lwIP knows no way, and its connect fails at once. */
	#connect(resource: number, [address = "", port, noDelay]: string[]): string {
		if (!this.#link.up) return "no route";
		const connection = new Connection(resource, this.#link, this.#send, this.#window, (lost) => {
			this.#forget(lost);
		});
		this.#connections.set(resource, connection);
		this.#waiting.add(connection);
		connection.open(address, Number(port), noDelay === "1");
		return "";
	}
}
