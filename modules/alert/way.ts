import type { SMTPError } from "smtp/error";
import { isLogin } from "./failure";

const enum Ms {
	/** After a login that was refused, doubled each time: so that no account is locked. */
	Login = 15 * 60_000,
	LongestLogin = 60 * 60_000,
	/** Until an account that failed is tried again, where there is another. */
	Return = 60 * 60_000,
}

/** Failures in a row after which the other account takes over. */
const FAILURES = 2;

/** A way to send mails: the dictionary of its sessions, and how it has gone with it. */
export class Way<Settings> {
	readonly settings: Settings;
	/** The second way; undefined where there is none, and in the second. */
	declare other?: Way<Settings>;
	declare private failures?: number;
	/** Logins in a row that were refused, or came to nothing. */
	declare private logins?: number;
	/** The ticks until which it is left alone. */
	declare private restEnd?: number | undefined;
	/** It must be, even if there is no other. */
	declare private isLocked?: boolean;

	constructor(settings: Settings) {
		this.settings = settings;
	}

	/** The way to take: this one, or the other where this one is to be left alone for longer. */
	best(ticks: number): Way<Settings> {
		const { other } = this;
		return other && this.cost(ticks) > other.cost(ticks) ? other : this;
	}

	/** How long it must be left alone, in milliseconds. */
	lockMs(ticks: number): number {
		return this.isLocked ? this.restMs(ticks) : 0;
	}

	succeed(): void {
		if (!this.failures) return;
		this.failures = this.logins = 0;
		this.restEnd = undefined;
	}

	/** @param hasOther whether there is another way */
	fail(error: SMTPError | undefined, ticks: number, hasOther: boolean): void {
		this.failures = (this.failures ?? 0) + 1;
		this.logins = error && isLogin(error) ? (this.logins ?? 0) + 1 : 0;
		// a connection that is lost in a login may be the network's fault; not twice
		if (this.logins > 1 || (this.logins && error?.code !== undefined))
			this.rest(ticks, loginPause(this.logins, error), true);
		else if (hasOther && this.failures >= FAILURES) this.rest(ticks, Ms.Return, false);
	}

	/** How long it is left alone where there is another. */
	private restMs(ticks: number): number {
		const ms = this.restEnd === undefined ? 0 : (this.restEnd - ticks) | 0;
		if (ms > 0) return ms;
		if (this.restEnd !== undefined) this.restEnd = undefined;
		return 0;
	}

	/** What must be left alone comes after all else. */
	private cost(ticks: number): number {
		return this.restMs(ticks) + (this.lockMs(ticks) && 0x7fffffff);
	}

	private rest(ticks: number, ms: number, isLocked: boolean): void {
		this.restEnd = (ticks + Math.ceil(ms * (1 + Math.random() / 8))) >>> 0;
		this.isLocked = isLocked;
	}
}

/** Where the mechanism may be what was refused, each was tried: two logins, so twice the pause. */
const loginPause = (logins: number, error: SMTPError | undefined): number => {
	const isOne = !error || error.credentials || error.temporary;
	return Math.min(Ms.Login << Math.min(isOne ? logins - 1 : logins, 4), Ms.LongestLogin);
};
