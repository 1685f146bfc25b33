/** Builds apps with the Moddable SDK for the simulator's engine, and what runs them without the simulator. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { moddableSDK, pathProblem, sdkEnvironment } from "../../../commands/toolchain.js";

/** For each compiler a folder, as for 64 and for 32 bits. */
export const output = resolve("build/sdk-tests", (process.env.CC ?? "cc").replaceAll(/\W+/g, "-"));

/** Why nothing can be built here; undefined where it can. */
export function obstacle(): string | undefined {
	if (!process.env.MODDABLE) return "MODDABLE is not set: it takes the Moddable SDK";
	if (process.platform !== "linux") return "the app's host is for Linux";
	const path = pathProblem(process.cwd());
	if (path) return path;
	return hasOpenSSL() ? undefined : "there is no openssl";
}

/** Whether the simulator's engine is built for 32 bits, as the chip's: by CC, such as "gcc -m32 -msse2 -mfpmath=sse". */
export const is32Bit = /\s-m32\b/.test(process.env.CC ?? "");

/** Whether certificates can be made here. */
export function hasOpenSSL(): boolean {
	return spawnSync("openssl", ["version"]).status === 0;
}

/**
 * Builds the app whose manifest.json is in a folder; what mcconfig says is in the error if that fails.
 * @param mode "instrument": XS counts what it uses @returns the library that it is
 */
export function buildApp(
	folder: string,
	platform: "lin" | "sim/nodemcu",
	mode: "release" | "instrument" = "release",
): string {
	mkdirSync(output, { recursive: true });
	const options = mode === "release" ? [] : ["-i"];
	const command = ["mcconfig", "-m", ...options, "-p", platform, "-t", "build", "-o", output];
	// tests run beside each other, and what apps have in common is built in one place
	run("flock", [join(output, "lock"), ...command], { cwd: folder, env: environment() });
	const board = platform === "lin" ? "mc" : "nodemcu";
	return join(output, "bin", "lin", board, mode, basename(folder), "mc.so");
}

/** Builds the program that runs such a library. @returns its path */
export function buildHost(): string {
	const host = join(output, "host");
	const [compiler = "gcc", ...options] = (process.env.CC ?? "gcc").split(" ");
	const gio = execFileSync("pkg-config", ["--cflags", "--libs", "gio-2.0"], { encoding: "utf8" }).trim().split(/\s+/);
	const sdk = process.env.MODDABLE as string;
	const headers = ["build/simulators/modules", "xs/sources", "xs/includes", "xs/platforms"];
	const sources = ["host.c", "block.c"].map((file) => resolve("tests/hardware/tls/host", file));
	const files = ["-o", host, ...sources, ...headers.flatMap((folder) => ["-I", join(sdk, folder)])];
	mkdirSync(output, { recursive: true });
	run(compiler, [...options, "-O1", "-Wall", "-rdynamic", ...files, ...gio, "-ldl"], { env: environment() });
	return host;
}

function environment(): NodeJS.ProcessEnv {
	const sdk = moddableSDK();
	return sdk ? sdkEnvironment(sdk) : process.env;
}

function run(command: string, options: string[], settings: { cwd?: string; env: NodeJS.ProcessEnv }): void {
	const { status, stdout, stderr, error } = spawnSync(command, options, { ...settings, encoding: "utf8" });
	if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stdout + stderr}`);
}
