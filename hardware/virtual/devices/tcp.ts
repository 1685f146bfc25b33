import type { DeviceCall } from "../frames.js";
import type { Clock } from "./clock.js";
import { Connection, type ConnectionContext } from "./connection.js";
import type { Device, SendEvent } from "./device.js";
import type { Link } from "./link.js";
import { type Peers, PeerWire, type Wire } from "./peer.js";
import { decodeSecure, type TLSLimits } from "./secure.js";

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
	readonly #context: ConnectionContext;
	readonly #connections = new Map<number, Wire>();
	/** Connections that wait for an answer. */
	readonly #waiting = new Set<Wire>();
	readonly #peers: Peers;

	/**
	 * @param segmentSize lwIP's TCP_MSS, in bytes: the window is four of them, as on the ESP8266
	 * @param peers who answers instead of the desk's network
	 */
	constructor(link: Link, send: SendEvent, clock: Clock, segmentSize: number, tls: TLSLimits, peers: Peers) {
		this.#peers = peers;
		this.#context = {
			link,
			tls,
			window: 4 * segmentSize,
			now: () => clock.now,
			onLost: (resource) => this.#forget(resource),
			send: (resource, kind, words, data) => {
				if (kind === "r" && data) this.#countReceived(resource, data.length);
				return send(resource, kind, words, data);
			},
		};
	}

	get open(): number {
		return this.#connections.size;
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
			case "unread":
				return connection instanceof Connection ? connection.unread(Buffer.from(data)) : undefined;
			case "secure":
				this.#waiting.add(connection);
				if (connection instanceof PeerWire) return connection.secure();
				return connection instanceof Connection ? connection.secure(decodeSecure(data, details[0] === "1")) : undefined;
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
		if (!this.#context.link.up) return "no route";
		const peer = new PeerWire(resource, this.#context, address, Number(port));
		this.#add(resource, peer);
		if (peer.open(this.#peers)) return "";
		const connection = new Connection(resource, this.#context);
		this.#add(resource, connection);
		connection.open(address, Number(port), noDelay === "1");
		return "";
	}

	#add(resource: number, connection: Wire): void {
		this.#forget(resource);
		this.#connections.set(resource, connection);
		this.#waiting.add(connection);
	}
}
