/** `./build.sh COMMAND | head -1`: a reader who has seen enough is no error. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("a command whose reader is gone ends without a word", () => {
	const { status, stderr } = spawnSync("bash", [
		...["-c", 'exec 3> >(exec true); wait $!; "$0" build/node/commands/doctor.js >&3'],
		process.execPath,
	]);
	assert.equal(String(stderr), "");
	assert.equal(status, 141);
});
