import { ManifestError } from "./error.js";
import type { Includes, Loaded } from "./include.js";
import { findFiles } from "./sources.js";
import type { JsonObject } from "./types.js";
import { isObject, toArray } from "./values.js";

/**
 * Adds what a manifest lists under `resources` to those of the app: name, with the file's extension, and file. Files stay as
 * they are: there is no screen that pictures and fonts would be made ready for.
 */
export function addResources(includes: Includes, loaded: Loaded, part: JsonObject, all: Map<string, string>): void {
	const resources = part.resources ?? {};
	if (!isObject(resources)) throw new ManifestError(loaded.file, "resources", "this is not an object");
	for (const [target, value] of Object.entries(resources)) {
		const key = `resources.${target}`;
		if (target.startsWith("~"))
			throw new ManifestError(loaded.file, key, "this cannot be excluded on the virtual board");
		for (const item of toArray(value)) {
			if (typeof item !== "string") throw new ManifestError(loaded.file, key, "this is neither a path nor paths");
			const path = includes.path(loaded, key, item);
			if (path) addFiles(loaded, key, target, path, all);
		}
	}
}

function addFiles(loaded: Loaded, key: string, target: string, path: string, all: Map<string, string>): void {
	let files: ReturnType<typeof findFiles>;
	try {
		files = findFiles(path);
	} catch (error) {
		throw new ManifestError(loaded.file, key, (error as Error).message);
	}
	if (files.length === 0) throw new ManifestError(loaded.file, key, `there is no ${path}`);
	for (const { file, name, extension } of files) all.set(target.replace("*", () => name) + extension, file);
}
