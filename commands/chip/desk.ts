/** The emulated chip, the inbox and what a person sees of them. */
import { setTimeout as delay } from "node:timers/promises";
import { ChipBoard, type ChipEnd, type ChipOptions } from "../../hardware/chip/board.js";
import type { ChipFigures } from "../../hardware/chip/figures.js";
import type { Inbox, ReceivedMail } from "../inbox.js";
import { Screen } from "../run/screen.js";
import { showMail } from "../run/show.js";
import { printable, type Style, styleFor } from "../terminal.js";
import { SerialDebugger } from "./debugger.js";
import { describeFigures } from "./report.js";

/** How long a finger stays on the button. */
const PRESS_MS = 150;
/** After the mail the firmware still has QUIT to say, and to write that the alert is done. */
const SETTLE_MS = 1000;
const LED_PIN = 16;

export class ChipDesk {
	readonly #inbox: Inbox;
	readonly #options: ChipOptions;
	readonly #screen = new Screen(process.stdout);
	readonly #style: Style = styleFor(process.stdout);
	#board!: ChipBoard;
	#figures: ChipFigures | undefined;
	#showsLED = false;
	#away = false;
	#pressing = false;
	#restarting = false;
	#ready: Promise<void> = Promise.resolve();

	constructor(inbox: Inbox, options: ChipOptions) {
		this.#inbox = inbox;
		this.#options = options;
		const { dim, cyan } = this.#style;
		inbox.on("dialogue", (text) =>
			this.#log("smtp", text.startsWith("C:") ? cyan(printable(text)) : dim(printable(text))),
		);
		inbox.on("mail", (mail) => this.#screen.log(`\n${showMail(mail, this.#style)}\n`));
		this.#log("inbox", `${inbox.host}:${inbox.port}`);
	}

	async powerOn(): Promise<void> {
		const present = !this.#away;
		const board = await ChipBoard.start({ ...this.#options, wifi: { ...this.#options.wifi, present } });
		this.#board = board;
		this.#ready = new Promise((resolve) => {
			board.on("note", (_who, text) => {
				if (text === "associated") resolve();
			});
		});
		const monitor = new SerialDebugger((bytes) => board.write(bytes));
		board.on("trace", (text) => {
			for (const said of monitor.take(text)) this.#log("chip", printable(said));
		});
		board.on("note", (who, text) => this.#log(who, text));
		board.on("pin", (pin, level) => pin === LED_PIN && this.#showLED(1 - level));
	}

	/** Presses once, as soon as there is Wi-Fi, and waits for the mail. */
	async once(timeoutMs: number): Promise<number> {
		const deadline = new AbortController();
		const late = delay(timeoutMs, `no mail has come within ${timeoutMs / 1000} seconds`, deadline).catch(() => "");
		const ended = this.#board.exited.then(describeEnd);
		await Promise.race([this.#ready, ended, late]);
		const mail: Promise<ReceivedMail> = this.#inbox.next();
		void this.#press();
		const outcome = await Promise.race([mail, ended, late]);
		if (typeof outcome === "object") await Promise.race([delay(SETTLE_MS), ended]);
		deadline.abort();
		await this.#report();
		if (typeof outcome === "object") return 0;
		process.stderr.write(`chip: ${outcome}\n`);
		return 1;
	}

	/** Takes keys until q, or until the chip has stopped. */
	async untilQuit(): Promise<number> {
		const { stdin } = process;
		this.#showsLED = true;
		this.#showLED(0);
		const quit = new Promise<undefined>((resolve) => {
			stdin.on("data", (keys: Buffer) => {
				for (const key of keys.toString()) if (!this.#take(key)) resolve(undefined);
			});
		});
		stdin.setRawMode(true).resume();
		const reason = await Promise.race([quit, this.#stopped()]);
		stdin.setRawMode(false).pause();
		this.#screen.close();
		await this.#report();
		if (reason === undefined) return 0;
		process.stderr.write(`chip: ${reason}\n`);
		return 1;
	}

	async close(): Promise<void> {
		await this.#board.close();
	}

	/** @returns false where it is to end */
	#take(key: string): boolean {
		if (key === "q" || key === "\x03" || key === "\x04") return false;
		if (key === " " || key === "\r" || key === "\n") void this.#press();
		else if (key === "w") this.#switchWiFi();
		else if (key === "p") void this.#cyclePower();
		else if (key === "r") {
			this.#log("you", "pull the reset pin");
			this.#board.reset();
		}
		return true;
	}

	async #press(): Promise<void> {
		if (this.#pressing || this.#restarting) return;
		this.#pressing = true;
		this.#log("you", "press the button");
		const board = this.#board;
		board.press();
		await delay(PRESS_MS);
		board.release();
		this.#pressing = false;
	}

	#switchWiFi(): void {
		this.#away = !this.#away;
		this.#log("you", this.#away ? "switch the access point off" : "switch the access point on");
		this.#board.setWiFi(this.#away ? "lost" : "back");
	}

	async #cyclePower(): Promise<void> {
		if (this.#restarting) return;
		this.#restarting = true;
		this.#log("you", "take the power away and give it back");
		await this.#board.cutPower();
		this.#showLED(0);
		await this.powerOn();
		this.#restarting = false;
	}

	/** Settles when the chip has stopped by itself. */
	async #stopped(): Promise<string> {
		for (;;) {
			const board = this.#board;
			const end = await board.exited;
			if (!this.#restarting) return describeEnd(end);
			while (this.#board === board) await delay(10);
		}
	}

	async #report(): Promise<void> {
		this.#figures = await Promise.race([this.#board.figures(), this.#board.close().then(() => this.#board.figures())]);
		this.#screen.log(describeFigures(this.#figures));
	}

	#log(who: string, text: string): void {
		this.#screen.log(`${this.#style.dim(who.padEnd(6))} ${text}`);
	}

	#showLED(value: number): void {
		if (!this.#showsLED) return;
		const { yellow, dim } = this.#style;
		const keys = [
			"LED    Space: press    w: Wi-Fi off, on    p: power off, on    r: reset    q: quit",
			"LED  Space: press  w: Wi-Fi  p: power  r: reset  q: quit",
			"Space, w, p, r, q",
		];
		this.#screen.status(...keys.map((text) => `${value ? yellow("●") : dim("○")} ${dim(text)}`));
	}
}

function describeEnd({ kind, reason }: ChipEnd): string {
	return `the chip has stopped: ${reason || kind}`;
}
