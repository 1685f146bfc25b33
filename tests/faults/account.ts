/** Accounts for each alert that was raised: by the mails that were taken, their counts, and the dead letters told in them. */
import assert from "node:assert/strict";
import type { TakenMail } from "../app/mail-server.js";

/** How far the time in a mail may be from the press: the clock is asked for the time, which takes a moment. */
const TOLERANCE_MS = 2_500;

export interface Sums {
	/** Alerts in a mail of their own that all recipients have, those that were counted with one of these, and dead letters told. */
	mailed: number;
	counted: number;
	dead: number;
}

export class Account {
	/** When each alert was raised, in milliseconds since 1970. */
	readonly #raised: number[] = [];
	readonly #recipients: readonly string[];
	/** By the alert: how many each recipient was told of, and of how many that they could not be sent. */
	readonly #mailed = new Map<number, Map<string, number>>();
	readonly #dead = new Map<number, number>();
	/** What a mail says happened, by its Message-ID. */
	readonly #heads = new Map<string, string>();
	/** Mails that have the Message-ID of one that says something else: who drops copies would not show them. */
	changed = 0;
	/** How often a recipient got a mail, by its Message-ID. */
	readonly #copies = new Map<string, number>();
	#seen = 0;

	constructor(recipients: readonly string[]) {
		this.#recipients = recipients;
	}

	get raised(): number {
		return this.#raised.length;
	}

	raise(time: number): void {
		this.#raised.push(time);
	}

	/** Takes up what is new among the mails. */
	read(mails: readonly TakenMail[]): void {
		for (; this.#seen < mails.length; this.#seen++) this.#read(mails[this.#seen]!);
	}

	get sums(): Sums {
		const sums = { mailed: 0, counted: 0, dead: 0 };
		for (const at of new Set([...this.#mailed.keys(), ...this.#dead.keys()])) {
			const each = this.#recipients.map((address) => this.#mailed.get(at)?.get(address) ?? 0);
			const count = Math.min(...each);
			const dead = this.#dead.get(at) ?? 0;
			if (dead > count) sums.dead += dead;
			else if (count) {
				sums.mailed++;
				sums.counted += count - 1;
			}
		}
		return sums;
	}

	/** All that is accounted for. */
	get total(): number {
		const { mailed, counted, dead } = this.sums;
		return mailed + counted + dead;
	}

	/** Copies of a mail beyond the first, each recipient's for itself, that nothing excuses. @param unread their answers were not read */
	doubles(mails: readonly TakenMail[], unread: ReadonlySet<TakenMail>): { excused: number; others: number } {
		const allowed = new Map<string, number>();
		for (const mail of mails)
			for (const key of keysOf(mail)) allowed.set(key, (allowed.get(key) ?? 1) + (unread.has(mail) ? 1 : 0));
		let excused = 0;
		let others = 0;
		for (const [key, count] of this.#copies) {
			const more = Math.max(count - allowed.get(key)!, 0);
			excused += count - 1 - more;
			others += more;
		}
		return { excused, others };
	}

	#read(mail: TakenMail): void {
		const body = decode(mail.text.slice(mail.text.indexOf("\r\n\r\n") + 4));
		for (const key of keysOf(mail)) this.#copies.set(key, (this.#copies.get(key) ?? 0) + 1);
		const [head = "", ...lines] = body.split("\r\n");
		if ((this.#heads.get(mail.messageId) ?? head) !== head) this.changed++;
		this.#heads.set(mail.messageId, head);
		const time = lines.find((line) => line.startsWith("Time: "));
		const at = this.#find(time ?? "", mail.text);
		const counts = this.#mailed.get(at) ?? new Map<string, number>();
		this.#mailed.set(at, counts);
		for (const address of mail.to) counts.set(address, Math.max(counts.get(address) ?? 0, countIn(head)));
		for (const line of lines) {
			if (!line.startsWith("Could not be sent: ")) continue;
			const dead = this.#find(line, mail.text);
			this.#dead.set(dead, Math.max(this.#dead.get(dead) ?? 0, countIn(line)));
		}
	}

	/** Which alert it is, by its time. */
	#find(line: string, text: string): number {
		const [, day, clock] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(line) ?? [];
		const time = Date.parse(`${day}T${clock}Z`);
		const at = this.#raised.findLastIndex((raised) => raised < time + TOLERANCE_MS);
		assert.ok(at >= 0 && this.#raised[at]! > time - TOLERANCE_MS, `an alert that nobody raised: ${line}\n${text}`);
		return at;
	}
}

const keysOf = ({ messageId, to }: TakenMail): string[] => to.map((address) => `${messageId} ${address}`);

/** "(×3)" */
const countIn = (text: string): number => Number(/\(×(\d+)\)/.exec(text)?.[1] ?? 1);

/** Of quoted-printable. */
function decode(text: string): string {
	const bytes = text
		.replaceAll("=\r\n", "")
		.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
	return Buffer.from(bytes, "latin1").toString("utf8");
}
