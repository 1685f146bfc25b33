import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { type DeviceCall, decodeCall, encodeFrame, type Frame, FrameDecoder, FrameKind } from "./frames.js";

/** How a run ended: an exit code and, for people, why. */
export interface Exit {
	code: number;
	reason: string;
}

/** Exit codes of the engine beside those a program chooses itself (0 to 49). */
export const ExitCode = {
	memoryFull: 51,
	stackOverflow: 52,
	fatal: 53,
	deadStrip: 54,
	unhandledException: 55,
	notEnoughKeys: 56,
	tooMuchComputation: 57,
	unhandledRejection: 58,
	/** `System.restart()`. */
	restart: 60,
	/** `System.deepSleep()`. */
	deepSleep: 61,
	/** A write to preloaded memory (flash on the device), or a fault of the engine. */
	fault: 70,
	/** The engine lost the desk. */
	deskGone: 71,
	/** A callback ran longer than the watchdog allows. */
	watchdog: 72,
	/** The engine could not be started, or was ended by a signal. */
	killed: 73,
} as const;

/** What the engine's owner does for it. */
export interface EngineHandlers {
	/** All that was sent is done. */
	onIdle(): void;
	onTrace(text: string): void;
	onError(text: string): void;
	onFigures(json: string): void;
	/** "instructions calls function", from an engine that profiles. */
	onProfile(text: string): void;
	onCommand(call: DeviceCall): void;
	onAsk(call: DeviceCall): Promise<string | Uint8Array> | string | Uint8Array;
}

/** How often the watchdog looks in the time that it allows. */
const WATCHDOG_LOOKS = 10;

/** Units of the times in /proc, which Linux fixes. */
const MS_PER_TICK = 10;

/** How long a process has used a processor, as /proc says (proc_pid_stat(5)); where there is none, the time that passes. */
function processorTimeMs(pid: number | undefined): number {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		// The name, the second field, may have spaces and brackets in it.
		const [user, system] = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14);
		return (Number(user) + Number(system)) * MS_PER_TICK;
	} catch {
		return performance.now();
	}
}

interface Job {
	frame: Buffer;
	done: () => void;
}

/**
 * The engine's process. Frames go to it one at a time: the next only when it is idle again, so what it does is one
 * sequence, as on the device.
 */
export class Engine {
	readonly exited: Promise<Exit>;
	readonly #child: ChildProcess;
	readonly #handlers: EngineHandlers;
	readonly #decoder = new FrameDecoder();
	readonly #watchdogMs: number;
	readonly #jobs: Job[] = [];
	#current: Job | undefined;
	#watchdog: NodeJS.Timeout | undefined;
	#reason: string | undefined;
	#exit: Exit | undefined;

	/** @param command the program and its arguments @param watchdogMs how long the engine may work on one frame */
	constructor(command: readonly string[], handlers: EngineHandlers, watchdogMs: number) {
		const [program, ...parameters] = command;
		this.#handlers = handlers;
		this.#watchdogMs = watchdogMs;
		this.#child = spawn(program as string, parameters, { stdio: ["pipe", "pipe", "inherit"] });
		this.#child.stdin?.on("error", () => {});
		this.#child.stdout?.on("data", (bytes: Buffer) => this.#receive(bytes));
		this.exited = new Promise((resolve) => {
			this.#child.once("error", (error) => this.#end({ code: ExitCode.killed, reason: error.message }, resolve));
			this.#child.once("close", (code, signal) => this.#end(this.#describe(code, signal), resolve));
		});
	}

	/** The process's id; undefined if it could not be started. */
	get pid(): number | undefined {
		return this.#child.pid;
	}

	/** True when nothing is being worked on or waiting. */
	get idle(): boolean {
		return !this.#current && !this.#jobs.length;
	}

	/** Sends a frame when its turn comes; resolves when the engine is done with it, or has ended. */
	send(kind: string, ...parts: (string | Uint8Array)[]): Promise<void> {
		return new Promise((done) => {
			if (this.#exit) return done();
			this.#jobs.push({ frame: encodeFrame(kind, ...parts), done });
			this.#next();
		});
	}

	/** Ends the process at once. */
	kill(exit: Exit): void {
		this.#reason ??= exit.reason;
		this.#exit ??= exit;
		if (this.#child.pid && this.#child.exitCode === null) this.#child.kill("SIGKILL");
	}

	#next(): void {
		if (this.#current) return;
		this.#current = this.#jobs.shift();
		if (!this.#current) return;
		this.#watch();
		this.#child.stdin?.write(this.#current.frame);
	}

	/** What counts is the time that the engine's process was given, not what a busy machine let it wait. */
	#watch(begun?: number): void {
		clearTimeout(this.#watchdog);
		this.#watchdog = setTimeout(() => {
			const worked = processorTimeMs(this.#child.pid);
			if (begun === undefined || worked - begun < this.#watchdogMs) return this.#watch(begun ?? worked);
			const reason = `watchdog: the engine worked for more than ${this.#watchdogMs} ms without a pause`;
			this.kill({ code: ExitCode.watchdog, reason });
		}, this.#watchdogMs / WATCHDOG_LOOKS);
	}

	#receive(bytes: Buffer): void {
		if (this.#exit) return;
		try {
			for (const frame of this.#decoder.push(bytes)) this.#handle(frame);
		} catch (error) {
			this.kill({ code: ExitCode.fault, reason: (error as Error).message });
		}
	}

	#handle(frame: Frame): void {
		switch (frame.kind) {
			case FrameKind.idle: {
				const job = this.#current;
				this.#current = undefined;
				clearTimeout(this.#watchdog);
				job?.done();
				this.#next();
				if (this.idle) this.#handlers.onIdle();
				return;
			}
			case FrameKind.command:
				return this.#handlers.onCommand(decodeCall(frame.body));
			case FrameKind.ask:
				return void this.#answer(decodeCall(frame.body));
			case FrameKind.trace:
				return this.#handlers.onTrace(frame.body.toString());
			case FrameKind.error:
				return this.#handlers.onError(frame.body.toString());
			case FrameKind.figures:
				return this.#handlers.onFigures(frame.body.toString());
			case FrameKind.profile:
				return this.#handlers.onProfile(frame.body.toString());
			case FrameKind.end:
				this.#reason = frame.body.toString();
				return;
		}
	}

	async #answer(call: DeviceCall): Promise<void> {
		const answer = this.#handlers.onAsk(call);
		if (answer instanceof Promise) clearTimeout(this.#watchdog);
		this.#child.stdin?.write(encodeFrame(FrameKind.answer, answer instanceof Promise ? await answer : answer));
		if (answer instanceof Promise && this.#current) this.#watch();
	}

	#describe(code: number | null, signal: NodeJS.Signals | null): Exit {
		if (code === null) return { code: ExitCode.killed, reason: `the engine was ended by ${signal}` };
		return { code, reason: this.#reason ?? (code ? `the engine ended with ${code}` : "end") };
	}

	#end(exit: Exit, resolve: (exit: Exit) => void): void {
		clearTimeout(this.#watchdog);
		this.#exit ??= exit;
		this.#current?.done();
		this.#current = undefined;
		for (const job of this.#jobs.splice(0)) job.done();
		resolve(this.#exit);
	}
}
