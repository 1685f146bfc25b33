import type { DeviceCall } from "../frames.js";
import type { Device, SendEvent } from "./device.js";

const PINS = 17;

/** The board's pins: their levels, and who watches them. */
export class Pins implements Device {
	readonly #levels = new Uint8Array(PINS).fill(1);
	readonly #watchers = new Map<number, number>();
	readonly #send: SendEvent;
	readonly #onWrite: (pin: number, level: number) => void;

	/** @param onWrite called when the app sets a pin */
	constructor(send: SendEvent, onWrite: (pin: number, level: number) => void) {
		this.#send = send;
		this.#onWrite = onWrite;
	}

	/** Sets a pin from outside; resolves when those who watch it have heard of the edge, if it is one. */
	async set(pin: number, level: number): Promise<void> {
		if (this.#levels[pin] === level) return;
		this.#levels[pin] = level;
		const watchers = [...this.#watchers].filter(([, watched]) => watched === pin);
		await Promise.all(watchers.map(([resource]) => this.#send(resource, "e", [level])));
	}

	command(action: string, { resource, details }: DeviceCall): void {
		const [pin = 0, level = 0] = details.map(Number);
		switch (action) {
			case "write":
				this.#levels[pin] = level;
				return this.#onWrite(pin, level);
			case "watch":
				return void this.#watchers.set(resource, pin);
			case "unwatch":
				return void this.#watchers.delete(resource);
		}
	}

	ask(_action: string, { details }: DeviceCall): string {
		return String(this.#levels[Number(details[0])] ?? 0);
	}
}
