/**
 * The project with other versions of Node.js, real ones from npm. `NODES="20 22 24" ./build.sh test nodes` runs the board and all
 * tests of commands with each of them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { Checkout } from "./checkout.js";

const arch = process.arch;
const noPackage =
	process.platform !== "linux" || !["x64", "arm64"].includes(arch) ? "npm has a Node.js for Linux alone" : false;

test("where Node.js is too old npm brings another, which runs the board", { skip: noPackage }, async (t) => {
	const checkout = new Checkout("project");
	t.after(() => checkout.delete());
	// npm itself runs on the old one
	checkout.has(
		"node",
		`case $1 in --version) echo v18.20.4 ;; *) exec '${process.execPath.replaceAll("'", "'\\''")}' "$@" ;; esac`,
	);
	const { status, stdout, stderr } = await checkout.build(["--timeout", "300"]);
	if (/The network cannot be reached|npm has brought none/.test(stderr)) return t.skip("there is no network");
	assert.equal(status, 0, stdout + stderr);
	assert.match(stderr, /^Fetching Node\.js for this project, once$/m);
	assert.match(stdout, /^board {2}alert \S+: sent$/m);
	assert.match((await checkout.build(["doctor"])).stdout, /^ {2}ok +Node\.js +v24\.[\d.]+, fetched for this project /m);
});

for (const version of (process.env.NODES ?? "").split(/\s+/).filter((word) => word !== ""))
	test(`Node.js ${version} runs the board, and the tests of commands pass`, { skip: noPackage }, async (t) => {
		const node = fetched(version);
		const PATH = `${dirname(node)}:${process.env.PATH}`;
		const checkout = new Checkout("project");
		t.after(() => checkout.delete());
		const run = await checkout.build(["--timeout", "300"], { PATH });
		assert.match(run.stdout, /^board {2}alert \S+: sent$/m, run.stderr);
		const { status, stdout, stderr } = await checkout.build(["test", "commands/"], { PATH, NODES: "" });
		assert.equal(status, 0, stdout + stderr);
		t.diagnostic(`Node.js ${version}: ${stdout.trim().split("\n").at(-1)}`);
	});

/** A Node.js from npm, kept. */
function fetched(version: string): string {
	const folder = resolve("build/nodes", version);
	mkdirSync(folder, { recursive: true });
	writeFileSync(resolve(folder, "package.json"), "{}");
	const options = ["install", "--no-save", "--ignore-scripts", `node-linux-${arch}@${version}`];
	const { status, stderr } = spawnSync("npm", options, { cwd: folder, encoding: "utf8" });
	assert.equal(status, 0, stderr);
	return resolve(folder, "node_modules", `node-linux-${arch}`, "bin", "node");
}
