import { Clock, type ClockOptions } from "./clock";
import { type Net, Resolver, type ResolverOptions } from "./resolver";
import { ONLINE, type WiFiOptions, type WiFiState, WiFiSupervisor } from "./wifi";

export interface NetworkOptions {
	wifi: WiFiOptions;
	clock: ClockOptions;
	dns: ResolverOptions;
	/** Called when `state` or `problem` has changed, and each time the clock has been set. */
	onChanged?(this: Network): void;
}

/**
 * The device's way to the world: a Wi-Fi connection that is kept up, a clock set by SNTP, a resolver. Everything it
 * needs is handed in, in ECMA-419's shapes:
 *
 * ```ts
 * const network = new Network({
 * 	wifi: { io: WiFi, SSID: "home", password: "secret phrase" },
 * 	clock: { host: "pool.ntp.org", time: Time, udp: { io: UDP } },
 * 	dns: { net: Net },
 * 	onChanged() {
 * 		trace(`${this.state} ${this.address} ${this.clock.isSet}\n`);
 * 	},
 * });
 * ```
 */
export class Network {
	readonly clock: Clock;
	/** For those who take a resolver as ECMA-419's clients do: `new dns.io(dns)`. */
	readonly dns: { io: typeof Resolver; net: Net; timeoutMs?: number };
	private wifi: WiFiSupervisor;

	constructor(options: NetworkOptions) {
		const changed = () => options.onChanged?.call(this);
		this.dns = { ...options.dns, io: Resolver };
		this.clock = new Clock(options.clock, options.dns, changed);
		this.wifi = new WiFiSupervisor(options.wifi, () => this.wifiChanged(changed));
	}

	/** Not in the closure itself: closures of preloaded code have their code in the heap. */
	private wifiChanged(changed: () => void): void {
		if (this.state === ONLINE) this.clock.start();
		else this.clock.stop();
		changed();
	}

	/** Of the Wi-Fi connection. */
	get state(): WiFiState {
		return this.wifi.state;
	}

	/** Why it is waiting; undefined in any other state. */
	get problem(): string | undefined {
		return this.wifi.problem;
	}

	/** The interface's IPv4 address, undefined while it has none. */
	get address(): string | undefined {
		return this.wifi.address;
	}

	/** Signal strength in dBm, undefined where there is none. */
	get RSSI(): number | undefined {
		return this.wifi.RSSI;
	}

	/** Lets Wi-Fi and clock go. `onChanged` will not be called again. */
	close(): void {
		this.clock.close();
		this.wifi.close();
	}
}
