/** Runs scenarios on the virtual board, before a server in the same process, so that every run is the same. */
import { type BoardOptions, type EngineTarget, type JsonObject, VirtualBoard } from "../../hardware/virtual/board.js";
import type { Figures } from "../../hardware/virtual/figures.js";
import { everything, type Scenario } from "./scenarios.js";
import { BenchServer } from "./server.js";
import type { Task } from "./xs/task.js";

/** What can be measured of a scenario, and how a table calls it. */
export const metrics = {
	/** Executed by the chip, natives included; 0 where the engine cannot count. */
	instructions: "instructions",
	/** Instructions divided by the message's octets. */
	instructionsPerByte: "per byte",
	/** Instructions divided by the octets of what is composed, before it is encoded. */
	instructionsPerBodyByte: "of body",
	/** The most bytes of slots and chunks in use above what was held before. */
	memory: "memory",
	/** The most slots, bytes of chunks, and slots of the stack, above what was held before. */
	slots: "slots",
	chunks: "chunks",
	stack: "stack",
	/** Bytes of slots and chunks in use while nothing happens, and of the stack. */
	held: "held",
	collections: "collections",
	/** Octets of the message on the wire, and of all that went there; how often an answer was waited for. */
	messageBytes: "message",
	bytesSent: "sent",
	bytesReceived: "received",
	roundTrips: "round trips",
} as const;

export type Metric = keyof typeof metrics;

/** What a scenario costs; the same in every run on the same sources. */
export type Costs = Partial<Record<Metric, number>>;

export const SERVER = "192.0.2.25";
export const NOON = new Date("2026-03-01T12:00:00Z");

/** What a scenario does if it does not say otherwise. */
export const usual: Task = {
	host: SERVER,
	port: 25,
	user: "",
	password: "",
	pipelining: true,
	dictionary: "heap",
	from: "board@example.org",
	to: ["ada@example.org"],
	body: "alert",
	mark: "begin",
	text: "",
	eightBit: false,
	html: "",
	size: 0,
	date: NOON.getTime(),
};

/** How garbage is collected: when the heap is full, or before each allocation, which shows what is in use. */
export type Memory = Pick<BoardOptions, "creation" | "collectAlways">;

/** The app's heap (hardware/esp8266), which collects garbage when it is full: what an app pays for. */
export const full: Memory = {};

export const inUse: Memory = { collectAlways: true };

export type Creation = NonNullable<BoardOptions["creation"]>;

/** A heap that grows in small steps: for the least that suffices. */
export const small: Creation = { chunk: { initial: 256, incremental: 64 }, heap: { initial: 64, incremental: 8 } };

/**
 * Sends a scenario's mail twice: as the app would for the instructions, collecting all the time for the memory.
 * @throws Error if it was not sent
 */
export async function measure(scenario: Scenario, engine: EngineTarget): Promise<Costs> {
	const [usually, exactly] = await Promise.all([send(scenario, engine, full), send(scenario, engine, inUse)]);
	const { instructions = 0, collections = 0, messageBytes = 1 } = usually;
	const each = (bytes: number) => Math.round((instructions / bytes) * 10) / 10;
	const { bodyBytes } = scenario;
	const perBody = bodyBytes === undefined ? {} : { instructionsPerBodyByte: each(bodyBytes) };
	return { ...exactly, instructions, instructionsPerByte: each(messageBytes), ...perBody, collections };
}

async function send(scenario: Scenario, engine: EngineTarget, memory: Memory): Promise<Costs> {
	const { board, sent } = await boardFor(scenario, engine, memory);
	const { messageBytes } = await sent;
	return { ...costsOf(await board.figures()), messageBytes, ...board.traffic };
}

/** A board that is about to send a scenario's mail; `sent` rejects if it does not. */
export async function boardFor(
	scenario: Scenario,
	engine: EngineTarget,
	memory: Memory,
): Promise<{ board: VirtualBoard; sent: Promise<BenchServer> }> {
	let server: BenchServer | undefined;
	const { extensions = everything, input } = scenario;
	const options: BoardOptions = {
		manifest: "tests/bench/xs/manifest.json",
		config: { ...usual, ...scenario.task } as unknown as JsonObject,
		network: {
			connected: true,
			peers: (_address, _port, connection) => (server = new BenchServer(connection, extensions)),
		},
		engine,
		...memory,
		clock: "virtual",
		now: NOON,
		watchdogMs: 300_000,
		...(input ? { input: input(), files: [(position, count) => input().subarray(position, position + count)] } : {}),
	};
	const board = await VirtualBoard.start(options);
	const said: string[] = [];
	board.on("trace", (line) => said.push(line));
	board.on("report", (line) => said.push(line));
	const sent = board.exited.then(({ code, reason }) => {
		if (code === 0 && server?.messageBytes) return server;
		throw new Error([`${scenario.name}: ${reason}`, ...said].join("\n"));
	});
	return { board, sent };
}

/** Above what was held at the last mark. */
export function costsOf(figures: Figures): Costs {
	const { instructions, slotsPeak, idleSlots, chunksPeak, idleChunks, usedPeak, slotSize } = figures;
	return {
		instructions,
		memory: usedPeak - idleSlots * slotSize - idleChunks,
		slots: slotsPeak - idleSlots,
		chunks: chunksPeak - idleChunks,
		stack: figures.stackPeak,
		collections: figures.collections,
	};
}
