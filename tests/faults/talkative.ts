/** A mail server that says as much as it may, whenever it is asked, and turns down one session after the other, each otherwise. */
import type { Peer, PeerConnection } from "../../hardware/virtual/board.js";

const CRLF = "\r\n";
/** Octets of the longest reply line, CRLF and code not counted. */
const LINE = 2040;

/** What the replies are filled with. */
export const fillings = {
	ASCII: Buffer.from("4.2.1 The user you are trying to contact is receiving mail at a rate that prevents it. "),
	"UTF-8": Buffer.from("地下室的水位已经超过警戒线。"),
	neither: Buffer.from([0xff, 0x80, 0xc3, 0x28, 0xfe, 0xed, 0xa0, 0x80]),
	mixed: Buffer.from("\u202e\u0000\u001b[2J😀\u2028é\tx"),
} as const;

/** What a session is turned down by: its last word to it. */
export const refusals = [
	"greeting",
	"EHLO",
	"AUTH",
	"MAIL",
	"RCPT",
	"some",
	"DATA",
	"message",
	"RSET",
	"line",
	"hang-up",
] as const;

export type Refusal = (typeof refusals)[number];

/** How the server is in a session. */
export interface Mood {
	filling: Buffer;
	/** Undefined: it takes the mail, and says as much. */
	refusal: Refusal | undefined;
}

export class TalkativeServer implements Peer {
	/** What it has taken. */
	readonly mails: string[] = [];
	readonly #connection: PeerConnection;
	readonly #mood: Mood;
	readonly #onMail: (mail: string) => void;
	#input = "";
	#content: string | undefined;
	#challenges = 0;
	#recipients = 0;

	constructor(connection: PeerConnection, mood: Mood, onMail: (mail: string) => void) {
		this.#connection = connection;
		this.#mood = mood;
		this.#onMail = onMail;
		if (mood.refusal === "greeting") this.#refuse(421);
		else this.#say(220);
	}

	onData(data: Buffer): void {
		this.#input += data.toString("latin1");
		for (let end = this.#input.indexOf(CRLF); end >= 0; end = this.#input.indexOf(CRLF)) {
			const line = this.#input.slice(0, end);
			this.#input = this.#input.slice(end + CRLF.length);
			if (this.#content === undefined) this.#answer(line);
			else this.#take(line);
		}
	}

	#take(line: string): void {
		if (line !== ".") {
			this.#content += line + CRLF;
			return;
		}
		const content = this.#content as string;
		this.#content = undefined;
		if (this.#refuses("message")) return this.#refuse(451);
		if (this.#mood.refusal === "line")
			return void this.#connection.send(Buffer.concat([Buffer.from("451 "), this.#fill(9_000)]));
		this.#onMail(content);
		this.#say(250);
	}

	#answer(line: string): void {
		if (this.#challenges) return this.#authenticate();
		switch (line.slice(0, 4).toUpperCase()) {
			case "EHLO":
				if (this.#refuses("EHLO")) return this.#refuse(451);
				return this.#say(250, [
					"mx",
					"PIPELINING",
					"8BITMIME",
					"AUTH LOGIN XOAUTH2 ".padEnd(900, "X"),
					"SIZE 50000000",
				]);
			case "AUTH":
				this.#challenges = 2;
				return void this.#connection.send(`334 VXNlcm5hbWU6${CRLF}`);
			case "MAIL":
				this.#recipients = 0;
				return this.#refuses("MAIL") ? this.#refuse(451) : this.#say(250);
			case "RCPT":
				this.#recipients++;
				if (this.#refuses("RCPT") || (this.#refuses("some") && this.#recipients > 1)) return this.#refuse(450);
				if (this.#mood.refusal === "hang-up" && this.#recipients === 7) return this.#connection.end();
				return this.#mood.refusal === "hang-up" ? this.#refuse(450) : this.#say(250);
			case "DATA":
				if (this.#refuses("RCPT") || this.#refuses("MAIL")) return this.#refuse(503);
				if (this.#refuses("DATA")) return this.#refuse(451);
				this.#content = "";
				return this.#say(354);
			case "RSET":
				return this.#refuses("RSET") ? this.#refuse(421) : this.#say(250);
			case "QUIT":
				this.#say(221);
				return this.#connection.end();
			default:
				return this.#refuse(500);
		}
	}

	#authenticate(): void {
		if (--this.#challenges)
			return void this.#connection.send(Buffer.concat([Buffer.from("334 "), this.#fill(LINE), Buffer.from(CRLF)]));
		if (this.#refuses("AUTH")) this.#refuse(454);
		else this.#say(235);
	}

	#refuses(refusal: Refusal): boolean {
		return this.#mood.refusal === refusal || (refusal === "MAIL" && this.#mood.refusal === "RSET");
	}

	#refuse(code: number): void {
		this.#say(code);
		if (code === 421) this.#connection.end();
	}

	/** A reply of as many lines as are allowed, of which some are as long as is allowed. */
	#say(code: number, words: readonly string[] = []): void {
		const lines: Buffer[] = words.map((word) => Buffer.from(word));
		for (const length of [0, LINE, 300, LINE - 1]) lines.push(this.#fill(length));
		while (code >= 400 && lines.length < 127) lines.push(this.#fill(20));
		const last = lines.length - 1;
		const said = lines.flatMap((line, i) => [Buffer.from(`${code}${i < last ? "-" : " "}`), line, Buffer.from(CRLF)]);
		this.#connection.send(Buffer.concat(said));
	}

	#fill(length: number): Buffer {
		return Buffer.alloc(length, this.#mood.filling);
	}
}
