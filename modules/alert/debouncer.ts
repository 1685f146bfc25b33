import Timer from "timer";

/**
 * Makes presses out of a button's edges. The first edge counts at once; what follows counts only when the contact
 * has been still for a while, so that neither a bounce nor a long press is a second press. The first edge may already
 * read released: the SDK reports edges that fell into one long callback as one, with the level that came last. The level at
 * the start is a state, no press: a sensor that warms up, a door that is open.
 */
export class Debouncer {
	private stillMs: number;
	private onPress: () => void;
	private timer: Timer | undefined;
	private pressed = false;
	private counted = false;

	/** @param stillMs how long the contact must have been still, in milliseconds */
	constructor(stillMs: number, onPress: () => void) {
		this.stillMs = stillMs;
		this.onPress = onPress;
	}

	/** The level before there is any edge. */
	begin(pressed: boolean): void {
		this.pressed = this.counted = pressed;
	}

	/** An edge, whatever caused it. */
	edge(pressed: boolean): void {
		this.pressed = pressed;
		if (this.timer) {
			Timer.schedule(this.timer, this.stillMs);
			return;
		}
		this.timer = Timer.set(() => {
			this.timer = undefined;
			this.settle(this.pressed);
		}, this.stillMs);
		this.settle(pressed || !this.counted);
	}

	/** Stops waiting for the contact to rest. Until the next edge nothing counts. */
	close(): void {
		Timer.clear(this.timer);
		this.timer = undefined;
	}

	private settle(pressed: boolean): void {
		if (pressed === this.counted) return;
		this.counted = pressed;
		if (pressed) this.onPress();
	}
}
