/** Builds the emulated chip's program. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What it is built from, by Debian's packages; each with a test whether it is there. */
const packages: Record<string, string> = {
	gcc: "command -v gcc",
	make: "command -v make",
	"libslirp-dev": "echo '#include <slirp/libslirp.h>' | gcc -x c -fsyntax-only -",
};

/** The packages that are missing, by Debian's names; none: it can be built. */
export async function missingForChip(): Promise<string[]> {
	const names = Object.keys(packages);
	const present = await Promise.all(
		names.map((name) =>
			run("sh", ["-c", packages[name] as string]).then(
				() => true,
				() => false,
			),
		),
	);
	return names.filter((_, index) => !present[index]);
}

/** "sanitized" ends at what C leaves undefined, and at memory that is not its own; slower. */
export type ChipBuild = "fast" | "sanitized";

const built = new Map<ChipBuild, Promise<string>>();

/**
 * Builds the program if it is not up to date; several processes may ask at once.
 * @param root the project's folder @returns its path @throws Error with make's output
 */
export function buildChip(root: string, kind: ChipBuild = "fast"): Promise<string> {
	const building = built.get(kind) ?? make(root, kind);
	built.set(kind, building);
	return building;
}

async function make(root: string, kind: ChipBuild): Promise<string> {
	const missing = await missingForChip();
	if (missing.length)
		throw new Error(`the emulated chip needs packages that are not here: apt-get install ${missing.join(" ")}`);
	const out = join(root, "build", "chip", "emulator", kind);
	mkdirSync(out, { recursive: true });
	const command = ["make", "-s", "-j2", "-C", join(root, "hardware", "chip"), `OUT=${out}`];
	try {
		await run("flock", [out, ...command, ...(kind === "sanitized" ? ["SANITIZE=1"] : [])], { maxBuffer: 1 << 24 });
	} catch (error) {
		const { stderr, message } = error as { stderr?: string; message: string };
		throw new Error(`the emulated chip cannot be built:\n${stderr?.trim() || message}`);
	}
	return join(out, "chip");
}
