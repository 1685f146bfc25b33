import assert from "node:assert/strict";
import { chmodSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { command, folder } from "./command.js";
import { project } from "./stand-in-sdk.js";

test("the doctor says what is there and what to type for what is not", async () => {
	const { status, stdout } = await command("doctor", [], { env: { MODDABLE: "", ESP_BASE: "" } });
	assert.equal(status, 0, stdout);
	assert.match(stdout, /^ {2}ok +Node\.js +v\d+/m);
	assert.match(stdout, /^ {2}ok +C compiler/m);
	assert.match(stdout, /^ {2}missing +Moddable SDK +\.\/build\.sh setup$/m);
});

test("the doctor says which SDK is there, and whether anyone has tried it", async (t) => {
	const cases = { "8.2.3": /: 8\.2\.3$/m, "10.0.2": /: 10\.0\.2, which this was not tested with \(8\.2\.3 was\)$/m };
	for (const [release, says] of Object.entries(cases)) {
		const { sdk, env } = project(t, {}, "", release);
		const { stdout } = await command("doctor", [], { env });
		const line = stdout.split("\n").find((it) => it.includes("Moddable SDK"));
		assert.ok(line?.includes(sdk), stdout);
		assert.match(line ?? "", says);
	}
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
		/^ {2}missing +emulated chip .*gcc-xtensa-lx106 picolibc-xtensa-lx106-elf gcc-\d+-source .*--engine lx106/m,
	);
});

suite("what would go wrong is told before one runs into it", () => {
	const configured = {
		...{ ssid: "Home", smtpHost: "h.example", smtpSecurity: "none", from: "a@b.example", to: "c@d.example" },
	};
	const files = (config: object) => ({
		"manifest.json": "{}",
		"manifest_local.json": JSON.stringify({ include: "./manifest.json", config }),
	});
	const fromHere = { MODDABLE: "", ESP_BASE: "" };
	const compiler = 'case $* in --version) echo "gcc 14" ;; *) exit 1 ;; esac';
	const cases: Record<string, [config: object, programs: Record<string, string>, says: RegExp]> = {
		"a key that nobody reads": [
			{ ...configured, smptPort: 25 },
			{},
			/^ {2}problem +configuration .*smtpPort is meant\?/m,
		],
		"a pin that does more": [
			{ ...configured, buttonPin: 15 },
			{},
			/^ {2}problem +configuration +buttonPin: GPIO15 has to be low/m,
		],
		"no sudo for setup": [
			configured,
			{ npx: ":", "apt-get": ":" },
			/^ {2}problem +setup +xs-dev installs packages with sudo/m,
		],
		"a compiler without its library": [
			configured,
			{ gcc: compiler },
			/^ {2}problem +C compiler +it finds no stdio\.h: .*libc6-dev/m,
		],
	};
	for (const [what, [config, programs, says]] of Object.entries(cases))
		test(what, async (t) => {
			const path = folder(t, programs);
			for (const [name, script] of Object.entries(programs)) {
				writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
				chmodSync(join(path, name), 0o755);
			}
			const PATH = Object.keys(programs).length > 0 ? path : process.env.PATH;
			const { stdout, stderr } = await command("doctor", [], {
				cwd: folder(t, files(config)),
				env: { ...fromHere, PATH },
			});
			assert.match(stdout, says);
			assert.equal(stderr, "");
		});

	test("a folder that the SDK cannot bear", async (t) => {
		const cwd = join(folder(t), "my app (1)");
		cpSync(folder(t, files(configured)), cwd, { recursive: true });
		const { stdout } = await command("doctor", [], { cwd, env: fromHere });
		assert.match(stdout, /^ {2}problem +folder +the Moddable SDK cannot work in a folder with a blank in its name: /m);
	});

	test("how much room there is, and that no network is needed", async () => {
		const { stdout } = await command("doctor", [], { env: fromHere });
		assert.match(stdout, /^ {2}ok +disk +[\d.]+ GB free$/m);
		assert.match(stdout, /^ {2}ok +packages +\d+ from npm: no network is needed any more$/m);
	});
});
