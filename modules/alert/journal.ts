import { cut, DEAD, formatRecord, idIn, keyOf, listDigit, parseRecord, type Record } from "./record";
import type { Alert, AlertJournal, DeadLetter } from "./types";

/** The SDK's `preference`, or another store of its kind, which has names of at most 31 bytes and values of at most 62. */
export interface JournalStore {
	/** @throws where there is no room, as all others where the flash fails */
	set(domain: string, key: string, value: string): void;
	get(domain: string, key: string): unknown;
	delete(domain: string, key: string): void;
	/** In the order in which they were set. */
	keys(domain: string): readonly string[];
}

/** Tells when something happened: milliseconds since 1970, by the clock's ticks; undefined where that is not known. */
export interface JournalClock {
	timeOf(ticks: number): number | undefined;
}

const DOMAIN = "alerts";
/** Of those that were given up, under their ids: why. */
const REASONS = "reasons";
/** The attempt that has begun: how many before it have not ended, with it, and of which alert. */
const ATTEMPT = "attempt";

const enum Bound {
	/** Alerts beyond the queue's room, and as many that were given up; what is more of these is counted with the last. */
	Alerts = 8,
	/** Attempts in a row that stopped the board, after which all others go first. */
	Stops = 3,
	MostStops = 1_000,
}

/** When an alert was raised, whether before or after the board started: milliseconds since 1970; undefined if not known. */
export const timeOf = (alert: Alert, clock: JournalClock): number | undefined =>
	alert.restored ? alert.restored.time : clock.timeOf(alert.ticks);

/**
 * Keeps alerts where they survive a restart, each as one record (record.ts). A record is renewed under another key, and only
 * then the old one removed: whenever the power goes, one of them is whole. Where both are, the one that was written last
 * counts. That an attempt has begun is kept apart, in a few bytes, so that attempts do not wear the records.
 */
export class Journal implements AlertJournal {
	more = 0;
	dead = 0;
	stops = 0;
	private store: JournalStore;
	private clock: JournalClock;
	private recipients: readonly string[];
	/** The alert of the attempts that stopped the board. */
	declare private stopped?: string;
	/** Whether the last write failed. */
	declare private isFailing?: boolean;
	/** Whether what is written has been seen to be there. */
	declare private isProven?: boolean;

	/** @param recipients who gets alerts: who has one already is kept by their places */
	constructor(store: JournalStore, clock: JournalClock, recipients: readonly string[]) {
		this.store = store;
		this.clock = clock;
		this.recipients = recipients;
	}

	add(alert: Alert): boolean {
		if (this.more >= Bound.Alerts || !this.write(alert)) return false;
		this.more++;
		return true;
	}

	begin({ id }: Alert): void {
		this.set(ATTEMPT, ATTEMPT, `${this.stops + 1} ${id}`);
	}

	end(): void {
		this.stops = 0;
		this.delete(ATTEMPT, ATTEMPT);
	}

	remove(alert: Alert): void {
		this.stops = 0;
		if (alert.slot !== undefined) this.delete(DOMAIN, keyOf(alert, alert.slot));
	}

	rename(alert: Alert, id: string): void {
		const old: Alert = { ...alert, id };
		alert.slot = undefined;
		if (this.write(alert)) this.remove(old);
	}

	bury(alert: Alert, reason: string): void {
		if (this.dead >= Bound.Alerts) return this.buryWith(alert);
		this.set(REASONS, alert.id, cut(reason));
		alert.refusals = DEAD;
		if (this.write(alert)) this.dead++;
	}

	load(most: number, ticks: number, queue?: Alert): Alert | undefined {
		if (!queue) this.readAttempt();
		const list = new List(most, this.stops >= Bound.Stops ? this.stopped : undefined);
		this.more = this.dead = 0;
		let isKept = false;
		this.each((id, slot, record) => {
			if (id === this.stopped) isKept = true;
			if (record.refusals === DEAD) this.dead++;
			else if (!isIn(queue, id)) {
				this.more++;
				list.add(this.alertOf(id, slot, record, ticks));
			}
		});
		this.more -= list.count;
		if (!isKept) this.stops = 0; // it has been sent all the same
		return list.first;
	}

	/** Alerts that were given up, the oldest first. @param most how many at most */
	deadLetters(most: number = Bound.Alerts): DeadLetter[] {
		const letters: DeadLetter[] = [];
		this.each((id, slot, { event, count, time, refusals }) => {
			if (refusals !== DEAD) return;
			if (letters.length >= most) letters.pop();
			letters.unshift({ id, slot, event, count, time, reason: this.get(REASONS, id) });
		});
		return letters;
	}

	/** Someone has been told of these. */
	forget(letters: readonly DeadLetter[]): void {
		for (const letter of letters) {
			this.delete(DOMAIN, keyOf(letter, letter.slot));
			this.delete(REASONS, letter.id);
			this.dead--;
		}
	}

	/** There is no room for one more that is given up: it is counted with the last. */
	private buryWith(alert: Alert): void {
		const { id, slot, event, count, time } = this.deadLetters().pop()!;
		const last = {
			event,
			ticks: 0,
			id,
			slot,
			count: count + alert.count,
			isLate: true,
			refusals: DEAD,
			next: undefined,
		};
		this.write({ ...last, restored: { time, refusals: DEAD } });
		this.remove(alert);
	}

	/** The old record is there until the new one is. */
	write(alert: Alert): boolean {
		const { event, count, slot, refusals = alert.restored?.refusals ?? 0, served = 0 } = alert;
		const time = timeOf(alert, this.clock);
		const list = served ? listDigit(this.recipients) : 0;
		const next = slot === 0 ? 1 : 0;
		const value = formatRecord({ event, time, count, refusals, served, list });
		if (!this.set(DOMAIN, keyOf(alert, next), value)) return false;
		if (slot !== undefined) this.delete(DOMAIN, keyOf(alert, slot));
		alert.slot = next;
		return true;
	}

	/** Attempts that began and did not end: "2 3k9zq1x7vw.mwrjre6h". */
	private readAttempt(): void {
		const text = this.get(ATTEMPT, ATTEMPT);
		const space = text.indexOf(" ");
		const stops = space < 0 ? 0 : Number(text.slice(0, space));
		this.stops = stops > 0 && stops < Bound.MostStops ? Math.floor(stops) : 0;
		if (this.stops) this.stopped = text.slice(space + 1);
	}

	private alertOf(id: string, slot: number, record: Record, ticks: number): Alert {
		const { event, time, count, refusals } = record;
		const restored = { time, refusals };
		const alert: Alert = { event, ticks, id, slot, count, isLate: false, restored, next: undefined };
		if (id === this.stopped) alert.isUnread = true;
		if (record.served && record.list === listDigit(this.recipients)) alert.served = record.served;
		return alert;
	}

	/** Empty where there is nothing, or nothing of use. */
	private get(domain: string, key: string): string {
		try {
			const text = this.store.get(domain, key);
			return typeof text === "string" ? cut(text) : "";
		} catch {
			return "";
		}
	}

	/** Goes through all records, the last first. What makes no sense is removed, and so is what has been renewed. */
	private each(take: (id: string, slot: number, record: Record) => void): void {
		try {
			const keys = [...this.store.keys(DOMAIN)];
			for (let i = keys.length; i-- > 0; ) {
				const key = keys[i]!;
				const id = idIn(key);
				const slot = key === id ? 0 : 1;
				const record = id === undefined ? undefined : this.read(key);
				if (id === undefined || !record) {
					trace("journal: a record that cannot be read is removed\n");
					this.delete(DOMAIN, key);
					keys[i] = "";
				} else if (keys.indexOf(keyOf({ id }, 1 - slot)) > i) this.delete(DOMAIN, key);
				else take(id, slot, record);
			}
		} catch (error) {
			trace(`journal: cannot be read: ${(error as Error).message}\n`);
		}
	}

	private read(key: string): Record | undefined {
		try {
			return parseRecord(this.store.get(DOMAIN, key));
		} catch {
			return undefined; // such as an event that is no UTF-8
		}
	}

	private set(domain: string, key: string, value: string): boolean {
		try {
			this.store.set(domain, key, value);
			this.prove(domain, key, value);
			if (this.isFailing) this.isFailing = false;
			return true;
		} catch (error) {
			if (!this.isFailing) trace(`alert ${key}: a restart would lose it: ${(error as Error).message}\n`);
			this.isFailing = true; // the next line would say the same
			return false;
		}
	}

	/**
	 * Looks whether what was written first is there: the power can go in the middle of a write, and behind such a record the
	 * SDK's preferences keep nothing.
	 */
	private prove(domain: string, key: string, value: string): void {
		if (this.isProven) return;
		if (this.store.get(domain, key) !== value) throw new Error("it is not there, for a write was cut before");
		this.isProven = true;
	}

	private delete(domain: string, key: string): void {
		try {
			this.store.delete(domain, key);
		} catch (error) {
			trace(`alert ${key}: cannot be removed from the journal: ${(error as Error).message}\n`);
		}
	}
}

/** The oldest of those that are put into it. */
class List {
	first: Alert | undefined;
	count = 0;
	private most: number;
	private lastId: string | undefined;

	/** @param lastId of one that may well be what stops the board: it comes after all others */
	constructor(most: number, lastId: string | undefined) {
		this.most = most;
		this.lastId = lastId;
	}

	/** By rank, and before those of the same. */
	add(alert: Alert): void {
		const rank = this.rankOf(alert);
		let before: Alert | undefined;
		let next = this.first;
		for (; next && this.rankOf(next) < rank; next = next.next) before = next;
		alert.next = next;
		if (before) before.next = alert;
		else this.first = alert;
		if (++this.count > this.most) this.dropLast();
	}

	/** By time. Those whose time is not known are last. */
	private rankOf({ id, restored }: Alert): number {
		return id === this.lastId ? Number.POSITIVE_INFINITY : (restored?.time ?? Number.MAX_SAFE_INTEGER);
	}

	private dropLast(): void {
		let before: Alert | undefined;
		for (let alert = this.first; alert?.next; alert = alert.next) before = alert;
		if (before) before.next = undefined;
		else this.first = undefined;
		this.count--;
	}
}

const isIn = (queue: Alert | undefined, id: string): boolean => {
	let alert = queue;
	while (alert && alert.id !== id) alert = alert.next;
	return alert !== undefined;
};
