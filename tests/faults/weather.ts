/** What goes wrong between a board and its mail server, hour by hour, in virtual time: Wi-Fi, names, the server itself. */
import type { NetworkOptions, Peer, PeerConnection, WiFi } from "../../hardware/virtual/board.js";
import { HANG_UP, MailServer, type TakenMail } from "../app/mail-server.js";
import { DAY, HOUR, MINUTE, SECOND } from "../app/virtual.js";
import type { Random } from "./random.js";

export const HOST = "mail.example.org";
const ADDRESS = "192.0.2.25";
/** Speaks HTTP on every port. */
const PORTAL = "192.0.2.80";

/** A kind of trouble. What is said of a server holds for those sessions that it falls on. */
interface Trouble {
	wifi?: "drop" | "refuse" | "flap";
	/** What the server's name resolves to. */
	dns?: string | null;
	/** The servers of the time have no name. */
	noTime?: boolean;
	greeting?: string;
	/** The start of a line, or "message", and what the server says to it: "" for silence. */
	to?: string;
	answer?: string;
	/** The server takes a message, and then the network is gone or the server: nobody reads its answer. */
	losesAnswer?: "silence" | "end";
	/** Answers take seconds. */
	isSlow?: boolean;
	/** How long it is, where it is not as long as any. */
	ms?: number;
}

const troubles: readonly Trouble[] = [
	{ wifi: "drop" },
	{ wifi: "drop", ms: 20 * SECOND },
	{ wifi: "refuse" },
	{ wifi: "flap", isSlow: true, ms: HOUR },
	{ isSlow: true, ms: HOUR },
	{ dns: null },
	{ dns: null, noTime: true },
	{ dns: "silence" },
	{ dns: PORTAL },
	{ greeting: "" },
	{ greeting: HANG_UP },
	{ greeting: `421 4.3.2 busy${HANG_UP}` },
	{ greeting: "554 5.7.1 go away" },
	{ losesAnswer: "silence", ms: 6 * HOUR },
	{ losesAnswer: "end", ms: 6 * HOUR },
	{ losesAnswer: "end", isSlow: true, ms: 3 * HOUR },
	{ to: "RCPT TO:<bob", answer: "451 4.7.1 greylisted" },
	{ to: "RCPT TO:<bob", answer: "550 5.1.1 no such user", ms: 40 * HOUR },
	{ to: "message", answer: "550 5.7.1 looks like spam", ms: 8 * HOUR },
	{ greeting: `421 4.3.2 down for days${HANG_UP}`, ms: 2.5 * DAY },
];
const places = ["EHLO", "AUTH", "MAIL", "RCPT", "RCPT TO:<bob", "DATA", "message", "QUIT"];
const answers = [
	...["", HANG_UP, "451 4.3.0 not now", `421 4.3.2 enough${HANG_UP}`],
	...["550 5.7.1 no", "535 5.7.8 no", "Content-Type: text/html", "250 2.0.0 what was asked?", "354 go ahead"],
];
const lengths = [5 * MINUTE, 20 * MINUTE, HOUR, 3 * HOUR, 9 * HOUR];
/** How often in a hundred sessions a server's trouble falls on one. */
const chances = [30, 70, 100];

/** A connection, and what its server has said that has not arrived. */
interface Line {
	connection: PeerConnection;
	waiting: (string | Uint8Array | "end")[];
	isDead: boolean;
	/** Messages that the server took, and the board may not know it. */
	taken: TakenMail[];
}

/** The way from the board to the server, with its weather. */
export class Weather {
	readonly server = new MailServer({
		greeting: () => (this.#falls ? this.#trouble.greeting : undefined),
		answer: (line) => (this.#falls && line.startsWith(this.#trouble.to ?? "\0") ? this.#trouble.answer : undefined),
	});
	readonly network: NetworkOptions = {
		dns: { [HOST]: ADDRESS },
		peers: (address, _port, connection) => this.#connect(address, connection),
	};
	/** Messages whose answer the board never read. */
	readonly unread = new Set<TakenMail>();
	/** Changes of the weather. */
	changes = 0;
	readonly #random: Random;
	readonly #wifi: () => WiFi;
	readonly #lines = new Set<Line>();
	#trouble: Trouble = {};
	#chance = 0;
	/** Whether the trouble falls on this session. */
	#falls = false;

	constructor(random: Random, wifi: () => WiFi) {
		this.#random = random;
		this.#wifi = wifi;
	}

	/** Answers are on their way, and need a `flush` to arrive. */
	get isSlow(): boolean {
		return this.#trouble.isSlow ?? false;
	}

	/** Trouble begins, or it ends. @returns for how long, in milliseconds */
	change(): number {
		const random = this.#random;
		this.changes++;
		if (this.#chance) return this.clear();
		const named = random.below(3) > 0;
		this.#enter(named ? random.of(troubles) : { to: random.of(places), answer: random.of(answers) });
		this.#chance = random.of(chances);
		return this.#vary(this.#trouble.ms ?? random.of(lengths));
	}

	/** All is well. @returns for how long, in milliseconds */
	clear(): number {
		this.#enter({});
		this.#chance = 0;
		return this.#vary(this.#random.of(lengths));
	}

	/** By a half either way. */
	#vary(ms: number): number {
		return Math.ceil(ms * (0.5 + this.#random.below(1000) / 1000));
	}

	/** What is on its way arrives; Wi-Fi may come and go. */
	flush(): void {
		if (this.#trouble.wifi === "flap")
			if (this.#random.below(6) === 0) this.#lose();
			else this.#wifi().restore();
		for (const line of this.#lines) this.#deliver(line);
	}

	#enter(trouble: Trouble): void {
		this.#trouble = {};
		this.flush();
		this.#trouble = trouble;
		const { dns } = this.network;
		Object.assign(dns as object, { [HOST]: trouble.dns === undefined ? ADDRESS : trouble.dns });
		Object.assign(dns as object, { "pool.ntp.org": trouble.noTime ? null : "192.0.2.123" });
		if (trouble.wifi === "drop") this.#lose();
		else if (trouble.wifi === "refuse") this.#wifi().refuse();
		else this.#wifi().restore();
	}

	/** What was on its way is lost, and so are the connections. */
	#lose(): void {
		this.#wifi().drop();
		for (const line of this.#lines) this.#kill(line);
	}

	#kill(line: Line): void {
		line.isDead = true;
		line.waiting.length = 0;
		for (const mail of line.taken) this.unread.add(mail);
	}

	#connect(address: string, connection: PeerConnection): Peer {
		if (address === PORTAL) connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
		if (address === PORTAL) return { onData: () => connection.end() };
		this.#falls = this.#random.below(100) < this.#chance;
		const falls = this.#falls;
		const trouble = this.#trouble;
		const line: Line = { connection, waiting: [], isDead: false, taken: [] };
		const say = (data: string | Uint8Array | "end") => {
			if (!line.isDead) line.waiting.push(data);
		};
		const peer = this.server.connect({ send: say, end: () => say("end") });
		this.#lines.add(line);
		this.#arrive(line);
		return {
			onData: (data) => {
				if (line.isDead) return;
				this.#falls = falls && trouble === this.#trouble;
				const before = this.server.mails.length;
				peer.onData(data);
				line.taken.push(...this.server.mails.slice(before));
				if (this.#falls && trouble.losesAnswer && line.taken.length) {
					this.#kill(line);
					if (trouble.losesAnswer === "end") connection.end();
				}
				this.#arrive(line);
			},
			onEnd: () => {
				this.#kill(line);
				this.#lines.delete(line);
			},
		};
	}

	#arrive(line: Line): void {
		if (!this.isSlow) this.#deliver(line);
	}

	#deliver(line: Line): void {
		if (!line.isDead && line.waiting.length) line.taken.length = 0; // what is read from here on tells of all that was taken
		for (const data of line.waiting.splice(0))
			if (data === "end") line.connection.end();
			else line.connection.send(data);
	}
}
