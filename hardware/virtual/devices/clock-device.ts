import type { DeviceCall } from "../frames.js";
import type { Clock } from "./clock.js";
import type { Device } from "./device.js";

/** The engine's questions for the time. */
export class ClockDevice implements Device {
	readonly #clock: Clock;
	readonly #firstTicks: number;

	/** @param firstTicks what the ticks show at start */
	constructor(clock: Clock, firstTicks = 0) {
		this.#clock = clock;
		this.#firstTicks = firstTicks;
	}

	command(_action: string, { details }: DeviceCall): void {
		this.#clock.setNow(Number(details[0]) * 1000);
	}

	ask(action: string, { details }: DeviceCall): Promise<string> | string {
		if (action === "delay") return this.#clock.delay(Number(details[0])).then(() => "");
		return `${Math.floor(this.#clock.now)} ${(this.#firstTicks + this.#clock.ticks) >>> 0}`;
	}
}
