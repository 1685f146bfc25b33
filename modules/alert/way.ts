import type { SMTPSecurity } from "smtp/client";
import type { SMTPError } from "smtp/error";
import { isLogin } from "./failure";

/** A server, and an account on it. */
export interface Account {
	readonly host: string;
	readonly port: number;
	readonly security: SMTPSecurity;
	readonly user: string | undefined;
	readonly password: string | undefined;
	/** The address that its mails come from. */
	readonly from: string;
}

const enum Ms {
	/** After a login that was refused, doubled each time: so that no account is locked. */
	Login = 15 * 60_000,
	LongestLogin = 60 * 60_000,
	/** Until an account that failed is tried again, where there is another. */
	Return = 60 * 60_000,
}

/** Failures in a row after which the other account takes over. */
const FAILURES = 2;

/** A way to send mails: an account, and how it has gone with it. */
export class Way {
	readonly account: Account;
	private failures = 0;
	/** Logins in a row that were refused, or came to nothing. */
	private logins = 0;
	/** The ticks until which it is left alone. */
	declare private restEnd?: number | undefined;
	/** It must be, even if there is no other. */
	declare private isLocked?: boolean;

	constructor(account: Account) {
		this.account = account;
	}

	/** How long it is left alone for the other's sake, in milliseconds. */
	restMs(ticks: number): number {
		const ms = this.restEnd === undefined ? 0 : (this.restEnd - ticks) | 0;
		if (ms > 0) return ms;
		this.restEnd = undefined;
		this.isLocked = false;
		return 0;
	}

	/** How long it must be left alone. */
	lockMs(ticks: number): number {
		return this.isLocked ? this.restMs(ticks) : 0;
	}

	succeed(): void {
		this.failures = this.logins = 0;
		this.restEnd = undefined;
	}

	/** @param hasOther whether there is another way */
	fail(error: SMTPError | undefined, ticks: number, hasOther: boolean): void {
		this.failures++;
		if (!error || !isLogin(error)) this.logins = 0;
		// a connection that is lost may be the network's; not twice
		else if (++this.logins > 1 || error.code !== undefined)
			return this.rest(ticks, Math.min(Ms.Login << Math.min(this.logins - 1, 4), Ms.LongestLogin), true);
		if (hasOther && this.failures >= FAILURES) this.rest(ticks, Ms.Return, false);
	}

	private rest(ticks: number, ms: number, isLocked: boolean): void {
		this.restEnd = (ticks + Math.ceil(ms * (1 + Math.random() / 8))) >>> 0;
		this.isLocked = isLocked;
	}
}

/** The way to take: the first that need not be left alone, or else that whose rest is over first. */
export const bestOf = (ways: readonly Way[], ticks: number): Way => {
	let best: Way | undefined;
	for (const way of ways) if (!best || costOf(way, ticks) < costOf(best, ticks)) best = way;
	return best!;
};

/** Those that must be left alone come after all others. */
const costOf = (way: Way, ticks: number): number => way.restMs(ticks) + (way.lockMs(ticks) ? 0x7fffffff : 0);
