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

const enum Bound {
	/** Alerts beyond the queue's room. */
	More = 8,
	/** Alerts that were given up; what is more is counted with the last. */
	Dead = 8,
	/** Attempts that stopped the board, after which all others go first. */
	Stops = 3,
}

/** When an alert was raised, whether before or after the board started: milliseconds since 1970; undefined if not known. */
export const timeOf = (alert: Alert, clock: JournalClock): number | undefined =>
	alert.restored ? alert.restored.time : clock.timeOf(alert.ticks);

/**
 * Keeps alerts where they survive a restart, each as one record (record.ts). A record is renewed under another key, and only
 * then the old one removed: whenever the power goes, one of them is whole. Where both are, the one that was written last
 * counts.
 */
export class Journal implements AlertJournal {
	more = 0;
	dead = 0;
	private store: JournalStore;
	private clock: JournalClock;
	private recipients: readonly string[];
	/** Whether the last write failed. */
	declare private isFailing?: boolean;

	/** @param recipients who gets alerts: who has one already is kept by their places */
	constructor(store: JournalStore, clock: JournalClock, recipients: readonly string[]) {
		this.store = store;
		this.clock = clock;
		this.recipients = recipients;
	}

	write(alert: Alert): boolean {
		return this.put(alert, alert.restored?.stops ?? 0);
	}

	add(alert: Alert): boolean {
		if (this.more >= Bound.More || !this.write(alert)) return false;
		this.more++;
		return true;
	}

	begin(alert: Alert): void {
		this.put(alert, (alert.restored?.stops ?? 0) + 1);
	}

	remove(alert: Alert): void {
		if (alert.slot !== undefined) this.delete(DOMAIN, keyOf(alert, alert.slot));
	}

	rename(alert: Alert, id: string): void {
		const old: Alert = { ...alert, id };
		alert.slot = undefined;
		if (this.write(alert)) this.remove(old);
	}

	bury(alert: Alert, reason: string): void {
		if (this.dead >= Bound.Dead) return this.buryWith(alert);
		this.set(REASONS, alert.id, cut(reason));
		alert.refusals = DEAD;
		if (this.write(alert)) this.dead++;
	}

	load(most: number, ticks: number, queue?: Alert): Alert | undefined {
		const list = new List(most);
		this.more = this.dead = 0;
		this.each((id, slot, record) => {
			if (record.refusals === DEAD) this.dead++;
			else if (!isIn(queue, id)) {
				this.more++;
				list.add(this.alertOf(id, slot, record, ticks));
			}
		});
		this.more -= list.count;
		return list.first;
	}

	/** Alerts that were given up, the oldest first. */
	deadLetters(): DeadLetter[] {
		const letters: DeadLetter[] = [];
		this.each((id, slot, { event, count, time, refusals }) => {
			if (refusals !== DEAD) return;
			letters.unshift({ id, slot, event, count, time, reason: this.reasonOf(id) });
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
		const last = { event, ticks: 0, id, slot, count: count + alert.count, isLate: true, refusals: DEAD, next: undefined };
		this.write({ ...last, restored: { time, stops: 0, refusals: DEAD } });
		this.remove(alert);
	}

	/** Renews an alert's record. The old one is there until the new one is. */
	private put(alert: Alert, attempts: number): boolean {
		const { event, count, slot, refusals = alert.restored?.refusals ?? 0, served = 0 } = alert;
		const time = timeOf(alert, this.clock);
		const list = served ? listDigit(this.recipients) : 0;
		const next = slot === 0 ? 1 : 0;
		const value = formatRecord({ event, time, count, attempts, refusals, served, list });
		if (!this.set(DOMAIN, keyOf(alert, next), value)) return false;
		if (slot !== undefined) this.delete(DOMAIN, keyOf(alert, slot));
		alert.slot = next;
		return true;
	}

	private alertOf(id: string, slot: number, record: Record, ticks: number): Alert {
		const { event, time, count, attempts, refusals } = record;
		const restored = { time, stops: attempts, refusals };
		const alert: Alert = { event, ticks, id, slot, count, isLate: false, restored, next: undefined };
		if (record.served && record.list === listDigit(this.recipients)) alert.served = record.served;
		return alert;
	}

	private reasonOf(id: string): string {
		const reason = this.store.get(REASONS, id);
		return typeof reason === "string" ? reason : "";
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
			if (this.isFailing) this.isFailing = false;
			return true;
		} catch (error) {
			if (!this.isFailing) trace(`alert ${key}: a restart would lose it: ${(error as Error).message}\n`);
			this.isFailing = true; // the next line would say the same
			return false;
		}
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

	constructor(most: number) {
		this.most = most;
	}

	/** By rank, and before those of the same. */
	add(alert: Alert): void {
		const rank = rankOf(alert);
		let before: Alert | undefined;
		let next = this.first;
		for (; next && rankOf(next) < rank; next = next.next) before = next;
		alert.next = next;
		if (before) before.next = alert;
		else this.first = alert;
		if (++this.count > this.most) this.dropLast();
	}

	private dropLast(): void {
		let before: Alert | undefined;
		for (let alert = this.first; alert?.next; alert = alert.next) before = alert;
		if (before) before.next = undefined;
		else this.first = undefined;
		this.count--;
	}
}

/** By time. Those whose time is not known are last, and at the end those that may well be what stops the board. */
const rankOf = ({ restored }: Alert): number => {
	const time = restored?.time ?? Number.MAX_SAFE_INTEGER / 2;
	return restored && restored.stops >= Bound.Stops ? Number.MAX_SAFE_INTEGER / 2 + time : time;
};

const isIn = (queue: Alert | undefined, id: string): boolean => {
	let alert = queue;
	while (alert && alert.id !== id) alert = alert.next;
	return alert !== undefined;
};
