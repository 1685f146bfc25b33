/** The bench's program on the SDK's own engine, XS as the simulator has it: what it uses there. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { buildApp, buildHost, output } from "../hardware/tls/build.js";
import { PATIENCE_MS } from "../patience.js";
import { small, usual } from "./measure.js";
import { everything, type Scenario } from "./scenarios.js";
import { BenchServer } from "./server.js";

/** As the virtual board's figures of the same names; the peaks are the engine's, between mark and end. */
export interface SDKFigures {
	slotSize: number;
	idleSlots: number;
	idleChunks: number;
	slotsPeak: number;
	chunksPeak: number;
	stackPeak: number;
	collections: number;
}

/** Builds the program and sends a scenario's mail with it. @throws Error with what was said if that fails */
export async function measureOnSDK(scenario: Scenario): Promise<SDKFigures> {
	const server = createServer((socket) => {
		const peer = new BenchServer({ send: (data) => void socket.write(data), end: () => void socket.end() }, everything);
		socket.on("data", (data) => peer.onData(data)).on("error", () => {});
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	try {
		const { port } = server.address() as AddressInfo;
		const library = buildApp(
			writeManifest({ ...usual, ...scenario.task, host: "127.0.0.1", port }),
			"lin",
			"instrument",
		);
		return await run(buildHost(), library);
	} finally {
		server.close();
	}
}

function writeManifest(config: object): string {
	const folder = join(output, "bench");
	mkdirSync(folder, { recursive: true });
	const manifest = { include: resolve("tests/bench/sdk/manifest.json"), creation: { static: 0, ...small }, config };
	writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest, undefined, "\t"));
	return folder;
}

async function run(host: string, library: string): Promise<SDKFigures> {
	const child = spawn(host, [library], { stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE_MS });
	let said = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text: string) => {
			said += text;
		});
	await once(child, "close");
	const figures = /^\{"slotSize".*\}$/m.exec(said);
	if (!figures || child.exitCode !== 0) throw new Error(`the program ended with ${child.exitCode}: ${said}`);
	return JSON.parse(figures[0]) as SDKFigures;
}
