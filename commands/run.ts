/** `./build.sh run`: the virtual board and an inbox; press the button, read the mail. */
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readConfig } from "../config.js";
import { VirtualBoard } from "../hardware/virtual/board.js";
import { boardEngine, engineOption } from "./engine.js";
import { Inbox, type ReceivedMail } from "./inbox.js";
import { type CommandLine, ConfigurationError, EX_CONFIG, integer, readCommandLine, runCommand } from "./options.js";
import { Screen } from "./run/screen.js";
import { showMail } from "./run/show.js";
import {
	appManifest,
	checkConfiguration,
	configOf,
	configuredValues,
	localManifest,
	manifestPath,
	type Values,
} from "./settings.js";
import { printable, type Style, styleFor } from "./terminal.js";

const line: CommandLine<"once" | "timeout" | "engine"> = {
	usage: "./build.sh [run] [--once] [--timeout SECONDS] [--engine NAME]",
	about: `Runs the app on the virtual board, with an inbox on this machine that receives its mail. At a terminal
Space or Enter presses the button, w takes Wi-Fi away and gives it back, p takes the power away and gives it back, q quits.
Without one the button is pressed once. No mail leaves this machine; of ${localManifest} only the texts and addresses are used. To try a real account: ./build.sh send`,
	options: {
		once: { help: "press once and quit, also at a terminal" },
		timeout: { value: "SECONDS", help: "how long to wait for the mail when pressing once (default: 30)" },
		engine: engineOption,
	},
	notes: "Exit code: 0 the mail has come, 1 it has not, 78 the configuration makes no sense, 64 wrong usage.",
};

/** How long a finger stays on the button. */
const PRESS_MS = 150;

async function run(argv: string[]): Promise<number> {
	const given = readCommandLine(line, argv);
	const timeoutMs = integer("timeout", given.value("timeout") ?? "30", 1, 3600) * 1000;
	const engine = boardEngine(given.value("engine"));
	const interactive = process.stdin.isTTY && process.stdout.isTTY && !given.flag("once");
	// what a board keeps when its power is taken away
	const flash = interactive ? { storage: mkdtempSync(join(tmpdir(), "flash-")) } : undefined;
	const inbox = await Inbox.start();
	try {
		const { manifest, values } = project();
		const config = inboxConfig(inbox, values);
		const all = { ...values, ...config };
		if (!checkConfiguration(all)) return EX_CONFIG;
		const powerOn = () => VirtualBoard.start({ manifest, config, seed: randomInt(1, 2 ** 31), ...engine, ...flash });
		const desk = new DeskTop(await powerOn(), powerOn, inbox, readConfig(all).config.debounceMs);
		try {
			return await (interactive ? desk.untilQuit() : desk.once(timeoutMs));
		} finally {
			await desk.close();
		}
	} finally {
		await inbox.close();
		if (flash) rmSync(flash.storage, { recursive: true });
	}
}

/** What is to run: the app as configured, or as it is without a configuration where that cannot be read. */
function project(): { manifest: string; values: Values } {
	try {
		return { manifest: manifestPath(), values: configuredValues() };
	} catch (error) {
		if (!(error instanceof ConfigurationError)) throw error;
		process.stderr.write(`${error.message}\nUntil then this goes on without it.\n`);
		return { manifest: appManifest, values: configOf(appManifest) };
	}
}

/** The app's configuration with the built-in inbox as its mail server; "" takes a key away. */
function inboxConfig(inbox: Inbox, { from, to }: Values): Record<string, string | number> {
	return {
		ssid: "virtual",
		password: "",
		smtpHost: inbox.host,
		smtpPort: inbox.port,
		smtpSecurity: "none",
		smtpUser: "",
		smtpPassword: "",
		...(from ? {} : { from: "board@example.org" }),
		...(to ? {} : { to: "you@example.org" }),
	};
}

/** The board, the inbox and what a person sees of them. */
class DeskTop {
	#board: VirtualBoard;
	readonly #powerOn: () => Promise<VirtualBoard>;
	/** The board is being started again. */
	#restart: Promise<void> | undefined;
	readonly #inbox: Inbox;
	readonly #screen = new Screen(process.stdout);
	readonly #style: Style = styleFor(process.stdout);
	readonly #debounceMs: number;
	#away = false;
	#showsLED = false;
	#isDown = false;
	/** When the button was last let go of. */
	#lastEdge = 0;

	/** @param powerOn starts another board with the same flash */
	constructor(board: VirtualBoard, powerOn: () => Promise<VirtualBoard>, inbox: Inbox, debounceMs: number) {
		this.#debounceMs = debounceMs;
		this.#board = board;
		this.#powerOn = powerOn;
		this.#inbox = inbox;
		const { dim, cyan } = this.#style;
		this.#watch(board);
		inbox.on("dialogue", (text) =>
			this.#log("smtp", text.startsWith("C:") ? cyan(printable(text)) : dim(printable(text))),
		);
		inbox.on("mail", (mail) => this.#screen.log(`\n${showMail(mail, this.#style)}\n`));
		this.#log("inbox", `${inbox.host}:${inbox.port}`);
	}

	/** Presses once and waits for the mail. */
	async once(timeoutMs: number): Promise<number> {
		const deadline = new AbortController();
		const late = delay(timeoutMs, `no mail has come within ${timeoutMs / 1000} seconds`, deadline);
		late.catch(() => {}); // aborted, as nobody waits for it any more
		const told = this.#alertTold();
		const failed = told.then((state) =>
			state.startsWith("sent") ? new Promise<never>(() => {}) : `the app says: ${state}`,
		);
		const outcome = await Promise.race([this.#pressForMail(), failed, this.#ended(), late]);
		if (typeof outcome === "object") await Promise.race([told, this.#ended(), late]); // the app, too, has to know
		deadline.abort();
		if (typeof outcome === "object") return 0;
		process.stderr.write(`run: ${outcome}\n`);
		return 1;
	}

	/** Takes keys until q, or until the board has stopped. */
	async untilQuit(): Promise<number> {
		const { stdin } = process;
		this.#showsLED = true;
		this.#showLED(0);
		const quit = new Promise<undefined>((resolve) => {
			stdin.on("data", (keys: Buffer) => {
				for (const key of keys.toString()) {
					if (key === " " || key === "\r" || key === "\n") void this.#press();
					else if (key === "w") this.#switchWiFi();
					else if (key === "p") this.#cyclePower();
					else if (key === "q" || key === "\x03" || key === "\x04") resolve(undefined);
				}
			});
		});
		stdin.setRawMode(true).resume();
		const reason = await Promise.race([quit, this.#ended()]);
		stdin.setRawMode(false).pause();
		this.#screen.close();
		if (reason === undefined) return 0;
		process.stderr.write(`run: ${reason}\n`);
		return 1;
	}

	async close(): Promise<void> {
		await this.#restart?.catch(() => {});
		await this.#board.close();
	}

	#watch(board: VirtualBoard): void {
		board.on("trace", (text) => this.#log("board", printable(text)));
		board.on("led", ({ value }) => this.#showLED(value));
	}

	async #pressForMail(): Promise<ReceivedMail> {
		const mail = this.#inbox.next();
		await this.#press();
		return mail;
	}

	async #press(): Promise<void> {
		this.#log("you", "press the button");
		if (this.#isTooSoon()) this.#log("board", "too soon after the last press to be another one (debounceMs)");
		if (this.#isDown || this.#restart) return;
		this.#isDown = true;
		const board = this.#board;
		await board.press();
		await delay(PRESS_MS);
		if (board === this.#board && !this.#restart) await board.release();
		this.#isDown = false;
		this.#lastEdge = Date.now();
	}

	/** Whether the app will take a press for a bounce of the one before: the finger is gone before the contact was still. */
	#isTooSoon(): boolean {
		return this.#isDown || (this.#debounceMs > PRESS_MS && Date.now() - this.#lastEdge < this.#debounceMs);
	}

	/** How an alert went, as the app traces it: "alert 3f.7: sent", "alert 3f.7: failed: no network after 60 s". */
	#alertTold(): Promise<string> {
		return new Promise((resolve) => {
			this.#board.on("trace", (text) => {
				const [, state] = /^alert \S+: ((?:sent|failed).*)/.exec(text) ?? [];
				if (state) resolve(printable(state));
			});
		});
	}

	#cyclePower(): void {
		if (this.#restart) return;
		this.#log("you", "take the power away and give it back");
		this.#restart = this.#startAgain();
	}

	async #startAgain(): Promise<void> {
		await this.#board.close();
		this.#showLED(0);
		const board = await this.#powerOn();
		this.#watch(board);
		if (this.#away) board.wifi.drop();
		this.#board = board;
		this.#restart = undefined;
	}

	#switchWiFi(): void {
		this.#away = !this.#away;
		this.#log("you", this.#away ? "switch the access point off" : "switch the access point on");
		if (this.#restart) return; // it will find it so
		if (this.#away) this.#board.wifi.drop();
		else this.#board.wifi.restore();
	}

	/** Settles when the board has stopped by itself. */
	async #ended(): Promise<string> {
		for (;;) {
			const { reason } = await this.#board.exited;
			if (!this.#restart) return `the board has stopped: ${reason}`;
			await this.#restart;
		}
	}

	#log(who: string, text: string): void {
		this.#screen.log(`${this.#style.dim(who.padEnd(6))} ${text}`);
	}

	#showLED(value: number): void {
		if (!this.#showsLED) return;
		const { yellow, dim } = this.#style;
		const keys = [
			"LED    Space: press    w: Wi-Fi off, on    p: power off, on    q: quit",
			"LED  Space: press  w: Wi-Fi  p: power  q: quit",
			"Space, w, p, q",
		];
		this.#screen.status(...keys.map((text) => `${value ? yellow("●") : dim("○")} ${dim(text)}`));
	}
}

await runCommand("run", run);
