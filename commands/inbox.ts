/** The built-in inbox: a mail server on a loopback port that takes any mail and shows it. */
import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";

/** A mail as it came in. */
export interface ReceivedMail {
	/** What MAIL FROM and RCPT TO said. */
	envelope: { from: string; to: string[] };
	/** The message's bytes, dot-stuffing undone. */
	raw: Buffer;
	parsed: ParsedMail;
}

export interface InboxOptions {
	/** Laid over the server's own settings: credentials, certificates, limits, refusals. */
	server?: SMTPServerOptions;
	/** How the server names itself in its greeting. */
	name?: string;
}

interface Events {
	mail: [mail: ReceivedMail];
	/** A line of the dialogue as "C: ..." or "S: ...", secrets masked. */
	dialogue: [line: string];
}

/** A mail server that keeps what it gets. */
export class Inbox extends EventEmitter<Events> {
	readonly host = "127.0.0.1";
	readonly mails: ReceivedMail[] = [];
	readonly #server: SMTPServer;

	/** Starts an inbox on a free port. Without options it asks for no credentials and accepts every recipient. */
	static async start(options: InboxOptions = {}): Promise<Inbox> {
		const inbox = new Inbox(options);
		inbox.#server.listen(0, inbox.host);
		await once(inbox.#server.server, "listening");
		return inbox;
	}

	private constructor(options: InboxOptions) {
		super();
		this.#server = new SMTPServer({
			name: options.name ?? "inbox.example",
			disabledCommands: ["STARTTLS"],
			authOptional: true,
			disableReverseLookup: true,
			closeTimeout: 100,
			logger: dialogueLogger((line) => this.emit("dialogue", line)),
			onData: (stream, session, done) => this.#receive(stream, session).then(() => done(), done),
			...options.server,
		});
		this.#server.on("error", () => {}); // a client that resets its connection is no matter of ours
	}

	get port(): number {
		return (this.#server.server.address() as AddressInfo).port;
	}

	/** The next mail that comes in. */
	async next(): Promise<ReceivedMail> {
		const [mail] = await once(this, "mail");
		return mail;
	}

	/** Ends the server and every connection to it. */
	close(): Promise<void> {
		return new Promise((resolve) => this.#server.close(resolve));
	}

	async #receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of stream) chunks.push(chunk);
		const raw = Buffer.concat(chunks);
		const { mailFrom, rcptTo } = session.envelope;
		const from = mailFrom ? mailFrom.address : "";
		const mail = {
			envelope: { from, to: rcptTo.map((recipient) => recipient.address) },
			raw,
			parsed: await simpleParser(raw),
		};
		this.mails.push(mail);
		this.emit("mail", mail);
	}
}

/** A logger for smtp-server that picks the lines of the dialogue out of its log; smtp-server itself masks secrets. */
function dialogueLogger(onLine: (line: string) => void): SMTPServerOptions["logger"] {
	const ignore = () => {};
	const debug = (_context: unknown, direction?: unknown, text?: unknown) => {
		if (direction !== "C:" && direction !== "S:") return;
		for (const line of String(text).split("\r\n")) onLine(`${direction} ${line}`);
	};
	return { level: ignore, trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore };
}
