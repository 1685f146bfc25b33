/** The whole app on the virtual board: what it costs to start, to wait, and to send an alert. */
import { type EngineTarget, VirtualBoard } from "../../hardware/virtual/board.js";
import type { Figures } from "../../hardware/virtual/figures.js";
import { type Costs, costsOf, full, inUse, type Memory, NOON, SERVER } from "./measure.js";
import { everything } from "./scenarios.js";
import { BenchServer } from "./server.js";

const HOUR_MS = 3_600_000;
const PRESS_MS = 150;
const STEP_MS = 50;
const PATIENCE_MS = 60_000;

/** Scenarios of the app, by name: as with mails, instructions as it is, memory with garbage collected all the time. */
export async function measureApp(engine: EngineTarget): Promise<Map<string, Costs>> {
	const [usually, exactly] = await Promise.all([life(engine, full), life(engine, inUse)]);
	const results = new Map<string, Costs>();
	for (const [name, costs] of exactly) {
		const { instructions = 0, collections = 0 } = usually.get(name) ?? {};
		results.set(name, { ...costs, instructions, collections });
	}
	return results;
}

async function life(engine: EngineTarget, memory: Memory): Promise<Map<string, Costs>> {
	let server: BenchServer | undefined;
	const board = await VirtualBoard.start({
		manifest: "manifest.json",
		config: {
			ssid: "home",
			smtpHost: SERVER,
			smtpPort: 25,
			smtpSecurity: "none",
			smtpUser: "board@example.org",
			smtpPassword: "correct horse battery staple",
			allowCleartextAuth: true,
			from: "board@example.org",
			to: "ada@example.org",
		},
		network: { sntp: NOON, peers: (_address, _port, connection) => (server = new BenchServer(connection, everything)) },
		engine,
		...memory,
		clock: "manual",
	});
	const traced: string[] = [];
	board.on("trace", (line) => traced.push(line));
	try {
		const results = new Map<string, Costs>();
		await until(board, traced, "clock set");
		const { instructions } = await board.figures();
		results.set("app: boot to ready", { instructions, collections: 0 });
		await board.mark();
		await board.advance(HOUR_MS);
		const idle = await board.figures();
		results.set("app: an idle hour", { ...costsOf(idle), collections: 0, held: held(idle) });
		const before = { ...board.traffic };
		await board.mark();
		const { collections } = await board.figures();
		await board.press();
		await board.advance(PRESS_MS);
		await board.release();
		await until(board, traced, ": sent");
		const after = await board.figures();
		results.set("app: press to sent", {
			...costsOf(after),
			collections: after.collections - collections,
			messageBytes: server?.messageBytes ?? 0,
			bytesSent: board.traffic.bytesSent - before.bytesSent,
			bytesReceived: board.traffic.bytesReceived - before.bytesReceived,
			roundTrips: board.traffic.roundTrips - before.roundTrips,
		});
		return results;
	} finally {
		await board.close();
	}
}

/** Slots and chunks that are in use, and all of the stack. */
function held({ idleSlots, idleChunks, stack, slotSize }: Figures): number {
	return (idleSlots + stack) * slotSize + idleChunks;
}

async function until(board: VirtualBoard, traced: string[], part: string): Promise<void> {
	for (let waited = 0; !traced.some((line) => line.includes(part) && !line.includes("not set")); waited += STEP_MS) {
		if (waited > PATIENCE_MS) throw new Error(`the app never said "${part}":\n${traced.join("\n")}`);
		await board.advance(STEP_MS);
	}
}
