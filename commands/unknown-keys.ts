/** Keys of a manifest that nobody reads: mcconfig passes over them without a word. */
import { readConfig } from "../config.js";
import { isObject } from "../hardware/virtual/manifest/values.js";

/** What mcconfig reads of a manifest, and of each of its `platforms`. */
const manifestKeys = [
	...["ble", "build", "bundle", "commonjs", "components", "config", "creation", "data", "defines", "dependencies"],
	...[
		"dependency",
		"error",
		"errors",
		"ffi",
		"include",
		"modules",
		"platforms",
		"preload",
		"recipes",
		"resources",
		"run",
	],
	...["strip", "typescript", "warning", "warnings"],
];

const configKeys = Object.keys(readConfig({}).config);

/**
 * What stands in a manifest and is read by nobody, each as a clause: "config.smptPort is read by nobody; smtpPort is meant?".
 * @param more keys of `config` that are read
 */
export function unknownKeys(manifest: Record<string, unknown>, more: readonly string[] = []): string[] {
	return inManifest(manifest, [], [...new Set([...configKeys, ...more])]);
}

function inManifest(manifest: Record<string, unknown>, path: string[], config: readonly string[]): string[] {
	const clauses: string[] = [];
	for (const [key, value] of Object.entries(manifest)) {
		const way = [...path, key];
		if (key === "config" && isObject(value)) clauses.push(...inConfig(value, way, config));
		else if (key === "platforms" && isObject(value)) clauses.push(...inPlatforms(value, way, config));
		else if (!manifestKeys.includes(key) && !isComment(key)) {
			const meant = nearest(key, [...manifestKeys, ...config]);
			const isConfig = meant !== undefined && !manifestKeys.includes(meant);
			clauses.push(clause(way, isConfig ? [...path, "config", meant].join(".") : meant));
		}
	}
	return clauses;
}

function inPlatforms(platforms: Record<string, unknown>, path: string[], config: readonly string[]): string[] {
	return Object.entries(platforms).flatMap(([name, part]) =>
		isObject(part) ? inManifest(part, [...path, name], config) : [],
	);
}

/** @param way the keys from `config` on that lead to the object, as words of one name: smtp, host */
function inConfig(
	object: Record<string, unknown>,
	path: string[],
	known: readonly string[],
	way: string[] = [],
): string[] {
	return Object.entries(object).flatMap(([key, value]) => {
		const isRead = way.length === 0 && known.includes(key);
		if (isRead || isComment(key)) return [];
		if (isObject(value) && Object.keys(value).length > 0) return inConfig(value, [...path, key], known, [...way, key]);
		const meant = nearest([...way, key].join(""), known) ?? nearest(key, known);
		return clause([...path, key], meant);
	});
}

function clause(path: readonly string[], meant: string | undefined): string {
	return `${path.join(".")} is read by nobody${meant ? `; ${meant} is meant?` : ""}`;
}

/** As people write comments into JSON. */
function isComment(key: string): boolean {
	return /^[/_$#]/.test(key);
}

/** The name that a person may have meant: the same but for case and signs, a few slips away, or only its end. */
export function nearest(name: string, known: readonly string[]): string | undefined {
	const wanted = plain(name);
	const ranked = known.map((key) => ({ key, slips: slips(wanted, plain(key)) })).sort((a, b) => a.slips - b.slips);
	const [best] = ranked;
	if (best && best.slips <= Math.min(3, Math.max(1, Math.floor(wanted.length / 3)))) return best.key;
	return known.find((key) => wanted.length > 2 && (plain(key).endsWith(wanted) || wanted.endsWith(plain(key))));
}

function plain(name: string): string {
	return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** How many letters are missing, too many, others, or changed places (optimal string alignment). */
function slips(a: string, b: string): number {
	let before: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1];
			const cheapest = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
			const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			row.push(swapped ? Math.min(cheapest, (before[j - 2] ?? 0) + 1) : cheapest);
		}
		[before, last] = [last, row];
	}
	return last[b.length] ?? 0;
}
