import { isBoardModule, isSDKName } from "../modules.js";
import { ManifestError } from "./error.js";
import type { Includes, Loaded } from "./include.js";
import { findSources } from "./sources.js";
import type { Json, JsonObject } from "./types.js";
import { isObject, toArray } from "./values.js";

interface Entry {
	loaded: Loaded;
	key: string;
	target: string;
	path: string;
}

/**
 * Gathers `modules` and `preload` of manifests, then says which files they mean. Names that the board itself offers stay
 * the board's: what a manifest lists for them is made for the chip.
 */
export class ModuleList {
	readonly warnings: string[] = [];
	readonly #includes: Includes;
	readonly #entries: Entry[] = [];
	readonly #excluded: Entry[] = [];
	readonly #preload: { loaded: Loaded; pattern: string }[] = [];

	constructor(includes: Includes) {
		this.#includes = includes;
	}

	add(loaded: Loaded, part: JsonObject): void {
		const modules = part.modules ?? {};
		if (!isObject(modules)) throw new ManifestError(loaded.file, "modules", "this is not an object");
		for (const [target, value] of Object.entries(modules)) this.#addTarget(loaded, target, value);
		for (const pattern of toArray(part.preload)) {
			if (typeof pattern !== "string")
				throw new ManifestError(loaded.file, "preload", `${JSON.stringify(pattern)} is not a name`);
			this.#preload.push({ loaded, pattern });
		}
	}

	resolve(): { modules: Map<string, string>; preload: string[] } {
		const modules = this.#files();
		return { modules, preload: this.#preloads(modules) };
	}

	#addTarget(loaded: Loaded, target: string, value: Json): void {
		const key = `modules.${target}`;
		for (const item of toArray(value)) {
			const source = isObject(item) ? item.source : item;
			if (typeof source !== "string") throw new ManifestError(loaded.file, key, "this is neither a path nor paths");
			const path = this.#includes.path(loaded, key, source);
			if (!path) continue;
			(target === "~" ? this.#excluded : this.#entries).push({ loaded, key, target, path });
		}
	}

	#files(): Map<string, string> {
		const seen = new Set(this.#excluded.flatMap((entry) => find(entry).map((source) => source.file)));
		const modules = new Map<string, string>();
		for (const entry of this.#entries)
			for (const source of find(entry)) {
				if (seen.has(source.file)) continue;
				seen.add(source.file);
				const name = entry.target.includes("*") ? entry.target.replace("*", () => source.name) : entry.target;
				if (isBoardModule(name)) continue;
				const present = modules.get(name);
				if (present) throw new ManifestError(entry.loaded.file, entry.key, `"${name}" is ${present} already`);
				modules.set(name, source.file);
			}
		return modules;
	}

	#preloads(modules: Map<string, string>): string[] {
		const result = new Set<string>();
		for (const { loaded, pattern } of this.#preload) {
			const star = pattern.lastIndexOf("*");
			if (star < 0) {
				if (modules.has(pattern)) result.add(pattern);
				else if (!isSDKName(pattern)) this.warnings.push(`${loaded.file}: preload: there is no ${pattern}`);
			} else for (const name of matching(loaded, pattern, star, modules)) result.add(name);
		}
		return [...result];
	}
}

function find(entry: Entry): { file: string; name: string }[] {
	const fail = (problem: string) => new ManifestError(entry.loaded.file, entry.key, problem);
	let found: ReturnType<typeof findSources>;
	try {
		found = findSources(entry.path);
	} catch (error) {
		throw fail((error as Error).message);
	}
	if (!found.matched) throw fail(`there is no ${entry.path}`);
	return found.sources;
}

/** mcconfig's patterns in `preload` hold for JavaScript only; a TypeScript module it does not preload unless named. */
function matching(loaded: Loaded, pattern: string, star: number, modules: Map<string, string>): string[] {
	const names = [...modules.keys()].filter((name) => name.startsWith(pattern.slice(0, star)));
	const typeScript = names.filter((name) => modules.get(name)?.endsWith(".ts"));
	if (typeScript.length)
		throw new ManifestError(
			loaded.file,
			`preload.${pattern}`,
			`mcconfig does not preload TypeScript modules by a pattern; name them: ${typeScript.join(", ")}`,
		);
	return names;
}
