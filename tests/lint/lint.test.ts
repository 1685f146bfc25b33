/** The project as it stands: formatted, type-correct, and the firmware within its rules. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { describeFinding, firmwareSources, inspectFirmware } from "./firmware.js";

const root = process.cwd();

function tool(name: string, ...options: string[]): void {
	const { status, stdout, stderr } = spawnSync(`node_modules/.bin/${name}`, options, { cwd: root, encoding: "utf8" });
	assert.equal(status, 0, `${name} ${options.join(" ")}\n${stdout}${stderr}`);
}

test("biome finds nothing to mend", () =>
	tool("biome", "check", "--colors=off", "--error-on-warnings", "--max-diagnostics=30", "."));

test("what runs on Node type-checks", () => tool("tsc", "-p", "tsconfig.json", "--noEmit", "--incremental", "false"));

test("what runs on XS type-checks", () => tool("tsc", "-p", "tsconfig.xs.json", "--noEmit"));

test("the firmware keeps its rules", () => {
	assert.ok(firmwareSources(root).size > 0, "no firmware was found to inspect");
	assert.deepEqual(inspectFirmware(root).map(describeFinding), []);
});
