import { join } from "node:path";
import { makeIn } from "../../make.js";

/** "checked": with the address and undefined-behaviour sanitizers. */
export type SimBuild = "fast" | "checked";

/**
 * Builds the machine that is as QEMU's "sim", on our core, if it is not up to date; several processes may ask at once.
 * @param root the project's folder @returns the program's path @throws Error which says what is in the way
 */
export async function buildSim(root: string, build: SimBuild = "fast"): Promise<string> {
	const out = join(root, "build", build === "fast" ? "chip-sim" : "chip-sim-checked");
	await makeIn(join(root, "hardware", "chip", "sim"), out, build === "fast" ? [] : ["CHECKED=1"], "the chip's core");
	return join(out, "sim");
}
