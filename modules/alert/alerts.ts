import Timer from "timer";
import { nextPause, putOff, shortened, stopPause } from "./pause";
import { Queue } from "./queue";
import type { Alert, AlertCondition, AlertQueue, AlertState, AlertsOptions, Failure } from "./types";

export type * from "./types";

/** Alerts in the queue. What is more waits in the journal, or is counted with those that are there. */
const LIMIT = 8;
/** How long a mail that can go without a time waits for one. */
const FIRST_TIME_MS = 5_000;

/** What is waited for. */
const enum Awaited {
	/** There are no alerts. */
	Nothing,
	Network,
	/** A time without which nothing can be sent. */
	Clock,
	/** A time that a mail can go without: not for long. */
	FirstTime,
	/** The end of a pause. */
	Attempt,
	/** The server: a session is open, or about to be. */
	Server,
}

/** The same for people. */
const words: readonly string[] = Object.freeze(["", "network", "clock", "clock", "server", "server"]);

/**
 * The way of an alert: queued, held until there is a network and, where needed, a time, then sent, in one session with all
 * others that wait. It leaves the queue when all have it, or when it is given up: refused for good four times, or too old.
 * Nothing else is its fault: it waits, after pauses that grow, and goes at once when the network has come back. What is its own
 * fault keeps no other. With a journal it outlives a restart.
 */
export class Alerts implements AlertQueue {
	private options: AlertsOptions;
	private queue = new Queue();
	/** What the session is about; undefined between two alerts. */
	private current: Alert | undefined;
	private state = Awaited.Nothing;
	private timer: Timer | undefined;
	/** The last pause that was the way's fault, 0 after a success or with another network; and the ticks at its end. */
	private pauseMs = 0;
	declare private pauseEnd?: number;
	/** The board has stopped in an attempt: another network does not end the pause. */
	declare private isFirm?: boolean;
	/** What is wrong with the way; undefined after a success. */
	declare private problem?: string | undefined;
	/** Someone must look at the configuration. */
	declare private isMistaken?: boolean;

	/** @param options kept and used, not copied */
	constructor(options: AlertsOptions) {
		this.options = options;
		this.load();
		const stops = options.journal?.stops;
		if (stops) {
			this.isFirm = true;
			this.pauseFor(stopPause(stops));
		}
		if (this.queue.count) this.enter(Awaited.Attempt, 0); // from a turn of its own, for nobody knows this object yet
	}

	/** Alerts that wait or are being sent. */
	get pending(): number {
		return this.queue.count + (this.options.journal?.more ?? 0);
	}

	/** What there is to know for as long as nothing changes; undefined where all is well. */
	get condition(): AlertCondition | undefined {
		if (this.queue.count) return this.isMistaken ? "misconfigured" : "waiting";
		return this.options.journal?.dead ? "undelivered" : undefined;
	}

	/** Something happened. */
	raise(event?: string): void {
		const alert = this.append(event);
		const before = this.state;
		this.update();
		if (before !== Awaited.Nothing && before !== Awaited.Server && before === this.state)
			this.tell("waiting", alert, words[before]);
	}

	/** To be called when the network or its clock has changed. */
	update(): void {
		const obstacle = this.findObstacle();
		if (obstacle === Awaited.Network) this.forgive();
		if (this.state === Awaited.Server) return;
		const { now } = this;
		this.giveUpOld(now);
		if (!this.queue.count) return this.rest();
		if (obstacle === Awaited.Network || obstacle === Awaited.Clock) return this.wait(obstacle, this.patience(now));
		const waitMs = this.untilAttempt(now);
		if (waitMs > 0) return this.wait(Awaited.Attempt, Math.min(waitMs, this.untilOld(now)));
		if (obstacle === Awaited.FirstTime) {
			if (this.state !== Awaited.FirstTime) return this.wait(Awaited.FirstTime, FIRST_TIME_MS);
			if (this.timer) return;
		}
		this.enter(Awaited.Server, 0); // in a turn of its own: who raised the alert needs stack and memory, too
	}

	/** @internal */
	next(): Alert | undefined {
		if (this.state !== Awaited.Server) return undefined;
		const alert = this.queue.firstDue(this.now);
		this.current = alert;
		if (!alert) return undefined;
		this.options.journal?.begin(alert);
		this.tell("sending", alert);
		return alert;
	}

	/** @internal */
	settle(failure?: Failure): void {
		const alert = this.current;
		if (!alert) return;
		this.current = undefined;
		if (failure?.isMistake || this.isMistaken) this.isMistaken = failure?.isMistake ?? false;
		if (failure) return this.keep(alert, failure);
		this.queue.remove(alert);
		this.options.journal?.remove(alert);
		this.beginAnew();
		this.tell("sent", alert);
		this.refill();
	}

	/** @internal */
	end(failure?: Failure): void {
		if (this.state !== Awaited.Server) return; // closed
		if (failure) this.settle(failure);
		this.current = undefined;
		this.enter(Awaited.Nothing);
		this.update();
	}

	/** Forgets what is queued; the journal keeps it. Of a mail under way nothing will be told; it is not stopped. */
	close(): void {
		this.queue.clear();
		this.current = undefined;
		this.rest();
	}

	private get now(): number {
		return this.options.network.clock.ticks;
	}

	/** What keeps alerts from being sent; Nothing where nothing does. */
	private findObstacle(): Awaited {
		const { network, needsClock } = this.options;
		if (network.state !== "online") return Awaited.Network;
		if (network.clock.isSet) return Awaited.Nothing;
		if (needsClock) return Awaited.Clock;
		return network.clock.isExpected ? Awaited.FirstTime : Awaited.Nothing;
	}

	/** There is nothing to wait for. */
	private rest(): void {
		this.enter(Awaited.Nothing);
		this.beginAnew();
	}

	private wait(state: Awaited, forMs: number): void {
		const alert = state === this.state ? undefined : this.queue.firstInTime();
		this.enter(state, forMs);
		if (alert) this.tell("waiting", alert, words[state]);
	}

	private enter(state: Awaited, forMs?: number): void {
		Timer.clear(this.timer);
		this.timer = forMs === undefined ? undefined : Timer.set(() => this.onTimer(), Math.ceil(forMs));
		this.state = state;
	}

	private onTimer(): void {
		this.timer = undefined;
		switch (this.state) {
			case Awaited.Server:
				return this.options.delivery.start(this);
			case Awaited.Network:
			case Awaited.Clock:
				this.losePatience(this.now);
		}
		this.update();
	}

	/** How long it takes until an alert has waited too long for the network or the clock, or is too old. */
	private patience(now: number): number {
		const alert = this.queue.firstInTime();
		return alert ? Math.max(this.patienceOf(alert, now), 0) : this.untilOld(now);
	}

	private patienceOf({ ticks }: Alert, now: number): number {
		return this.options.timeoutMs - ((now - ticks) >>> 0);
	}

	/** Those that have waited too long for the network or the clock are told as failed, and go when they can. */
	private losePatience(now: number): void {
		for (let alert = this.queue.first; alert; alert = alert.next) {
			if (alert.isLate || this.patienceOf(alert, now) > 0) continue;
			alert.isLate = true;
			this.problem = `no ${words[this.state]} after ${this.options.timeoutMs / 1000} s`;
			this.tell("failed", alert, this.problem);
		}
	}

	/** How long it takes until there may be another attempt; 0 or less for now. */
	private untilAttempt(now: number): number {
		const { queue } = this;
		const waitMs = Math.max(this.pauseMs && (this.pauseEnd! - now) | 0, this.options.delivery.restMs);
		return waitMs > 0 || queue.firstDue(now) ? waitMs : queue.untilDue(now);
	}

	private pauseFor(ms: number): void {
		this.pauseMs = ms;
		this.pauseEnd = (this.now + shortened(ms)) >>> 0;
	}

	/** There is another network: the server's trouble may have been that of the last one. */
	private forgive(): void {
		this.queue.forgive();
		if (!this.isFirm) this.pauseMs = 0;
	}

	/** The way is well. */
	private beginAnew(): void {
		this.pauseMs = 0;
		if (this.problem) this.problem = undefined;
		if (this.isFirm) this.isFirm = false;
	}

	/** After a failure. */
	private keep(alert: Alert, { scope, reason, isFinal, isUnread }: Failure): void {
		const { now } = this;
		if (isUnread) alert.isUnread = true;
		this.options.journal?.end();
		alert.isLate = true;
		let againMs: number | undefined;
		if (scope === "route") {
			this.problem = reason;
			this.isFirm = false;
			this.pauseFor(nextPause(this.pauseMs));
			againMs = Math.max((this.pauseEnd! - now) | 0, this.options.delivery.restMs);
		} else againMs = putOff(alert, isFinal, now);
		if (againMs === undefined || this.ageOf(alert, now) >= this.options.giveUpMs) return this.giveUp(alert, reason);
		if (scope !== "route") this.options.journal?.write(alert);
		this.tell("failed", alert, reason, againMs);
	}

	private giveUp(alert: Alert, reason: string): void {
		this.queue.remove(alert);
		this.options.journal?.bury(alert, reason);
		this.tell("undelivered", alert, reason);
		this.refill();
	}

	/** Alerts grow old while the way is not well. Those of before the start are given an attempt, or time, before that is known. */
	private giveUpOld(now: number): void {
		const { problem } = this;
		let next: Alert | undefined;
		for (let alert = problem === undefined ? undefined : this.queue.first; alert; alert = next) {
			next = alert.next;
			if (this.ageOf(alert, now) >= this.options.giveUpMs) this.giveUp(alert, problem!);
		}
	}

	/** How long it takes until the next alert is too old. */
	private untilOld(now: number): number {
		const { giveUpMs } = this.options;
		let ms = giveUpMs;
		if (this.problem !== undefined)
			for (let alert = this.queue.first; alert; alert = alert.next)
				ms = Math.min(ms, giveUpMs - this.ageOf(alert, now));
		return Math.max(ms, 1_000);
	}

	/** Milliseconds since it was raised, as far as that is known. */
	private ageOf({ ticks, restored }: Alert, now: number): number {
		const time = restored?.time;
		const present = time === undefined ? undefined : this.options.network.clock.timeOf(now);
		return present === undefined ? (now - ticks) >>> 0 : present - time!;
	}

	/** @returns the alert, or the one with which it is counted */
	private append(event: string | undefined): Alert {
		const { queue, current } = this;
		const { journal, network } = this.options;
		const { ticks } = network.clock;
		const isFull = queue.count >= LIMIT || (journal?.more ?? 0) > 0;
		const same = isFull ? queue.lastOf(event, current) : undefined;
		if (same) return this.countWith(same, ticks);
		const alert: Alert = { event, ticks, id: makeId(ticks), count: 1, isLate: false, next: undefined };
		if (isFull && journal?.add(alert)) return alert;
		const last = isFull ? queue.last(current) : undefined;
		if (last) return this.countWith(last, ticks);
		journal?.write(alert);
		queue.add(alert);
		return alert;
	}

	/** One more, for which there is no room. */
	private countWith(alert: Alert, ticks: number): Alert {
		const { journal } = this.options;
		alert.count++;
		alert.isLate = false; // so that who pressed is told
		if (!alert.served && !alert.isUnread) {
			journal?.write(alert);
			return alert;
		}
		// this is news to all, and no copy of what some have
		alert.served = 0;
		alert.isUnread = false;
		const { id } = alert;
		alert.id = makeId(ticks);
		journal?.rename(alert, id);
		return alert;
	}

	/** Takes up what the journal keeps for want of room. */
	private refill(): void {
		if (this.options.journal?.more && this.queue.count <= LIMIT / 2) this.load();
	}

	private load(): void {
		const { queue, now } = this;
		let alert = this.options.journal?.load(LIMIT - queue.count, now, queue.first);
		while (alert) {
			const { next } = alert;
			queue.add(alert);
			alert = next;
		}
	}

	private tell(state: AlertState, alert: Alert, detail?: string, againMs?: number): void {
		this.options.onChanged?.(state, alert, detail, againMs);
	}
}

/** Random, for there may be no time and no memory of the last start. */
const makeId = (ticks: number): string =>
	`${Math.floor(Math.random() * 0x1000000000000).toString(36)}.${ticks.toString(36)}`;
