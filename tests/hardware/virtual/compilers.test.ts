/** The engine compiled by the strictest compilers that are here: each year's refuse what the last one's let pass. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Exit code of an engine whose desk is gone: see system.h. */
const DESK_GONE = 71;

/** What to compile for: make's target, and options with which the compiler must be able to link a program. */
const builds = [
	{ name: "64 bits", target: "m64", probe: [] },
	{ name: "32 bits", target: "m32", probe: ["-m32"] },
];

/** The newest gcc or clang here, by what it says itself, as `clang` may be older than `clang-19`. */
function newest(family: "gcc" | "clang"): string | undefined {
	const folders = (process.env.PATH ?? "").split(":").filter((folder) => existsSync(folder));
	const name = new RegExp(`^${family}(-\\d+)?$`);
	const names = new Set(folders.flatMap((folder) => readdirSync(folder)).filter((file) => name.test(file)));
	const versions = [...names].map((compiler) => ({ compiler, version: majorVersion(compiler) }));
	return versions.sort((one, other) => other.version - one.version)[0]?.compiler;
}

function majorVersion(compiler: string): number {
	return Number.parseInt(spawnSync(compiler, ["-dumpversion"], { encoding: "utf8" }).stdout, 10) || 0;
}

function links(compiler: string, options: string[]): boolean {
	const input = "int main(void) { return 0; }";
	return spawnSync(compiler, [...options, "-x", "c", "-o", "/dev/null", "-", "-lm"], { input }).status === 0;
}

/** Compiles in a folder of its own, so that the engine that is used stays; XS in a hurry. @returns where */
async function make(compiler: string, target: string, goal: string): Promise<string> {
	const out = resolve("build", "compilers", compiler.replaceAll(/\W+/g, "-"), target);
	const xs = resolve("node_modules/@agoric/xsnap/moddable/xs");
	mkdirSync(out, { recursive: true });
	const variables = [`CC=${compiler}`, `TARGET=${target}`, `XS=${xs}`, `OUT=${out}`, "XS_CFLAGS=-std=gnu99 -w -O0"];
	await run("make", ["-s", "-j2", "-C", "hardware/virtual/engine", ...variables, goal], { maxBuffer: 1 << 24 });
	return out;
}

for (const family of ["gcc", "clang"] as const) {
	const compiler = newest(family);
	if (compiler === "gcc") continue; // has compiled the engines that all other tests use
	for (const { name, target, probe } of builds)
		test(`${compiler ?? family} compiles the engine for ${name}, and it starts`, async (context) => {
			if (!compiler) return context.skip(`no ${family} here`);
			if (!links(compiler, probe)) return context.skip(`${compiler} links no programs of ${name} here`);
			const out = await make(compiler, target, "all");
			assert.equal(spawnSync(`${out}/engine`, { input: "" }).status, DESK_GONE);
		});
}

test("compiles for arm64", async (context) => {
	const compiler = armCompiler();
	if (!compiler) return context.skip("no compiler for arm64 here");
	await make(compiler, "m64", "objects");
});

/** clang compiles for any processor where the C library's headers for it are; gcc needs to be another one. */
function armCompiler(): string | undefined {
	const gcc = "aarch64-linux-gnu-gcc";
	if (spawnSync(gcc, ["--version"]).status === 0) return gcc;
	const clang = newest("clang");
	const headers = "/usr/aarch64-linux-gnu/include";
	return clang && existsSync(headers) ? `${clang} --target=aarch64-linux-gnu -isystem ${headers}` : undefined;
}
