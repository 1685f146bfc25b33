import assert from "node:assert/strict";
import { test } from "node:test";
import { command } from "./command.js";

test("the doctor says what is there and what to type for what is not", async () => {
	const { status, stdout } = await command("doctor", [], { env: { MODDABLE: "", ESP_BASE: "" } });
	assert.equal(status, 0, stdout);
	assert.match(stdout, /^ {2}ok +Node\.js +v\d+/m);
	assert.match(stdout, /^ {2}ok +C compiler/m);
	assert.match(stdout, /^ {2}missing +Moddable SDK +\.\/build\.sh setup$/m);
});

test("without a compiler the virtual board cannot run, and the exit code says so", async () => {
	const { status, stdout } = await command("doctor", [], { env: { PATH: "/nowhere" } });
	assert.equal(status, 1);
	assert.match(stdout, /^ {2}MISSING +C compiler/m);
});
