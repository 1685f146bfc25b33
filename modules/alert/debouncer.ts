import Timer from "timer";

/**
 * Makes presses out of a button's edges. The first edge counts at once; what follows counts only when the contact
 * has been still for a while, so that neither a bounce nor a long press is a second press.
 */
export class Debouncer {
	#stillMs: number;
	#onPress: () => void;
	#timer: Timer | undefined;
	#pressed = false;
	#counted = false;

	/** @param stillMs how long the contact must have been still, in milliseconds */
	constructor(stillMs: number, onPress: () => void) {
		this.#stillMs = stillMs;
		this.#onPress = onPress;
	}

	/** An edge, whatever caused it. */
	edge(pressed: boolean): void {
		this.#pressed = pressed;
		if (this.#timer) {
			Timer.schedule(this.#timer, this.#stillMs);
			return;
		}
		this.#timer = Timer.set(() => {
			this.#timer = undefined;
			this.settle();
		}, this.#stillMs);
		this.settle();
	}

	close(): void {
		Timer.clear(this.#timer);
		this.#timer = undefined;
	}

	private settle(): void {
		if (this.#pressed === this.#counted) return;
		this.#counted = this.#pressed;
		if (this.#pressed) this.#onPress();
	}
}
