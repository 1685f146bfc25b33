import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { offeredManifests } from "../modules.js";
import { projectFolder } from "../project.js";
import { ManifestError } from "./error.js";
import { parseJSON } from "./json.js";
import { matchPlatform } from "./platform.js";
import type { Json, JsonObject } from "./types.js";
import { isObject, toArray } from "./values.js";
import { isInSDK, Variables } from "./variables.js";

/** A manifest that was read, with the entry of its `platforms` that holds. */
export interface Loaded {
	file: string;
	folder: string;
	manifest: JsonObject;
	platform: JsonObject | undefined;
}

const offered = new Set(offeredManifests.map((path) => join(projectFolder(), path)));

/** Reads a manifest and all it includes, each once, what is included before what includes it. */
export class Includes {
	readonly variables = new Variables();
	readonly loaded: Loaded[] = [];
	readonly skipped: string[] = [];
	readonly #platform: string;
	readonly #seen = new Set<string>();

	constructor(platform: string) {
		this.#platform = platform;
	}

	read(file: string): void {
		if (this.#seen.has(file)) return;
		this.#seen.add(file);
		const manifest = parse(file);
		const platforms = manifest.platforms;
		const platform = isObject(platforms) ? matchPlatform(platforms, this.#platform) : undefined;
		const loaded = { file, folder: dirname(file), manifest, platform };
		this.#setVariables(loaded, manifest);
		if (platform) this.#setVariables(loaded, platform);
		this.#include(loaded, "include", manifest.include);
		if (platform) this.#include(loaded, `platforms.${this.#platform}.include`, platform.include);
		this.loaded.push(loaded);
	}

	/** A path of a manifest made absolute; undefined if it leads into the SDK. */
	path(loaded: Loaded, key: string, value: string): string | undefined {
		const path = this.#resolve(loaded, key, value);
		if (isInSDK(path)) {
			this.skipped.push(path);
			return undefined;
		}
		return isAbsolute(path) ? path : resolve(loaded.folder, path);
	}

	#include(loaded: Loaded, key: string, value: Json | undefined): void {
		for (const item of toArray(value)) {
			if (typeof item !== "string")
				throw new ManifestError(loaded.file, key, "only paths can be included on the virtual board");
			const path = this.path(loaded, key, item);
			if (path && offered.has(path)) this.skipped.push(path);
			else if (path) this.#readIncluded(loaded, key, path);
		}
	}

	#readIncluded(loaded: Loaded, key: string, path: string): void {
		try {
			this.read(path);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
			throw new ManifestError(loaded.file, key, `there is no ${path}`);
		}
	}

	#setVariables(loaded: Loaded, part: JsonObject): void {
		const build = part.build;
		if (!isObject(build)) return;
		for (const [name, value] of Object.entries(build)) {
			if (typeof value !== "string") continue;
			const optional = name.endsWith(" ?=");
			const key = optional ? name.slice(0, -3) : name;
			if (optional && (this.variables.has(key) || key in process.env)) continue;
			const text = this.#resolve(loaded, `build.${name}`, value);
			this.variables.set(key, text.startsWith("./") ? resolve(loaded.folder, text) : text);
		}
	}

	#resolve(loaded: Loaded, key: string, value: string): string {
		try {
			return this.variables.resolve(value);
		} catch (error) {
			throw new ManifestError(loaded.file, key, (error as Error).message);
		}
	}
}

function parse(file: string): JsonObject {
	const text = readFileSync(file, "utf8");
	let value: unknown;
	try {
		value = parseJSON(text);
	} catch (error) {
		throw new ManifestError(file, "", (error as Error).message);
	}
	if (!isObject(value)) throw new ManifestError(file, "", "this is not an object");
	return value;
}
