import Timer from "timer";

/** Something happened that people must hear of. */
export interface Alert {
	/** What happened; undefined for a press of the button, in the words of the mail's language. */
	readonly event: string | undefined;
	/** When, by the clock's ticks. */
	readonly ticks: number;
	/** The part of the mail's Message-ID before its @. */
	readonly id: string;
	/** How often, where there was no room to keep them apart. */
	count: number;
	/** The one that waits behind it. */
	next: Alert | undefined;
}

/** What the alerts need to know of the network. */
export interface AlertNetwork {
	readonly state: string;
	readonly clock: {
		readonly isSet: boolean;
		/** Whether the clock is not set but soon may be. */
		readonly isExpected: boolean;
		/** Milliseconds since the start, modulo 2^32. */
		readonly ticks: number;
	};
}

export type AlertState = "waiting" | "sending" | "sent" | "failed";

export interface AlertsOptions {
	network: AlertNetwork;
	/**
	 * Sends the mail of an alert and calls `done`, once, when everything is over and closed.
	 * @throws where nothing was begun, instead of calling `done`
	 */
	deliver(alert: Alert, done: (error?: Error) => void): void;
	/** Whether nothing can be sent before the clock is set: certificates have dates. */
	needsClock: boolean;
	/** How long an alert waits for the network, or a clock that it needs, before it says so. */
	timeoutMs: number;
	/** @param detail what is waited for, or the error */
	onChanged?(state: AlertState, alert: Alert, detail: string | Error | undefined): void;
}

/** Beyond these, alerts that wait are counted, not kept apart. */
const LIMIT = 8;
/** How long a mail that can go without a time waits for one. */
const CLOCK_WAIT_MS = 5_000;

/**
 * The way of an alert: queued, held until there is a network and, where needed, a time, then sent, one at a time.
 * One that waits longer than it should is reported as failed but stays queued: it goes when it can.
 */
export class Alerts {
	#options: AlertsOptions;
	#first: Alert | undefined;
	#last: Alert | undefined;
	#pending = 0;
	#sending = false;
	#obstacle: "network" | "clock" | undefined;
	#timer: Timer | undefined;
	#withoutTime = false;

	constructor(options: AlertsOptions) {
		this.#options = options;
	}

	/** Alerts that wait or are being sent. */
	get pending(): number {
		return this.#pending;
	}

	/** Something happened. */
	raise(event?: string): void {
		if (this.#last && this.#pending >= LIMIT) this.#last.count++;
		else
			this.append({
				event,
				ticks: this.#options.network.clock.ticks,
				id: makeId(),
				count: 1,
				next: undefined,
			});
		this.update();
	}

	/** To be called when the network or its clock has changed. */
	update(): void {
		const alert = this.#first;
		if (!alert || this.#sending) return;
		const obstacle = this.findObstacle();
		if (!obstacle) this.send(alert);
		else if (obstacle !== this.#obstacle) this.wait(alert, obstacle);
	}

	close(): void {
		this.overcome();
		this.#first = this.#last = undefined;
		this.#pending = 0;
	}

	private findObstacle(): "network" | "clock" | undefined {
		const { network, needsClock } = this.#options;
		if (network.state !== "online") return "network";
		if (network.clock.isSet) return undefined;
		return needsClock || (network.clock.isExpected && !this.#withoutTime) ? "clock" : undefined;
	}

	private wait(alert: Alert, obstacle: "network" | "clock"): void {
		const { needsClock, timeoutMs } = this.#options;
		const optional = obstacle === "clock" && !needsClock;
		this.overcome();
		this.#obstacle = obstacle;
		this.#timer = Timer.set(
			() => {
				this.#timer = undefined;
				if (!optional) return this.tell("failed", alert, new Error(`no ${obstacle} after ${timeoutMs / 1000} s`));
				this.#withoutTime = true;
				this.update();
			},
			optional ? CLOCK_WAIT_MS : timeoutMs,
		);
		this.tell("waiting", alert, obstacle);
	}

	private overcome(): void {
		Timer.clear(this.#timer);
		this.#timer = this.#obstacle = undefined;
	}

	private send(alert: Alert): void {
		this.overcome();
		this.#sending = true;
		this.tell("sending", alert);
		// from a turn of its own: who raised the alert, or ended the one before, needs stack and memory of its own
		this.#timer = Timer.set(() => {
			this.#timer = undefined;
			this.deliver(alert);
		});
	}

	private deliver(alert: Alert): void {
		try {
			this.#options.deliver(alert, (error) => this.end(alert, error));
		} catch (error) {
			this.end(alert, error as Error);
		}
	}

	private end(alert: Alert, error?: Error): void {
		this.#sending = this.#withoutTime = false;
		if (alert !== this.#first) return; // closed
		this.#first = alert.next;
		if (!this.#first) this.#last = undefined;
		this.#pending--;
		this.tell(error ? "failed" : "sent", alert, error);
		this.update();
	}

	private append(alert: Alert): void {
		if (this.#last) this.#last.next = alert;
		else this.#first = alert;
		this.#last = alert;
		this.#pending++;
	}

	private tell(state: AlertState, alert: Alert, detail?: string | Error): void {
		this.#options.onChanged?.(state, alert, detail);
	}
}

/** Random, for there may be no time and no memory of the last start. */
const makeId = (): string => {
	return `${Math.floor(Math.random() * 0x1000000000000).toString(36)}.${Date.now().toString(36)}`;
};
