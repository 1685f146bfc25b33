import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** "checked": with the address and undefined-behaviour sanitizers. */
export type SimBuild = "fast" | "checked";

/**
 * Builds the machine that is as QEMU's "sim", on our core, if it is not up to date; several processes may ask at once.
 * @param root the project's folder @returns the program's path @throws Error with make's output
 */
export async function buildSim(root: string, build: SimBuild = "fast"): Promise<string> {
	const out = join(root, "build", build === "fast" ? "chip-sim" : "chip-sim-checked");
	mkdirSync(out, { recursive: true });
	const options = build === "fast" ? [] : ["CHECKED=1"];
	try {
		await run("flock", [out, "make", "-s", "-j2", "-C", join(root, "hardware", "chip", "sim"), ...options]);
	} catch (error) {
		const { stderr, message } = error as { stderr?: string; message: string };
		throw new Error(`the chip's core cannot be built:\n${stderr?.trim() || message}`);
	}
	return join(out, "sim");
}
