/** What an alert costs the firmware on the emulated chip. */
import type { Firmware } from "../../../commands/chip/firmware.js";
import { busyCycles, busyMs, type ChipFigures, ticksToMs } from "../../../hardware/chip/figures.js";
import { Scene } from "./image.js";

/** Cycles in which it worked, and their time at both clocks. */
export interface Work {
	cycles: number;
	msAt80: number;
	msAt160: number;
}

export interface AlertCosts {
	/** From reset until Wi-Fi is on and the clock set. */
	ready: Work;
	/** From the press to the server's 250 after the message. */
	alert: Work;
	/** Within it, TLS: from the server's go-ahead to the first command that is encrypted. */
	handshake: Work | undefined;
	leastHeap: number;
	/** Bytes of the application's stack, and of NONOS's. */
	stack: number;
	systemStack: number;
	/** The longest that the event loop did not come round, from reset to the end. */
	longestMs: number;
	exceptions: number;
	watchdogBites: number;
	flashWrites: number;
	flashErases: number;
}

/** So often it is looked, in ms of the chip's time: what happens between is counted to what comes before. */
const STEP_MS = 2;
const LIMIT_MS = 60_000;

/** Runs it from power-on to the mail. @throws Error where the mail does not come */
export async function measureAlert(firmware: Firmware, costs: "model" | "none"): Promise<AlertCosts> {
	const scene = await Scene.open(firmware);
	try {
		const moments = new Moments(scene);
		await scene.powerOn({ costs });
		if (!(await scene.untilReady())) throw new Error(`it does not get ready: ${scene.end?.reason}`);
		const before = await scene.board.figures();
		const ready = workOf(before);
		scene.board.mark();
		scene.board.press();
		await moments.until(() => scene.mails.length > 0);
		scene.board.release();
		const alert = workOf(await scene.board.figures());
		await scene.board.advance(3_000);
		const end = await scene.board.figures();
		const longest = Math.max(end.longestTurnTicks, before.longestTurnTicks);
		return {
			...{ ready, alert, handshake: moments.handshake },
			...{ leastHeap: end.leastHeap, stack: end.applicationStack, systemStack: end.systemStack },
			longestMs: ticksToMs(longest),
			...{ exceptions: end.exceptions, watchdogBites: end.watchdogBites },
			...{ flashWrites: end.flashWrites, flashErases: end.flashErases },
		};
	} finally {
		await scene.close();
	}
}

/** Looks again and again, and keeps when the handshake began and ended. */
class Moments {
	handshake: Work | undefined;
	readonly #scene: Scene;
	#begins = false;
	#ends = false;

	constructor(scene: Scene) {
		this.#scene = scene;
		scene.inbox.on("dialogue", (line) => {
			if (line.startsWith("S: 220 Ready to start TLS")) this.#begins = true;
			else if (this.#begins && line.startsWith("C: EHLO")) this.#ends = true;
		});
	}

	async until(isSo: () => boolean): Promise<void> {
		const { board } = this.#scene;
		let begin: ChipFigures | undefined;
		const look = this.#scene.until(isSo, LIMIT_MS, STEP_MS);
		let done = false;
		void look.then(() => {
			done = true;
		});
		while (!done && !this.#scene.end) {
			const figures = await board.figures();
			if (this.#begins && !begin) begin = figures;
			if (this.#ends && begin && !this.handshake) this.handshake = difference(workOf(figures), workOf(begin));
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
		if (!(await look)) throw new Error(`no mail comes: ${this.#scene.end?.reason ?? "in a minute of the chip's time"}`);
	}
}

function workOf(figures: ChipFigures): Work {
	return { cycles: busyCycles(figures), msAt80: busyMs(figures, 80), msAt160: busyMs(figures, 160) };
}

function difference(a: Work, b: Work): Work {
	return { cycles: a.cycles - b.cycles, msAt80: a.msAt80 - b.msAt80, msAt160: a.msAt160 - b.msAt160 };
}
