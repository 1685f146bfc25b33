/** Servers as processes of a test: started in the foreground, ended by their id. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { PATIENCE_MS } from "../patience.js";

/** Where systems do not take from what they give to those who ask for any port, or for none of their own to connect from. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/**
 * Loopback ports that nobody uses, each another. It is a while until a server listens on them, so they are none of those that
 * the system gives away meanwhile.
 */
export async function freePorts(count: number): Promise<number[]> {
	const ports = new Set<number>();
	while (ports.size < count) {
		const port = randomInt(FIRST_PORT, LAST_PORT);
		if (await isFree(port)) ports.add(port);
	}
	return [...ports];
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer().listen(port, "127.0.0.1");
	try {
		await once(server, "listening");
	} catch {
		return false;
	}
	await new Promise((done) => server.close(done));
	return true;
}

/** A server that runs until it is stopped. */
export class ServerProcess {
	readonly #child: ChildProcess;
	readonly #abandon = () => void this.#child.kill();
	#output = "";
	/** It could not be started. */
	#failure: Error | undefined;

	/** @param env laid over nothing: the server has no other variables */
	constructor(program: string, options: string[], env: NodeJS.ProcessEnv = {}) {
		// In a process group of its own, which Postfix ends as a whole when it is told to end.
		this.#child = spawn(program, options, { detached: true, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env } });
		this.#child.once("error", (error) => {
			this.#failure = error;
		});
		process.once("exit", this.#abandon);
		for (const stream of [this.#child.stdout, this.#child.stderr])
			stream?.setEncoding("utf8").on("data", (text: string) => {
				this.#output += text;
			});
	}

	get #ended(): boolean {
		return this.#child.exitCode !== null || this.#child.signalCode !== null;
	}

	/** Waits until a connection to the port or the path of a Unix socket is taken. */
	async listening(where: number | string): Promise<void> {
		for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
			if (this.#failure ?? this.#ended)
				throw new Error(`the server has ended: ${this.#failure ?? reasonIn(this.#output)}`);
			if (await connects(where)) return;
			await delay(50);
		}
		throw new Error(`nobody listens on ${where}: ${reasonIn(this.#output)}`);
	}

	async stop(): Promise<void> {
		process.off("exit", this.#abandon);
		if (this.#failure || this.#ended) return;
		const exited = once(this.#child, "exit");
		this.#child.kill("SIGTERM");
		const late = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS / 10);
		await exited;
		clearTimeout(late);
	}
}

/** The line of what a server has said that tells why it ended. */
function reasonIn(output: string): string {
	const lines = output.split("\n").filter((line) => line.trim());
	return lines.find((line) => /fatal|error/i.test(line)) ?? lines.at(-1) ?? "it said nothing";
}

/**
 * Starts the servers of a file of tests. Where that fails, it is one test that does, in one line.
 * @returns why the tests that need them must be skipped, or false
 */
export async function startOrFail(what: string, start: () => Promise<void>): Promise<false | string> {
	try {
		await start();
		return false;
	} catch (error) {
		const { message } = error as Error;
		test(`${what} can be started`, () => {
			throw Object.assign(new Error(message), { stack: message });
		});
		return `${what} could not be started`;
	}
}

function connects(where: number | string): Promise<boolean> {
	return new Promise((done) => {
		const socket = typeof where === "number" ? connect(where, "127.0.0.1") : connect(where);
		socket.once("connect", () => done(true));
		socket.once("error", () => done(false));
		socket.once("connect", () => socket.destroy());
	});
}
