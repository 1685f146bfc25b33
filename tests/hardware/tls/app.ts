/** Builds the app in `xs/` with the Moddable SDK for the simulator's engine, and runs it without the simulator. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { buildApp, buildHost } from "./build.js";

/** What the app reads, see `xs/main.ts`. */
export interface Scenario {
	what?: "mail" | "stream" | "random" | "rsa" | "fuzz";
	host?: string;
	port: number;
	security?: "required" | "implicit";
	verify?: boolean;
	serverName?: string;
	/** What is free each time that is asked; the last of several stays. */
	freeMemory?: number | number[];
	bytes?: number;
	/** Trusted certificates, in DER. */
	trust?: readonly Buffer[];
	/** Seconds that the app's clock is ahead. */
	clockOffset?: number;
	/** The app's clock stands still, at that many seconds since 1970. */
	clockFrozen?: number;
	/** How many times "stream" and "fuzz" do it, one after the other. */
	times?: number;
	/** Hexadecimal digits: what the generator of random numbers is made from, and then given; for "random". */
	entropy?: string;
	/** Moduli and signatures for "rsa", in hexadecimal digits. */
	pairs?: [string, string][];
	reseed?: string;
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

export class App {
	#library: string;
	#host: string;

	/** Builds the app; what mcconfig says is in the error if that fails. */
	constructor() {
		this.#library = buildApp(resolve("tests/hardware/tls/xs"), "lin");
		this.#host = buildHost();
	}

	/** Runs the app until it says that it is done; gives what it traced. */
	async run(scenario: Scenario, onStart?: (pid: number) => void): Promise<Event[]> {
		const { trust, clockOffset = 0, clockFrozen, ...settings } = scenario;
		const cwd = mkdtempSync(join(tmpdir(), "app-"));
		const authorities = trust?.map((der, i) => {
			writeFileSync(join(cwd, `${i}.der`), der);
			return `${i}.der`;
		});
		const defaults = { what: "mail", host: "mail.example.org", security: "implicit" };
		writeFileSync(join(cwd, "scenario.json"), JSON.stringify({ ...defaults, ...settings, authorities }));
		const env: NodeJS.ProcessEnv = { ...process.env, CLOCK_OFFSET: String(clockOffset) };
		if (clockFrozen !== undefined) env.CLOCK_FROZEN = String(clockFrozen);
		const child = spawn(this.#host, [this.#library], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
		onStart?.(child.pid as number);
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
