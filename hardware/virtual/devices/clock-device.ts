import type { DeviceCall } from "../frames.js";
import type { Clock } from "./clock.js";
import type { Device } from "./device.js";

/** The engine's questions for the time. */
export class ClockDevice implements Device {
	readonly #clock: Clock;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	command(_action: string, { details }: DeviceCall): void {
		this.#clock.setNow(Number(details[0]) * 1000);
	}

	ask(action: string, { details }: DeviceCall): Promise<string> | string {
		if (action === "delay") return this.#clock.delay(Number(details[0])).then(() => "");
		return `${Math.floor(this.#clock.now)} ${this.#clock.ticks >>> 0}`;
	}
}
