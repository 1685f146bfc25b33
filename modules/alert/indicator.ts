import Timer from "timer";

/** What is used of an LED: `write(1)` lights it. */
export interface Light {
	write(value: number): void;
}

interface Pattern {
	/** Ticks lit, dark, lit, dark and so on. */
	readonly ticks: readonly number[];
	/** How often; 0 for until the next signal. */
	readonly times: number;
}

const TICK_MS = 100;

/** What the LED tells, and how. */
const patterns = Object.freeze(
	{
		/** For the network, the clock, or the next attempt. */
		waiting: { ticks: [1, 9], times: 0 },
		sending: { ticks: [1, 1], times: 0 },
		sent: { ticks: [20, 1], times: 1 },
		failed: { ticks: [6, 2], times: 5 },
		/** Nothing can be sent before the configuration is mended. */
		misconfigured: { ticks: [1, 1, 1, 1, 1, 5], times: 0 },
		/** Alerts were given up. */
		undelivered: { ticks: [1, 1, 1, 17], times: 0 },
	},
	true,
);

export type Signal = keyof typeof patterns;

/**
 * Shows signals with an LED, one at a time: a new one ends the one before. Under them there can be one that lasts: it is
 * seen when no other is.
 */
export class Indicator {
	private light: Light | undefined;
	private timer: Timer | undefined;
	private pattern: Pattern | undefined;
	private lasting: Pattern | undefined;
	private step = 0;
	private ticksLeft = 0;
	private timesLeft = 0;

	/** @param light undefined on a board without one */
	constructor(light: Light | undefined) {
		this.light = light;
		light?.write(0);
	}

	/** Begins a signal, from its start even if it is the one being shown. */
	show(signal: Signal): void {
		this.play(patterns[signal]);
	}

	/** What is to be seen where nothing else is; undefined for nothing. It ends no signal that ends by itself. */
	underlie(signal: Signal | undefined): void {
		const { pattern, lasting } = this;
		this.lasting = signal && patterns[signal];
		if (this.lasting === lasting && pattern === lasting) return;
		if (!pattern?.times) this.playLasting();
	}

	/** Goes dark. */
	close(): void {
		Timer.clear(this.timer);
		this.timer = this.pattern = undefined;
		this.light?.write(0);
	}

	private playLasting(): void {
		if (this.lasting) this.play(this.lasting);
		else this.close();
	}

	private play(pattern: Pattern): void {
		if (!this.light) return;
		this.pattern = pattern;
		this.timesLeft = pattern.times;
		this.begin(0);
		this.timer ??= Timer.repeat(() => this.tick(), TICK_MS);
	}

	private begin(step: number): void {
		this.step = step;
		this.ticksLeft = this.pattern!.ticks[step]!;
		this.light?.write(step & 1 ? 0 : 1);
	}

	private tick(): void {
		if (--this.ticksLeft > 0) return;
		const next = this.step + 1;
		if (next < this.pattern!.ticks.length) this.begin(next);
		else if (--this.timesLeft === 0) this.playLasting();
		else this.begin(0);
	}
}
