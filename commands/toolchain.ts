/** Where the Moddable SDK and the ESP8266 toolchain are, if they are. */
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { printable } from "./terminal.js";

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

/** The environment for the SDK's tools: mcconfig runs the first tsc on PATH, and ours is the one that the project compiles with. */
export function sdkEnvironment({ bin }: SDK, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
	return { ...env, PATH: [resolve("node_modules/.bin"), bin, env.PATH].join(delimiter) };
}

/** Why the SDK cannot work in a folder, as a sentence; undefined where it can. Its make and its scripts take a name apart. */
export function pathProblem(folder: string): string | undefined {
	const [wrong] = /[^\p{L}\p{M}\p{N}/._+@-]/u.exec(folder) ?? [];
	if (wrong === undefined) return undefined;
	const name = wrong === " " ? "a blank" : /\p{C}/u.test(wrong) ? "a control character" : `a ${wrong}`;
	return `the Moddable SDK cannot work in a folder with ${name} in its name: ${printable(folder)}`;
}

/** Whether a program can be started by its name alone. */
export function onPath(program: string, { PATH = "" }: NodeJS.ProcessEnv = process.env): boolean {
	return PATH.split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, program)));
}

/** The ESP8266 compiler below ESP_BASE, where mcconfig looks for it; undefined where there is none. */
export function espCompiler(env: NodeJS.ProcessEnv = process.env): string | undefined {
	if (!env.ESP_BASE) return undefined;
	const toolchain = join(env.ESP_BASE, "toolchain", onMac ? "Darwin" : "Linux");
	const compiler = join(toolchain, "xtensa-lx106-elf", "bin", "xtensa-lx106-elf-gcc");
	return existsSync(compiler) ? compiler : undefined;
}
