import Timer from "timer";
import { Backoff } from "./backoff";
import { Resolver, type ResolverOptions } from "./resolver";
import { KISS_OF_DEATH, SNTPQuery, type UDPOptions } from "./sntp";

/** The SDK's `time`, as far as it is used. */
export interface Time {
	/** Sets the clock behind `Date`, in seconds since 1970. */
	set(seconds: number): void;
	/** Milliseconds since the start, modulo 2^32. */
	readonly ticks: number;
}

export interface ClockOptions {
	/** SNTP server, name or IPv4 address; without one the clock is never set. */
	host?: string | undefined;
	time: Time;
	udp: UDPOptions;
	/** Whether the clock is right from the start, as it is on a desk. */
	isSet?: boolean;
}

/** RFC 4330, 10: never more often than every 15 seconds. */
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** The chip's clock is off by about a second after this time. */
const PERIOD_MS = 6 * 3_600_000;

/** Sets the clock by SNTP (RFC 4330) while there is a network, and knows whether it is set. It never makes up a time. */
export class Clock {
	private options: ClockOptions;
	private dns: ResolverOptions;
	private onSet: (() => void) | undefined;
	private backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
	private timer: Timer | undefined;
	private resolver: Resolver | undefined;
	private query: SNTPQuery | undefined;
	/** When the last attempt was, by the ticks, and how long the pause after it is, whether or not there is a network. */
	private pauseTicks = 0;
	private pauseMs = 0;
	private startTicks: number;
	private startedAt: number | undefined;
	private obstacle: string | undefined;

	/** @param onSet called each time the clock has been set */
	constructor(options: ClockOptions, dns: ResolverOptions, onSet?: () => void) {
		this.options = options;
		this.dns = dns;
		this.onSet = onSet;
		this.startTicks = this.ticks;
		if (options.isSet) this.markStart();
	}

	/** Whether `Date` can be relied upon. */
	get isSet(): boolean {
		return this.startedAt !== undefined;
	}

	/** Whether the clock is not set but soon may be: the network's first attempt is to come, or under way. */
	get isExpected(): boolean {
		return !this.isSet && !this.obstacle && !this.timer && this.options.host !== undefined;
	}

	/** Why the last attempt to set the clock failed, undefined while there is no network. */
	get problem(): string | undefined {
		return this.obstacle;
	}

	/** Milliseconds since the start, modulo 2^32. */
	get ticks(): number {
		return this.options.time.ticks >>> 0;
	}

	/** Whole seconds since this clock was made. While it is not set they wrap after 49 days. */
	get uptime(): number {
		const milliseconds = this.startedAt === undefined ? this.age() : Date.now() - this.startedAt;
		return Math.floor(milliseconds / 1000);
	}

	/**
	 * What the clock showed, or would have shown, at an earlier moment.
	 * @param ticks that moment, less than 49 days ago
	 * @returns milliseconds since 1970, or undefined while the clock is not set
	 */
	timeOf(ticks: number): number | undefined {
		return this.isSet ? Date.now() - ((this.ticks - ticks) >>> 0) : undefined;
	}

	/** To be called when the network is up. A pause that was begun before is kept. */
	start(): void {
		const { host } = this.options;
		if (host === undefined || this.timer || this.resolver || this.query) return;
		const restMs = this.pauseMs - ((this.ticks - this.pauseTicks) >>> 0);
		if (restMs > 0) this.again(host, restMs);
		else this.ask(host);
	}

	/** To be called when the network is gone. A clock that is set stays so. */
	stop(): void {
		this.abandon();
		this.obstacle = undefined;
	}

	/** Ends what is under way; `onSet` will not be called again. */
	close(): void {
		this.onSet = undefined;
		this.abandon();
	}

	private ask(host: string): void {
		this.resolver = new Resolver(this.dns);
		this.resolver.resolve({
			host,
			onResolved: (_, address) => this.queryServer(host, address),
			onError: () => this.retry(host, "name not found"),
		});
	}

	private queryServer(host: string, address: string): void {
		this.abandon();
		try {
			this.query = new SNTPQuery({
				address,
				udp: this.options.udp,
				onTime: (seconds) => this.set(host, seconds),
				onError: (problem) => this.retry(host, problem),
			});
			this.keepPause(FIRST_PAUSE_MS);
		} catch {
			this.retry(host, "no socket");
		}
	}

	private set(host: string, seconds: number): void {
		this.options.time.set(Math.floor(seconds + 0.5));
		this.obstacle = undefined;
		this.backoff.reset();
		this.markStart();
		this.again(host, PERIOD_MS);
		this.onSet?.();
	}

	private retry(host: string, problem: string): void {
		this.obstacle = problem;
		this.again(host, problem === KISS_OF_DEATH ? LONGEST_PAUSE_MS : this.backoff.next());
	}

	private again(host: string, delayMs: number): void {
		this.abandon();
		this.keepPause(delayMs);
		this.timer = Timer.set(() => {
			this.timer = undefined;
			this.ask(host);
		}, delayMs);
	}

	/** From now on, even if the network goes and comes back meanwhile. */
	private keepPause(forMs: number): void {
		this.pauseTicks = this.ticks;
		this.pauseMs = forMs;
	}

	/** Remembers when the start was, so that `uptime` does not wrap with the ticks. */
	private markStart(): void {
		this.startedAt ??= Date.now() - this.age();
	}

	/** Milliseconds since this clock was made, modulo 2^32. */
	private age(): number {
		return (this.ticks - this.startTicks) >>> 0;
	}

	private abandon(): void {
		Timer.clear(this.timer);
		this.resolver?.close();
		this.query?.close();
		this.timer = this.resolver = this.query = undefined;
	}
}
