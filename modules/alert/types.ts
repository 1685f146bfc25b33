/** Something happened that people must hear of. */
export interface Alert {
	/** What happened; undefined for a press of the button, in the words of the mail's language. */
	readonly event: string | undefined;
	/** When, by the clock's ticks; of a restored one, when the board started. */
	readonly ticks: number;
	/** The part of the mail's Message-ID before its @. */
	id: string;
	/** How often, where there was no room to keep them apart. */
	count: number;
	/** Whether it has been told as failed, though it will go when it can. */
	isLate: boolean;
	/** To whom it still has to go, where others of the recipients have it; absent: to all. */
	recipients?: readonly string[] | undefined;
	/** What the journal knew of it; absent: it was raised since the board started. */
	restored?: Restored;
	/** The one that waits behind it. */
	next: Alert | undefined;
}

/** Of an alert that was raised before the board started. */
export interface Restored {
	/** When it was raised, in milliseconds since 1970; undefined where that was not known. */
	readonly time: number | undefined;
	/** Attempts to send it that began and did not end, for the board stopped. */
	attempts: number;
	/** Why it is not to be sent; absent: it is. */
	failure?: string;
}

/** Where alerts are kept from the moment they are raised until they leave the queue. It does not throw. */
export interface AlertJournal {
	/** It was raised, or has another count. */
	write(alert: Alert): void;
	/** An attempt to send it begins. */
	begin(alert: Alert): void;
	/** The attempt has ended, and there will be another. */
	end(alert: Alert): void;
	/** It has been sent, or has failed for good. */
	remove(id: string): void;
	/**
	 * Those that were kept before the board started.
	 * @param most how many at most @param ticks those of now
	 * @returns the first; each has the next one
	 */
	restore(most: number, ticks: number): Alert | undefined;
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

/** Why a mail did not go. */
export interface DeliveryError extends Error {
	/** Whether the same mail can go later: the alert is kept. */
	readonly temporary?: boolean;
	/** What was under way: the verb of an SMTP command, or another name that SMTPError has for it. */
	readonly phase?: string;
}

export type AlertState = "waiting" | "sending" | "sent" | "failed";

export interface AlertsOptions {
	network: AlertNetwork;
	/** Default: what is queued is lost when the board stops. */
	journal?: AlertJournal;
	/**
	 * Sends the mail of an alert and calls `done`, once, when everything is over and closed. The same alert comes again
	 * where the error was temporary; its `id` tells a server that took it before.
	 * @throws where nothing was begun, instead of calling `done`
	 */
	deliver(alert: Alert, done: (error?: DeliveryError) => void): void;
	/** Whether nothing can be sent before the clock is set: certificates have dates. */
	needsClock: boolean;
	/** How long an alert waits for the network and a clock that it needs, both together, before it is told as failed. */
	timeoutMs: number;
	/** @param detail what is waited for, or the error */
	onChanged?(state: AlertState, alert: Alert, detail: string | DeliveryError | undefined): void;
}
