/** The board's time, which all its devices share: as it passes, or virtual, which passes when it is told to. */
export interface Clock {
	/** Milliseconds since start. */
	readonly ticks: number;
	/** What the board's calendar shows: milliseconds since 1970. */
	readonly now: number;
	setNow(milliseconds: number): void;
	/** Calls back after a delay. */
	schedule(delayMs: number, callback: () => void): Alarm;
	/** Resolves after a delay in which nothing else on the board happens. */
	delay(delayMs: number): Promise<void>;
	close(): void;
}

export interface Alarm {
	cancel(): void;
}

abstract class Calendar {
	#offset: number;

	constructor(now: number) {
		this.#offset = now;
	}

	abstract readonly ticks: number;

	get now(): number {
		return this.ticks + this.#offset;
	}

	setNow(milliseconds: number): void {
		this.#offset = milliseconds - this.ticks;
	}
}

const LONGEST_TIMEOUT_MS = 0x7fffffff;

/** Time as it passes. */
export class RealClock extends Calendar implements Clock {
	readonly #start = performance.now();
	readonly #timeouts = new Set<NodeJS.Timeout>();

	get ticks(): number {
		return Math.floor(performance.now() - this.#start);
	}

	schedule(delayMs: number, callback: () => void): Alarm {
		const timeout = setTimeout(
			() => {
				this.#timeouts.delete(timeout);
				callback();
			},
			Math.min(Math.max(delayMs, 0), LONGEST_TIMEOUT_MS),
		);
		this.#timeouts.add(timeout);
		return {
			cancel: () => {
				clearTimeout(timeout);
				this.#timeouts.delete(timeout);
			},
		};
	}

	delay(delayMs: number): Promise<void> {
		return new Promise((done) => void this.schedule(delayMs, done));
	}

	close(): void {
		for (const timeout of this.#timeouts) clearTimeout(timeout);
		this.#timeouts.clear();
	}
}

interface Scheduled {
	at: number;
	order: number;
	callback: () => void;
}

/** Time that stands still until it is moved. */
export class VirtualClock extends Calendar implements Clock {
	#ticks = 0;
	#order = 0;
	#scheduled: Scheduled[] = [];

	get ticks(): number {
		return this.#ticks;
	}

	schedule(delayMs: number, callback: () => void): Alarm {
		const scheduled = { at: this.#ticks + Math.max(delayMs, 0), order: this.#order++, callback };
		this.#scheduled.push(scheduled);
		this.#scheduled.sort((a, b) => a.at - b.at || a.order - b.order);
		return {
			cancel: () => {
				this.#scheduled = this.#scheduled.filter((other) => other !== scheduled);
			},
		};
	}

	async delay(delayMs: number): Promise<void> {
		this.#ticks += Math.max(delayMs, 0);
	}

	/** Moves to the next thing scheduled and lets it happen; false if there is none before `limit`. */
	step(limit = Number.POSITIVE_INFINITY): boolean {
		const next = this.#scheduled[0];
		if (!next || next.at > limit) return false;
		this.#scheduled.shift();
		this.#ticks = Math.max(this.#ticks, next.at);
		next.callback();
		return true;
	}

	/** Moves on without letting anything happen. */
	moveTo(ticks: number): void {
		this.#ticks = Math.max(this.#ticks, ticks);
	}

	close(): void {
		this.#scheduled = [];
	}
}
