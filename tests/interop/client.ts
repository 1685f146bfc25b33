/** The SMTP client on the virtual board, as `./build.sh send` runs it, with all that happens kept. */

import type { Job } from "../../commands/send/job.js";
import { Outcome, type Traffic } from "../../commands/send/outcome.js";
import { type Figures, type JsonObject, VirtualBoard } from "../../hardware/virtual/board.js";
import { PATIENCE_MS } from "../patience.js";

export interface Session {
	outcome: Outcome;
	/** The dialogue, secrets masked. */
	dialogue: string[];
	traffic: Traffic;
	figures: Figures;
}

export interface Call extends Partial<Job> {
	port?: number;
	/** A whole message. */
	input?: Uint8Array;
	/** PEM: the authorities that are trusted. */
	ca?: string;
	/** What the board's calendar shows. */
	now?: Date;
	/** Garbage is collected before each allocation: the figures are of what is in use. */
	collectAlways?: boolean;
}

/** One session: a short mail from ada to bob, in the clear, if nothing else is said. */
export async function send({ input, ca, now = new Date(), collectAlways, ...call }: Call): Promise<Session> {
	const { from = "ada@example.org", to = ["bob@example.org"] } = call;
	const job: Job = {
		host: "localhost",
		security: "none",
		allowCleartextAuth: true,
		hostname: "[127.0.0.1]",
		timeoutMs: PATIENCE_MS,
		trace: true,
		from,
		to,
		raw: input !== undefined,
		mail: { from, to, subject: "Test", text: "A test.\n", date: now.getTime(), messageId: "1@example.org" },
		...call,
	};
	const board = await VirtualBoard.start({
		manifest: "commands/send/manifest.json",
		config: { ...job } as unknown as JsonObject,
		network: {
			connected: true,
			dns: { localhost: "127.0.0.1", "mail.example.net": "127.0.0.1" },
			tls: ca === undefined ? {} : { ca },
		},
		input,
		now,
		collectAlways,
	});
	const outcome = new Outcome(job.to);
	const dialogue: string[] = [];
	board.on("report", (line) => {
		if (line.startsWith("trace ")) dialogue.push(line.slice("trace ".length));
		else outcome.take(line);
	});
	const { reason } = await board.exited;
	outcome.ended(reason);
	return { outcome, dialogue, traffic: board.traffic, figures: await board.figures() };
}
