/** What build.sh does itself, before any command. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

function build(...options: string[]) {
	return spawnSync("./build.sh", options, { encoding: "utf8" });
}

test("help names every command", () => {
	const { status, stdout } = build("help");
	assert.equal(status, 0);
	const all = "run send test configure doctor try-fresh clean help sim build flash monitor setup";
	for (const name of all.split(" ")) assert.match(stdout, new RegExp(`^  ${name} `, "m"));
	assert.equal(build("--help").stdout, stdout);
	for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
});

test("a command that is not there is wrong usage", () => {
	const { status, stderr } = build("fly");
	assert.equal(status, 64);
	assert.match(stderr, /there is no command fly/);
});

test("clean deletes nothing when it is asked for what it does not know", () => {
	const { status, stderr } = build("clean", "--everything");
	assert.equal(status, 64);
	assert.equal(stderr, "clean: Unknown option '--everything'.\n./build.sh clean --help tells what can be said.\n");
});
