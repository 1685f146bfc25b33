import Net from "net";
import Timer from "timer";

const DISCONNECTED = 200;
const CONNECTED = 500;

/** An ECMA-419 Wi-Fi interface that connects at once to any network: the desk's own connection stands in for it. */
export default class WiFi {
	private onChanged: ((property: string) => void) | undefined;
	private status = DISCONNECTED;
	private network: string | undefined;
	private timer: Timer | undefined;

	constructor(options: { onChanged?(property: string): void }) {
		this.onChanged = options.onChanged;
	}

	connect(options: { SSID: string; password?: string }): void {
		this.network = options.SSID;
		Timer.clear(this.timer);
		this.timer = Timer.set(() => {
			this.status = CONNECTED;
			this.onChanged?.("connection");
			this.onChanged?.("address");
		});
	}

	disconnect(): void {
		Timer.clear(this.timer);
		this.status = DISCONNECTED;
	}

	close(): void {
		this.onChanged = undefined;
		this.disconnect();
	}

	get connection(): number {
		return this.status;
	}

	get address(): string | undefined {
		return this.status === CONNECTED ? Net.get("IP") : undefined;
	}

	get SSID(): string | undefined {
		return this.status === CONNECTED ? this.network : undefined;
	}

	/** A cable has no signal strength. */
	get RSSI(): number | undefined {
		return undefined;
	}
}
