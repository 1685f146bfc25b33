import type { DeviceCall } from "../frames.js";
import type { Alarm, Clock } from "./clock.js";
import type { Device, SendEvent } from "./device.js";
import type { Link } from "./link.js";

/** The access point and what the station sees of it. */
export interface WiFiOptions {
	/** What the access point asks for; left out: it lets everyone in. */
	SSID?: string;
	password?: string;
	/** Signal strength in dBm. Default: -61. */
	RSSI?: number;
	/** The station's address. Default: 192.0.2.2. */
	address?: string;
	/** How long it takes to be associated, and then to get an address. Default: 20 each. */
	stepMs?: number;
}

/** "waiting": it has asked to be let in. */
type State = "idle" | "waiting" | "associated" | "connected";

const events = { idle: "d", waiting: "w", associated: "c", connected: "g" } as const;
const MAC = "5c:cf:7f:00:00:02";
const BSSID = "02:00:5e:00:00:01";
const CHANNEL = 6;
/** What the chip calls its signal strength while it has none. */
const NO_SIGNAL = 31;
/** How often the chip tries again by itself. */
const RETRY_MS = 2_000;

/**
 * The board's Wi-Fi station and, for tests, its access point. As on the chip the station tries again by itself after it
 * was dropped or refused, until the app disconnects it.
 */
export class WiFi implements Device {
	/** Signal strength in dBm. */
	RSSI: number;
	readonly #options: WiFiOptions;
	readonly #clock: Clock;
	readonly #link: Link;
	readonly #send: SendEvent;
	readonly #resources = new Set<number>();
	#state: State = "idle";
	#wanted: { SSID: string; password: string } | undefined;
	#alarm: Alarm | undefined;
	#present = true;
	#refusing = false;
	#addressless = false;

	constructor(options: WiFiOptions, clock: Clock, link: Link, send: SendEvent) {
		this.#options = options;
		this.RSSI = options.RSSI ?? -61;
		this.#clock = clock;
		this.#link = link;
		this.#send = send;
	}

	/** Begins as if the app had connected before. */
	startConnected(): void {
		this.#wanted = { SSID: this.#options.SSID ?? "desk", password: this.#options.password ?? "" };
		this.#state = "connected";
		this.#link.up = true;
	}

	/** The access point is gone: the station is disconnected, what is sent is lost in the air. */
	drop(): void {
		this.#present = false;
		this.#disconnected();
	}

	/** The access point is back. */
	restore(): void {
		this.#present = true;
		this.#refusing = this.#addressless = false;
		if (this.#state === "idle") this.#retry(0);
		else if (this.#state === "associated") this.#schedule(0, () => this.#gotAddress());
	}

	/** From now on the access point lets no one in. Until `restore`. */
	refuse(): void {
		this.#refusing = true;
		this.#disconnected();
	}

	/** From now on no addresses are given to those who connect. Until `restore`. */
	withholdAddress(): void {
		this.#addressless = true;
	}

	command(action: string, { resource, data }: DeviceCall): void {
		if (action === "close") this.#resources.delete(resource);
		else if (action === "disconnect") this.#disconnect();
		else if (action === "connect") this.#connect(data);
	}

	ask(action: string, { resource }: DeviceCall): string {
		const associated = this.#state === "associated" || this.#state === "connected";
		switch (action) {
			case "open":
				this.#resources.add(resource);
				return events[this.#state];
			case "address":
				return this.#state === "connected" ? (this.#options.address ?? "192.0.2.2") : "";
			case "server":
				return this.#state === "connected" ? "192.0.2.1" : "";
			case "mac":
				return MAC;
			case "MAC":
				return MAC.toUpperCase();
			case "bssid":
				return associated ? BSSID : "";
			case "BSSID":
				return BSSID.toUpperCase();
			case "ssid":
				return associated ? (this.#wanted?.SSID ?? "") : "";
			case "SSID":
				return this.#wanted?.SSID ?? "";
			case "rssi":
				return associated ? String(this.RSSI) : "";
			case "signal":
				return String(associated ? this.RSSI : NO_SIGNAL);
			case "channel":
				return associated ? String(CHANNEL) : "";
		}
		return "";
	}

	#connect(data: Buffer): void {
		const end = data.indexOf(0);
		this.#wanted = { SSID: data.toString("utf8", 0, end), password: data.toString("utf8", end + 1) };
		this.#link.up = false;
		this.#attempt();
	}

	#attempt(): void {
		this.#state = "waiting";
		this.#step(() => (this.#letsIn() ? this.#associated() : this.#disconnected()));
	}

	#letsIn(): boolean {
		const { SSID = this.#wanted?.SSID, password = this.#wanted?.password } = this.#options;
		const matches = this.#wanted?.SSID === SSID && this.#wanted?.password === password;
		return this.#present && !this.#refusing && matches;
	}

	#associated(): void {
		this.#enter("associated");
		if (!this.#addressless) this.#step(() => this.#gotAddress());
	}

	#gotAddress(): void {
		this.#link.up = true;
		this.#enter("connected");
	}

	#disconnect(): void {
		this.#wanted = undefined;
		this.#disconnected();
	}

	#disconnected(): void {
		this.#link.up = false;
		this.#enter("idle");
		if (this.#wanted) this.#retry(RETRY_MS);
	}

	#retry(delayMs: number): void {
		this.#schedule(delayMs, () => {
			if (this.#wanted && this.#letsIn()) this.#attempt();
		});
	}

	#enter(state: State): void {
		this.#alarm?.cancel();
		this.#state = state;
		for (const resource of this.#resources) void this.#send(resource, events[state]);
	}

	#step(callback: () => void): void {
		this.#schedule(this.#options.stepMs ?? 20, callback);
	}

	#schedule(delayMs: number, callback: () => void): void {
		this.#alarm?.cancel();
		this.#alarm = this.#clock.schedule(delayMs, callback);
	}
}
