/** The whole app on the virtual board, before a mail server of ours. */
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Inbox, type InboxOptions, type ReceivedMail } from "../../commands/inbox.js";
import { type BoardOptions, VirtualBoard } from "../../hardware/virtual/board.js";

export interface BenchOptions extends Omit<BoardOptions, "manifest"> {
	/** Default: the app as it is without TLS. */
	manifest?: string;
	server?: InboxOptions["server"];
	/** Of another bench; default: one of its own. */
	inbox?: Inbox;
}

/** A board with the app, an inbox, and what both have said. */
export class Bench {
	readonly board: VirtualBoard;
	readonly inbox: Inbox;
	/** Lines that the app has traced. */
	readonly traced: string[] = [];
	/** The LED's changes: 1 for lit. */
	readonly light: number[] = [];

	private constructor(board: VirtualBoard, inbox: Inbox) {
		this.board = board;
		this.inbox = inbox;
		board.on("trace", (line) => this.traced.push(line));
		board.on("led", ({ variant, value }) => variant === 0 && this.light.push(value));
	}

	static async start(context: TestContext, options: BenchOptions = {}): Promise<Bench> {
		const { server, config, inbox = await Inbox.start(server ? { server } : {}), ...rest } = options;
		if (!options.inbox) context.after(() => inbox.close());
		const board = await VirtualBoard.start({
			manifest: "manifest.json",
			config: {
				ssid: "home",
				smtpHost: inbox.host,
				smtpPort: inbox.port,
				smtpSecurity: "none",
				from: "board@example.org",
				to: "ada@example.org",
				...config,
			},
			...rest,
		});
		context.after(() => board.close());
		return new Bench(board, inbox);
	}

	/** Waits for a line of the trace with this in it; fails if the run ends before. */
	async line(part: string): Promise<string> {
		const found = this.traced.find((line) => line.includes(part));
		if (found !== undefined) return found;
		return new Promise((resolve, reject) => {
			this.board.on("trace", (line) => line.includes(part) && resolve(line));
			void this.board.exited.then(({ reason }) =>
				reject(new Error(`the run ended: ${reason}\n${this.traced.join("\n")}`)),
			);
		});
	}

	/** As `line`, where the board's clock is "manual": time passes until the line has come, no faster than it really does. */
	async lineInTime(part: string): Promise<string> {
		const line = this.line(part);
		for (let came = false; !came; ) {
			const passed = delay(1, false);
			came = await Promise.race([line.then(() => true), passed]);
			if (!came) await this.board.advance(1);
		}
		return line;
	}

	/** A press as short as can be: the app has seen each edge when the next thing happens. */
	async press(): Promise<void> {
		this.board.press();
		await this.board.figures();
		this.board.release();
		await this.board.figures();
	}

	/** Waits until so many mails are there. */
	async mails(count: number): Promise<ReceivedMail[]> {
		while (this.inbox.mails.length < count) {
			const ended = this.board.exited.then(({ reason }) => {
				throw new Error(`the run ended: ${reason}\n${this.traced.join("\n")}`);
			});
			await Promise.race([this.inbox.next(), ended]);
		}
		return this.inbox.mails;
	}
}
