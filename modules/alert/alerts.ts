import Timer from "timer";
import type { Alert, AlertState, AlertsOptions, DeliveryError } from "./types";

export type { Alert, AlertJournal, AlertNetwork, AlertState, AlertsOptions, DeliveryError } from "./types";

/** Beyond these, alerts that wait are counted, not kept apart. */
const LIMIT = 8;
/** How long a mail that can go without a time waits for one. */
const CLOCK_WAIT_MS = 5_000;
/** How long a failure is there to be seen before something else is told. */
const FAILURE_MS = 4_000;
/** Pauses between attempts double from the first to the longest. Each is shortened by up to a fifth, at random. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** A failure in one of these says nothing of other mails; one before them, on the way to the server, would be theirs, too. */
const MAIL_PHASES: readonly string[] = Object.freeze(["MAIL", "RCPT", "DATA", "BDAT", "message"]);

/** Nothing is queued, or what keeps the first alert is not known yet. */
const IDLE = 0;
/** No network, or no time that is needed: the timer ends the patience of the first alert that is not late. */
const NO_NETWORK = 1;
const NO_CLOCK = 2;
/** The timer ends the wait for a time that a mail can go without. */
const SOON_CLOCK = 3;
/** The timer ends the pause before the next attempt. */
const PAUSE = 4;
/** The timer ends the showing of a failure. */
const FAILURE = 5;
const SENDING = 6;

/** What is waited for, by state. */
const AWAITED = Object.freeze(["", "network", "clock", "clock", "server"]);

/**
 * The way of an alert: queued, held until there is a network and, where needed, a time, then sent, one at a time.
 * It leaves the queue when it has been sent or has failed for good. After a temporary error it is tried again, after
 * growing pauses, and at once when the network has come back. Where it was the mail's own error, all others, new ones too,
 * have their turn before it, without a pause. One that waits too long for the network or the time is told as failed, but
 * goes when it can. With a journal it outlives a restart.
 */
export class Alerts {
	private options: AlertsOptions;
	private first: Alert | undefined;
	private count = 0;
	/** How many of them, the last ones, have failed by themselves since each had its turn. */
	private putOff = 0;
	private state = IDLE;
	private timer: Timer | undefined;
	/** The last pause between attempts; 0 after a success, or with another network. */
	private pauseMs = 0;

	/** @param options kept and used, not copied */
	constructor(options: AlertsOptions) {
		this.options = options;
		const { journal, network } = options;
		let alert = journal?.restore(LIMIT, network.clock.ticks);
		if (!alert) return;
		this.enter(PAUSE, 0); // from a turn of its own, for nobody knows this object yet
		for (this.first = alert; alert; alert = alert.next) this.count++;
	}

	/** Alerts that wait or are being sent. */
	get pending(): number {
		return this.count;
	}

	/** Something happened. */
	raise(event?: string): void {
		const alert = this.append(event);
		const before = this.state;
		this.update();
		if (before !== IDLE && before === this.state && before !== SENDING)
			this.tell("waiting", alert, AWAITED[this.findObstacle() || PAUSE]);
	}

	/** To be called when the network or its clock has changed. */
	update(): void {
		const alert = this.first;
		const obstacle = this.findObstacle();
		if (obstacle === NO_NETWORK) this.beginAnew(); // the server's trouble may have been the network's
		if (!alert || this.state >= FAILURE || (this.state === PAUSE && this.needsPause())) return;
		const failure = alert.restored?.failure;
		if (failure) {
			this.removeFirst();
			this.fail(alert, new Error(failure));
		} else if (!obstacle) this.send(alert);
		else if (obstacle !== this.state || !this.timer) this.wait(obstacle);
	}

	/** Forgets what is queued; the journal keeps it. Of a mail under way nothing will be told; it is not stopped. */
	close(): void {
		this.enter(IDLE);
		this.first = undefined;
		this.count = 0;
		this.beginAnew();
	}

	/** The state that keeps alerts from being sent; IDLE where nothing does. */
	private findObstacle(): number {
		const { network, needsClock } = this.options;
		if (network.state !== "online") return NO_NETWORK;
		if (network.clock.isSet) return IDLE;
		if (needsClock) return NO_CLOCK;
		return network.clock.isExpected ? SOON_CLOCK : IDLE;
	}

	private wait(obstacle: number): void {
		const before = this.state;
		const alert = this.findPatient();
		if (this.timer && before <= NO_CLOCK && obstacle <= NO_CLOCK)
			this.state = obstacle; // patience runs on
		else this.enter(obstacle, this.timeFor(obstacle, alert));
		if (alert && obstacle !== before) this.tell("waiting", alert, AWAITED[obstacle]);
	}

	/** The first alert that has not been told as failed. */
	private findPatient(): Alert | undefined {
		let alert = this.first;
		while (alert?.isLate) alert = alert.next;
		return alert;
	}

	/** How long an obstacle is waited out, in milliseconds; undefined for as long as it takes. */
	private timeFor(obstacle: number, alert: Alert | undefined): number | undefined {
		if (obstacle === SOON_CLOCK) return CLOCK_WAIT_MS;
		if (obstacle === PAUSE) return this.pauseMs * (0.8 + Math.random() / 5) - FAILURE_MS;
		const { network, timeoutMs } = this.options;
		return alert && Math.max(timeoutMs - ((network.clock.ticks - alert.ticks) >>> 0), 0);
	}

	private enter(state: number, forMs?: number): void {
		Timer.clear(this.timer);
		this.timer = forMs === undefined ? undefined : Timer.set(() => this.leave(), forMs);
		this.state = state;
	}

	/** The state's time is up. */
	private leave(): void {
		this.timer = undefined;
		const state = this.state;
		if (state === SENDING) this.deliver(this.first!);
		else if (state === SOON_CLOCK) this.send(this.first!);
		else if (state === FAILURE && this.needsPause()) this.wait(PAUSE);
		else if (state < SOON_CLOCK)
			this.fail(this.findPatient()!, new Error(`no ${AWAITED[state]} after ${this.options.timeoutMs / 1000} s`));
		else {
			this.state = IDLE;
			this.update();
		}
	}

	private send(alert: Alert): void {
		if (this.putOff === this.count) this.putOff = 0; // each has its turn again
		// from a turn of its own: who raised the alert, or ended the one before, needs stack and memory of its own
		this.enter(SENDING, 0);
		this.tell("sending", alert);
	}

	private deliver(alert: Alert): void {
		const { options } = this;
		options.journal?.begin(alert);
		try {
			options.deliver(alert, (error) => this.end(alert, error));
		} catch (error) {
			this.end(alert, error as DeliveryError);
		}
	}

	private end(alert: Alert, error?: DeliveryError): void {
		if (alert !== this.first || this.state !== SENDING) return; // closed, or ended before
		if (error?.temporary) this.keep(alert, error.phase);
		else {
			this.removeFirst();
			this.beginAnew();
		}
		if (error) return this.fail(alert, error);
		this.enter(IDLE);
		this.tell("sent", alert);
		this.update();
	}

	/** After a temporary error. */
	private keep(alert: Alert, phase = ""): void {
		this.options.journal?.end(alert);
		if (MAIL_PHASES.includes(phase)) {
			this.takeFirst();
			this.insert(alert, this.count);
			if (++this.putOff < this.count) return;
		} else this.putOff = 0;
		this.pauseMs = Math.min(this.pauseMs * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
	}

	/** Whether the next attempt is not due: the last one says nothing of those that have not had their turn. */
	private needsPause(): boolean {
		return this.pauseMs > 0 && (this.putOff === 0 || this.putOff === this.count);
	}

	/** What went wrong before counts no more. */
	private beginAnew(): void {
		this.pauseMs = this.putOff = 0;
	}

	private fail(alert: Alert, error: DeliveryError): void {
		alert.isLate = true;
		// what is raised after the last may go at once
		if (this.first) this.enter(FAILURE, FAILURE_MS);
		else this.enter(IDLE);
		this.tell("failed", alert, error);
	}

	/** @returns the alert, or the last one where there is no room */
	private append(event: string | undefined): Alert {
		const { journal, network } = this.options;
		const { ticks } = network.clock;
		let alert: Alert;
		if (this.count >= LIMIT) {
			alert = this.alertAt(this.count - 1)!;
			alert.count++;
			alert.isLate = false; // so that who pressed is told
			if (alert.recipients) {
				alert.recipients = undefined; // this is news to all, and no copy of what some have
				journal?.remove(alert.id);
				alert.id = makeId(ticks);
			}
		} else {
			alert = { event, ticks, id: makeId(ticks), count: 1, isLate: false, next: undefined };
			this.insert(alert, this.count - this.putOff);
		}
		journal?.write(alert);
		return alert;
	}

	/** @param place how many stay before it */
	private insert(alert: Alert, place: number): void {
		const before = this.alertAt(place - 1);
		alert.next = before ? before.next : this.first;
		if (before) before.next = alert;
		else this.first = alert;
		this.count++;
	}

	/** @returns the alert behind this many others; undefined for -1 */
	private alertAt(place: number): Alert | undefined {
		let alert = place < 0 ? undefined : this.first;
		for (; place > 0; place--) alert = alert?.next;
		return alert;
	}

	private takeFirst(): void {
		this.first = this.first!.next;
		this.count--;
	}

	/** It has been sent, or has failed for good. */
	private removeFirst(): void {
		this.options.journal?.remove(this.first!.id);
		this.takeFirst();
	}

	private tell(state: AlertState, alert: Alert, detail?: string | DeliveryError): void {
		this.options.onChanged?.(state, alert, detail);
	}
}

/** Random, for there may be no time and no memory of the last start. */
const makeId = (ticks: number): string =>
	`${Math.floor(Math.random() * 0x1000000000000).toString(36)}.${ticks.toString(36)}`;
