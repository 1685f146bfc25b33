/** The whole app with TLS, built with the Moddable SDK for the simulator's NodeMCU and run without its window. */
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { buildApp, buildHost, output } from "../hardware/tls/build.js";

export interface PressOptions {
	/** Seconds that the app's clock is ahead. */
	clockOffset?: number;
	/** Bytes of the one block that XS has for stack, slots and chunks, as on the chip; for 32 bits only. */
	block?: number;
	/** Leave the button alone: there is an alert of an earlier run. */
	isRestart?: boolean;
}

export class SimulatedApp {
	readonly #host: string;
	/** Where the SDK keeps preferences, and so what could not be sent. */
	readonly #preferences: string;
	readonly #library: string;

	/** Builds the app. @param authorities in DER */
	constructor(config: Record<string, unknown>, authorities: readonly Buffer[], creation: object = {}) {
		const folder = join(output, "alert-mail");
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		authorities.forEach((der, i) => {
			writeFileSync(join(folder, `authority-${i + 1}.der`), der);
		});
		const resources = { "*": authorities.map((_, i) => `./authority-${i + 1}`) };
		const stored = { file: { root: `${folder}/` } }; // by itself the SDK keeps preferences where all apps have theirs
		const manifest = { include: resolve("manifest_tls.json"), config: { ...config, ...stored }, resources, creation };
		this.#preferences = join(folder, "modpreferences.json");
		writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
		this.#library = buildApp(folder, "sim/nodemcu");
		this.#host = buildHost();
	}

	/** Starts the app and presses the button. @returns what the app traced until it said how its alert went */
	async press({ clockOffset = 0, block, isRestart = false }: PressOptions = {}): Promise<string[]> {
		if (!isRestart) rmSync(this.#preferences, { force: true });
		const memory = block === undefined ? {} : { STATIC: String(block) };
		const env = { ...process.env, ...memory, CLOCK_OFFSET: String(clockOffset) };
		const child = spawn(this.#host, [this.#library], { env, stdio: ["pipe", "pipe", "inherit"] });
		const exited = new Promise<number | null>((done) => child.once("exit", done));
		const lines: string[] = [];
		let isPressed = isRestart; // once: it says that it is online again when the clock is set
		let isHeld = false;
		child.stdin.on("error", () => {}); // it has ended, which is told below
		try {
			for await (const line of createInterface(child.stdout)) {
				lines.push(line);
				if (line.startsWith("network: online") && !isPressed) {
					isPressed = isHeld = true;
					child.stdin.write('{"button":1}\n');
				} else if (isHeld && /^alert \S+: (waiting|sending)/.test(line)) {
					isHeld = false; // once: a release is an edge, and an edge that reads released can be all that is seen of a press
					child.stdin.write('{"button":0}\n');
				}
				if (/^alert \S+: (sent|failed)|^configuration: /.test(line)) return lines;
			}
			throw new Error(`the app ended with ${await exited}: ${lines.join("\n")}`);
		} finally {
			child.kill();
			await exited;
		}
	}
}
