/** Alerts with a network and a mail server to play with, and a store as the chip's. */
import { type Alert, Alerts, type AlertsOptions } from "alert/alerts";
import type { JournalStore } from "alert/journal";
import Time from "time";
import Timer from "timer";

/** Resolves after a time, in which timers run. */
export const after = (delayMs: number): Promise<void> =>
	new Promise((resolve) => void Timer.set(() => resolve(), delayMs));

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
	/** Mails on their way: call to end them. */
	readonly sending: { alert: Alert; done(error?: Error): void }[] = [];
	throws: Error | undefined;
	readonly alerts: Alerts;

	/** @param options those that are not the usual ones, or what makes them for a network */
	constructor(options: Partial<AlertsOptions> | ((network: Scene["network"]) => Partial<AlertsOptions>) = {}) {
		this.alerts = new Alerts({
			network: this.network,
			deliver: (alert, done) => {
				if (this.throws) throw this.throws;
				this.sending.push({ alert, done });
			},
			needsClock: false,
			timeoutMs: 60_000,
			onChanged: (state, alert, detail) => {
				const what = detail instanceof Error ? detail.message : detail;
				this.told.push(`${state} ${alert.event}${what ? `: ${what}` : ""}`);
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

	/** The mail under way arrives, or does not. */
	async end(error?: Error): Promise<void> {
		await after(1);
		this.sending[this.sending.length - 1]!.done(error);
		await after(1);
	}

	/** The server refuses the mail under way for now. */
	refuse(): Promise<void> {
		return this.end(temporary("greylisted", "RCPT"));
	}
}

/** What the server may think better of. */
export const temporary = (message: string, phase = "connect"): Error => {
	return Object.assign(new Error(message), { temporary: true, phase });
};

/** The SDK's `preference` with its limits, and what was done with it. */
export class FakeStore implements JournalStore {
	/** By "domain/key". */
	readonly entries = new Map<string, unknown>();
	/** "set KEY VALUE" and "delete KEY". */
	readonly done: string[] = [];
	isFull = false;

	set(domain: string, key: string, value: string): void {
		if (sizeOf(domain) > 31 || sizeOf(key) > 31) throw new Error("too long");
		this.entries.delete(`${domain}/${key}`); // as on the chip, even if there is no room for the new one
		if (this.isFull || sizeOf(value) > 62) throw new Error("can't save prefs");
		this.entries.set(`${domain}/${key}`, value);
		this.done.push(`set ${key} ${value}`);
	}

	get(domain: string, key: string): unknown {
		return this.entries.get(`${domain}/${key}`);
	}

	delete(domain: string, key: string): void {
		if (this.entries.delete(`${domain}/${key}`)) this.done.push(`delete ${key}`);
	}

	keys(domain: string): string[] {
		const keys: string[] = [];
		for (const name of this.entries.keys()) if (name.startsWith(`${domain}/`)) keys.push(name.slice(domain.length + 1));
		return keys;
	}
}

export const sizeOf = (text: string): number => ArrayBuffer.fromString(text).byteLength;
