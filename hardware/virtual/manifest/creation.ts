import { ManifestError } from "./error.js";
import type { Creation, JsonObject } from "./types.js";
import { isObject, merge } from "./values.js";

/** What the SDK's manifests give an ESP8266. */
const defaults: Creation = {
	static: 32768,
	chunk: { initial: 1536, incremental: 512 },
	heap: { initial: 512, incremental: 64 },
	stack: 256,
	keys: { initial: 32, incremental: 32 },
	main: "main",
};

/** The sizes of the app's machine, with the defaults of the ESP8266. @throws ManifestError for what is no size */
export function readCreation(file: string, given: JsonObject): Creation {
	const result = structuredClone(defaults) as unknown as JsonObject;
	merge(result, given);
	check(file, result, ["static", "chunk", "heap", "stack", "keys"], "creation");
	if (typeof result.main !== "string") throw new ManifestError(file, "creation.main", "this is not a name");
	return result as unknown as Creation;
}

function check(file: string, object: JsonObject, keys: readonly string[], path: string): void {
	for (const key of keys) {
		const value = object[key];
		const at = `${path}.${key}`;
		if (isObject(value)) check(file, value, ["initial", "incremental"], at);
		else if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
			throw new ManifestError(file, at, `${JSON.stringify(value)} is not a size`);
	}
}
