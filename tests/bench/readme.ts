/** The README's table of what an alert costs: rows of the baseline, in round figures. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Results } from "./baseline.js";
import type { Costs } from "./measure.js";

const path = "README.md";
const INSTRUCTIONS_PER_MS = 80_000;

/** The table's rows, by scenario. */
const shown: Readonly<Record<string, string>> = {
	"alert of 200 B": "200 B",
	"alert of 1 KB, AUTH PLAIN": "1 KB, logging in",
	"alert of 1 KB, AUTH, 5 recipients": "1 KB, logging in, 5 recipients",
	"app: press to sent": "the app, from the press of the button on",
};

/** Rows as they should be. */
export function readmeRows(baseline: Results): string[] {
	return Object.entries(shown).map(([scenario, name]) => row(name, baseline[scenario] ?? {}));
}

/** Rows as they are, for the same names; undefined: there is none. */
export function rowsInReadme(): (string | undefined)[] {
	const lines = readFileSync(path, "utf8").split("\n");
	return Object.values(shown).map((name) => lines.find((line) => line.startsWith(`| ${name} |`)));
}

/** Brings the README's rows up to date. */
export function writeReadme(baseline: Results): void {
	let text = readFileSync(path, "utf8");
	const rows = readmeRows(baseline);
	rowsInReadme().forEach((line, index) => {
		if (line !== undefined) text = text.replace(line, rows[index] as string);
	});
	writeFileSync(path, text);
}

function row(name: string, costs: Costs): string {
	const { instructions = 0, memory, roundTrips, bytesSent, bytesReceived } = costs;
	const time = Math.round(instructions / INSTRUCTIONS_PER_MS);
	const cells = [(instructions / 1e6).toFixed(1), time, memory, roundTrips, bytesSent, bytesReceived];
	return `| ${[name, ...cells.map((cell) => cell?.toLocaleString("en") ?? "")].join(" | ")} |`;
}
