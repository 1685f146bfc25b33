/** What QEMU's machine does not have: the chip's kinds of memory, stops, traps, interrupts from without, costs. In C: checks/. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { projectFolder } from "../../../../hardware/virtual/project.js";

const core = join(projectFolder(), "hardware", "chip", "core");
const checks = join(projectFolder(), "tests", "hardware", "chip", "core", "checks");
const strict = ["-std=c11", "-Wall", "-Wextra", "-Werror"];
const sanitized = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

function temporary(context: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), "chip-checks-"));
	context.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

function sources(folder: string): string[] {
	const names = readdirSync(folder).filter((name) => name.endsWith(".c"));
	return names.map((name) => join(folder, name));
}

test("traps, stops, interrupts, costs and regions, under the sanitizers", (context) => {
	const program = join(temporary(context), "checks");
	execFileSync("gcc", [...strict, ...sanitized, `-I${core}`, ...sources(core), ...sources(checks), "-o", program]);
	const said = execFileSync(program, { encoding: "utf8" });
	const [, count] = /^(\d+) checks\n$/.exec(said) ?? [];
	assert.ok(Number(count) > 900, said);
	context.diagnostic(`${count} checks`);
});

test("the core needs nothing of the desk but memory to be copied and filled", (context) => {
	const object = join(temporary(context), "core.o");
	execFileSync("gcc", [...strict, "-O2", "-ffreestanding", "-r", "-nostdlib", ...sources(core), "-o", object]);
	const needed = execFileSync("nm", ["-u", object], { encoding: "utf8" })
		.trim()
		.split(/\s*U\s+/);
	const known = ["", "memcpy", "memset", "memmove", "memcmp", "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail"];
	assert.deepEqual(
		needed.filter((name) => !known.includes(name)),
		[],
	);
});
