/** What firmware takes of an ESP8266, as the SDK's linker says it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type MemoryUsage, usageIn } from "../../commands/sdk/build.js";
import { flashSafe } from "../../commands/sdk/flash-loads.js";
import { espCompiler, moddableSDK, pathProblem, sdkEnvironment } from "../../commands/toolchain.js";

const sdk = moddableSDK();
/** Why no firmware can be built here, or false. */
export const noSDK: string | false =
	sdk?.built && espCompiler()
		? (pathProblem(process.cwd()) ?? false)
		: "takes the Moddable SDK and its ESP8266 toolchain: MODDABLE, ESP_BASE";

/**
 * Builds the release firmware of a manifest.
 * @throws Error with what mcconfig says if that fails, or warns of
 */
export function memoryUsage(manifest: string): MemoryUsage {
	const path = resolve(manifest);
	// a folder each: the SDK keeps what it makes of a folder's manifests in one place, and one would grow by what is left of another
	const out = resolve("build", "sizes", basename(path, ".json"));
	mkdirSync(out, { recursive: true });
	// only the linker says it, which has nothing to do where nothing has changed, and links what is left of modules that are gone
	for (const kind of ["bin", "tmp"])
		rmSync(join(out, kind, "esp", "nodemcu", "release", basename(dirname(path))), { recursive: true, force: true });
	const { status, stdout, stderr } = spawnSync(
		"mcconfig",
		["-m", "-p", "esp/nodemcu", "-t", "build", "-o", out, path],
		{
			encoding: "utf8",
			env: flashSafe(sdk ? sdkEnvironment(sdk) : process.env),
		},
	);
	const said = `${stdout}\n${stderr}`;
	const [warning] = /^### warning: .*$/m.exec(said) ?? []; // the linker's: something in flash would take RAM
	if (warning) throw new Error(warning);
	const usage = usageIn(said);
	if (status !== 0 || !usage) throw new Error(`mcconfig failed:\n${said}`);
	return usage;
}
