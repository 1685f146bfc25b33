/** Builds the app in `xs/` with the Moddable SDK for the simulator's engine, and runs it without the simulator. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";

const source = resolve("tests/hardware/tls");
/** For each compiler a folder, as for 64 and for 32 bits. */
const output = resolve("build/sdk-tests", (process.env.CC ?? "cc").replaceAll(/\W+/g, "-"));

/** What the app reads, see `xs/main.ts`. */
export interface Scenario {
	what?: "mail" | "stream";
	host?: string;
	port: number;
	security?: "required" | "implicit";
	verify?: boolean;
	serverName?: string;
	freeMemory?: number;
	bytes?: number;
	/** Trusted certificates, in DER. */
	trust?: readonly Buffer[];
	/** Seconds that the app's clock is ahead. */
	clockOffset?: number;
}

/** One line that the app has traced. */
export interface Event {
	event: string;
	kind?: string;
	phase?: string;
	message?: string | null;
	temporary?: boolean;
	[detail: string]: unknown;
}

/** Why the app cannot be built here; undefined where it can. */
export function obstacle(): string | undefined {
	if (!process.env.MODDABLE) return "MODDABLE is not set: it takes the Moddable SDK";
	if (process.platform !== "linux") return "the app's host is for Linux";
	return spawnSync("openssl", ["version"]).status === 0 ? undefined : "there is no openssl";
}

export class App {
	#library: string;
	#host: string;

	/** Builds the app; what mcconfig says is in the error if that fails. */
	constructor() {
		const sdk = process.env.MODDABLE as string;
		const bin = join(sdk, "build", "bin", "lin", "release");
		const env = { ...process.env, PATH: [resolve("node_modules/.bin"), bin, process.env.PATH].join(delimiter) };
		mkdirSync(output, { recursive: true });
		run("mcconfig", ["-m", "-p", "lin", "-t", "build", "-o", output], { cwd: join(source, "xs"), env });
		this.#library = join(output, "bin", "lin", "mc", "release", "xs", "mc.so");
		this.#host = join(output, "host");
		const [compiler = "gcc", ...options] = (process.env.CC ?? "gcc").split(" ");
		const gio = execFileSync("pkg-config", ["--cflags", "--libs", "gio-2.0"], { encoding: "utf8" }).trim().split(/\s+/);
		const screen = join(sdk, "build", "simulators", "modules");
		const files = ["-o", this.#host, join(source, "host", "host.c"), "-I", screen];
		run(compiler, [...options, "-O1", "-Wall", "-rdynamic", ...files, ...gio, "-ldl"], { env });
	}

	/** Runs the app until it says that it is done; gives what it traced. */
	async run(scenario: Scenario): Promise<Event[]> {
		const { trust, clockOffset = 0, ...settings } = scenario;
		const cwd = mkdtempSync(join(tmpdir(), "app-"));
		const authorities = trust?.map((der, i) => {
			writeFileSync(join(cwd, `${i}.der`), der);
			return `${i}.der`;
		});
		const defaults = { what: "mail", host: "mail.example.org", security: "implicit" };
		writeFileSync(join(cwd, "scenario.json"), JSON.stringify({ ...defaults, ...settings, authorities }));
		const env = { ...process.env, CLOCK_OFFSET: String(clockOffset) };
		const child = spawn(this.#host, [this.#library], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
		const exited = new Promise<number | null>((done) => child.once("exit", done));
		let complaint = "";
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			complaint += text;
		});
		const events: Event[] = [];
		try {
			for await (const line of createInterface(child.stdout)) {
				// The SDK's own traces may have no end of line.
				const start = line.indexOf('{"event"');
				complaint += `${line.slice(0, start < 0 ? undefined : start)}\n`;
				if (start >= 0) events.push(JSON.parse(line.slice(start)) as Event);
				if (["closed", "error", "refused", "done"].includes(events.at(-1)?.event ?? "")) return events;
			}
			throw new Error(`the app ended with ${await exited}: ${JSON.stringify(events)} ${complaint}`);
		} finally {
			child.kill();
			await exited;
			rmSync(cwd, { recursive: true });
		}
	}
}

function run(command: string, options: string[], settings: { cwd?: string; env: NodeJS.ProcessEnv }): void {
	const { status, stdout, stderr, error } = spawnSync(command, options, { ...settings, encoding: "utf8" });
	if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stdout + stderr}`);
}
