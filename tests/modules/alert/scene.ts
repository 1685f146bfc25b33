/** Alerts with a network and a mail server to play with, and a store as the chip's. */
import { type Alert, type AlertQueue, Alerts, type AlertsOptions, type Failure } from "alert/alerts";
import type { JournalStore } from "alert/journal";
import Time from "time";
import Timer from "timer";

/** Resolves after a time, in which timers run. */
export const after = (delayMs: number): Promise<void> =>
	new Promise((resolve) => void Timer.set(() => resolve(), delayMs));

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** A service with a network and a mail server to play with. */
export class Scene {
	readonly network = {
		state: "online",
		clock: {
			isSet: true,
			isExpected: false,
			/** When the clock's ticks began, in milliseconds since 1970. */
			madeAt: undefined as number | undefined,
			get ticks() {
				return Time.ticks >>> 0;
			},
			timeOf(ticks: number): number | undefined {
				return this.madeAt === undefined ? undefined : this.madeAt + ticks;
			},
		},
	};
	/** What was told: state, event, detail. */
	readonly told: string[] = [];
	/** When the last failure was said to be tried again, in milliseconds. */
	againMs: number | undefined;
	/** All that was begun, in order. */
	readonly sending: Alert[] = [];
	/** How many sessions there were. */
	sessions = 0;
	/** How long the server must be left alone. */
	restMs = 0;
	/** No session comes about, for this. */
	closed: Failure | undefined;
	readonly alerts: Alerts;
	#queue: AlertQueue | undefined;

	/** @param options those that are not the usual ones, or what makes them for a network */
	constructor(options: Partial<AlertsOptions> | ((network: Scene["network"]) => Partial<AlertsOptions>) = {}) {
		const scene = this;
		this.alerts = new Alerts({
			network: this.network,
			delivery: {
				get restMs() {
					return scene.restMs;
				},
				start(queue) {
					scene.sessions++;
					scene.#queue = queue;
					scene.#take();
				},
			},
			needsClock: false,
			timeoutMs: 60_000,
			giveUpMs: 3 * DAY_MS,
			onChanged: (state, alert, detail, againMs) => {
				this.told.push(`${state} ${alert.event}${detail ? `: ${detail}` : ""}`);
				this.againMs = againMs;
			},
			...(typeof options === "function" ? options(this.network) : options),
		});
	}

	/** The network or its clock changes. */
	change(state: string, isSet = this.network.clock.isSet, isExpected = false): void {
		this.network.state = state;
		this.network.clock.isSet = isSet;
		this.network.clock.isExpected = isExpected;
		this.alerts.update();
	}

	/** What was told from a moment on. */
	since(count: number): string[] {
		return this.told.slice(count);
	}

	/** The alert under way. */
	get current(): Alert {
		return this.sending[this.sending.length - 1]!;
	}

	/** The mail under way arrives, or does not; the way's failure is the end of the session. */
	async end(failure?: Failure): Promise<void> {
		await after(1);
		if (failure?.scope === "route") this.#queue!.end(failure);
		else {
			this.#queue!.settle(failure);
			this.#take();
		}
		await after(1);
	}

	#take(): void {
		const queue = this.#queue!;
		const alert = queue.next();
		if (!alert) return queue.end();
		this.sending.push(alert);
		if (this.closed) queue.end(this.closed);
	}
}

/** The way to the server is not well. */
export const barred = (reason: string, isMistake = false): Failure => ({
	scope: "route",
	reason,
	isFinal: false,
	isMistake,
});

/** The server may think better of this mail. */
export const putOff = (reason = "greylisted"): Failure => ({ scope: "mail", reason, isFinal: false, isMistake: false });

/** The server does not take it, ever. */
export const refused = (reason = "no such user"): Failure => ({
	scope: "recipient",
	reason,
	isFinal: true,
	isMistake: false,
});

/** The SDK's `preference` with its limits, and what was done with it. */
export class FakeStore implements JournalStore {
	/** By "domain/key". */
	readonly entries = new Map<string, unknown>();
	/** "set KEY VALUE" and "delete KEY". */
	readonly done: string[] = [];
	isFull = false;
	/** The power goes before so many more writes. */
	cutAfter = Number.POSITIVE_INFINITY;

	set(domain: string, key: string, value: string): void {
		if (sizeOf(domain) > 31 || sizeOf(key) > 31) throw new Error("too long");
		this.#power();
		this.entries.delete(`${domain}/${key}`); // as on the chip, even if there is no room for the new one
		if (this.isFull || sizeOf(value) > 62) throw new Error("can't save prefs");
		this.entries.set(`${domain}/${key}`, value);
		this.done.push(`set ${key} ${value}`);
	}

	get(domain: string, key: string): unknown {
		return this.entries.get(`${domain}/${key}`);
	}

	delete(domain: string, key: string): void {
		this.#power();
		if (this.entries.delete(`${domain}/${key}`)) this.done.push(`delete ${key}`);
	}

	keys(domain: string): string[] {
		const keys: string[] = [];
		for (const name of this.entries.keys()) if (name.startsWith(`${domain}/`)) keys.push(name.slice(domain.length + 1));
		return keys;
	}

	/** Records of alerts by their keys. */
	get alerts(): [key: string, record: string][] {
		return this.keys("alerts").map((key) => [key, this.get("alerts", key) as string]);
	}

	#power(): void {
		if (this.cutAfter-- <= 0) throw new Error("the power is gone");
	}
}

export const sizeOf = (text: string): number => ArrayBuffer.fromString(text).byteLength;
