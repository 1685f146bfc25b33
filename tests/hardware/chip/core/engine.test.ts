/** The virtual board's engine for the chip's processor runs on our core as it does in QEMU, and where there is no QEMU. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Figures } from "../../../../hardware/virtual/board.js";
import { type Emulator, hasQEMU, missingForLX106 } from "../../../../hardware/virtual/build-engine.js";
import { projectFolder } from "../../../../hardware/virtual/project.js";
import { start } from "../../virtual/program.js";

async function skipped(context: TestContext): Promise<boolean> {
	const missing = await missingForLX106();
	if (!(await hasQEMU())) missing.push("qemu-system-misc");
	if (missing.length) context.skip(`not here: ${missing.join(", ")}`);
	return missing.length > 0;
}

/** Numbers, strings, garbage, timers and an exception. */
const program = `
	import Desk from "virtual/desk"; import Timer from "timer";
	const show = (...all) => trace(all.join(" "), "\\n");
	show(2.7 | 0, -7 % 3, 1 / 3, 5e-324, Math.sqrt(2), Math.sin(1), Math.pow(1.5, 2.5), 0.1 + 0.2, Number("1.25e3"));
	show(12345678901234567890n * 987654321n, new Date(951826553004).toISOString(), JSON.stringify({ a: [1, "\\u00e9"] }));
	Desk.mark();
	let kept = [];
	for (let i = 0; i < 3000; i++) { kept.push("text " + i); if (kept.length > 20) kept = []; }
	try { null.x; } catch (error) { show(error.message); }
	let left = 5;
	Timer.repeat(() => { show(kept.join(), left); if (!--left) Desk.exit(); }, 20);`;

async function run(context: TestContext, emulator: Emulator): Promise<{ traced: string[]; figures: Figures }> {
	const started = await start(context, program, {}, { engine: "lx106", emulator, clock: "virtual" });
	assert.equal((await started.exit).reason, "exit");
	return { traced: started.traced, figures: await started.board.figures() };
}

test("the engine says the same and counts the same on our core as in QEMU", async (context) => {
	if (await skipped(context)) return;
	const [inQEMU, onCore] = [await run(context, "qemu"), await run(context, "core")];
	assert.equal(onCore.traced.length, 8);
	assert.deepEqual(onCore, inQEMU);
	assert.ok(onCore.figures.instructions > 1_000_000);
	context.diagnostic(`${onCore.figures.instructions} instructions, in both`);
});

test("where QEMU is not, our core is taken", async (context) => {
	if (await skipped(context)) return;
	const folder = mkdtempSync(join(tmpdir(), "without-qemu-"));
	context.after(() => rmSync(folder, { recursive: true }));
	for (const tool of ["sh", "make", "flock", "gcc", "mkdir"])
		symlinkSync(execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim(), join(folder, tool));
	const command = commandWith({ PATH: folder });
	assert.match(command[0] ?? "", /build\/chip-sim\/sim$/);
	assert.equal(commandWith({})[0], "qemu-system-xtensa");
});

/** How the engine is started, with another environment. */
function commandWith(environment: NodeJS.ProcessEnv): string[] {
	const root = projectFolder();
	const module = join(root, "build", "node", "hardware", "virtual", "build-engine.js");
	const script = `import { engineCommand } from ${JSON.stringify(module)};
		console.log(JSON.stringify(await engineCommand(${JSON.stringify(root)}, "lx106")));`;
	const env = { ...process.env, VIRTUAL_BOARD_EMULATOR: undefined, ...environment };
	return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { env, encoding: "utf8" }));
}
