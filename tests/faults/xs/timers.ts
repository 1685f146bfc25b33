/**
 * Takes the place of the board's `timer` in the programs that try faults: time without a clock. What is due is called in its
 * order by `run`, so that minutes of silence cost nothing, and what nobody waits for any more is seen. Preloaded modules hold no
 * state: it is in the global object.
 */
export default class Timer {
	private at: number;
	private callback: (timer: Timer) => void;

	constructor(at: number, callback: (timer: Timer) => void) {
		this.at = at;
		this.callback = callback;
	}

	static set(callback: (timer: Timer) => void, ms = 0): Timer {
		const { now, due } = timeline();
		const timer = new Timer(now + ms, callback);
		due.push(timer);
		return timer;
	}

	static schedule(timer: Timer, ms: number): void {
		const { now, due } = timeline();
		Timer.clear(timer);
		timer.at = now + ms;
		due.push(timer);
	}

	static clear(timer: Timer | undefined): void {
		const { due } = timeline();
		const index = timer ? due.indexOf(timer) : -1;
		if (index >= 0) due.splice(index, 1);
	}

	/** Begins anew, with nothing due. */
	static reset(): void {
		const all = timeline();
		all.now = 0;
		all.due = [];
	}

	/** Calls what is due until nothing is, or the time is up. @returns whether nothing is */
	static run(mostMs: number): boolean {
		const all = timeline();
		for (;;) {
			let first: Timer | undefined;
			for (const timer of all.due) if (!first || timer.at < first.at) first = timer;
			if (!first) return true;
			if (first.at > mostMs) return false;
			Timer.clear(first);
			all.now = first.at;
			first.callback(first);
		}
	}
}

interface Timeline {
	now: number;
	due: Timer[];
}

const timeline = (): Timeline => {
	const world = globalThis as { timeline?: Timeline };
	world.timeline ??= { now: 0, due: [] };
	return world.timeline;
};
