/** Waiting times that double from one failure to the next, up to a limit, each varied by a quarter either way. */
export class Backoff {
	private firstMs: number;
	private limitMs: number;
	private nextMs: number;

	/** @param firstMs the first pause @param limitMs the longest, both before they are varied */
	constructor(firstMs: number, limitMs: number) {
		this.firstMs = this.nextMs = firstMs;
		this.limitMs = limitMs;
	}

	/** How long to wait before the next attempt, in milliseconds. */
	next(): number {
		const pauseMs = this.nextMs;
		this.nextMs = Math.min(pauseMs * 2, this.limitMs);
		return Math.floor(pauseMs * (0.75 + Math.random() / 2));
	}

	/** To be called after a success. */
	reset(): void {
		this.nextMs = this.firstMs;
	}
}
