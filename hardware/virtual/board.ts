import { EventEmitter } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { buildEngine, enginePath } from "./build-engine.js";
import { compile } from "./compile.js";
import { RealClock, VirtualClock } from "./devices/clock.js";
import { ClockDevice } from "./devices/clock-device.js";
import { Desk } from "./devices/desk.js";
import type { Device } from "./devices/device.js";
import { Link } from "./devices/link.js";
import { TCP } from "./devices/tcp.js";
import { Timers } from "./devices/timers.js";
import { Engine, type Exit } from "./engine.js";
import type { Figures } from "./figures.js";
import { type DeviceCall, FrameKind } from "./frames.js";
import { type App, type JsonObject, type PartialCreation, readManifest } from "./manifest/manifest.js";
import { boardModules } from "./modules.js";

export { CompileError } from "./compile.js";
export { type Exit, ExitCode } from "./engine.js";
export type { Figures } from "./figures.js";
export { type Creation, type JsonObject, ManifestError, type PartialCreation } from "./manifest/manifest.js";

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
	/** What the app reads through `virtual/desk`. */
	input?: Readable | Uint8Array;
	/**
	 * "virtual": time stands still while the app works and jumps to the next timer when nothing from outside is under
	 * way; with sockets open it moves by `advance` only. Default: "real".
	 */
	clock?: "real" | "virtual";
	/** What the board's calendar shows at start. Default: a day in 1995, as on the chip until someone sets it. */
	now?: Date;
	/** How long a callback may run before the run is ended. Default: 10,000; the chip's own watchdog waits 3,200. */
	watchdogMs?: number;
}

export interface NetworkOptions {
	/** True: Wi-Fi is connected from the start. */
	connected?: boolean;
	/** lwIP's TCP_MSS in bytes, from which the send buffer (2) and the window (4) follow. Default: 536. */
	segmentSize?: number;
}

interface Events {
	/** A line that the app has traced. */
	trace: [line: string];
	/** What the app has said by `Desk.report`. */
	report: [text: string];
	exit: [exit: Exit];
}

const nothing = new Uint8Array(0);
const SEGMENT_SIZE = 536;
const WATCHDOG_MS = 10_000;
/** What the chip's calendar shows after a reset. */
const RESET_TIME_MS = 819_195_899_000;

/** The app could not be made ready to run. */
export class BuildError extends Error {
	override readonly name = "BuildError";
}

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
 * A run ends when the app asks for it (`Desk.exit`), when the board is closed, or as it would on the device: memory full,
 * stack overflow, an exception that a callback does not catch. The device then restarts; here `exited` tells why.
 */
export class VirtualBoard extends EventEmitter<Events> {
	/** Resolves when the run is over, never rejects. */
	readonly exited: Promise<Exit>;
	/** What the manifests came to. */
	readonly app: App;
	readonly #engine: Engine;
	readonly #devices = new Map<string, Device>();
	readonly #clock: RealClock | VirtualClock;
	readonly #link = new Link();
	readonly #errors: string[] = [];
	#figures: Figures | undefined;
	#line = "";

	private constructor(app: App, command: string[], options: BoardOptions) {
		super();
		this.app = app;
		const now = options.now?.getTime() ?? RESET_TIME_MS;
		this.#clock = options.clock === "virtual" ? new VirtualClock(now) : new RealClock(now);
		this.#engine = new Engine(
			command,
			{
				onIdle: () => this.#moveOn(),
				onTrace: (text) => this.#trace(text),
				onError: (text) => this.#errors.push(text),
				onFigures: (json) => {
					this.#figures = JSON.parse(json);
				},
				onCommand: (call) => this.#command(call),
				onAsk: (call) => this.#ask(call),
			},
			options.watchdogMs ?? WATCHDOG_MS,
		);
		this.exited = this.#engine.exited.then((exit) => this.#end(exit));
		this.#addDevices(options);
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
		const [sources, target] = await Promise.all([compile(root, app), buildEngine(root)]);
		const board = new VirtualBoard(app, [enginePath(root, target)], options);
		try {
			await board.#load(root, sources, options.network?.segmentSize ?? SEGMENT_SIZE);
		} catch (error) {
			await board.close();
			throw error;
		}
		void board.#engine.send(FrameKind.run, app.creation.main);
		return board;
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

	#addDevices(options: BoardOptions): void {
		const send = (resource: number, kind: string, words: (string | number)[] = [], data: Uint8Array = nothing) =>
			this.#engine.send(FrameKind.event, `${[resource, kind, ...words].join(" ")}\0`, data);
		this.#link.up = options.network?.connected ?? false;
		this.#devices.set("timer", new Timers(this.#clock, send));
		this.#devices.set("clock", new ClockDevice(this.#clock));
		this.#devices.set("tcp", new TCP(this.#link, send, options.network?.segmentSize ?? SEGMENT_SIZE));
		this.#devices.set("desk", new Desk(options.input, (text) => this.emit("report", text)));
	}

	async #load(root: string, sources: Map<string, string>, segmentSize: number): Promise<void> {
		const { creation, config, preload } = this.app;
		const { chunk, heap, keys } = creation;
		const own = join(root, "hardware", "virtual", "engine", "modules");
		const sizes = [
			...[creation.static, chunk.initial, chunk.incremental, heap.initial, heap.incremental],
			...[creation.stack, keys.initial, keys.incremental, segmentSize],
		];
		await this.#engine.send(FrameKind.creation, sizes.join(" "));
		for (const { name, file } of boardModules) await this.#addModule(name, readFileSync(join(own, file)));
		await this.#addModule("mc/config", `export default Object.freeze(${JSON.stringify(config)}, true);`);
		for (const [name, source] of sources) await this.#addModule(name, source);
		this.#failOnErrors();
		const preloads = [...boardModules.map((module) => module.name), "mc/config", ...preload];
		for (const name of preloads) await this.#engine.send(FrameKind.preload, name);
		this.#failOnErrors();
		await this.#engine.send(FrameKind.share);
	}

	#failOnErrors(): void {
		if (this.#errors.length) throw new BuildError(this.#errors.join("\n"));
	}

	#addModule(name: string, source: string | Buffer): Promise<void> {
		return this.#engine.send(FrameKind.module, `${name}\0`, source);
	}

	#command(call: DeviceCall): void {
		const [device, action] = call.what.split(".") as [string, string];
		this.#devices.get(device)?.command?.(action, call);
	}

	#ask(call: DeviceCall): Promise<string | Uint8Array> | string | Uint8Array {
		const [device, action] = call.what.split(".") as [string, string];
		return this.#devices.get(device)?.ask?.(action, call) ?? "";
	}

	/** When all is quiet, virtual time jumps to what comes next. */
	#moveOn(): void {
		if (!(this.#clock instanceof VirtualClock)) return;
		setImmediate(() => {
			if (!this.#engine.idle || this.#busy) return;
			if ((this.#clock as VirtualClock).step()) this.#moveOn();
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

	#trace(text: string): void {
		const lines = (this.#line + text).split("\n");
		this.#line = lines.pop() as string;
		for (const line of lines) this.emit("trace", line);
	}

	#end(exit: Exit): Exit {
		this.#clock.close();
		for (const device of this.#devices.values()) device.close?.();
		if (this.#line) this.emit("trace", this.#line);
		this.emit("exit", exit);
		return exit;
	}
}

/** The folder with package.json, above this file or its compiled form. */
function projectFolder(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
	return folder;
}
