/** A mail server, or a mail store, as a function of what it hears: no sockets, no time. Text is a character a byte. */
export interface Offer {
	/** What EHLO offers, before and after TLS. */
	readonly extensions: readonly string[];
	readonly lmtp?: boolean;
	readonly tls?: boolean;
	/** The message is refused in the end. */
	readonly refuses?: boolean;
}

const enum Expects {
	Command,
	Response,
	Content,
	Chunk,
	Handshake,
	Nothing,
}

export class MailServer {
	/** Messages that it has taken: for how many recipients each. */
	readonly taken: number[] = [];
	/** Characters said until the last reply to a message was complete, for each message. */
	readonly answeredAt: number[] = [];
	private offer: Offer;
	private expects = Expects.Command;
	private input = "";
	private said = 0;
	private isSecure = false;
	private from: string | undefined;
	private recipients = 0;
	private chunk = 0;
	private isLast = false;
	private challenges: string[] = [];

	constructor(offer: Offer) {
		this.offer = offer;
	}

	greet(): string {
		return this.say("220 mx.example.net ESMTP");
	}

	/** The handshake is over. */
	secure(): void {
		this.isSecure = true;
		this.expects = Expects.Command;
		this.input = "";
		this.from = undefined;
		this.recipients = 0;
	}

	/** @returns what it says to that */
	hear(text: string): string {
		this.input += text;
		let answer = "";
		for (;;) {
			const { input, expects } = this;
			if (expects === Expects.Nothing || expects === Expects.Handshake) return answer;
			if (expects === Expects.Chunk) {
				const count = Math.min(this.chunk, input.length);
				this.input = input.slice(count);
				this.chunk -= count;
				if (this.chunk > 0) return answer;
				this.expects = Expects.Command;
				answer += this.isLast ? this.take() : this.say("250 2.0.0 chunk");
				continue;
			}
			const end = input.indexOf("\r\n");
			if (end < 0) return answer;
			const line = input.slice(0, end);
			this.input = input.slice(end + 2);
			if (expects === Expects.Content) {
				if (line !== ".") continue;
				this.expects = Expects.Command;
				answer += this.take();
			} else answer += expects === Expects.Response ? this.respond(line) : this.command(line);
		}
	}

	private say(...lines: string[]): string {
		const text = `${lines.join("\r\n")}\r\n`;
		this.said += text.length;
		return text;
	}

	private take(): string {
		const { lmtp, refuses } = this.offer;
		const { recipients } = this;
		const reply = refuses ? "554 5.7.1 not this one" : "250 2.0.0 taken";
		let answer = "";
		for (let i = lmtp ? recipients : 1; i > 0; i--) answer += this.say(reply);
		if (!refuses) {
			this.taken.push(recipients);
			this.answeredAt.push(this.said);
		}
		this.from = undefined;
		this.recipients = 0;
		return answer;
	}

	private respond(line: string): string {
		if (line === "*") {
			this.expects = Expects.Command;
			return this.say("501 5.7.0 cancelled");
		}
		const next = this.challenges.shift();
		if (next !== undefined) return this.say(`334 ${next}`);
		this.expects = Expects.Command;
		return this.say("235 2.7.0 welcome");
	}

	private command(line: string): string {
		const [verb = "", argument = "", more = ""] = line.split(" ");
		switch (verb.toUpperCase()) {
			case "EHLO":
			case "LHLO": {
				const all = ["mx.example.net", ...this.offer.extensions.filter((one) => !this.isSecure || one !== "STARTTLS")];
				return this.say(...all.map((one, i) => `250${i < all.length - 1 ? "-" : " "}${one}`));
			}
			case "HELO":
				return this.say("250 mx.example.net");
			case "STARTTLS":
				this.expects = Expects.Handshake;
				return this.say("220 2.0.0 go ahead");
			case "AUTH":
				if (argument === "PLAIN" && more) return this.say("235 2.7.0 welcome");
				this.challenges = argument === "LOGIN" ? ["UGFzc3dvcmQ6"] : [];
				this.expects = Expects.Response;
				return this.say(argument === "LOGIN" ? "334 VXNlcm5hbWU6" : "334 PDE4OTYuNjk3MTcwOTUyQHg+");
			case "MAIL":
				this.from = argument;
				return this.say("250 2.1.0 ok");
			case "RCPT":
				if (this.from === undefined) return this.say("503 5.5.1 MAIL first");
				if (!argument.startsWith("TO:<")) return this.say("501 5.5.4 syntax");
				this.recipients++;
				return this.say("250 2.1.5 ok");
			case "DATA":
				if (!this.recipients) return this.say("503 5.5.1 RCPT first");
				this.expects = Expects.Content;
				return this.say("354 go ahead");
			case "BDAT": {
				this.chunk = Number(argument);
				this.isLast = more === "LAST";
				if (!(this.chunk >= 0)) return this.say("501 5.5.4 syntax");
				if (this.recipients) this.expects = Expects.Chunk;
				else return this.say("503 5.5.1 RCPT first");
				return "";
			}
			case "RSET":
				this.from = undefined;
				this.recipients = 0;
				return this.say("250 2.0.0 ok");
			case "NOOP":
				return this.say("250 2.0.0 ok");
			case "QUIT":
				this.expects = Expects.Nothing;
				return this.say("221 2.0.0 bye");
			default:
				return this.say("500 5.5.2 what?");
		}
	}
}
