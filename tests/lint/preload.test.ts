/** What mcconfig does not preload for the chip lives in RAM: it takes TypeScript modules only by their full name, patterns skip them. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";

interface Part {
	modules?: Record<string, string | string[]>;
	preload?: string[];
	platforms?: Record<string, Part>;
}

/** Names of the TypeScript modules that a manifest's own entries bring, as far as no pattern names them. */
function modulesOf(part: Part, folder: string): string[] {
	const entries = Object.entries(part.modules ?? {}).filter(([name]) => !/[~*]/.test(name));
	const isOurs = (source: unknown) => typeof source === "string" && existsSync(join(folder, `${source}.ts`));
	const named = entries.filter(([, source]) => isOurs(source)).map(([name]) => name);
	const listed = [part.modules?.["*"] ?? []].flat().filter(isOurs);
	return [
		...named,
		...listed.map((source) => basename(source)),
		...Object.values(part.platforms ?? {}).flatMap((it) => modulesOf(it, folder)),
	];
}

const manifests = [
	"manifest.json",
	...["modules", "hardware"].flatMap((folder) =>
		readdirSync(folder, { recursive: true, encoding: "utf8" })
			.filter((path) => /(^|\/)manifest[^/]*\.json$/.test(path))
			.map((path) => join(folder, path)),
	),
];

for (const path of manifests)
	test(`${path} preloads its TypeScript modules by their names`, () => {
		const manifest = JSON.parse(readFileSync(path, "utf8")) as Part;
		const modules = modulesOf(manifest, dirname(path));
		const preload = [...(manifest.preload ?? []), ...(manifest.platforms?.esp?.preload ?? [])];
		const missing = modules.filter((name) => !preload.includes(name));
		assert.deepEqual(missing, []);
	});
