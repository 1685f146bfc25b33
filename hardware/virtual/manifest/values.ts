import type { Json, JsonObject } from "./types.js";

export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value or an array of them, as an array. */
export function toArray(value: Json | undefined): Json[] {
	return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Lays `source` over `target`: objects are merged, anything else is replaced. */
export function merge(target: JsonObject, source: JsonObject): void {
	for (const [key, value] of Object.entries(source)) {
		const present = target[key];
		if (isObject(present) && isObject(value)) merge(present, value);
		else target[key] = structuredClone(value);
	}
}
