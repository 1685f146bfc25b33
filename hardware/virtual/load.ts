import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineTarget } from "./build-engine.js";
import type { Engine } from "./engine.js";
import { FrameKind } from "./frames.js";
import type { App } from "./manifest/manifest.js";
import { boardModules } from "./modules.js";

/** The app could not be made ready to run. */
export class BuildError extends Error {
	override readonly name = "BuildError";
}

/** What the app's machine is beside its `creation`. */
export interface Machine {
	target: EngineTarget;
	/** lwIP's TCP_MSS. */
	segmentSize: number;
	/** Where Math.random begins. */
	seed: number;
	/** Garbage is collected before each allocation. */
	collectAlways: boolean;
}

/**
 * Brings an app into the engine, up to the moment where its main module could run: the board's modules and the app's,
 * those to preload, then its machine.
 * @param sources of the app's modules, by name @param errors what the engine complains about, filled by its owner
 * @throws BuildError
 */
export async function load(
	engine: Engine,
	root: string,
	app: App,
	sources: Map<string, string>,
	machine: Machine,
	errors: readonly string[],
): Promise<void> {
	const own = join(root, "hardware", "virtual", "engine", "modules");
	const preload = [...boardModules.map((module) => module.name), "mc/config", ...app.preload];
	const preloaded = new Set(preload);
	const add = (name: string, source: string | Uint8Array) =>
		engine.send(preloaded.has(name) ? FrameKind.preloaded : FrameKind.module, `${name}\0`, source);
	const failOnErrors = () => {
		if (errors.length) throw new BuildError(errors.join("\n"));
	};
	await engine.send(FrameKind.creation, sizes(app, machine));
	for (const { name, file } of boardModules) await add(name, readFileSync(join(own, file)));
	await add("mc/config", `export default Object.freeze(${JSON.stringify(app.config)}, true);`);
	for (const [name, source] of sources) await add(name, source);
	for (const [name, file] of app.resources) await engine.send(FrameKind.resource, `${name}\0`, readFileSync(file));
	failOnErrors();
	for (const name of preload) await engine.send(FrameKind.preload, name);
	failOnErrors();
	await engine.send(FrameKind.share);
}

/** In the order of engine/main.c. Where slots take twice the chip's 16 bytes, `static` is twice as large. */
function sizes({ creation }: App, { target, segmentSize, seed, collectAlways }: Machine): string {
	const { chunk, heap, keys, stack } = creation;
	const total = target === "m64" ? creation.static * 2 : creation.static;
	const values = [total, chunk.initial, chunk.incremental, heap.initial, heap.incremental];
	return [...values, stack, keys.initial, keys.incremental, segmentSize, seed, Number(collectAlways)].join(" ");
}
