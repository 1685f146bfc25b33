import type { Alert } from "./types";

/** What the typings lack: a part of the buffer. */
const { fromArrayBuffer } = String as unknown as {
	fromArrayBuffer(buffer: ArrayBuffer, from: number, count: number): string;
};

const enum Limit {
	/** Of a value: the ESP8266's preferences take 63, a string's end included. */
	Bytes = 62,
	Key = 31,
	Count = 0x7fffffff,
	/** One digit. */
	Digit = 35,
	/** The last millisecond of the year 9999: a mail's date has four digits for it. */
	Time = 253_402_300_799_999,
}

/** In the place of how often it was refused: it was given up. */
export const DEAD = Limit.Digit;

/** Of the numbers' third: refusals, who has it (2), of which recipients (1), check (2). */
const enum State {
	Refusals = 0,
	Served = 1,
	List = 3,
	Check = 4,
	Digits = 6,
}

const enum Field {
	Time,
	Count,
	State,
	Event,
}

const enum Code {
	Space = 0x20,
	Dot = 0x2e,
}

/** Check digits are of this many values. */
const CHECKS = 36 * 36;

/** What a record says. */
export interface Record {
	event: string | undefined;
	/** Milliseconds since 1970; undefined where that is not known. */
	time: number | undefined;
	count: number;
	/** How often it was refused for good, or DEAD. */
	refusals: number;
	/** Bit i for the recipient at place i, and a digit that tells lists of recipients apart. */
	served: number;
	list: number;
}

/**
 * An alert as one value: the time in milliseconds since 1970 (empty while it is not known), the count and six digits, all
 * in base 36, then what happened, unless it was a press of the button: "mi6x3v28 1 0000k3 water in the cellar". What does not
 * fit is cut off. The digits: refusals for good, two for who has it (ten bits), one for the list of recipients that these
 * are of, and two that check the rest, for the power can go in the middle of it.
 */
export const formatRecord = ({ event, time, count, refusals, served, list }: Record): string => {
	let head = `${time === undefined ? "" : time.toString(36)} ${count.toString(36)} `;
	head += digit(refusals) + twoDigits(served) + digit(list);
	const text = event === undefined ? head : cut(`${head} ${event}`, Limit.Bytes - 2);
	const bytes = new Uint8Array(ArrayBuffer.fromString(text));
	const { length } = head;
	return head + twoDigits(check(bytes, length, length)) + text.slice(length);
};

/**
 * @returns undefined for what `formatRecord` does not write, but for records of earlier firmware, whose third number has
 * one digit @throws where the event is no UTF-8
 */
export const parseRecord = (value: unknown): Record | undefined => {
	// bytes, for the engine would read a character that is cut off beyond its string's end
	const buffer = ArrayBuffer.fromString(value as string);
	const bytes = new Uint8Array(buffer);
	const { length } = bytes;
	let field = Field.Time;
	let at = 0;
	let time: number | undefined;
	let count = 0;
	for (; at < length && field < Field.State; at++) {
		const byte = bytes[at]!;
		const value = digitOf(byte);
		if (byte === Code.Space) field++;
		else if (value < 0) return undefined;
		else if (field === Field.Time) time = (time ?? 0) * 36 + value;
		else count = count * 36 + value;
	}
	const from = at;
	for (; at < length && bytes[at] !== Code.Space; at++) if (digitOf(bytes[at]!) < 0) return undefined;
	const digits = at - from;
	if (!digits || digits > State.Digits || count < 1 || count > Limit.Count || (time ?? 0) > Limit.Time)
		return undefined;
	const event = at < length ? fromArrayBuffer(buffer, at + 1, length - at - 1) : undefined;
	const record = { event, time, count, refusals: 0, served: 0, list: 0 };
	if (digits < State.Digits) return digits === 1 ? record : undefined;
	if (check(bytes, from + State.Check, at) !== pair(bytes, from + State.Check)) return undefined;
	record.refusals = digitOf(bytes[from + State.Refusals]!);
	record.served = pair(bytes, from + State.Served);
	record.list = digitOf(bytes[from + State.List]!);
	return record;
};

/** As many whole characters as fit. */
export const cut = (text: string, most: number = Limit.Bytes): string => {
	const buffer = ArrayBuffer.fromString(text);
	if (buffer.byteLength <= most) return text;
	const bytes = new Uint8Array(buffer);
	let end = most;
	while ((bytes[end]! & 0xc0) === 0x80) end--; // not the first byte of a character
	return fromArrayBuffer(buffer, 0, end);
};

/** A digit that differs, mostly, from one list of recipients to another. */
export const listDigit = (recipients: readonly string[]): number => {
	const bytes = new Uint8Array(ArrayBuffer.fromString(recipients.join()));
	return check(bytes, bytes.length, bytes.length) % 36;
};

/** Where an alert's record is: its id, or the id and "-", in turns, so that the old one is there until the new one is. */
export const keyOf = ({ id }: Pick<Alert, "id">, slot: number): string => (slot ? `${id}-` : id);

/** The id in a key, which becomes a part of the mail: numbers with one dot between them; undefined where there is none. */
export const idIn = (key: string): string | undefined => {
	const bytes = new Uint8Array(ArrayBuffer.fromString(key));
	const isOdd = key.endsWith("-");
	const last = bytes.length - (isOdd ? 2 : 1);
	if (last >= Limit.Key - 1) return undefined;
	let dots = 0;
	for (let i = 0; i <= last; i++) {
		const byte = bytes[i]!;
		if (byte === Code.Dot && i > 0 && i < last) dots++;
		else if (digitOf(byte) < 0) return undefined;
	}
	if (dots !== 1) return undefined;
	return isOdd ? key.slice(0, -1) : key;
};

/** Of all bytes but those from `from` to `to`, where the check itself is. */
const check = (bytes: Uint8Array, from: number, to: number): number => {
	let sum = 7;
	for (let i = 0; i < from; i++) sum = (sum * 31 + bytes[i]!) % CHECKS;
	for (let i = to, { length } = bytes; i < length; i++) sum = (sum * 31 + bytes[i]!) % CHECKS;
	return sum;
};

const digit = (value: number): string => Math.min(value, Limit.Digit).toString(36);

const twoDigits = (value: number): string => (value < 36 ? "0" : "") + value.toString(36);

const pair = (bytes: Uint8Array, at: number): number => digitOf(bytes[at]!) * 36 + digitOf(bytes[at + 1]!);

/** Of base 36; -1 for what is none. */
const digitOf = (byte: number): number => {
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	return byte >= 0x61 && byte <= 0x7a ? byte - 0x57 : -1;
};
