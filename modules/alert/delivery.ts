import {
	type MessageSource,
	SMTPClient,
	type SMTPOptions,
	type SMTPRefusal,
	type SMTPResult,
	type SMTPSecurity,
} from "smtp/client";
import { SMTPError } from "smtp/error";
import Timer from "timer";
import { failureOf } from "./failure";
import type { Alert, AlertDelivery, AlertQueue, DeadLetter, Failure } from "./types";
import { Way } from "./way";

/** A server, and an account on it. */
export interface Account {
	host: string;
	port: number;
	security: SMTPSecurity;
	user: string | undefined;
	password: string | undefined;
	/** The address that its mails come from. */
	from: string;
}

/** What the delivery needs to know of the network. */
export interface DeliveryNetwork {
	/** Undefined while it has none. */
	readonly address: string | undefined;
	readonly dns: SMTPOptions["dns"];
	readonly clock: {
		readonly ticks: number;
		/** The time may be wrong: it is to be asked for anew. */
		check(): void;
	};
}

/** Where alerts that were given up are kept until they are told. */
export interface DeadLetters {
	readonly dead: number;
	/** The oldest. @param most how many at most */
	deadLetters(most: number): readonly DeadLetter[];
	forget(letters: readonly DeadLetter[]): void;
}

/** What all sessions share, with whichever account. */
export interface DeliverySettings {
	socket: SMTPOptions["socket"];
	tls: SMTPOptions["tls"];
	allowCleartextAuth: boolean;
	/** For each wait; for the answer after the message ten times as long. */
	timeoutMs: number;
}

export interface DeliveryOptions {
	/** One to ten. */
	to: readonly string[];
	network: DeliveryNetwork;
	/** Default: the board's address. */
	hostname: string | undefined;
	deadLetters?: DeadLetters;
	/** Makes the mail of an alert. @throws where it cannot be made */
	compose(alert: Alert, from: string, deadLetters: readonly DeadLetter[]): MessageSource;
}

/** The dictionary of a session: what is known from the start is the prototype of what is not. */
interface Session extends SMTPOptions {
	delivery: Delivery;
	from: string;
}

/** What the client calls, with itself as `this`: closures would have their code in the heap. */
const callbacks = Object.freeze({
	onReady(this: SMTPClient): void {
		deliveryOf(this).goOn(this);
	},
	onSent(this: SMTPClient, { rejected }: SMTPResult): void {
		deliveryOf(this).onSent(rejected);
	},
	onRefused(this: SMTPClient, error: SMTPError): void {
		deliveryOf(this).onRefused(error);
	},
	onError(this: SMTPClient, error: SMTPError): void {
		deliveryOf(this).onFailed(error);
	},
	onClose(this: SMTPClient): void {
		deliveryOf(this).onClosed();
	},
});

const deliveryOf = ({ options }: SMTPClient): Delivery => (options as Session).delivery;

/** Dead letters that a mail tells of, for all of them would not fit in memory; the next ones tell of the others. */
const TOLD = 3;

const nobody: readonly DeadLetter[] = Object.freeze([]);

/** Sends alerts as mails, by SMTP: the only one here that knows of it. */
export class Delivery implements AlertDelivery {
	private options: DeliveryOptions;
	private first: Way<Session>;
	private way: Way<Session>;
	declare private queue?: AlertQueue | undefined;
	/** The alert under way, and the dead letters that its mail tells of. */
	declare private alert?: Alert | undefined;
	declare private told?: readonly DeadLetter[];

	/**
	 * @param options kept and used, not copied
	 * @param settings @param account neither is kept @param fallback takes over where the first does not work
	 */
	constructor(options: DeliveryOptions, settings: DeliverySettings, account: Account, fallback?: Account) {
		this.options = options;
		this.first = this.way = this.wayOf(settings, account);
		if (fallback) this.first.other = this.wayOf(settings, fallback);
	}

	get restMs(): number {
		const { ticks } = this.options.network.clock;
		return this.first.best(ticks).lockMs(ticks);
	}

	start(queue: AlertQueue): void {
		this.queue = queue;
		this.way = this.first.best(this.options.network.clock.ticks);
		const alert = queue.next();
		this.alert = alert;
		if (!alert) return this.end();
		try {
			this.open(alert);
		} catch (error) {
			this.end(this.failed(error));
		}
	}

	private wayOf({ socket, tls, allowCleartextAuth, timeoutMs }: DeliverySettings, account: Account): Way<Session> {
		const session: Session = Object.create(callbacks);
		session.delivery = this;
		session.host = account.host;
		session.port = account.port;
		session.security = account.security;
		session.socket = socket;
		if (tls) session.tls = tls;
		session.dns = this.options.network.dns;
		if (account.user !== undefined) session.user = account.user;
		if (account.password !== undefined) session.password = account.password;
		session.allowCleartextAuth = allowCleartextAuth;
		session.timeout = timeoutMs;
		session.timeouts = { final: timeoutMs * 10 }; // giving up there would send the mail twice
		session.from = account.from;
		return new Way(session);
	}

	private open(alert: Alert): void {
		const { network, hostname } = this.options;
		const { address } = network;
		if (!address) throw new SMTPError("connect", "connect", "the network has given no address", true);
		const session: Session = Object.create(this.way.settings);
		session.hostname = hostname ?? `[${address}]`;
		session.message = this.message(alert);
		new SMTPClient(session);
	}

	private message(alert: Alert): SMTPOptions["message"] & object {
		const { options } = this;
		const { to, deadLetters } = options;
		const { from } = this.way.settings;
		const { served } = alert;
		this.told = deadLetters?.dead ? deadLetters.deadLetters(TOLD) : nobody;
		const body = options.compose(alert, from, this.told);
		return { from, to: served ? to.filter((_, i) => !(served & (1 << i))) : to, body };
	}

	/** @internal */
	goOn(client: SMTPClient): void {
		(client.options as Session).message = undefined; // it would hold its memory while the next is made
		this.alert = this.queue!.next();
		if (!this.alert) return client.quit();
		Timer.set(() => this.send(client)); // from a turn of its own: it takes stack and memory to compose
	}

	private send(client: SMTPClient): void {
		const { alert } = this;
		if (!alert || !client.ready) return;
		try {
			client.send(this.message(alert));
		} catch (error) {
			this.queue!.settle(this.failed(error));
			this.goOn(client);
		}
	}

	/** @internal */
	onSent(rejected: readonly SMTPRefusal[]): void {
		this.way.succeed();
		if (this.told?.length) this.options.deadLetters!.forget(this.told);
		this.queue!.settle(rejected.length ? this.partial(rejected) : undefined);
	}

	/** @internal */
	onRefused(error: SMTPError): void {
		this.queue!.settle(this.failed(error));
	}

	/** @internal */
	onFailed(error: SMTPError): void {
		this.end(this.failed(error));
	}

	/** @internal */
	onClosed(): void {
		this.end();
	}

	private end(failure?: Failure): void {
		const { queue } = this;
		this.queue = this.alert = undefined;
		queue?.end(failure);
	}

	/** What an error says of the alert, and of the way. */
	private failed(error: unknown): Failure {
		let failure = failureOf(error);
		const reply = error instanceof SMTPError ? error : undefined;
		const { clock } = this.options.network;
		if (failure.scope === "route" || reply?.phase === "MAIL")
			this.way.fail(reply, clock.ticks, this.first.other !== undefined);
		const refusal = this.options.to.length > 1 ? reply?.rejected?.[0] : undefined;
		if (refusal) failure = { ...failure, reason: reasonOf(refusal) };
		if (reply?.phase === "TLS" && reply.kind === "security") clock.check(); // certificates have dates
		return failure;
	}

	/** Some have the mail: it is noted who, so that it goes to nobody twice. */
	private partial(rejected: readonly SMTPRefusal[]): Failure {
		const alert = this.alert!;
		const before = alert.served ?? 0;
		let served = before;
		let place = 0;
		for (let i = 0; i < this.options.to.length; i++)
			if (!(before & (1 << i)) && !isAmong(rejected, place++)) served |= 1 << i;
		alert.served = served;
		let isFinal = true;
		for (const { address, code, text, temporary } of rejected) {
			trace(`alert ${alert.id}: ${address} refused: ${code} ${text}\n`);
			if (temporary) isFinal = false;
		}
		return { scope: "recipient", reason: reasonOf(rejected[0]!), isFinal, isMistake: false };
	}
}

const reasonOf = ({ address, code, enhanced, text }: SMTPRefusal): string =>
	`${address}: ${code}${enhanced ? ` ${enhanced}` : ""} ${text}`;

const isAmong = (rejected: readonly SMTPRefusal[], index: number): boolean => {
	for (const refusal of rejected) if (refusal.index === index) return true;
	return false;
};
