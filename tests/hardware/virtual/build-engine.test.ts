/** An engine that cannot be built says why in a line, where a person can do something about it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { folder } from "../../commands/command.js";

const program = `import { buildEngine } from "${pathToFileURL("build/node/hardware/virtual/build-engine.js")}";
try { await buildEngine(process.cwd(), "m64"); } catch (error) { process.stdout.write(error.message); }`;

const full = `cc xs/xsAll.c
xsAll.c:294:1: fatal error: closing dependency file ../../../build/engine/m64/xs/xsAll.d: No space left on device
compilation terminated.`;

const cases: Record<string, [make: string | undefined, says: string]> = {
	"a full disk": [full, "the disk is full"],
	"a read-only disk": ["mkdir: cannot create directory 'x': Read-only file system", "the disk is read-only"],
	"no make": [undefined, "there is no make on PATH"],
	"no compiler": [
		"make: gcc: No such file or directory\nmake: *** [Makefile:77: x.o] Error 127",
		"there is no gcc on PATH",
	],
	"what another user has built": [
		"../build/engine/m64/xs/xsAll.o: Permission denied",
		"../build/engine/m64/xs/xsAll.o may not be written; another user may have made it",
	],
	"anything else": ["main.c:1:1: error: strange", "\nmain.c:1:1: error: strange"],
};

for (const [what, [make, says]] of Object.entries(cases))
	test(what, (t) => {
		const path = folder(t);
		const flock = spawnSync("sh", ["-c", "command -v flock"], { encoding: "utf8" }).stdout.trim();
		symlinkSync(flock, join(path, "flock"));
		if (make !== undefined) {
			writeFileSync(join(path, "make"), `#!/bin/sh\n/bin/cat >&2 <<'END'\n${make}\nEND\nexit 2\n`);
			chmodSync(join(path, "make"), 0o755);
		}
		const options = { cwd: folder(t), env: { ...process.env, PATH: path }, encoding: "utf8" } as const;
		const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], options);
		assert.equal(stdout, `the engine cannot be built: ${says}`, stderr);
	});
