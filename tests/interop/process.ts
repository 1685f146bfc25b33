/** Servers as processes of a test: started in the foreground, ended by their id. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Loopback ports that nobody uses, each another. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
	await Promise.all(servers.map((server) => once(server, "listening")));
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
	return ports;
}

/** A server that runs until it is stopped. */
export class ServerProcess {
	readonly #child: ChildProcess;
	readonly #abandon = () => void this.#child.kill();
	#output = "";

	/** @param env laid over nothing: the server has no other variables */
	constructor(program: string, options: string[], env: NodeJS.ProcessEnv = {}) {
		// In a process group of its own, which Postfix ends as a whole when it is told to end.
		this.#child = spawn(program, options, { detached: true, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env } });
		process.once("exit", this.#abandon);
		for (const stream of [this.#child.stdout, this.#child.stderr])
			stream?.setEncoding("utf8").on("data", (text: string) => {
				this.#output += text;
			});
	}

	/** Waits until a connection to the port or the path of a Unix socket is taken. */
	async listening(where: number | string): Promise<void> {
		for (let attempts = 0; attempts < 300; attempts++) {
			if (this.#child.exitCode !== null) throw new Error(`the server has ended: ${this.#output}`);
			if (await connects(where)) return;
			await delay(50);
		}
		throw new Error(`nobody listens on ${where}: ${this.#output}`);
	}

	async stop(): Promise<void> {
		process.off("exit", this.#abandon);
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
		const exited = once(this.#child, "exit");
		this.#child.kill("SIGTERM");
		const late = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
		await exited;
		clearTimeout(late);
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
