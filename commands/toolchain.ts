/** Where the Moddable SDK and the ESP8266 toolchain are, if they are. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const onMac = process.platform === "darwin";

/** The SDK's name for this host, in the paths of what it builds. */
export const host = onMac ? "mac" : "lin";

export interface SDK {
	root: string;
	/** Where mcconfig and the simulator are. */
	bin: string;
	/** Whether its tools are built. */
	built: boolean;
}

/** The SDK that MODDABLE names; undefined where it names none. */
export function moddableSDK(env: NodeJS.ProcessEnv = process.env): SDK | undefined {
	const root = env.MODDABLE;
	if (!root) return undefined;
	const bin = join(root, "build", "bin", host, "release");
	return { root, bin, built: existsSync(join(bin, "mcconfig")) };
}

/** The ESP8266 compiler below ESP_BASE, where mcconfig looks for it; undefined where there is none. */
export function espCompiler(env: NodeJS.ProcessEnv = process.env): string | undefined {
	if (!env.ESP_BASE) return undefined;
	const toolchain = join(env.ESP_BASE, "toolchain", onMac ? "Darwin" : "Linux");
	const compiler = join(toolchain, "xtensa-lx106-elf", "bin", "xtensa-lx106-elf-gcc");
	return existsSync(compiler) ? compiler : undefined;
}
