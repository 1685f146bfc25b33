import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { encodeFrame, FrameDecoder } from "../virtual/frames.js";
import { projectFolder } from "../virtual/project.js";
import { buildChip, type ChipBuild } from "./build.js";
import type { ChipFigures } from "./figures.js";
import { answer, decodeDatagram, encodeAnswer, type Names } from "./resolver.js";

export type { ChipFigures } from "./figures.js";

/** The desk's loopback, as the chip sees it. */
export const DESK = "10.0.2.2";

export interface ChipOptions {
	/** The firmware as the linker leaves it; beside an image it gives the names that are needed for Wi-Fi. */
	elf?: string;
	/** The firmware as it is written to flash. */
	image?: string;
	/** A file that keeps the flash beyond this life of the chip. Default: it is erased, and gone at the end. */
	flash?: string;
	flashSize?: number;
	/** A dump of the boot ROM, which is then executed. Default: its functions are answered. */
	rom?: string;
	/** "real": as time passes. "free": as fast as it can, but only as far as `advance` lets it. Default: "real". */
	pace?: "real" | "free";
	/** "model": what instructions take (README). "none": one cycle each. Default: "model". */
	costs?: "model" | "none";
	/** "end": an exception, or a watchdog, ends the run. "go-on": the firmware deals with it, as on the chip. */
	faults?: "end" | "go-on";
	/** The access point; left out: it lets everyone in. */
	wifi?: { ssid?: string; password?: string; stepMs?: number; heap?: number; present?: boolean };
	/** What a name resolves to. Default: the desk, whatever it is. */
	names?: Names;
	/** Milliseconds since 1970 that a time server tells. Default: the desk's clock. */
	now?: () => number | "silence";
	/** Ports of the desk's that stand for those that the firmware connects to. */
	ports?: Record<number, number>;
	/** Ports of the desk's loopback that lead to ports of the firmware's: in its network, or in that of its own access point. */
	forward?: Record<number, number>;
	forwardPoint?: Record<number, number>;
	/** The power goes in the middle of that change (write or erase) of the flash; so many of 256 of it are done. */
	cut?: { change: number; share?: number };
	/** "one": a restart, a reset and sleep end the run. "many": they do not, as on the chip. Default: "one". */
	lives?: "one" | "many";
	build?: ChipBuild;
}

/** How a life of the chip ended. */
export interface ChipEnd {
	kind:
		| "closed"
		| "fault"
		| "stack"
		| "soft watchdog"
		| "hardware watchdog"
		| "halt"
		| "restart"
		| "reset"
		| "deep sleep"
		| "power cut"
		| "refused"
		| "killed";
	/** For people. */
	reason: string;
	/** "deep sleep": until the timer wakes it, in microseconds; 0: until reset. */
	sleepUs: number;
}

interface Events {
	/** A line on the first serial port. */
	trace: [line: string];
	/** What the emulator tells of what goes on: "wifi", "associated". */
	note: [who: string, text: string];
	/** An output's level has changed. */
	pin: [pin: number, level: number];
	exit: [end: ChipEnd];
}

const BUTTON_PIN = 0;

/**
 * An ESP8266 that is not there: it runs the very image that is flashed. A process is one life of the chip; a restart is
 * another, with the same flash.
 *
 * ```ts
 * const board = await ChipBoard.start({ elf: "main.elf", flash: "flash.bin" });
 * board.on("pin", (pin, level) => console.log(pin, level));
 * board.press();
 * ```
 */
export class ChipBoard extends EventEmitter<Events> {
	/** Resolves when the life is over, never rejects. */
	readonly exited: Promise<ChipEnd>;
	readonly #child;
	readonly #options: ChipOptions;
	readonly #decoder = new FrameDecoder();
	#line = "";
	#end: ChipEnd | undefined;
	#figures: ChipFigures | undefined;
	readonly #waiting: ((figures: ChipFigures) => void)[] = [];
	/** Who waits until that much of the chip's time has passed, in milliseconds. */
	#idle: { until: number; resolve: () => void }[] = [];
	#horizon = 0;

	private constructor(program: string, options: ChipOptions) {
		super();
		this.#options = options;
		this.#child = spawn(program, argumentsOf(options), { stdio: ["pipe", "pipe", "inherit"] });
		this.#child.stdin.on("error", () => {});
		this.#child.stdout.on("data", (bytes: Buffer) => this.#receive(bytes));
		this.exited = new Promise((resolve) => {
			this.#child.once("error", ({ message }) => resolve(this.#ended(killed(message))));
			this.#child.once("close", (code, signal) =>
				resolve(this.#ended(this.#end ?? killed(`the emulator ended with ${signal ?? code}`))),
			);
		});
	}

	/** Builds the emulator if need be, and switches the chip on. @throws Error where it cannot be built */
	static async start(options: ChipOptions): Promise<ChipBoard> {
		return new ChipBoard(await buildChip(projectFolder(), options.build), options);
	}

	/** The process's id; undefined if it could not be started. */
	get pid(): number | undefined {
		return this.#child.pid;
	}

	press(): void {
		this.setPin(BUTTON_PIN, 0);
	}

	release(): void {
		this.setPin(BUTTON_PIN, 1);
	}

	/** Sets the level of an input. */
	setPin(pin: number, level: 0 | 1): void {
		this.#send("i", Buffer.from([pin, level]));
	}

	/** The access point goes, comes back, or lets no one in any more. */
	setWiFi(state: "lost" | "back" | "refuses"): void {
		this.#send("w", { lost: "0", back: "1", refuses: "r" }[state]);
	}

	/** Bytes for the first serial port. */
	write(bytes: Uint8Array): void {
		this.#send("u", bytes);
	}

	/** Lets so much of the chip's time pass (pace "free"); resolves when it has, or the life has ended. */
	advance(milliseconds: number): Promise<void> {
		const step = Math.round(milliseconds);
		this.#horizon += step;
		const passed = new Promise<void>((resolve) => this.#idle.push({ until: this.#horizon, resolve }));
		this.#send("a", String(step));
		return Promise.race([passed, this.exited.then(() => {})]);
	}

	/** What was measured until now; after the end, until then. */
	figures(): Promise<ChipFigures> {
		if (this.#end && this.#figures) return Promise.resolve(this.#figures);
		const told = new Promise<ChipFigures>((resolve) => this.#waiting.push(resolve));
		this.#send("f");
		return told;
	}

	/** Begins to measure anew. */
	mark(): void {
		this.#send("k");
	}

	/** Pulls the reset pin. */
	reset(): void {
		this.#send("r");
	}

	/** Switches it off; flash is told what was measured first. */
	close(): Promise<ChipEnd> {
		this.#send("q");
		return this.exited;
	}

	/** Takes the power away, whatever it is at. */
	cutPower(): Promise<ChipEnd> {
		this.#child.kill("SIGKILL");
		return this.exited;
	}

	#send(kind: string, body: string | Uint8Array = ""): void {
		this.#child.stdin.write(encodeFrame(kind, body));
	}

	#receive(bytes: Buffer): void {
		for (const { kind, body } of this.#decoder.push(bytes))
			switch (kind) {
				case "u":
					this.#serial(body.toString("latin1"));
					break;
				case "l":
					this.emit("pin", body[0] as number, body[1] as number);
					break;
				case "n": {
					const [who = "", text = ""] = body.toString("utf8").split("\0");
					this.emit("note", who, text);
					break;
				}
				case "d":
					this.#answer(body);
					break;
				case ".":
					this.#passed(Number(body.toString()));
					break;
				case "f": {
					const figures = JSON.parse(body.toString()) as ChipFigures;
					this.#figures = figures;
					for (const resolve of this.#waiting.splice(0)) resolve(figures);
					break;
				}
				case "x":
					this.#end = JSON.parse(body.toString()) as ChipEnd;
			}
	}

	#passed(milliseconds: number): void {
		const due = this.#idle.filter(({ until }) => until <= milliseconds);
		this.#idle = this.#idle.filter(({ until }) => until > milliseconds);
		for (const { resolve } of due) resolve();
	}

	#answer(body: Buffer): void {
		const { names = () => DESK, now = Date.now } = this.#options;
		const datagram = decodeDatagram(body);
		this.#send("d", encodeAnswer(datagram, answer(datagram, names, now)));
	}

	#serial(text: string): void {
		const lines = (this.#line + text).split(/[\r\n\0]+/);
		this.#line = lines.pop() as string;
		for (const line of lines) if (line) this.emit("trace", line);
	}

	#ended(end: ChipEnd): ChipEnd {
		if (this.#line) this.emit("trace", this.#line);
		this.#line = "";
		this.#end = end;
		this.emit("exit", end);
		return end;
	}
}

function killed(reason: string): ChipEnd {
	return { kind: "killed", reason, sleepUs: 0 };
}

function pairs(name: string, ports: Record<number, number> = {}): string[] {
	return Object.entries(ports).map(([port, to]) => `--${name}=${port}:${to}`);
}

function argumentsOf(options: ChipOptions): string[] {
	const { wifi = {}, ports = {}, cut } = options;
	const values: Record<string, string | number | undefined> = {
		elf: options.elf,
		image: options.image,
		flash: options.flash,
		"flash-size": options.flashSize,
		rom: options.rom,
		pace: options.pace,
		costs: options.costs,
		faults: options.faults,
		lives: options.lives,
		ssid: wifi.ssid,
		password: wifi.password,
		"step-ms": wifi.stepMs,
		"radio-heap": wifi.heap,
		wifi: wifi.present === false ? "off" : undefined,
		cut: cut?.change,
		"cut-share": cut?.share,
	};
	const given = Object.entries(values).filter(([, value]) => value !== undefined);
	return [
		...given.map(([name, value]) => `--${name}=${value}`),
		...pairs("port", ports),
		...pairs("forward", options.forward),
		...pairs("forward-point", options.forwardPoint),
	];
}
