/** The rules, and the files of the project that they are for. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { whoMayKnowWhom } from "./imports.js";
import { noBase64Module, noDate, noRegExp, onlyWhatTheChipHas } from "./rules.js";
import { noModuleState } from "./state.js";
import { type Finding, inspect, type Rule } from "./syntax.js";

export const rules: readonly Rule[] = [
	noRegExp,
	noBase64Module,
	onlyWhatTheChipHas,
	noDate,
	noModuleState,
	whoMayKnowWhom,
];

/** All TypeScript files below `root` that a rule is for: path relative to `root` -> text. */
export function firmwareSources(root: string): Map<string, string> {
	const folders = ["modules", "hardware"].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
	);
	const paths = ["main.ts", "config.ts", ...folders].filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));
	const wanted = paths.filter((path) => rules.some((rule) => rule.appliesTo(path)));
	return new Map(wanted.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

/** Inspects the firmware; an empty list is what we want. */
export function inspectFirmware(root: string): Finding[] {
	return inspect(firmwareSources(root), rules);
}

export function describeFinding({ path, line, column, rule, message }: Finding): string {
	return `${path}:${line}:${column} ${message} (${rule})`;
}
