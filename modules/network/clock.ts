import Timer from "timer";
import { Backoff } from "./backoff";
import { Resolver, type ResolverOptions } from "./resolver";
import { KISS_OF_DEATH, SNTPQuery, type UDPOptions } from "./sntp";

/** The SDK's `time`, as far as it is used. */
export interface Time {
	/** Sets the engine's own clock, in seconds since 1970, for those who read it. */
	set(seconds: number): void;
	/** Milliseconds since the start, modulo 2^32. */
	readonly ticks: number;
}

export interface ClockOptions {
	/** SNTP server, name or IPv4 address; without one the clock is never set. */
	host?: string | undefined;
	time: Time;
	udp: UDPOptions;
	/** Milliseconds since 1970, where the board knows them from the start, as a desk does. */
	now?: number | undefined;
	/** Seconds since 1970, before which no time can be right: when the firmware was built. Default: 2026. */
	earliest?: number;
}

/** RFC 4330, 10: never more often than every 15 seconds. */
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** The chip's clock is off by about a second after this time. */
const PERIOD_MS = 6 * 3_600_000;
/** 2026-01-01: this program is not older. */
const EARLIEST = 1_767_225_600;
/** Firmware is hardly used for longer than ten years. */
const LIFETIME_MS = 10 * 365.25 * 86_400_000;
/** What the chip's own oscillator may have made of weeks without a time server. */
const DRIFT_MS = 5 * 60_000;
const UNCONFIRMED = "a time that a second answer has to confirm";

/**
 * A clock that is set by SNTP (RFC 4330) while there is a network, and knows whether it is set. It never makes up a time, and
 * believes no single answer that is hard to believe: one far from what it shows, or years after the firmware was built. It
 * counts by the ticks: the engine's own `Date` would cost the chip 9 KB of flash.
 */
export class Clock {
	private options: ClockOptions;
	private dns: ResolverOptions;
	private onSet: (() => void) | undefined;
	private backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
	private timer: Timer | undefined;
	/** What is under way: the server's name is looked up, or it is asked for the time. */
	private inquiry: Resolver | SNTPQuery | undefined;
	/** The age before which there is no other attempt, whether or not there is a network. */
	private pauseEnd = 0;
	/** The age of the last request. */
	private askedAt = -FIRST_PAUSE_MS;
	private lastTicks: number;
	private lastAge = 0;
	/** When this clock was made, in milliseconds since 1970; undefined while that is not known. */
	private madeAt: number | undefined;
	/** What that would be by an answer that is hard to believe. */
	declare private doubtful?: number | undefined;
	private obstacle: string | undefined;

	/** @param onSet called each time the clock has been set */
	constructor(options: ClockOptions, dns: ResolverOptions, onSet?: () => void) {
		this.options = options;
		this.dns = dns;
		this.onSet = onSet;
		this.lastTicks = this.ticks;
		this.madeAt = options.now;
	}

	/** Whether it knows the time. */
	get isSet(): boolean {
		return this.madeAt !== undefined;
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

	/** Whole seconds since this clock was made. */
	get uptime(): number {
		return Math.floor(this.age() / 1000);
	}

	/**
	 * What the clock showed, or would have shown, at an earlier moment.
	 * @param ticks that moment, less than 49 days ago
	 * @returns milliseconds since 1970, or undefined while the clock is not set
	 */
	timeOf(ticks: number): number | undefined {
		const { madeAt } = this;
		return madeAt === undefined ? undefined : madeAt + this.age() - ((this.ticks - ticks) >>> 0);
	}

	/** To be called when the network is up. A pause that was begun before is kept. */
	start(): void {
		const { host } = this.options;
		const restMs = this.pauseEnd - this.age();
		if (this.timer || this.inquiry) return;
		if (restMs > 0) this.again(host, restMs);
		else this.ask(host);
	}

	/** To be called when the network is gone. A clock that is set stays so. */
	stop(): void {
		this.abandon();
		this.obstacle = undefined;
	}

	/** The time may be wrong, for a certificate's dates do not fit: it is asked for anew, as soon as a server may be asked. */
	check(): void {
		const age = this.age();
		if (this.inquiry || this.obstacle === KISS_OF_DEATH) return;
		this.pauseEnd = Math.min(this.pauseEnd, Math.max(this.askedAt + FIRST_PAUSE_MS, age));
		if (this.timer) this.again(this.options.host, this.pauseEnd - age);
	}

	/** Ends what is under way; `onSet` will not be called again. */
	close(): void {
		this.onSet = undefined;
		this.abandon();
	}

	private ask(host: string | undefined): void {
		if (host === undefined) return this.again(host, PERIOD_MS); // only looks at the ticks, so that none of their wraps is missed
		const resolver = new Resolver(this.dns);
		this.inquiry = resolver;
		resolver.resolve({
			host,
			onResolved: (_, address) => this.queryServer(host, address),
			onError: () => this.retry(host, "name not found"),
		});
	}

	private queryServer(host: string, address: string): void {
		this.abandon();
		const { time, udp } = this.options;
		try {
			this.inquiry = new SNTPQuery({
				address,
				time,
				udp,
				earliest: this.options.earliest ?? EARLIEST,
				onTime: (seconds) => this.take(host, seconds),
				onError: (problem) => this.retry(host, problem),
			});
			this.askedAt = this.age();
			this.pauseEnd = this.askedAt + FIRST_PAUSE_MS;
		} catch {
			this.retry(host, "no socket");
		}
	}

	private take(host: string, seconds: number): void {
		const madeAt = Math.floor(seconds * 1000) - this.age();
		const { doubtful } = this;
		const isConfirmed = doubtful !== undefined && isNear(madeAt, doubtful);
		this.doubtful = isConfirmed || this.isPlausible(madeAt) ? undefined : madeAt;
		if (this.doubtful === undefined) return this.set(host, seconds, madeAt);
		this.obstacle = UNCONFIRMED;
		this.again(host, FIRST_PAUSE_MS);
	}

	/** Whether an answer can be believed by itself. @param madeAt when this clock was made, if it is right */
	private isPlausible(madeAt: number): boolean {
		if (this.madeAt !== undefined) return isNear(madeAt, this.madeAt);
		return madeAt < (this.options.earliest ?? EARLIEST) * 1000 + LIFETIME_MS;
	}

	private set(host: string, seconds: number, madeAt: number): void {
		this.options.time.set(Math.floor(seconds + 0.5));
		this.madeAt = madeAt;
		this.obstacle = undefined;
		this.backoff.reset();
		this.again(host, PERIOD_MS);
		this.onSet?.();
	}

	private retry(host: string, problem: string): void {
		this.obstacle = problem;
		this.again(host, problem === KISS_OF_DEATH ? LONGEST_PAUSE_MS : this.backoff.next());
	}

	private again(host: string | undefined, delayMs: number): void {
		this.abandon();
		this.pauseEnd = this.age() + delayMs;
		this.timer = Timer.set(() => {
			this.timer = undefined;
			this.ask(host);
		}, delayMs);
	}

	/**
	 * Milliseconds since this clock was made. It knows of every time that the ticks wrap, for it is asked more often: whenever
	 * the network comes or goes, in every period, and after every pause.
	 */
	private age(): number {
		const { ticks } = this;
		this.lastAge += (ticks - this.lastTicks) >>> 0;
		this.lastTicks = ticks;
		return this.lastAge;
	}

	private abandon(): void {
		this.age();
		Timer.clear(this.timer);
		this.inquiry?.close();
		this.timer = this.inquiry = undefined;
	}
}

const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= DRIFT_MS;
