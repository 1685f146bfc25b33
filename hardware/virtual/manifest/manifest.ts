import { resolve } from "node:path";
import { readCreation } from "./creation.js";
import { ManifestError } from "./error.js";
import { Includes, type Loaded } from "./include.js";
import { ModuleList } from "./module-list.js";
import { addResources } from "./resource-list.js";
import type { App, Json, JsonObject, PartialCreation } from "./types.js";
import { isObject, merge, toArray } from "./values.js";

export { ManifestError } from "./error.js";
export type { App, Creation, JsonObject, PartialCreation } from "./types.js";

/** What is laid over a manifest, as mcconfig does with key=value. */
export interface Overrides {
	config?: JsonObject | undefined;
	creation?: PartialCreation | undefined;
	/** Default: "esp/nodemcu". */
	platform?: string | undefined;
}

/**
 * Reads an app's manifest as mcconfig does: includes, `build` variables, `platforms`, `modules` with patterns, arrays and
 * "~", `preload`, `resources`, `config`, `creation`. What leads into the SDK is skipped: the board itself offers it.
 * @throws ManifestError naming the file and the key
 */
export function readManifest(file: string, overrides: Overrides = {}): App {
	const includes = new Includes(overrides.platform ?? "esp/nodemcu");
	includes.read(resolve(file));
	const config: JsonObject = {};
	const creation: JsonObject = {};
	const modules = new ModuleList(includes);
	const resources = new Map<string, string>();
	const typings: string[] = [];
	const warnings: string[] = [];
	for (const loaded of includes.loaded)
		for (const part of [loaded.manifest, loaded.platform]) {
			if (!part) continue;
			failOnError(loaded, part);
			warnings.push(...toArray(part.warning).map(String));
			mergeObject(loaded, part, "config", config);
			mergeObject(loaded, part, "creation", creation);
			modules.add(loaded, part);
			addResources(includes, loaded, part, resources);
			typings.push(...readTypings(includes, loaded, part));
		}
	if (overrides.config) merge(config, overrides.config);
	if (overrides.creation) merge(creation, overrides.creation as JsonObject);
	return {
		...modules.resolve(),
		config,
		resources,
		creation: readCreation(resolve(file), creation),
		typings,
		files: includes.loaded.map((loaded) => loaded.file),
		skipped: includes.skipped,
		warnings: [...warnings, ...modules.warnings],
	};
}

function readTypings(includes: Includes, loaded: Loaded, part: JsonObject): string[] {
	const key = "typescript.tsconfig.compilerOptions.types";
	let value: Json | undefined = part;
	for (const name of key.split(".")) value = isObject(value) ? value[name] : undefined;
	const result: string[] = [];
	for (const item of toArray(value)) {
		const path = includes.path(loaded, key, String(item));
		if (path) result.push(`${path}.d.ts`);
	}
	return result;
}

function failOnError(loaded: Loaded, part: JsonObject): void {
	const [error] = toArray(part.error);
	if (error !== undefined) throw new ManifestError(loaded.file, "error", String(error));
}

function mergeObject(loaded: Loaded, part: JsonObject, key: string, target: JsonObject): void {
	const value = part[key];
	if (value === undefined) return;
	if (!isObject(value)) throw new ManifestError(loaded.file, key, "this is not an object");
	merge(target, value);
}
