import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The engine's builds: 32-bit like the chip, or 64-bit where the machine cannot, with figures that are not the chip's. */
export type EngineTarget = "m32" | "m64";

/** Where the engine's program is. */
export function enginePath(root: string, target: EngineTarget): string {
	return join(root, "build", "engine", target, "engine");
}

/** How the engine is started: a program and its arguments. */
export function engineCommand(root: string, target: EngineTarget): string[] {
	return [enginePath(root, target)];
}

let target: Promise<EngineTarget> | undefined;
const built = new Map<EngineTarget, Promise<EngineTarget>>();

/** "m32" when a 32-bit program can be compiled, linked and run here, else "m64". */
export function engineTarget(): Promise<EngineTarget> {
	target ??= canBuild32().then((can) => (can ? "m32" : "m64"));
	return target;
}

async function canBuild32(): Promise<boolean> {
	const script = `
		folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
		echo 'int main(void) { return 0; }' | gcc -m32 -x c - -o "$folder/probe" -lm && "$folder/probe"`;
	try {
		await run("sh", ["-c", script]);
		return true;
	} catch {
		return false;
	}
}

/**
 * Builds the engine if it is not up to date; several processes may ask at once.
 * @param root the project's folder @param wanted default: `engineTarget()` @throws Error with make's output
 */
export async function buildEngine(root: string, wanted?: EngineTarget): Promise<EngineTarget> {
	const target = wanted ?? (await engineTarget());
	const building = built.get(target) ?? make(root, target);
	built.set(target, building);
	return building;
}

async function make(root: string, target: EngineTarget): Promise<EngineTarget> {
	const out = join(root, "build", "engine", target);
	const xs = join(root, "node_modules", "@agoric", "xsnap", "moddable", "xs");
	mkdirSync(out, { recursive: true });
	const command = ["make", "-s", "-j2", "-C", join(root, "hardware", "virtual", "engine")];
	try {
		await run("flock", [out, ...command, `TARGET=${target}`, `XS=${xs}`, `OUT=${out}`], { maxBuffer: 1 << 24 });
	} catch (error) {
		const { stderr, message } = error as { stderr?: string; message: string };
		throw new Error(`the engine cannot be built:\n${stderr?.trim() || message}`);
	}
	return target;
}
