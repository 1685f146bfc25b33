/** What the scenarios have cost when someone last looked and found it good: baseline.json. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Costs, type Metric, metrics } from "./measure.js";

export type Results = Record<string, Costs>;

const path = "tests/bench/baseline.json";

/** How much a count may rise without the baseline being changed in the same commit. */
const TOLERANCE = 0.02;

export interface Change {
	scenario: string;
	metric: Metric;
	/** NaN where the baseline has none. */
	before: number;
	now: number;
}

export function readBaseline(): Results {
	return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Results) : {};
}

/** @param all whether these are all scenarios; otherwise those that were not measured stay as they were */
export function writeBaseline(results: Results, all: boolean): void {
	writeFileSync(path, `${JSON.stringify({ ...(all ? {} : readBaseline()), ...results }, undefined, "\t")}\n`);
}

/** Counts that are more than tolerated above the baseline, or that it lacks. */
export function rises(results: Results, baseline: Results): Change[] {
	return changes(results, baseline).filter(({ before, now }) => !(now <= before * (1 + TOLERANCE)));
}

/** Counts that have become better by more than that. */
export function falls(results: Results, baseline: Results): Change[] {
	return changes(results, baseline).filter(({ before, now }) => now < before * (1 - TOLERANCE));
}

function changes(results: Results, baseline: Results): Change[] {
	const all: Change[] = [];
	for (const [scenario, costs] of Object.entries(results))
		for (const metric of Object.keys(metrics) as Metric[]) {
			const now = costs[metric];
			if (now !== undefined) all.push({ scenario, metric, before: baseline[scenario]?.[metric] ?? Number.NaN, now });
		}
	return all;
}

export function describeChange({ scenario, metric, before, now }: Change): string {
	const from = Number.isNaN(before) ? "not in the baseline" : `${before} in the baseline`;
	return `${scenario}: ${metrics[metric]} ${now}, ${from}`;
}
