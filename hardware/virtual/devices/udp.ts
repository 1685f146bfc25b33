import { createSocket, type Socket } from "node:dgram";
import type { DeviceCall } from "../frames.js";
import type { Clock } from "./clock.js";
import type { Device, SendEvent } from "./device.js";
import type { Link } from "./link.js";
import { answerSNTP } from "./sntp.js";

/** Who answers a request for the time: the desk's clock at once, the servers that the app asks, no one; or with what. */
export type SNTPAnswers = "desk" | "servers" | "silence" | Date;

const NTP_PORT = 123;
/** How long an answer of the desk's own takes. */
const ANSWER_MS = 5;

interface Open {
	port: number;
	/** Made when it is needed: requests for the time that the desk answers need none. */
	socket: Socket | undefined;
}

/** UDP for the app, by the desk's own sockets. */
export class UDP implements Device {
	readonly #sntp: SNTPAnswers;
	readonly #clock: Clock;
	readonly #link: Link;
	readonly #send: SendEvent;
	readonly #open = new Map<number, Open>();

	constructor(sntp: SNTPAnswers, clock: Clock, link: Link, send: SendEvent) {
		this.#sntp = sntp;
		this.#clock = clock;
		this.#link = link;
		this.#send = send;
	}

	get open(): number {
		return this.#open.size;
	}

	get busy(): boolean {
		return [...this.#open.values()].some((open) => open.socket);
	}

	command(action: string, { resource, details }: DeviceCall): void {
		if (action === "close") return this.#close(resource);
		const port = Number(details[0]);
		this.#open.set(resource, { port, socket: undefined });
		if (port) this.#socket(resource);
	}

	/** As lwIP, which fails at once without an interface that is up. */
	ask(_action: string, { resource, details, data }: DeviceCall): string {
		const [address = "", port] = details;
		if (!this.#link.up || !this.#open.has(resource)) return "no route";
		if (Number(port) === NTP_PORT && this.#sntp !== "servers") this.#answer(resource, address, data);
		else this.#socket(resource).send(Buffer.from(data), Number(port), address);
		return "";
	}

	close(): void {
		for (const resource of [...this.#open.keys()]) this.#close(resource);
	}

	#answer(resource: number, address: string, request: Buffer): void {
		if (this.#sntp === "silence") return;
		const now = this.#sntp instanceof Date ? this.#sntp.getTime() + this.#clock.ticks : Date.now();
		const answer = answerSNTP(request, now);
		this.#clock.schedule(ANSWER_MS, () => this.#receive(resource, address, NTP_PORT, answer));
	}

	#socket(resource: number): Socket {
		const open = this.#open.get(resource) as Open;
		if (open.socket) return open.socket;
		const socket = createSocket("udp4");
		open.socket = socket;
		socket.on("message", (data, { address, port }) => this.#receive(resource, address, port, data));
		socket.on("error", () => {});
		socket.bind(open.port);
		return socket;
	}

	#receive(resource: number, address: string, port: number, data: Uint8Array): void {
		if (this.#link.up && this.#open.has(resource)) void this.#send(resource, "r", [address, port], data);
	}

	#close(resource: number): void {
		this.#open.get(resource)?.socket?.close();
		this.#open.delete(resource);
	}
}
