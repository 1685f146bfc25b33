/** A greylisting policy service for Postfix (its SMTPD_POLICY_README): who is new comes again later. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

export interface GreylistOptions {
	/** How long someone new is refused, in milliseconds. */
	delayMs: number;
	/** The first so many to ask are answered when there are so many, so that they are there at once; and no sooner than this. */
	gathers: number;
	isOpen(): boolean;
}

export class Greylist {
	/** How often each client, sender and recipient was refused. */
	readonly refused = new Map<string, number>();
	/** How often someone was let in. */
	admitted = 0;
	readonly #options: GreylistOptions;
	readonly #seenAt = new Map<string, number>();
	readonly #sockets = new Set<Socket>();
	readonly #server: Server;
	#held: (() => void)[] | undefined = [];

	static async start(options: GreylistOptions): Promise<Greylist> {
		const greylist = new Greylist(options);
		await once(greylist.#server, "listening");
		return greylist;
	}

	private constructor(options: GreylistOptions) {
		this.#options = options;
		this.#server = createServer((socket) => this.#serve(socket)).listen(0, "127.0.0.1");
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		return new Promise((done) => void this.#server.close(() => done()));
	}

	/** Lets those go on that are held, if it is time. */
	poll(): void {
		const { gathers, isOpen } = this.#options;
		if (!this.#held || this.#held.length < gathers || !isOpen()) return;
		const held = this.#held;
		this.#held = undefined;
		for (const answer of held) answer();
	}

	#serve(socket: Socket): void {
		let input = "";
		this.#sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => this.#sockets.delete(socket));
		socket.setEncoding("utf8").on("data", (text: string) => {
			input += text;
			for (let end = input.indexOf("\n\n"); end >= 0; end = input.indexOf("\n\n")) {
				const attributes = new Map(input.slice(0, end).split("\n").map(pair));
				input = input.slice(end + 2);
				const answer = () => void socket.write(`action=${this.#judge(attributes)}\n\n`);
				if (this.#held) this.#held.push(answer);
				else answer();
			}
		});
	}

	#judge(attributes: Map<string, string>): string {
		const who = ["client_address", "sender", "recipient"].map((name) => attributes.get(name)).join(" ");
		const now = performance.now();
		const seenAt = this.#seenAt.get(who) ?? now;
		this.#seenAt.set(who, seenAt);
		if (now - seenAt >= this.#options.delayMs) {
			this.admitted++;
			return "dunno";
		}
		this.refused.set(who, (this.refused.get(who) ?? 0) + 1);
		return "defer_if_permit 4.7.1 Greylisted, come again later";
	}
}

function pair(line: string): [string, string] {
	const at = line.indexOf("=");
	return [line.slice(0, at), line.slice(at + 1)];
}
