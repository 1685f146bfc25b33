import { lookup } from "node:dns/promises";
import { isIPv4 } from "node:net";
import type { DeviceCall } from "../frames.js";
import type { Clock } from "./clock.js";
import type { Device, SendEvent } from "./device.js";
import type { Link } from "./link.js";

/** What a name resolves to instead of what the desk's resolver says: an address, null: no such name, "silence": no answer. */
export type DNSAnswers = Record<string, string | null>;

const SILENCE = "silence";
/** How long an answer of the board's own takes. */
const ANSWER_MS = 5;
/** How long lwIP asks a server that does not answer. */
const SILENCE_MS = 10_000;

/** The app's resolver: one name after the other, as lwIP's wrapper in the SDK; a name at a time is asked for. */
export class DNS implements Device {
	readonly #answers: (name: string) => string | null | undefined;
	readonly #clock: Clock;
	readonly #link: Link;
	readonly #send: SendEvent;
	#queue: Promise<void> = Promise.resolve();
	#lookups = 0;
	#open = 0;

	/** @param answers what a name in lower case resolves to; undefined: ask the desk's resolver */
	constructor(answers: (name: string) => string | null | undefined, clock: Clock, link: Link, send: SendEvent) {
		this.#answers = answers;
		this.#clock = clock;
		this.#link = link;
		this.#send = send;
	}

	get open(): number {
		return this.#open;
	}

	get busy(): boolean {
		return this.#lookups > 0;
	}

	command(_action: string, { resource, data }: DeviceCall): void {
		const name = data.toString();
		this.#open++;
		this.#queue = this.#queue.then(async () => {
			const address = await this.#resolve(name);
			this.#open--;
			void this.#send(resource, "a", address ? [address] : []);
		});
	}

	async #resolve(name: string): Promise<string | undefined> {
		const known = isIPv4(name) ? name : this.#answers(name.toLowerCase());
		if (known === undefined && this.#link.up) return this.#lookup(name);
		const silent = known === SILENCE;
		await new Promise<void>((done) => void this.#clock.schedule(silent ? SILENCE_MS : ANSWER_MS, done));
		return silent || !this.#link.up ? undefined : (known ?? undefined);
	}

	async #lookup(name: string): Promise<string | undefined> {
		this.#lookups++;
		try {
			return (await lookup(name, 4)).address;
		} catch {
			return undefined;
		} finally {
			this.#lookups--;
		}
	}
}
