import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";

const { MODDABLE, ESP_BASE } = process.env;

/** What mcconfig says that an app of this folder takes of an ESP8266, in bytes. */
function memoryUsage(app: string): { ram: number; flash: number } {
	const out = resolve("build", "sizes");
	mkdirSync(out, { recursive: true });
	const { status, stdout, stderr } = spawnSync("mcconfig", ["-m", "-p", "esp/nodemcu", "-t", "build", "-o", out], {
		cwd: resolve("tests", "sizes", app),
		encoding: "utf8",
	});
	const said = `${stdout}\n${stderr}`;
	assert.equal(status, 0, said);
	const bytes = (what: string) => Number(new RegExp(`# +${what}: *(\\d+) bytes`).exec(said)?.[1]);
	return { ram: bytes("Ram"), flash: bytes("Flash") };
}

test("the SMTP client alone takes at most 520,000 bytes of Flash and 39,400 of static RAM", {
	skip: MODDABLE && ESP_BASE ? false : "takes the Moddable SDK and its ESP8266 toolchain: MODDABLE, ESP_BASE",
}, (context) => {
	const { ram, flash } = memoryUsage("smtp");
	context.diagnostic(`RAM ${ram}, Flash ${flash}`);
	assert.ok(ram <= 39_400, `RAM ${ram}`);
	assert.ok(flash <= 520_000, `Flash ${flash}`);
});
