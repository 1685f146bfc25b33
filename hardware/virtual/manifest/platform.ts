import type { JsonObject } from "./types.js";
import { isObject } from "./values.js";

/**
 * The one entry of `platforms` that holds for a platform, as mcconfig chooses it: for "esp/nodemcu" the first that
 * matches the whole name (itself or a name with a star), else "esp", else "...". Never more than one.
 */
export function matchPlatform(platforms: JsonObject, platform: string): JsonObject | undefined {
	const parts = platform.split("/");
	for (let length = parts.length; length > 0; length--) {
		const partial = parts.slice(0, length).join("/");
		for (const [name, value] of Object.entries(platforms))
			if (matches(name, partial)) return isObject(value) ? value : undefined;
	}
	const otherwise = platforms["..."];
	return isObject(otherwise) ? otherwise : undefined;
}

function matches(name: string, partial: string): boolean {
	if (name.endsWith("/*")) return partial.startsWith(name.slice(0, -1));
	if (name.startsWith("*/")) return partial.endsWith(name.slice(1));
	return partial === name;
}
