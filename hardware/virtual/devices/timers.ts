import type { DeviceCall } from "../frames.js";
import type { Alarm, Clock } from "./clock.js";
import type { Device, SendEvent } from "./device.js";

/** The app's timers, as the SDK's modTimer: a repeating timer does not drift, and is never due twice at once. */
export class Timers implements Device {
	readonly #clock: Clock;
	readonly #send: SendEvent;
	readonly #alarms = new Map<number, Alarm>();

	constructor(clock: Clock, send: SendEvent) {
		this.#clock = clock;
		this.#send = send;
	}

	get open(): number {
		return this.#alarms.size;
	}

	command(action: string, { resource, details }: DeviceCall): void {
		this.#alarms.get(resource)?.cancel();
		this.#alarms.delete(resource);
		if (action !== "start") return;
		const [delay = 0, interval = 0, schedule = 0] = details.map(Number);
		this.#start(resource, this.#clock.ticks + Math.max(delay, 0), interval, schedule);
	}

	#start(resource: number, due: number, interval: number, schedule: number): void {
		const alarm = this.#clock.schedule(due - this.#clock.ticks, async () => {
			if (interval <= 0) this.#alarms.delete(resource);
			await this.#send(resource, "t", [schedule]);
			if (interval > 0 && this.#alarms.get(resource) === alarm)
				this.#start(resource, due + interval, interval, schedule);
		});
		this.#alarms.set(resource, alarm);
	}
}
