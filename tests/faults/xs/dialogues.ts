import { LOGIN, PLAIN } from "smtp/auth";
import { SMTPClient, type SMTPError, type SMTPMessage, type SMTPOptions } from "smtp/client";
import { CRAM_MD5 } from "smtp/crammd5";
import { LMTPClient } from "smtp/lmtp";
import Timer from "timer";
import { MailServer, type Offer } from "./server";
import { type Trouble, Wire, WireSocket } from "./wire";

/** `timers.ts`, which stands in the timer's place. */
const time = Timer as unknown as { reset(): void; run(mostMs: number): boolean };

/** What a client and a server do together. */
export interface Dialogue extends Offer {
	readonly name: string;
	readonly options?: Partial<SMTPOptions>;
	readonly to: readonly string[];
	readonly body: string;
	readonly messages: number;
}

const SHORT = "Subject: Water\r\n\r\nThe cellar is wet.\r\n.\r\n";
const account = { user: "cellar@example.net", password: "s3same street", allowCleartextAuth: true };
const one = { to: ["ada@example.net"], body: SHORT, messages: 1 };

export const dialogues: readonly Dialogue[] = [
	{ ...one, name: "EHLO", extensions: ["SIZE 1000000", "8BITMIME"] },
	{ ...one, name: "STARTTLS", extensions: ["STARTTLS", "PIPELINING"], tls: true, options: { security: "required" } },
	{ ...one, name: "AUTH PLAIN", extensions: ["AUTH PLAIN LOGIN"], options: account },
	{ ...one, name: "AUTH LOGIN", extensions: ["AUTH LOGIN"], options: { ...account, mechanisms: [LOGIN, PLAIN] } },
	{ ...one, name: "AUTH CRAM-MD5", extensions: ["AUTH CRAM-MD5"], options: { ...account, mechanisms: [CRAM_MD5] } },
	{
		...one,
		name: "pipelined envelope",
		extensions: ["PIPELINING"],
		to: ["ada@example.net", "bob@example.net", "eve@example.net"],
	},
	{ ...one, name: "DATA", extensions: ["HELP"], body: SHORT.repeat(20) },
	{ ...one, name: "BDAT", extensions: ["PIPELINING", "CHUNKING"], options: { chunking: true }, body: SHORT.repeat(20) },
	{ ...one, name: "two messages", extensions: ["PIPELINING"], messages: 2 },
	{ ...one, name: "LMTP", extensions: ["PIPELINING"], lmtp: true, to: ["ada@example.net", "bob@example.net"] },
	{ ...one, name: "a message refused", extensions: ["PIPELINING"], refuses: true },
];

/** How it went. */
export interface Outcome {
	wire: Wire;
	server: MailServer;
	/** Messages that the client said were sent, or not. */
	sent: number;
	refused: number;
	errors: SMTPError[];
	isClosed: boolean;
	/** Nothing more would happen. */
	isOver: boolean;
}

class Resolver {
	resolve({ host, onResolved }: { host: string; onResolved(host: string, address: string): void }): void {
		onResolved(host, "192.0.2.1");
	}
}

/** A day: no client waits so long. */
const DAY_MS = 86_400_000;

/** Lets them talk, with one thing that goes wrong, until nothing more happens. */
export function talk(dialogue: Dialogue, trouble: Trouble | undefined): Outcome {
	time.reset();
	const server = new MailServer(dialogue);
	const wire = new Wire(server, trouble);
	const outcome: Outcome = { wire, server, sent: 0, refused: 0, errors: [], isClosed: false, isOver: false };
	const { to, body, messages, lmtp, options } = dialogue;
	let left = messages;
	const message = (): SMTPMessage => ({ from: "cellar@example.net", to, body: source(body) });
	const Client = lmtp ? LMTPClient : SMTPClient;
	new Client({
		host: "mx",
		hostname: "me",
		security: "none",
		socket: { io: WireSocket, wire },
		tls: { io: WireSocket, wire },
		dns: { io: Resolver },
		...options,
		onReady() {
			if (left-- > 0) this.send(message());
			else this.quit();
		},
		onSent() {
			outcome.sent++;
		},
		onRefused() {
			outcome.refused++;
		},
		onError(error) {
			outcome.errors.push(error);
		},
		onClose() {
			outcome.isClosed = true;
		},
	});
	outcome.isOver = time.run(DAY_MS);
	return outcome;
}

function source(text: string): SMTPMessage["body"] {
	let at = 0;
	return {
		read(buffer) {
			let count = 0;
			while (count < buffer.length && at < text.length) buffer[count++] = text.charCodeAt(at++);
			return count;
		},
	};
}
