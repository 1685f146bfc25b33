/**
 * The chip reads its flash by words only. Its own compiler makes 8- and 16-bit loads out of these when it is asked to
 * (-mforce-l32); others know no such option, and what they make stops at its first byte. For such a compiler there is a
 * toolchain made here, in which the assembler makes those loads.
 */
import { execFileSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { espCompiler } from "../toolchain.js";

const loads = "hardware/virtual/engine/lx106/force-l32.h";
const made = "build/sdk/flash-loads";

/** The environment with an ESP_BASE whose compiler's code can read flash: its own, where it can. */
export function flashSafe(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const compiler = espCompiler(env);
	if (!compiler || !env.ESP_BASE || readsFlash(compiler)) return env;
	return { ...env, ESP_BASE: makeToolchain(env.ESP_BASE, compiler) };
}

/** Whether a byte is read by way of a word; true where nothing can be found out. */
function readsFlash(compiler: string): boolean {
	const folder = mkdtempSync(join(tmpdir(), "loads-"));
	const [source, object] = [join(folder, "probe.c"), join(folder, "probe.o")];
	try {
		writeFileSync(source, "char probe(const char* text) { return text[1]; }\n");
		execFileSync(compiler, ["-O1", "-mforce-l32", "-c", source, "-o", object], { stdio: "ignore" });
		if (!existsSync(object)) return true;
		const objdump = compiler.replace(/gcc$/, "objdump");
		return !execFileSync(objdump, ["-d", object], { encoding: "utf8" }).includes("l8ui");
	} catch {
		return true; // the build will say what is wrong with it
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** A toolchain that passes all on, and reads `force-l32.h` where it is asked for such loads. @returns its ESP_BASE */
function makeToolchain(base: string, compiler: string): string {
	const stamp = join(made, "made-of");
	const bin = dirname(compiler);
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === compiler) return resolve(made);
	const target = resolve(made, compiler.slice(resolve(base).length + 1, -"/bin/xtensa-lx106-elf-gcc".length));
	rmSync(made, { recursive: true, force: true });
	mkdirSync(join(target, "bin"), { recursive: true });
	for (const name of readdirSync(base)) if (name !== "toolchain") symlinkSync(resolve(base, name), join(made, name));
	for (const name of readdirSync(dirname(bin)))
		if (name !== "bin") symlinkSync(join(dirname(bin), name), join(target, name));
	for (const name of readdirSync(bin)) {
		const path = join(target, "bin", name);
		if (/-(gcc|g\+\+)$/.test(name)) writeFileSync(path, wrapper(join(bin, name)));
		else symlinkSync(join(bin, name), path);
		if (/-(gcc|g\+\+)$/.test(name)) chmodSync(path, 0o755);
	}
	writeFileSync(stamp, compiler);
	return resolve(made);
}

function wrapper(compiler: string): string {
	return `#!/bin/sh
# ${basename(compiler)}, with loads from flash made by the assembler: see commands/sdk/flash-loads.ts
for argument; do
	shift
	case $argument in
		-mforce-l32) set -- "$@" -include '${resolve(loads)}' ;;
		*) set -- "$@" "$argument" ;;
	esac
done
exec '${compiler}' "$@"
`;
}
