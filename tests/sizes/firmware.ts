/** What firmware takes of an ESP8266, as the SDK's linker says it. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { espCompiler, moddableSDK } from "../../commands/toolchain.js";

/** In bytes. */
export interface MemoryUsage {
	flash: number;
	/** Static data. */
	ram: number;
}

/** What the linker has for static data and, behind it, the heap (dram0_0_seg): XS takes `creation.static` from what is left. */
export const DATA_RAM_BYTES = 81_920;

const sdk = moddableSDK();
/** Why no firmware can be built here, or false. */
export const noSDK: string | false =
	sdk?.built && espCompiler() ? false : "takes the Moddable SDK and its ESP8266 toolchain: MODDABLE, ESP_BASE";

/**
 * Builds the release firmware of a folder's manifest.
 * @throws Error with what mcconfig says if that fails
 */
export function memoryUsage(folder: string): MemoryUsage {
	const out = resolve("build", "sizes");
	mkdirSync(out, { recursive: true });
	const { status, stdout, stderr } = spawnSync("mcconfig", ["-m", "-p", "esp/nodemcu", "-t", "build", "-o", out], {
		cwd: resolve(folder),
		encoding: "utf8",
		env: { ...process.env, PATH: [sdk?.bin, process.env.PATH].join(delimiter) },
	});
	const said = `${stdout}\n${stderr}`;
	const bytes = (what: string) => Number(new RegExp(`# +${what}: *(\\d+) bytes`).exec(said)?.[1]);
	const usage = { flash: bytes("Flash"), ram: bytes("Ram") };
	if (status !== 0 || Number.isNaN(usage.flash + usage.ram)) throw new Error(`mcconfig failed:\n${said}`);
	return usage;
}
