/** Something happened that people must hear of. */
export interface Alert {
	/** What happened; undefined for a press of the button, in the words of the mail's language. */
	readonly event: string | undefined;
	/** When, by the clock's ticks; of a restored one, when it was read. */
	readonly ticks: number;
	/** The part of the mail's Message-ID before its @. */
	id: string;
	/** How often, where there was no room to keep them apart. */
	count: number;
	/** Whether it has been told as failed, though it will go when it can. */
	isLate: boolean;
	/** Who has it already: bit i for the recipient at place i; absent: nobody. */
	served?: number;
	/** The server may have it, for its answer was not read: news must not look like a copy of that. */
	isUnread?: boolean;
	/** How often it was refused for good (5yz): each time it waits longer, in the end it is given up. */
	refusals?: number;
	/** How often it was put off (4yz) since it was raised, or since there was another network. */
	delays?: number;
	/** It is not tried before these ticks, less `slackMs` where others go anyway; absent: at any time. */
	dueTicks?: number | undefined;
	slackMs?: number;
	/** Which of two records the journal has of it, 0 or 1; absent: none. */
	slot?: number | undefined;
	/** What the journal knew of it; absent: it was raised since the board started. */
	restored?: Restored;
	/** The one that waits behind it. */
	next: Alert | undefined;
}

/** Of an alert that was raised before the board started, or was read again for want of room. */
export interface Restored {
	/** When it was raised, in milliseconds since 1970; undefined where that was not known. */
	readonly time: number | undefined;
	/** How often it had been refused for good. */
	readonly refusals: number;
}

/** An alert that was given up, and of which nobody has been told yet. */
export interface DeadLetter {
	readonly id: string;
	/** Which of two records the journal has of it. */
	readonly slot: number;
	readonly event: string | undefined;
	readonly count: number;
	/** When it was raised, in milliseconds since 1970; undefined where that was not known. */
	readonly time: number | undefined;
	readonly reason: string;
}

/** Where alerts are kept from the moment they are raised until all have them. It does not throw. */
export interface AlertJournal {
	/** Alerts that it keeps and that are in no queue: those beyond the queue's room. */
	readonly more: number;
	/** Alerts that were given up. */
	readonly dead: number;
	/** Attempts in a row that began and did not end, for the board stopped. */
	readonly stops: number;
	/**
	 * It was raised, or what is known of it has changed. What was kept of it before is there until the new record is.
	 * @returns whether it is kept
	 */
	write(alert: Alert): boolean;
	/** As `write`, of one for which the queue has no room. @returns whether it is kept; it comes by `load` */
	add(alert: Alert): boolean;
	/** An attempt to send it begins; it has ended where the alert is removed, or with `end`. */
	begin(alert: Alert): void;
	end(): void;
	/** All have it. */
	remove(alert: Alert): void;
	/** It has another id now. @param id the one that it had */
	rename(alert: Alert, id: string): void;
	/** It is given up, and kept with the reason until someone is told of it. */
	bury(alert: Alert, reason: string): void;
	/**
	 * Those that are kept, but in no queue, oldest first.
	 * @param most how many at most @param ticks those of now @param queue the first of those that wait already
	 * @returns the first; each has the next one
	 */
	load(most: number, ticks: number, queue?: Alert): Alert | undefined;
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
		/** When something happened: milliseconds since 1970, by the ticks; undefined where that is not known. */
		timeOf(ticks: number): number | undefined;
	};
}

/**
 * What a failure says something of: the way to the server, which all alerts share, this mail alone, or some of its
 * recipients. The way is never an alert's fault.
 */
export type Scope = "route" | "mail" | "recipient";

/** Why an alert did not go. */
export interface Failure {
	readonly scope: Scope;
	/** A sentence for a person. */
	readonly reason: string;
	/** It was refused for good: a few more attempts, and it is given up. Never where the scope is `route`. */
	readonly isFinal: boolean;
	/** Someone has to look at the configuration. */
	readonly isMistake: boolean;
	/** The whole message was sent, or may have been, and no answer was read: the server may have it. */
	readonly isUnread?: boolean;
}

/** What a delivery is given its alerts by, one after the other. */
export interface AlertQueue {
	/** @returns the alert that is to go now; undefined where none is, and the session ends */
	next(): Alert | undefined;
	/** All have the alert that `next` gave last, or have it not. */
	settle(failure?: Failure): void;
	/** All is over and closed. @param failure of the alert that `next` gave last, unless that was settled */
	end(failure?: Failure): void;
}

/** How alerts are sent. */
export interface AlertDelivery {
	/** How long it must be left alone, in milliseconds: a server that refuses a password locks who tries it too often. */
	readonly restMs: number;
	/** Sends what `queue.next()` gives until that is nothing, in one session; then it calls `queue.end`, once. It does not throw. */
	start(queue: AlertQueue): void;
}

export type AlertState = "waiting" | "sending" | "sent" | "failed" | "undelivered";

/** What the alerts come to, for as long as nothing changes. */
export type AlertCondition = "waiting" | "misconfigured" | "undelivered";

export interface AlertsOptions {
	network: AlertNetwork;
	/** Default: what is queued is lost when the board stops. */
	journal?: AlertJournal;
	delivery: AlertDelivery;
	/** Whether nothing can be sent before the clock is set: certificates have dates. */
	needsClock: boolean;
	/** How long an alert waits for the network and a clock that it needs, both together, before it is told as failed. */
	timeoutMs: number;
	/** How old an alert can become before it is given up; less than 24 days. */
	giveUpMs: number;
	/**
	 * @param detail what is waited for, or why it failed
	 * @param againMs when it is tried again, in milliseconds, as far as that is known
	 */
	onChanged?(state: AlertState, alert: Alert, detail: string | undefined, againMs: number | undefined): void;
}
