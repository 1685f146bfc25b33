import type { Time } from "network/clock";
import type { Net } from "network/resolver";
import type { Datagram, UDPSocket } from "network/sntp";
import type { WiFiInterface } from "network/wifi";
import Timer from "timer";

/** What a test holds of a Wi-Fi interface: it writes down what the supervisor asks for, and plays the chip. */
export class Air {
	readonly calls: string[] = [];
	/** How long an association takes; undefined: it never comes about. */
	joinMs: number | undefined = 3_000;
	/** `connect` throws. */
	broken = false;
	connection = 200;
	onChanged: ((property: string) => void) | undefined;

	/** The connection changes by itself. */
	change(connection: number): void {
		this.connection = connection;
		this.onChanged?.("connection");
	}
}

/** An ECMA-419 Wi-Fi class over an `Air`. */
export const wifiOf = (air: Air): (new (options: { onChanged(property: string): void }) => WiFiInterface) =>
	class {
		#timer: Timer | undefined;

		constructor(options: { onChanged(property: string): void }) {
			air.onChanged = options.onChanged;
		}

		get connection(): number {
			return air.connection;
		}

		get address(): string | undefined {
			return air.connection === 500 ? "192.0.2.7" : undefined;
		}

		get RSSI(): number | undefined {
			return air.connection >= 400 ? -61 : undefined;
		}

		connect(options: { SSID: string; password?: string }): void {
			air.calls.push(`connect ${JSON.stringify(options)}`);
			if (air.broken) throw new Error("already connecting");
			air.change(300);
			if (air.joinMs === undefined) return;
			this.#timer = Timer.set(() => air.change(500), air.joinMs);
		}

		disconnect(): void {
			air.calls.push("disconnect");
			Timer.clear(this.#timer);
			air.connection = 200;
		}

		close(): void {
			air.calls.push("close");
			Timer.clear(this.#timer);
			air.onChanged = undefined;
		}
	};

/** What a test holds of the UDP sockets: the requests that were sent, and how to answer them. */
export class Wire {
	readonly requests: { bytes: Uint8Array; address: string; port: number }[] = [];
	opened = 0;
	closed = 0;
	/** What comes back for a request. */
	answer: ((request: Uint8Array) => { bytes: Uint8Array; address?: string; port?: number }[]) | undefined;
	afterMs = 40;
	/** Making a socket, or writing to it, throws. */
	broken: "open" | "write" | undefined;
}

/** An ECMA-419 UDP class over a `Wire`. */
export const udpOf = (wire: Wire): (new (options: { onReadable(count: number): void }) => UDPSocket) =>
	class {
		#onReadable: (count: number) => void;
		#waiting: Datagram[] = [];
		#timer: Timer | undefined;

		constructor(options: { onReadable(count: number): void }) {
			if (wire.broken === "open") throw new Error("no socket");
			this.#onReadable = options.onReadable;
			wire.opened++;
		}

		write(buffer: ArrayBuffer | Uint8Array, address: string, port: number): void {
			if (wire.broken === "write") throw new Error("UDP send failed");
			const bytes = new Uint8Array(buffer as Uint8Array);
			wire.requests.push({ bytes, address, port });
			if (!wire.answer) return;
			for (const datagram of wire.answer(bytes)) {
				const { buffer: copy } = new Uint8Array(datagram.bytes);
				this.#waiting.push(
					Object.assign(copy, { address: datagram.address ?? address, port: datagram.port ?? port }) as Datagram,
				);
			}
			this.#timer = Timer.set(() => this.#onReadable(this.#waiting.length), wire.afterMs);
		}

		read(): Datagram | undefined {
			return this.#waiting.shift();
		}

		close(): void {
			Timer.clear(this.#timer);
			wire.closed++;
		}
	};

/** A resolver that answers by a table after a while, or never. */
export const netOf = (hosts: Record<string, string | undefined>, afterMs = 20, asked: string[] = []): Net => ({
	resolve(host, callback) {
		asked.push(host);
		if (host in hosts) Timer.set(() => callback(host, hosts[host]), afterMs);
	},
});

/** A clock that can be set, and writes down to what. */
export class Calendar implements Time {
	readonly settings: number[] = [];
	/** Milliseconds that have passed; a test moves it. */
	ticks = 0;

	set(seconds: number): void {
		this.settings.push(seconds);
	}
}

/** Resolves after a time, in which timers run. */
export const after = (delayMs: number): Promise<void> =>
	new Promise((resolve) => void Timer.set(() => resolve(), delayMs));
