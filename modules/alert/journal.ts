import type { Alert, AlertJournal, Restored } from "./types";

/** The SDK's `preference`, or another store of its kind, which has names of at most 31 bytes and values of at most 62. */
export interface JournalStore {
	/** @throws where there is no room, as all others where the flash fails */
	set(domain: string, key: string, value: string): void;
	get(domain: string, key: string): unknown;
	delete(domain: string, key: string): void;
	keys(domain: string): readonly string[];
}

/** Tells when something happened: milliseconds since 1970, by the clock's ticks; undefined where that is not known. */
export interface JournalClock {
	timeOf(ticks: number): number | undefined;
}

/** What the typings lack: a part of the buffer. */
const { fromArrayBuffer } = String as unknown as {
	fromArrayBuffer(buffer: ArrayBuffer, from: number, count: number): string;
};

const DOMAIN = "alerts";
const KEY_BYTES = 31;
/** The ESP8266's preferences take 63, a string's end included. */
const VALUE_BYTES = 62;
/** Where each number of a record stands. */
const TIME = 0;
const COUNT = 1;
const ATTEMPTS = 2;
const NUMBERS = 3;
/** The last millisecond of the year 9999: a mail's date has four digits for it. */
const LAST_TIME = 253_402_300_799_999;
const MOST = 0x7fffffff;

/** After so many attempts that did not end, the alert may well be what stops the board. */
const MOST_ATTEMPTS = 3;
const FAILURE = "the board stopped in each of 3 attempts to send it: is its power supply too weak?";

const SPACE = 0x20;
const DOT = 0x2e;

/** When an alert was raised, whether before or after the board started: milliseconds since 1970; undefined if not known. */
export const timeOf = (alert: Alert, clock: JournalClock): number | undefined =>
	alert.restored ? alert.restored.time : clock.timeOf(alert.ticks);

/**
 * Keeps alerts where they survive a restart, each under its id: the time in milliseconds since 1970 (empty while it is not
 * known), the count and the attempts that have begun and not ended, in base 36, then what happened, unless it was a press of
 * the button. There is a space between two of them: "mi6x3v28 1 0 water in the cellar". What does not fit is cut off.
 */
export class Journal implements AlertJournal {
	private store: JournalStore;
	private clock: JournalClock;
	/** Whether the last write failed. */
	declare private isFailing?: boolean;

	constructor(store: JournalStore, clock: JournalClock) {
		this.store = store;
		this.clock = clock;
	}

	write(alert: Alert): void {
		this.set(alert, alert.restored?.attempts ?? 0);
	}

	begin(alert: Alert): void {
		this.set(alert, (alert.restored?.attempts ?? 0) + 1);
	}

	end(alert: Alert): void {
		if (alert.restored) alert.restored.attempts = 0;
		this.set(alert, 0);
	}

	remove(id: string): void {
		try {
			this.store.delete(DOMAIN, id);
		} catch (error) {
			trace(`alert ${id}: cannot be removed from the journal: ${(error as Error).message}\n`);
		}
	}

	restore(most: number, ticks: number): Alert | undefined {
		let first: Alert | undefined;
		try {
			for (const id of this.store.keys(DOMAIN)) {
				const alert = this.read(id, ticks);
				if (!alert) continue;
				first = insert(alert, first);
				if (--most <= 0) break;
			}
		} catch (error) {
			trace(`journal: cannot be read: ${(error as Error).message}\n`);
		}
		return first;
	}

	private set(alert: Alert, attempts: number): void {
		try {
			this.store.set(DOMAIN, alert.id, format(alert, attempts, timeOf(alert, this.clock)));
			if (this.isFailing) this.isFailing = false;
		} catch (error) {
			if (!this.isFailing) trace(`alert ${alert.id}: a restart would lose it: ${(error as Error).message}\n`);
			this.isFailing = true; // the next line would say the same
		}
	}

	/** A record that makes no sense is removed, and undefined returned. */
	private read(id: string, ticks: number): Alert | undefined {
		let alert: Alert | undefined;
		try {
			if (isId(id)) alert = parse(id, this.store.get(DOMAIN, id), ticks);
		} catch {} // such as an event that is no UTF-8
		if (alert) return alert;
		trace("journal: a record that cannot be read is removed\n");
		this.remove(id);
		return undefined;
	}
}

const format = ({ event, count }: Alert, attempts: number, time: number | undefined): string => {
	const numbers = `${time === undefined ? "" : time.toString(36)} ${count.toString(36)} ${attempts.toString(36)}`;
	return event === undefined ? numbers : cut(`${numbers} ${event}`);
};

/** As many whole characters as fit. */
const cut = (text: string): string => {
	const buffer = ArrayBuffer.fromString(text);
	if (buffer.byteLength <= VALUE_BYTES) return text;
	const bytes = new Uint8Array(buffer);
	let end = VALUE_BYTES;
	while ((bytes[end]! & 0xc0) === 0x80) end--; // not the first byte of a character
	return fromArrayBuffer(buffer, 0, end);
};

/** @returns undefined for what `format` does not write @throws where the event is no UTF-8 */
const parse = (id: string, value: unknown, ticks: number): Alert | undefined => {
	// bytes, for the engine would read a character that is cut off beyond its string's end
	const buffer = ArrayBuffer.fromString(value as string);
	const bytes = new Uint8Array(buffer);
	const { length } = bytes;
	const numbers: number[] = [];
	let field = TIME;
	let at = 0;
	for (; at < length && field < NUMBERS; at++) {
		const byte = bytes[at]!;
		const digit = digitOf(byte);
		if (byte === SPACE) field++;
		else if (digit < 0) return undefined;
		else numbers[field] = (numbers[field] ?? 0) * 36 + digit;
	}
	const time = numbers[TIME];
	const count = numbers[COUNT] ?? 0;
	const attempts = numbers[ATTEMPTS] ?? MOST + 1;
	if ((time ?? 0) > LAST_TIME || count < 1 || count > MOST || attempts > MOST) return undefined;
	const event = field < NUMBERS ? undefined : fromArrayBuffer(buffer, at, length - at);
	const restored: Restored = { time, attempts };
	if (attempts >= MOST_ATTEMPTS) restored.failure = FAILURE;
	return { event, ticks, id, count, isLate: false, restored, next: undefined };
};

/** Of base 36; -1 for what is none. */
const digitOf = (byte: number): number => {
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	return byte >= 0x61 && byte <= 0x7a ? byte - 0x57 : -1;
};

/** Whether a key can be an alert's id, which becomes a part of the mail: numbers with one dot between them. */
const isId = (key: string): boolean => {
	const bytes = new Uint8Array(ArrayBuffer.fromString(key));
	const last = bytes.length - 1;
	if (last >= KEY_BYTES) return false;
	let dots = 0;
	for (let i = 0; i <= last; i++) {
		const byte = bytes[i]!;
		if (byte === DOT && i > 0 && i < last) dots++;
		else if (digitOf(byte) < 0) return false;
	}
	return dots === 1;
};

/** By time; those that have failed first, for they are only told, and those whose time is not known last. @returns the first */
const insert = (alert: Alert, first: Alert | undefined): Alert => {
	const rank = rankOf(alert);
	let before: Alert | undefined;
	let next = first;
	for (; next && rankOf(next) <= rank; next = next.next) before = next;
	alert.next = next;
	if (!before) return alert;
	before.next = alert;
	return first!;
};

const rankOf = ({ restored }: Alert): number => (restored?.failure ? -1 : (restored?.time ?? LAST_TIME));
