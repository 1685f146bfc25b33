import type { Alert } from "./types";

/** Alerts in the order in which they are to go. */
export class Queue {
	first: Alert | undefined;
	count = 0;

	/** Puts an alert behind all others. */
	add(alert: Alert): void {
		let last = this.first;
		while (last?.next) last = last.next;
		if (last) last.next = alert;
		else this.first = alert;
		alert.next = undefined;
		this.count++;
	}

	remove(alert: Alert): void {
		let before: Alert | undefined;
		let at = this.first;
		for (; at && at !== alert; at = at.next) before = at;
		if (!at) return;
		if (before) before.next = at.next;
		else this.first = at.next;
		this.count--;
	}

	clear(): void {
		this.first = undefined;
		this.count = 0;
	}

	/** The first that has not been told as failed. */
	firstInTime(): Alert | undefined {
		let alert = this.first;
		while (alert?.isLate) alert = alert.next;
		return alert;
	}

	/** The first that may go now. */
	firstDue(ticks: number): Alert | undefined {
		let alert = this.first;
		while (alert && !isDue(alert, ticks)) alert = alert.next;
		return alert;
	}

	/** How long it takes until one may go, in milliseconds, where none may now; at random within what one may go earlier. */
	untilDue(ticks: number): number {
		let nextMs = 0x7fffffff;
		for (let alert = this.first; alert; alert = alert.next)
			nextMs = Math.min(nextMs, ((alert.dueTicks! - ticks) | 0) - alert.slackMs! * Math.random());
		return Math.max(nextMs, 1);
	}

	/** The last of which the same happened; `busy` is none of them. */
	lastOf(event: string | undefined, busy: Alert | undefined): Alert | undefined {
		let found: Alert | undefined;
		for (let alert = this.first; alert; alert = alert.next) if (alert !== busy && alert.event === event) found = alert;
		return found;
	}

	/** The last that is not `busy`. */
	last(busy: Alert | undefined): Alert | undefined {
		let found: Alert | undefined;
		for (let alert = this.first; alert; alert = alert.next) if (alert !== busy) found = alert;
		return found;
	}

	/** Those that were put off may go: there is another network. */
	forgive(): void {
		for (let alert = this.first; alert; alert = alert.next) {
			if (!alert.delays) continue;
			alert.delays = 0;
			alert.dueTicks = undefined;
		}
	}
}

const isDue = ({ dueTicks, slackMs }: Alert, ticks: number): boolean =>
	dueTicks === undefined || ((dueTicks - ticks) | 0) <= slackMs!;
