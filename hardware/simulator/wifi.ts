import Net from "net";
import Timer from "timer";

const DISCONNECTED = 200;
const CONNECTED = 500;

/** An ECMA-419 Wi-Fi interface that connects at once to any network: the desk's own connection stands in for it. */
export default class WiFi {
	#onChanged: ((property: string) => void) | undefined;
	#connection = DISCONNECTED;
	#SSID: string | undefined;
	#timer: Timer | undefined;

	constructor(options: { onChanged?(property: string): void }) {
		this.#onChanged = options.onChanged;
	}

	connect(options: { SSID: string; password?: string }): void {
		this.#SSID = options.SSID;
		Timer.clear(this.#timer);
		this.#timer = Timer.set(() => {
			this.#connection = CONNECTED;
			this.#onChanged?.("connection");
			this.#onChanged?.("address");
		});
	}

	disconnect(): void {
		Timer.clear(this.#timer);
		this.#connection = DISCONNECTED;
	}

	close(): void {
		this.#onChanged = undefined;
		this.disconnect();
	}

	get connection(): number {
		return this.#connection;
	}

	get address(): string | undefined {
		return this.#connection === CONNECTED ? Net.get("IP") : undefined;
	}

	get SSID(): string | undefined {
		return this.#connection === CONNECTED ? this.#SSID : undefined;
	}

	/** A cable has no signal strength. */
	get RSSI(): number | undefined {
		return undefined;
	}
}
