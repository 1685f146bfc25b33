import type { Peer, PeerConnection } from "../../hardware/virtual/board.js";

const CRLF = "\r\n";
const END_OF_DATA = Buffer.from("\r\n.\r\n");

/** A mail server without a socket, which says the same in every run. */
export class BenchServer implements Peer {
	/** Octets of the message as it came, dots and all, without the dot that ends it. */
	messageBytes = 0;
	/** Lines that the client said, the message left out. */
	readonly lines: string[] = [];
	readonly #connection: PeerConnection;
	readonly #extensions: readonly string[];
	#input = Buffer.alloc(0);
	/** Octets that are still to come of a chunk (BDAT). */
	#chunk = 0;
	#state: "command" | "data" | "chunk" = "command";
	/** The last octets of the message so far. */
	#tail = Buffer.from(CRLF);

	constructor(connection: PeerConnection, extensions: readonly string[]) {
		this.#connection = connection;
		this.#extensions = extensions;
		connection.send(`220 mail.example.org ESMTP${CRLF}`);
	}

	onData(data: Buffer): void {
		this.#input = Buffer.concat([this.#input, data]);
		while (this.#input.length && this.#step());
	}

	/** False: more must come. */
	#step(): boolean {
		if (this.#state === "data") return this.#takeData();
		if (this.#state === "chunk") return this.#takeChunk();
		const end = this.#input.indexOf(CRLF);
		if (end < 0) return false;
		const line = this.#take(end + CRLF.length).toString("latin1", 0, end);
		this.lines.push(line);
		this.#answer(line);
		return true;
	}

	#takeData(): boolean {
		const all = Buffer.concat([this.#tail, this.#input]);
		const end = all.indexOf(END_OF_DATA);
		const kept = this.#tail.length;
		if (end >= 0) {
			const count = end + END_OF_DATA.length - kept;
			this.messageBytes += count - ".\r\n".length;
			this.#take(count);
			this.#state = "command";
			this.#reply("250 2.0.0 queued as 4F2A17B");
			return true;
		}
		this.messageBytes += this.#input.length;
		this.#tail = all.subarray(-(END_OF_DATA.length - 1));
		this.#take(this.#input.length);
		return false;
	}

	#takeChunk(): boolean {
		const count = Math.min(this.#chunk, this.#input.length);
		this.#take(count);
		this.#chunk -= count;
		this.messageBytes += count;
		if (this.#chunk) return false;
		this.#state = "command";
		this.#reply("250 2.0.0 taken");
		return true;
	}

	#take(count: number): Buffer {
		const taken = this.#input.subarray(0, count);
		this.#input = this.#input.subarray(count);
		return taken;
	}

	#answer(line: string): void {
		const [verb = "", argument = ""] = line.toUpperCase().split(" ");
		switch (verb) {
			case "EHLO":
				return this.#reply(...["mail.example.org", ...this.#extensions].map(continued));
			case "AUTH":
				return this.#reply("235 2.7.0 authenticated");
			case "MAIL":
			case "RCPT":
				return this.#reply("250 2.1.0 ok");
			case "DATA":
				this.#state = "data";
				return this.#reply("354 go ahead");
			case "BDAT":
				this.#chunk = Number(argument);
				this.#state = "chunk";
				if (!this.#chunk) this.#takeChunk();
				return;
			case "QUIT":
				this.#reply("221 2.0.0 bye");
				return this.#connection.end();
			default:
				return this.#reply("500 5.5.1 what?");
		}
	}

	#reply(...lines: string[]): void {
		this.#connection.send(lines.join(CRLF) + CRLF);
	}
}

function continued(text: string, index: number, all: readonly string[]): string {
	return `250${index < all.length - 1 ? "-" : " "}${text}`;
}
