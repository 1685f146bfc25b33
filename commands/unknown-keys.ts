/** Keys of a manifest that nobody reads: mcconfig passes over them without a word. */
import { readConfig } from "../config.js";
import { isObject } from "../hardware/virtual/manifest/values.js";
import { nearest } from "./nearest.js";

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
