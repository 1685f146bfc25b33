import Timer from "timer";

/** What is used of an LED: `write(1)` lights it. */
export interface Light {
	write(value: number): void;
}

interface Pattern {
	/** Milliseconds lit, dark, lit, dark and so on. */
	readonly durations: readonly number[];
	/** How often; 0 for until the next signal. */
	readonly times: number;
}

/** What the LED tells, and how. */
const patterns = Object.freeze(
	{
		/** For the network, or for the clock. */
		waiting: { durations: [100, 900], times: 0 },
		sending: { durations: [100, 100], times: 0 },
		sent: { durations: [2_000, 100], times: 1 },
		failed: { durations: [600, 200], times: 5 },
		/** Nothing can be sent before the configuration is mended. */
		misconfigured: { durations: [100, 100, 100, 700], times: 0 },
	},
	true,
);

export type Signal = keyof typeof patterns;

/** Shows signals with an LED, one at a time: a new one ends the one before. */
export class Indicator {
	#light: Light | undefined;
	#timer: Timer | undefined;
	#pattern: Pattern = patterns.sent;
	#step = 0;
	#left = 0;

	/** @param light undefined on a board without one */
	constructor(light: Light | undefined) {
		this.#light = light;
		light?.write(0);
	}

	show(signal: Signal): void {
		if (!this.#light) return;
		this.#pattern = patterns[signal];
		this.#left = this.#pattern.times;
		this.#step = 0;
		Timer.clear(this.#timer);
		this.#timer = Timer.set(() => this.#next(), 0, 1);
	}

	close(): void {
		Timer.clear(this.#timer);
		this.#timer = undefined;
		this.#light?.write(0);
	}

	#next(): void {
		const { durations } = this.#pattern;
		if (this.#step === durations.length) {
			if (this.#left === 1) return this.close();
			if (this.#left) this.#left--;
			this.#step = 0;
		}
		this.#light?.write(this.#step & 1 ? 0 : 1);
		Timer.schedule(this.#timer!, durations[this.#step]!, 1);
		this.#step++;
	}
}
