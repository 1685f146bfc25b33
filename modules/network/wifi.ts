import Timer from "timer";
import { Backoff } from "./backoff";

/** What is used of an ECMA-419 Wi-Fi interface. */
export interface WiFiInterface {
	/** 200 disconnected, 300 connecting, 400 associated, 500 associated and with an address. */
	readonly connection: number;
	readonly address: string | undefined;
	/** Signal strength in dBm. */
	readonly RSSI: number | undefined;
	connect(options: { SSID: string; password?: string }): void;
	disconnect(): void;
	close(): void;
}

export interface WiFiOptions {
	/** The class of the interface, such as the default export of `embedded:network/interface/wifi`. */
	io: new (options: {
		onChanged(property: string): void;
	}) => WiFiInterface;
	SSID: string;
	/** Left out for an open network. */
	password?: string | undefined;
}

/** `waiting` is the pause between an attempt that failed and the next. */
export type WiFiState = "off" | "connecting" | "waiting" | "online";

/** In flash: kept as a literal of a function it would be in the heap. */
export const ONLINE = "online";

const CONNECTED = 500;
/** Association and DHCP together, with a margin: most take 3 to 6 seconds. */
const ATTEMPT_MS = 20_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 120_000;

/** Connects, keeps watching, and connects again for as long as it is open. */
export class WiFiSupervisor {
	private options: WiFiOptions;
	private onChanged: (() => void) | undefined;
	private wifi: WiFiInterface | undefined;
	private current: WiFiState = "off";
	private obstacle: string | undefined;
	private timer: Timer | undefined;
	private backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);

	/** @param onChanged called when `state` or `problem` has changed, never from within the constructor */
	constructor(options: WiFiOptions, onChanged?: () => void) {
		this.options = options;
		this.wifi = new options.io({ onChanged: () => this.connectionChanged() });
		this.attempt();
		this.onChanged = onChanged;
	}

	/** "off" only when it is closed. */
	get state(): WiFiState {
		return this.current;
	}

	/** Why it is waiting; undefined in any other state. */
	get problem(): string | undefined {
		return this.obstacle;
	}

	/** The interface's IPv4 address, undefined while it has none. */
	get address(): string | undefined {
		return this.wifi?.address;
	}

	/** Signal strength in dBm, undefined while there is none. */
	get RSSI(): number | undefined {
		return this.wifi?.RSSI;
	}

	/** Gives the interface back. `onChanged` will not be called again. */
	close(): void {
		this.onChanged = undefined;
		this.enter("off");
		this.wifi?.close();
		this.wifi = undefined;
	}

	private connectionChanged(): void {
		if (!this.wifi) return;
		const online = this.wifi.connection >= CONNECTED;
		if (online === (this.current === ONLINE)) return;
		if (online) {
			this.backoff.reset();
			this.enter(ONLINE);
		} else this.awaitConnection(); // the chip tries again by itself: give it the time of an attempt
	}

	private attempt(): void {
		const { SSID, password } = this.options;
		try {
			// the drivers take a member that is there and undefined for the password "undefined"
			this.wifi!.connect(password ? { SSID, password } : { SSID });
		} catch (error) {
			return this.pause((error as Error).message);
		}
		this.awaitConnection();
	}

	private awaitConnection(): void {
		this.enter("connecting", ATTEMPT_MS, () => this.pause(`no connection after ${ATTEMPT_MS / 1000} s`));
	}

	private pause(problem: string): void {
		// before the change is told, for its receiver may close this
		this.wifi!.disconnect();
		this.enter("waiting", this.backoff.next(), () => this.attempt(), problem);
	}

	private enter(state: WiFiState, forMs = 0, then?: () => void, problem?: string): void {
		Timer.clear(this.timer);
		this.timer =
			then &&
			Timer.set(() => {
				this.timer = undefined;
				then();
			}, forMs);
		if (state === this.current && problem === this.obstacle) return;
		this.current = state;
		this.obstacle = problem;
		this.onChanged?.();
	}
}
