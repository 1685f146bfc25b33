import assert from "node:assert/strict";
import { test } from "node:test";
import { command, folder } from "./command.js";

test("the doctor says what is there and what to type for what is not", async () => {
	const { status, stdout } = await command("doctor", [], { env: { MODDABLE: "", ESP_BASE: "" } });
	assert.equal(status, 0, stdout);
	assert.match(stdout, /^ {2}ok +Node\.js +v\d+/m);
	assert.match(stdout, /^ {2}ok +C compiler/m);
	assert.match(stdout, /^ {2}missing +Moddable SDK +\.\/build\.sh setup$/m);
});

test("a configuration that cannot be read is one of its findings", async (t) => {
	const cwd = folder(t, { "manifest.json": "{}", "manifest_local.json": "{ mine" });
	const { stdout, stderr } = await command("doctor", [], { cwd });
	assert.match(stdout, /^ {2}problem +configuration +manifest_local\.json cannot be read.*Mend or delete it\.$/m);
	assert.equal(stderr, "");
});

test("what the firmware cannot do with the configuration is one, too", async (t) => {
	const config = '"ssid": "Home", "smtpHost": "h.example", "from": "a@b.example", "to": "c@d.example"';
	const cwd = folder(t, { "manifest.json": "{}", "manifest_local.json": `{ "config": { ${config} } }` });
	const { stdout } = await command("doctor", [], { cwd });
	assert.match(stdout, /^ {2}problem +configuration +smtpSecurity: required takes TLS/m);
});

test("without a compiler the virtual board cannot run, and the exit code says so", async () => {
	const { status, stdout } = await command("doctor", [], { env: { PATH: "/nowhere" } });
	assert.equal(status, 1);
	assert.match(stdout, /^ {2}MISSING +C compiler/m);
	assert.match(
		stdout,
		/^ {2}missing +emulated chip .*gcc-xtensa-lx106 picolibc-xtensa-lx106-elf gcc-12-source .*--engine lx106/m,
	);
});
