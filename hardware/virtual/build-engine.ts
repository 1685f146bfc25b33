import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildSim } from "../chip/sim/build.js";

const run = promisify(execFile);

/**
 * The engine's builds: 32-bit like the chip, or 64-bit where the machine cannot, with figures that are not the chip's;
 * "lx106" is the chip's processor, emulated, which counts its instructions, "l32" the same, with loads as its flash needs
 * them, "profile" the same by function; "aligned" is "m32" that ends the run at an unaligned access, which the chip would
 * trap.
 */
export const engineTargets = ["m32", "m64", "lx106", "l32", "profile", "aligned"] as const;
export type EngineTarget = (typeof engineTargets)[number];

/** Where the engine's program is. */
export function enginePath(root: string, target: EngineTarget): string {
	return join(root, "build", "engine", target, "engine");
}

/** What emulates the chip's processor: QEMU, or our core, which is as exact (tests/hardware/chip) and needs no package. */
export type Emulator = "qemu" | "core";

/**
 * How the engine is started: a program and its arguments.
 * @param emulator of an engine for the chip's processor; default: what VIRTUAL_BOARD_EMULATOR says, else QEMU where it is
 * installed, else our core
 */
export async function engineCommand(root: string, target: EngineTarget, emulator?: Emulator): Promise<string[]> {
	const path = enginePath(root, target);
	if (!isEmulated(target)) return [path];
	const wanted = emulator ?? process.env.VIRTUAL_BOARD_EMULATOR ?? ((await hasQEMU()) ? "qemu" : "core");
	return wanted === "qemu" ? [...qemu, path] : [await buildSim(root), path];
}

function isEmulated(target: EngineTarget): boolean {
	return target === "lx106" || target === "l32" || target === "profile";
}

/** Files are the engine's own (-serial none); time passes with instructions only, one a nanosecond. */
export const qemu = [
	...["qemu-system-xtensa", "-M", "sim", "-cpu", "lx106", "-m", "64M", "-semihosting"],
	...["-icount", "shift=0,sleep=off", "-display", "none", "-serial", "none", "-monitor", "none", "-kernel"],
];

/** What "lx106" is built from, by Debian's packages; each with a test whether it is there. */
const toolchainPackages: Record<string, string> = {
	"gcc-xtensa-lx106": "command -v xtensa-lx106-elf-gcc",
	"picolibc-xtensa-lx106-elf": "test -e /usr/lib/xtensa-lx106-elf/lib/libc.a",
	"gcc-12-source": "ls /usr/src/gcc-*/gcc-*.tar.xz",
};

/** The packages that are missing for "lx106", by Debian's names; none: it can be built and run. */
export async function missingForLX106(): Promise<string[]> {
	const names = Object.keys(toolchainPackages);
	const present = await Promise.all(names.map((name) => succeeds(toolchainPackages[name] as string)));
	return names.filter((_, index) => !present[index]);
}

let installed: Promise<boolean> | undefined;

/** Is QEMU for the chip's processor here? */
export function hasQEMU(): Promise<boolean> {
	installed ??= succeeds("command -v qemu-system-xtensa");
	return installed;
}

async function succeeds(script: string): Promise<boolean> {
	return run("sh", ["-c", script]).then(
		() => true,
		() => false,
	);
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
	return succeeds(script);
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
	const missing = isEmulated(target) ? await missingForLX106() : [];
	if (missing.length)
		throw new Error(`the lx106 engine needs packages that are not here: apt-get install ${missing.join(" ")}`);
	const out = join(root, "build", "engine", target);
	mkdirSync(out, { recursive: true });
	const command = ["make", "-s", "-j2", "-C", join(root, "hardware", "virtual", "engine")];
	try {
		await run("flock", [out, ...command, `TARGET=${target}`], { maxBuffer: 1 << 24 });
	} catch (error) {
		const { stderr, message } = error as { stderr?: string; message: string };
		throw new Error(`the engine cannot be built:\n${stderr?.trim() || message}`);
	}
	return target;
}
