/** Where a relay delivers to: an LMTP server that keeps each message as it came. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { PATIENCE_MS } from "../patience.js";

export interface Delivery {
	from: string;
	to: string[];
	raw: Buffer;
}

export class Sink {
	readonly deliveries: Delivery[] = [];
	readonly #server = new SMTPServer({
		lmtp: true,
		authOptional: true,
		disabledCommands: ["STARTTLS", "AUTH"],
		disableReverseLookup: true,
		hideSMTPUTF8: false,
		closeTimeout: 100,
		// A relay that is stopped in the middle of a message is no matter of ours.
		onData: (stream, { envelope }, done) => {
			this.#take(stream, envelope).then(
				() =>
					done(
						null,
						envelope.rcptTo.map(() => "taken"),
					),
				done,
			);
		},
	} as ConstructorParameters<typeof SMTPServer>[0]);

	static async start(): Promise<Sink> {
		const sink = new Sink();
		sink.#server.on("error", () => {});
		sink.#server.listen(0, "127.0.0.1");
		await once(sink.#server.server, "listening");
		return sink;
	}

	get port(): number {
		return (this.#server.server.address() as AddressInfo).port;
	}

	async #take(stream: SMTPServerDataStream, { mailFrom, rcptTo }: SMTPServerSession["envelope"]): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of stream) chunks.push(chunk);
		const from = mailFrom ? mailFrom.address : "";
		this.deliveries.push({ from, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) });
	}

	/** The delivery that fits, once it is there; it is forgotten. */
	async take(fits: (delivery: Delivery) => boolean): Promise<Delivery> {
		for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await delay(20)) {
			const index = this.deliveries.findIndex(fits);
			if (index >= 0) return this.deliveries.splice(index, 1)[0] as Delivery;
		}
		throw new Error("nothing that fits was delivered");
	}

	close(): Promise<void> {
		return new Promise((done) => this.#server.close(done));
	}
}
