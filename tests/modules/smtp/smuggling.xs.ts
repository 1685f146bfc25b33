/**
 * B11: a server that offers chunks, refuses them and reads on where they stand, as some do, takes a message's lines for
 * commands. No message can send another mail by it.
 */
import { deepEqual, equal, ok, test } from "harness";
import { chunkEnd } from "smtp/chunk";
import { converse, hello, mail, source } from "./conversation";

const offer = hello("PIPELINING", "CHUNKING");

/** How a server takes chunks: refuses the command, the recipient, the sender, or only the chunk that is its n-th. */
type Refusal = "BDAT" | "RCPT" | "MAIL" | number;

/** A server that never skips the octets of a chunk that it refuses. */
class Gullible {
	/** Mails that it has taken: recipients and content. */
	readonly mails: string[] = [];
	/** Commands that it has understood. */
	readonly verbs: string[] = [];
	private refusal: Refusal;
	private input = "";
	private recipients: string[] = [];
	private from = "";
	private content = "";
	private chunk = 0;
	private isData = false;
	private chunks = 0;

	constructor(refusal: Refusal) {
		this.refusal = refusal;
	}

	hear(text: string): string {
		this.input += text;
		let said = "";
		for (;;) {
			if (this.chunk > 0 || this.isLast) {
				const part = this.input.slice(0, this.chunk);
				this.content += part;
				this.input = this.input.slice(part.length);
				this.chunk -= part.length;
				if (this.chunk > 0) return said;
				said += "250 ok\r\n";
				if (this.isLast) this.take();
				continue;
			}
			const end = this.input.indexOf("\r\n");
			if (end < 0) return said;
			const line = this.input.slice(0, end);
			this.input = this.input.slice(end + 2);
			said += this.isData ? this.line(line) : this.command(line);
		}
	}

	private isLast = false;

	private take(): void {
		this.mails.push(`${this.recipients.join()}: ${this.content}`);
		this.isLast = this.isData = false;
		this.reset();
	}

	private reset(): void {
		this.recipients = [];
		this.from = this.content = "";
	}

	private line(line: string): string {
		if (line !== ".") {
			this.content += `${line}\r\n`;
			return "";
		}
		this.take();
		return "250 taken\r\n";
	}

	private command(line: string): string {
		const [verb = "", size = "", last] = line.trim().toUpperCase().split(" ");
		const isOurs = line === "MAIL FROM:<me@a>" || line === "RCPT TO:<you@b>";
		if (["EHLO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "QUIT", "AUTH"].includes(verb)) this.verbs.push(verb);
		else return "500 what?\r\n";
		if (verb === "MAIL" && !(this.refusal === "MAIL" && isOurs)) this.from = line;
		else if (verb === "RCPT" && this.from && !(this.refusal === "RCPT" && isOurs)) this.recipients.push(line.slice(8));
		else if (verb === "RSET" || verb === "EHLO") this.reset();
		else if (verb === "QUIT") return "221 bye\r\n";
		else if (!this.recipients.length) return "503 no\r\n";
		else if (verb === "DATA") {
			this.isData = true;
			return "354 go\r\n";
		} else if (this.refusal === "BDAT" || ++this.chunks === this.refusal) return "502 no\r\n";
		else {
			this.chunk = Number(size);
			this.isLast = last === "LAST";
			return "";
		}
		return "250 ok\r\n";
	}
}

const evil = (eol = "\r\n", indent = "") =>
	["", "RSET", "MAIL FROM:<evil@x>", "RCPT TO:<victim@y>", "DATA", "Subject: evil", "", "evil", ".", "QUIT", ""]
		.map((line) => (line ? indent + line : line))
		.join(eol);

/** The same in chunks of its own. */
const inChunks = "\r\nmail from:<evil@x>\r\nrcpt to:<victim@y>\r\nbdat 6 last\r\nevil\r\n";

const messages: Record<string, string> = {
	"a mail after the header": `Subject: x\r\n${evil()}`,
	"Unix lines": `Subject: x\n${evil("\n")}`,
	"white space before the commands": `Subject: x\r\n${evil("\r\n", " \t ")}`,
	"lower case": `Subject: x\r\n${evil().toLowerCase()}`,
	chunks: `Subject: x\r\n${inChunks}`,
	"at its very beginning": evil().slice(2),
	"only content, for our own recipients": "Subject: x\r\n\r\nDATA\r\nSubject: evil\r\n\r\nevil\r\n.\r\n",
};

for (const [name, text] of Object.entries(messages))
	for (const refusal of ["BDAT", "RCPT", "MAIL", 1, 2, 3] as const)
		test(`B11: ${name}, ${refusal} refused: no other mail is sent`, async () => {
			for (const padding of [0, 300, 380, 420, 460, 900]) {
				const server = new Gullible(refusal);
				const body = padding ? text.replace("\r\n", `\r\n${"y".repeat(padding)}\r\n`) : text;
				const { events } = await converse("S: 220 x", {
					chunking: true,
					mail: { from: "me@a", to: "you@b", body: source(body) },
					timeout: 1000,
					hear(said, say) {
						if (said.startsWith("EHLO")) say("250-x\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
						else {
							const answer = server.hear(said);
							if (answer) say(answer);
						}
					},
				});
				ok(
					server.mails.every((one) => one.startsWith("<you@b>: Subject: x") || one.startsWith("<you@b>: RSET")),
					server.mails.join("|"),
				);
				equal(server.verbs.filter((verb) => verb === "MAIL").length, 1, "MAIL is said once");
				ok(server.verbs.filter((verb) => verb === "RCPT").length <= 1, "RCPT is said once");
				ok(!server.verbs.includes("DATA") && events.length > 1, server.verbs.join());
				const sent = events[1]?.startsWith("sent") ?? false;
				equal(sent, server.mails.length === 1, events.join());
			}
		});

test("B11: what would be the same to a server that takes chunks is the same, whatever is in it", async () => {
	const words = ["MAIL", "Rcpt", "data", "BDAT 3 LAST", "burl", "x", "", "EHLO me", "MAI", "RCPTRCPT"];
	for (let i = 0; i < 60; i++) {
		let text = "";
		for (let j = 0; j < 40; j++) text += `${words[(i * 7 + j * j) % words.length]}${"z".repeat((i * j) % 90)}\r\n`;
		for (const canonical of [false, true]) {
			const server = new Gullible(99);
			const { read } = source(text, 1 + ((i * 37) % 200));
			const { events } = await converse("S: 220 x", {
				chunking: true,
				bufferBytes: 512 + (i % 3) * 300,
				mail: { from: "me@a", to: "you@b", body: { read, canonical } },
				room: 1072 - (i % 5) * 200,
				hear(said, say) {
					if (said.startsWith("EHLO")) say("250-x\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
					else {
						const answer = server.hear(said);
						if (answer) say(answer);
					}
				},
			});
			deepEqual(events, ["ready", "sent you@b", "ready", "close"], `${i}`);
			equal(server.mails[0], `<you@b>: ${text}`, `${i}`);
		}
	}
});

test("B11: a chunk ends behind the first letter of what could be a command", () => {
	const end = (text: string) => chunkEnd(new Uint8Array(ArrayBuffer.fromString(text)), 0, text.length);
	for (const [text, cut] of [
		["RCPT TO:<x>", 1],
		["a\r\nrcpt TO", 4],
		["a\r\n \tMail", 6],
		["a\nDATA", 3],
		["aRCPT", 5],
		["RCP", 3],
		["x\r\nMAI", 6],
		["Subject: DATA\r\n", 15],
		["", 0],
	] as const)
		equal(end(text), cut, text);
});

test("B11: a server that offers chunks and does not know them gets the next message by DATA", async () => {
	const script = `${offer}C: MAIL FROM:<me@a>
		C: RCPT TO:<you@b>
		C: BDAT 7 LAST
		C: Hello
		S: 250 ok
		S: 250 ok
		S: 502 5.5.1 no BDAT
		C: RSET
		S: 250 ok
		C: MAIL FROM:<me@a>
		C: RCPT TO:<you@b>
		C: DATA
		S: 250 ok
		S: 250 ok
		S: 354 go
		C: Hello
		C: .
		S: 250 ok
		C: QUIT
		S: 221 bye`;
	const { events, error } = await converse(script, {
		chunking: true,
		ready: (client, count) => (count < 3 ? client.send(mail()) : client.quit()),
	});
	deepEqual(events, ["ready", "refused BDAT 502", "ready", "sent you@b", "ready", "close"]);
	deepEqual([error?.temporary, error?.scope, error?.text], [true, "route", "no BDAT"]);
});
