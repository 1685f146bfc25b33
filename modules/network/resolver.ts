import Timer from "timer";

/** The SDK's `net` module, as far as it is used: its resolver is lwIP's, with the servers that DHCP named. */
export interface Net {
	resolve(host: string, callback: (host: string, address?: string) => void): void;
}

export interface ResolverOptions {
	net: Net;
	/** How long one look-up may take; lwIP itself has no bound while others are before it. */
	timeoutMs?: number;
}

/** One look-up, in ECMA-419's form. */
export interface ResolveOptions {
	host: string;
	/** @param address IPv4, dotted */
	onResolved(host: string, address: string): void;
	onError(host: string): void;
}

const TIMEOUT_MS = 15_000;

/**
 * An ECMA-419 DNS resolver over the SDK's `net`, for one look-up at a time. Each ends in exactly one call of `onResolved`
 * or `onError`, never before `resolve` has returned, unless the resolver is closed.
 */
export class Resolver {
	private options: ResolverOptions;
	private timer: Deadline | undefined;
	private request: ResolveOptions | undefined;
	/** What the look-up came to; it is told when the timer is due. */
	private address: string | undefined;

	/** @param options kept and used, not copied */
	constructor(options: ResolverOptions) {
		this.options = options;
	}

	/** @throws while another look-up is under way */
	resolve(options: ResolveOptions): void {
		if (this.timer) throw new Error("a look-up is under way");
		const { host } = options;
		const known = isIPv4(host);
		this.request = options;
		this.address = known ? host : undefined;
		const timer: Deadline = Timer.set(onDue, known ? 0 : (this.options.timeoutMs ?? TIMEOUT_MS));
		timer.target = this;
		this.timer = timer;
		if (known) return;
		try {
			this.options.net.resolve(host, (_, address) => {
				if (this.timer !== timer) return; // closed, or too late
				if (address && isIPv4(address)) this.address = address;
				this.onDue();
			});
		} catch {
			Timer.schedule(timer, 0);
		}
	}

	/** Gives up the look-up under way: none of its callbacks will be called. */
	close(): void {
		Timer.clear(this.timer);
		this.timer = this.request = undefined;
	}

	/** @internal */
	onDue(): void {
		const request = this.request as ResolveOptions;
		this.close();
		if (this.address) request.onResolved(request.host, this.address);
		else request.onError(request.host);
	}
}

/** A timer knows its resolver, so that no look-up needs a function of its own for it. */
type Deadline = Timer & { target?: Resolver };

const onDue = (timer: Deadline): void => timer.target?.onDue();

/** Whether a text is an IPv4 address in dotted form. */
export const isIPv4 = (text: string): boolean => {
	let parts = 1;
	let value = -1;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === 46) {
			if (value < 0 || ++parts > 4) return false;
			value = -1;
		} else if (code < 48 || code > 57) return false;
		else if (value === 0)
			return false; // no octal
		else value = (value < 0 ? 0 : value * 10) + code - 48;
		if (value > 255) return false;
	}
	return parts === 4 && value >= 0;
};
