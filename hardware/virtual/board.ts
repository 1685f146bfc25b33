import { EventEmitter } from "node:events";
import type { Readable } from "node:stream";
import { buildEngine, type Emulator, type EngineTarget, engineCommand } from "./build-engine.js";
import { compile } from "./compile.js";
import { RealClock, VirtualClock } from "./devices/clock.js";
import { ClockDevice } from "./devices/clock-device.js";
import { Desk, type FileReader } from "./devices/desk.js";
import type { Device } from "./devices/device.js";
import { createNetwork, type NetworkOptions, SEGMENT_SIZE } from "./devices/network.js";
import { Pins } from "./devices/pins.js";
import { Preference } from "./devices/preference.js";
import type { Traffic } from "./devices/tcp.js";
import { Timers } from "./devices/timers.js";
import type { WiFi } from "./devices/wifi.js";
import { Engine, type Exit, ExitCode } from "./engine.js";
import { type Figures, type ProfileEntry, readProfileEntry } from "./figures.js";
import { type DeviceCall, FrameKind } from "./frames.js";
import { BuildError, load } from "./load.js";
import { type App, type JsonObject, type PartialCreation, readManifest } from "./manifest/manifest.js";
import { projectFolder } from "./project.js";

export type { EngineTarget } from "./build-engine.js";
export { CompileError } from "./compile.js";
export type { FileReader } from "./devices/desk.js";
export type { NetworkOptions } from "./devices/network.js";
export type { Peer, PeerConnection } from "./devices/peer.js";
export type { Traffic } from "./devices/tcp.js";
export type { WiFi, WiFiOptions } from "./devices/wifi.js";
export { type Exit, ExitCode } from "./engine.js";
export type { Figures, ProfileEntry } from "./figures.js";
export { type Creation, type JsonObject, ManifestError, type PartialCreation } from "./manifest/manifest.js";
export { BuildError };

export interface BoardOptions {
	/** Path of the app's manifest.json, read as mcconfig would for `platform`. */
	manifest: string;
	/** Default: "esp/nodemcu". */
	platform?: string;
	/** Laid over the manifest's `config`, as mcconfig's key=value. */
	config?: JsonObject;
	/** Laid over the manifest's `creation`. */
	creation?: PartialCreation;
	/** Modules by name, laid over the manifest's: the paths of their files. */
	modules?: Record<string, string>;
	network?: NetworkOptions;
	/** Default: "m32" where the machine can, else "m64", whose figures are not the chip's. "lx106": as the chip's processor. */
	engine?: EngineTarget;
	/** What emulates the chip's processor for "lx106". Default: QEMU where it is installed, else our core. */
	emulator?: Emulator;
	/** The folder of the preferences' file. Default: they are kept as long as the board is there. */
	storage?: string;
	/** What the app reads through `virtual/desk`. */
	input?: Readable | Uint8Array;
	/** Files that it reads there by position, each known by its index. */
	files?: readonly FileReader[];
	/**
	 * "virtual": time stands still while the app works and jumps to the next timer when nothing from outside is under
	 * way; with sockets open it moves by `advance` only. "manual": by `advance` only. Default: "real".
	 */
	clock?: "real" | "virtual" | "manual";
	/** What the board's calendar shows at start. Default: a day in 1995, as on the chip until someone sets it. */
	now?: Date;
	/** What its ticks show at start, milliseconds modulo 2^32. Default: 0. */
	ticks?: number;
	/** Where Math.random begins: an integer from 1 on. Default: 1, so that every run is the same. */
	seed?: number;
	/**
	 * Collect garbage before each allocation, so that peaks are what is in use, and nothing that waits to be collected.
	 * Default: as the engine does, when it is full.
	 */
	collectAlways?: boolean;
	/**
	 * Asked before and after each native call that reaches a device, such as "preference.set": true takes the power away there.
	 * What comes before has been done, what comes after never is.
	 */
	losesPower?(call: string, isDone: boolean): boolean;
	/**
	 * How long a callback may run before the run is ended: time that the processor gives it, where the system tells it.
	 * Default: 10,000; the chip's own watchdog waits 3,200.
	 */
	watchdogMs?: number;
}

/** What an LED of the board shows. */
export interface LEDState {
	pin: number;
	/** 0: `Host.LED.Default` and `A`; 1: `B`; undefined: another pin. */
	variant: number | undefined;
	/** 1: lit. */
	value: number;
}

interface Events {
	/** A line that the app has traced. */
	trace: [line: string];
	/** What the app has said by `Desk.report`. */
	report: [text: string];
	/** The app has set a pin, which may be an LED's: they are lit by 0. */
	led: [state: LEDState];
	/** With the figures, from the engine "profile": a function, by module and name, with the instructions that are its own. */
	profile: [entry: ProfileEntry];
	exit: [exit: Exit];
}

const WATCHDOG_MS = 10_000;
/** What the chip's calendar shows after a reset. */
const RESET_TIME_MS = 819_195_899_000;
const BUTTON_PIN = 0;
const LED_PINS = [16, 2];

/**
 * A board that is not there: the app's own manifest and sources on the XS engine, with devices on the desk.
 *
 * ```ts
 * const board = await VirtualBoard.start({ manifest: "manifest.json" });
 * board.on("trace", (line) => console.log(line));
 * board.press();
 * await board.close();
 * ```
 *
 * A run ends when the app asks for it (`Desk.exit`, `System.restart`), when the board is closed, or as it would on the
 * device: memory full, stack overflow, an exception that a callback does not catch. The device then restarts; here `exited`
 * tells why.
 */
export class VirtualBoard extends EventEmitter<Events> {
	/** Resolves when the run is over, never rejects. */
	readonly exited: Promise<Exit>;
	/** What the manifests came to. */
	readonly app: App;
	/** The Wi-Fi station and its access point: to drop, refuse, restore. */
	readonly wifi: WiFi;
	/** What went over the app's TCP connections. */
	readonly traffic: Readonly<Traffic>;
	readonly #engine: Engine;
	readonly #devices: Map<string, Device>;
	readonly #clock: RealClock | VirtualClock;
	readonly #jumps: boolean;
	readonly #pins: Pins;
	readonly #errors: string[] = [];
	readonly #losesPower: BoardOptions["losesPower"];
	#isOff = false;
	#figures: Figures | undefined;
	#line = "";

	private constructor(app: App, command: string[], options: BoardOptions) {
		super();
		this.app = app;
		const now = options.now?.getTime() ?? RESET_TIME_MS;
		this.#losesPower = options.losesPower;
		this.#jumps = options.clock === "virtual";
		this.#clock = (options.clock ?? "real") === "real" ? new RealClock(now) : new VirtualClock(now);
		const send = (
			resource: number,
			kind: string,
			words: (string | number)[] = [],
			data: Uint8Array = Buffer.alloc(0),
		) => this.#engine.send(FrameKind.event, `${[resource, kind, ...words].join(" ")}\0`, data);
		const network = createNetwork(options.network ?? {}, this.#clock, send);
		this.wifi = network.wifi;
		this.traffic = network.traffic;
		this.#pins = new Pins(send, (pin, level) => this.#written(pin, level));
		this.#devices = new Map<string, Device>([
			...Object.entries(network.devices),
			["clock", new ClockDevice(this.#clock, options.ticks)],
			["desk", new Desk(options.input, options.files ?? [], (text) => this.emit("report", text))],
			["pins", this.#pins],
			["preference", new Preference(options.storage)],
			["timer", new Timers(this.#clock, send)],
		]);
		this.#engine = this.#createEngine(command, options.watchdogMs ?? WATCHDOG_MS);
		this.exited = this.#engine.exited.then((exit) => this.#end(exit));
	}

	/**
	 * Reads the manifest, compiles, builds the engine if need be, starts the app. Who listens to the board's events at once
	 * when this resolves misses none.
	 * @throws ManifestError, CompileError, BuildError
	 */
	static async start(options: BoardOptions): Promise<VirtualBoard> {
		const root = projectFolder();
		const app = readManifest(options.manifest, options);
		for (const [name, file] of Object.entries(options.modules ?? {})) app.modules.set(name, file);
		const [sources, target] = await Promise.all([compile(root, app), buildEngine(root, options.engine)]);
		const board = new VirtualBoard(app, await engineCommand(root, target, options.emulator), options);
		const { seed = 1, collectAlways = false, network } = options;
		const machine = { target, segmentSize: network?.segmentSize ?? SEGMENT_SIZE, seed, collectAlways };
		try {
			await board.#untilExit(load(board.#engine, root, app, sources, machine, board.#errors));
		} catch (error) {
			await board.close();
			throw error;
		}
		void board.#engine.send(FrameKind.run, app.creation.main);
		return board;
	}

	/** The engine's process. */
	get pid(): number | undefined {
		return this.#engine.pid;
	}

	/** How many sockets, timers and look-ups of the app are open, by the device behind them. */
	get open(): Record<string, number> {
		return Object.fromEntries(
			[...this.#devices].flatMap(([name, { open }]) => (open === undefined ? [] : [[name, open]])),
		);
	}

	/** The board's button, `Host.Button.Default` (GPIO0): held down. */
	press(): Promise<void> {
		return this.setPin(BUTTON_PIN, 0);
	}

	release(): Promise<void> {
		return this.setPin(BUTTON_PIN, 1);
	}

	/** Sets a pin once the app has done what there was to do, such as starting; resolves when the app has dealt with it. */
	async setPin(pin: number, level: 0 | 1): Promise<void> {
		await this.#engine.send(FrameKind.nothing);
		await this.#pins.set(pin, level);
	}

	/** The engine's present figures; after the end, the last ones. */
	async figures(): Promise<Figures> {
		await this.#engine.send(FrameKind.figures);
		if (!this.#figures) throw new Error("the run ended before there were figures");
		return this.#figures;
	}

	/** Collects garbage. */
	async collect(): Promise<void> {
		await this.#engine.send(FrameKind.collect);
	}

	/** Collects garbage, keeps the present figures as idle, begins new peaks and counts: as `Desk.mark()`. */
	async mark(): Promise<void> {
		await this.#engine.send(FrameKind.mark);
	}

	/** Lets virtual time pass, with everything that is due in it. */
	async advance(milliseconds: number): Promise<void> {
		if (!(this.#clock instanceof VirtualClock)) throw new Error("only virtual time can be advanced");
		const end = this.#clock.ticks + milliseconds;
		await this.#settle();
		while (this.#clock.step(end)) await this.#settle();
		this.#clock.moveTo(end);
	}

	/** Ends the run at once, if it has not ended. */
	async close(): Promise<void> {
		this.#engine.kill({ code: 0, reason: "closed" });
		await this.exited;
	}

	#createEngine(command: string[], watchdogMs: number): Engine {
		const handlers = {
			onIdle: () => this.#moveOn(),
			onTrace: (text: string) => this.#trace(text),
			onError: (text: string) => this.#errors.push(text),
			onFigures: (json: string) => {
				this.#figures = JSON.parse(json) as Figures;
			},
			onProfile: (text: string) => this.emit("profile", readProfileEntry(text)),
			onCommand: (call: DeviceCall) => this.#device(call, (device, action) => device.command?.(action, call)),
			onAsk: (call: DeviceCall) => this.#device(call, (device, action) => device.ask?.(action, call)) ?? "",
		};
		return new Engine(command, handlers, watchdogMs);
	}

	#device<Result>({ what }: DeviceCall, call: (device: Device, action: string) => Result): Result | undefined {
		const [name = "", action = ""] = what.split(".");
		const device = this.#devices.get(name);
		if (this.#isCut(what, false)) return undefined;
		const result = device && call(device, action);
		return this.#isCut(what, true) ? undefined : result;
	}

	/** Whether the power is gone, or goes now. */
	#isCut(call: string, isDone: boolean): boolean {
		if (this.#isOff || !this.#losesPower?.(call, isDone)) return this.#isOff;
		this.#isOff = true;
		this.#engine.kill({ code: ExitCode.killed, reason: "the power is gone" });
		return true;
	}

	/** When all is quiet, virtual time jumps to what comes next. */
	#moveOn(): void {
		const clock = this.#clock;
		if (!this.#jumps || !(clock instanceof VirtualClock)) return;
		setImmediate(() => {
			if (this.#engine.idle && !this.#busy && clock.step()) this.#moveOn();
		});
	}

	/** Until the engine is idle and what its devices do at once is done. */
	async #settle(): Promise<void> {
		do await new Promise((done) => setImmediate(done));
		while (!this.#engine.idle);
	}

	get #busy(): boolean {
		return [...this.#devices.values()].some((device) => device.busy);
	}

	#written(pin: number, level: number): void {
		const variant = LED_PINS.indexOf(pin);
		this.emit("led", { pin, variant: variant < 0 ? undefined : variant, value: 1 - level });
	}

	#trace(text: string): void {
		const lines = (this.#line + text).split("\n");
		this.#line = lines.pop() as string;
		for (const line of lines) this.emit("trace", line);
	}

	/** The work, or the end of the run, if that comes first. */
	async #untilExit(work: Promise<void>): Promise<void> {
		const exit = await Promise.race([work, this.exited]);
		if (exit) throw new BuildError(exit.reason);
	}

	#end(exit: Exit): Exit {
		this.#clock.close();
		for (const device of this.#devices.values()) device.close?.();
		if (this.#line) this.emit("trace", this.#line);
		this.emit("exit", exit);
		return exit;
	}
}
