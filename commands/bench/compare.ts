/** `./build.sh bench --compare`: our client beside others. */
import type { EngineTarget } from "../../hardware/virtual/board.js";
import { compareOnTheWire, type Row, shortfalls } from "../../tests/bench/compare.js";
import { type Heap, measureHeap, port } from "../../tests/bench/heap.js";
import { styleFor } from "../terminal.js";

/** Prints tables, or one JSON object. @returns 1 if another client does better, and there is no reason for it */
export async function showComparison(engine: EngineTarget, json: boolean): Promise<number> {
	const { rows, missing } = await compareOnTheWire();
	const heaps = [await measureHeap(engine), port];
	const worse = shortfalls(rows);
	if (json)
		process.stdout.write(`${JSON.stringify({ engine, wire: rows, missing, worse, heap: heaps }, undefined, "\t")}\n`);
	else process.stdout.write([...wireTable(rows), "", ...heapTable(heaps), ""].join("\n"));
	const { red } = styleFor(process.stderr);
	for (const text of missing) process.stderr.write(`${red("SKIPPED")}  ${text}\n`);
	const unexplained = worse.filter(({ reason }) => !reason);
	for (const { message, client, column, by } of unexplained)
		process.stderr.write(`${red("worse")}  ${message}: ${column} ${by} more than ${client}\n`);
	return unexplained.length ? 1 : 0;
}

/** As Markdown, so that it can be pasted. */
export function wireTable(rows: readonly Row[]): string[] {
	const cells = rows.map((row) => [row.message, row.client, row.roundTrips, row.bytesSent, row.bytesReceived]);
	return [
		...table(["message", "client", "round trips", "sent", "received"], cells, 2),
		"",
		...notes(rows).map((note) => `- ${note}`),
	];
}

/** Where others seem to do better, and why. */
function notes(rows: readonly Row[]): string[] {
	const reasons = new Map<string, string>();
	for (const { client, column, by, reason } of shortfalls(rows)) {
		const what = { roundTrips: "round trips", bytesSent: "octets sent", bytesReceived: "octets received" }[column];
		if (reason) reasons.set(`${client}: ${by} ${what} less`, reason);
	}
	return [
		...[...reasons].map(([what, reason]) => `${what}: ${reason}.`),
		"CHUNKING takes a round trip less and a few octets more (BDAT says how long a chunk is). smtp-server does not know it, so these rows are with the bench's own server, whose replies are of other lengths.",
	];
}

export function heapTable(heaps: readonly Heap[]): string[] {
	const cells = heaps.map(({ name, idle, above, smallest1KB, smallest20KB }) => [
		name,
		...[idle, above, smallest1KB, smallest20KB],
	]);
	const head = ["bytes of heap", "idle", "above, 1 KB", "smallest for 1 KB", "smallest for 20 KB"];
	return [...table(head, cells, 1), "", ...heapNotes.map((note) => `- ${note}`)];
}

const heapNotes = [
	"ours: slots and chunks, above them while a message goes, and the smallest creation.static, which holds the stack too.",
	"smtplib on MicroPython: the port for the ESP8266, github.com/alex-robbins/micropython-lib, branch smtplib, frozen, without AUTH, on 32-bit MicroPython 1.9.1; its C stack is not counted. It takes a message as a whole, ours as a stream.",
];

/** @param texts how many of the first columns are not figures */
function table(head: string[], rows: (string | number)[][], texts: number): string[] {
	const lines = [head, ...rows.map((row) => row.map((cell) => cell.toLocaleString("en")))];
	const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] as string).length)));
	const pad = (cell: string, column: number) =>
		column < texts ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number);
	const rule = widths.map((width, column) => (column < texts ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
	return [head, rule, ...lines.slice(1)].map((line) => `| ${line.map(pad).join(" | ")} |`);
}
