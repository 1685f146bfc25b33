/** A mail server without a socket, for virtual time: it says what a test lets it say, and remembers what it was told. */
import type { Peer, PeerConnection } from "../../hardware/virtual/board.js";

/** A mail that it took: to whom, and as it came. */
export interface TakenMail {
	session: number;
	from: string;
	to: string[];
	text: string;
	messageId: string;
	subject: string;
}

/** What it says to a line of the client's, or "message" for the end of a message; undefined: what servers say. */
export type Answers = (line: string, session: number) => string | undefined;

export interface MailServerOptions {
	/** "" for silence. */
	greeting?(session: number): string | undefined;
	answer?: Answers;
	/** What EHLO offers. */
	extensions?(session: number): readonly string[];
	/** Why TLS cannot be had. */
	tls?(session: number): string | undefined;
}

/** An answer after which the server hangs up. */
export const HANG_UP = "\0";

const CRLF = "\r\n";
const usual = ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "SIZE 10000000", "AUTH PLAIN LOGIN"];

export class MailServer {
	readonly options: MailServerOptions;
	readonly mails: TakenMail[] = [];
	/** How often a client connected; and what each said, by session. */
	readonly said: string[][] = [];

	constructor(options: MailServerOptions = {}) {
		this.options = options;
	}

	get sessions(): number {
		return this.said.length;
	}

	/** How often something was said. */
	count(verb: string): number {
		return this.said.flat().filter((line) => line.startsWith(verb)).length;
	}

	/** Sessions in which a login was tried, with whatever mechanisms. */
	get logins(): number {
		return this.said.filter((lines) => lines.some((line) => line.startsWith("AUTH"))).length;
	}

	connect(connection: PeerConnection): Peer {
		return new Session(this, this.said.push([]) - 1, connection);
	}
}

class Session implements Peer {
	readonly #server: MailServer;
	readonly #number: number;
	readonly #connection: PeerConnection;
	#input = "";
	#isData = false;
	#isSecure = false;
	#hasSender = false;
	#from = "";
	#to: string[] = [];

	constructor(server: MailServer, number: number, connection: PeerConnection) {
		this.#server = server;
		this.#number = number;
		this.#connection = connection;
		this.#reply(server.options.greeting?.(number) ?? "220 mail.example.org ESMTP");
	}

	onData(data: Buffer): void {
		this.#input += data.toString("latin1");
		for (;;) {
			const end = this.#isData ? `${CRLF}.${CRLF}` : CRLF;
			const at = this.#input.indexOf(end);
			if (at < 0) return;
			const text = this.#input.slice(0, at);
			this.#input = this.#input.slice(at + end.length);
			if (this.#isData) this.#take(text);
			else this.#command(text);
		}
	}

	onSecure(): string | undefined {
		const problem = this.#server.options.tls?.(this.#number);
		this.#isSecure = problem === undefined;
		return problem;
	}

	#take(text: string): void {
		this.#isData = false;
		const answer = this.#server.options.answer?.("message", this.#number) ?? "250 2.0.0 queued";
		const field = (name: string) =>
			new RegExp(`^${name}: (.*)$`, "im").exec(text.split(`${CRLF}${CRLF}`)[0] ?? "")?.[1] ?? "";
		if (answer.startsWith("2"))
			this.#server.mails.push({
				session: this.#number,
				from: this.#from,
				to: this.#to,
				text,
				messageId: field("Message-ID"),
				subject: field("Subject"),
			});
		this.#reply(answer);
	}

	#command(line: string): void {
		this.#server.said[this.#number]?.push(line);
		const answer = this.#server.options.answer?.(line, this.#number) ?? this.#usual(line);
		const verb = line.slice(0, 4).toUpperCase();
		if (verb === "MAIL") {
			this.#hasSender = answer.startsWith("2");
			this.#to = [];
		}
		if (verb === "RCPT" && answer.startsWith("2")) this.#to.push(/<(.*)>/.exec(line)?.[1] ?? "");
		if (verb === "DATA" && answer.startsWith("3")) this.#isData = true;
		this.#reply(answer);
		if (verb === "QUIT") this.#connection.end();
	}

	#usual(line: string): string {
		switch (line.slice(0, 4).toUpperCase()) {
			case "EHLO": {
				const offers = this.#server.options.extensions?.(this.#number) ?? usual;
				const all = ["mail.example.org", ...(this.#isSecure ? [] : ["STARTTLS"]), ...offers];
				return all.map((text, i) => `250${i < all.length - 1 ? "-" : " "}${text}`).join(CRLF);
			}
			case "STAR":
				return "220 2.0.0 go ahead";
			case "AUTH":
				return "235 2.7.0 welcome";
			case "MAIL":
				this.#from = /<(.*?)>/.exec(line)?.[1] ?? "";
				return "250 2.1.0 ok";
			case "RCPT":
				return this.#hasSender ? "250 2.1.5 ok" : "503 5.5.1 MAIL first";
			case "DATA":
				return this.#to.length ? "354 go ahead" : "503 5.5.1 RCPT first";
			case "RSET":
				return "250 2.0.0 ok";
			case "QUIT":
				return "221 2.0.0 bye";
			default:
				return "500 5.5.1 what?";
		}
	}

	#reply(answer: string): void {
		const hangsUp = answer.endsWith(HANG_UP);
		const text = hangsUp ? answer.slice(0, -HANG_UP.length) : answer;
		if (text) this.#connection.send(text + CRLF);
		if (hangsUp) this.#connection.end();
	}
}
