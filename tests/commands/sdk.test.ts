/** The commands for the Moddable SDK, with a stand-in for the SDK that writes down how it was called. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { command, folder } from "./command.js";

const configured = {
	"manifest.json": '{ "config": { "device": "alert" } }',
	"manifest_local.json": `{ "include": "./manifest.json",
		"config": { "ssid": "Home", "smtpSecurity": "none", "smtpHost": "h.example", "from": "a@b.example", "to": "c@d.example" } }`,
};

function program(path: string, text: string): void {
	mkdirSync(join(path, ".."), { recursive: true });
	writeFileSync(path, `#!/bin/sh\n${text}\n`);
	chmodSync(path, 0o755);
}

/** A project folder with an SDK and a toolchain that only write down what they were asked. */
function project(t: TestContext, files: Record<string, string> = configured) {
	const cwd = folder(t, files);
	const sdk = folder(t);
	const log = join(sdk, "log");
	const host = process.platform === "darwin" ? "mac" : "lin";
	const bin = join(sdk, "build", "bin", host, "release");
	program(join(bin, "mcconfig"), `echo "mcconfig $* port=$UPLOAD_PORT" >> ${log}`);
	program(join(bin, "mcsim"), `echo "mcsim $*" >> ${log}`);
	program(join(sdk, "build", "simulators", "nodemcu.js"), "");
	program(join(sdk, "build", "simulators", "nodemcu", "0.png"), "");
	const system = process.platform === "darwin" ? "Darwin" : "Linux";
	program(join(sdk, "toolchain", system, "xtensa-lx106-elf", "bin", "xtensa-lx106-elf-gcc"), "exit 0");
	const env = { MODDABLE: sdk, ESP_BASE: sdk };
	const calls = () => readFileSync(log, "utf8").trimEnd().split("\n");
	return { cwd, env, calls };
}

test("build names its target, so that mcconfig ends no one's simulator", async (t) => {
	const { cwd, env, calls } = project(t);
	const { status, stderr } = await command("sdk", ["build"], { cwd, env });
	assert.equal(status, 0, stderr);
	const out = join(cwd, "build", "sdk");
	assert.deepEqual(calls(), [`mcconfig -m -p esp/nodemcu -o ${out} -t build manifest_local.json port=`]);
});

test("flash builds and writes to the port that was given", async (t) => {
	const { cwd, env, calls } = project(t);
	const { status } = await command("sdk", ["flash", "--port", "/dev/null", "--board", "moddable_zero", "--debug"], {
		cwd,
		env,
	});
	assert.equal(status, 0);
	const out = join(cwd, "build", "sdk");
	assert.deepEqual(calls(), [
		`mcconfig -d -m -p esp/moddable_zero -o ${out} -t build -t deploy manifest_local.json port=/dev/null`,
	]);
});

test("monitor connects the debugger's log", async (t) => {
	const { cwd, env, calls } = project(t);
	await command("sdk", ["monitor", "--port", "/dev/null"], { cwd, env });
	assert.match(calls()[0] ?? "", /^mcconfig -dl -m -p esp\/nodemcu .* -t xsbug manifest_local\.json port=\/dev\/null$/);
});

test("sim builds, then starts the simulator itself", {
	skip: process.platform === "darwin" && "macOS opens it",
}, async (t) => {
	const { cwd, env, calls } = project(t);
	const { status } = await command("sdk", ["sim"], { cwd, env });
	assert.equal(status, 0);
	const [build, start] = calls();
	assert.match(build ?? "", /^mcconfig -m -p sim\/nodemcu .* -t build manifest_local\.json/);
	const app = join(cwd, "build", "sdk", "bin", "lin", "nodemcu", "release", basename(cwd), "mc.so");
	assert.equal(start, `mcsim ${join(cwd, "build", "sdk", "simulators")} ${app}`);
});

test("an incomplete configuration is one message that names the key, and nothing is built", async (t) => {
	const { cwd, env, calls } = project(t, { "manifest.json": "{}" });
	const { status, stderr } = await command("sdk", ["build"], { cwd, env });
	assert.equal(status, 78);
	assert.match(stderr, /ssid: is missing/);
	assert.match(stderr, /\.\/build\.sh configure/);
	assert.throws(calls, /ENOENT/);
});

suite("what the firmware cannot do is said before anything is built", () => {
	const plain = configured["manifest_local.json"].replace('"none"', '"required"');
	const secure = plain.replace("./manifest.json", "./manifest_tls.json");
	const trusting = secure.replace('"config"', '"resources": { "*": "./authorities_local/authority-1" }, "config"');
	const cases: Record<string, [file: string, says: RegExp]> = {
		"no TLS": [plain, /smtpSecurity: required takes TLS, and manifest_local\.json does not include manifest_tls\.json/],
		"no authority": [secure, /smtpHost: there is no authority that vouches for h\.example/],
		"an authority whose file is gone": [trusting, /authorities_local\/authority-1\.der is missing/],
	};
	for (const [what, [file, says]] of Object.entries(cases))
		for (const name of ["sim", "build", "flash"])
			test(`${name}: ${what}`, async (t) => {
				const { cwd, env, calls } = project(t, { ...configured, "manifest_local.json": file });
				const { status, stderr } = await command("sdk", [name], { cwd, env });
				assert.equal(status, 78);
				assert.match(stderr, says);
				assert.match(stderr, /configure --ask-server/);
				assert.throws(calls, /ENOENT/);
			});
});

test("with TLS and an authority it is built", async (t) => {
	const { cwd, env, calls } = project(t, { "manifest.json": "{}", "manifest_tls.json": "{}" });
	const account = ["--ssid", "Home", "--from", "a@gmail.com", "--to", "b@example.org"];
	const mail = ["--smtp-host", "smtp.gmail.com", "--smtp-security", "implicit"];
	assert.equal((await command("configure", [...account, ...mail], { cwd })).status, 0);
	const { status, stderr } = await command("sdk", ["build"], { cwd, env });
	assert.equal(status, 0, stderr);
	assert.match(calls()[0] ?? "", /-t build manifest_local\.json/);
});

test("build ends with where the firmware is and what it takes of the flash", async (t) => {
	const { cwd, env } = project(t);
	const file = join("build", "sdk", "bin", "esp", "nodemcu", "release", basename(cwd), "main.bin");
	mkdirSync(join(cwd, file, ".."), { recursive: true });
	writeFileSync(join(cwd, file), Buffer.alloc(511_992));
	const { stdout } = await command("sdk", ["build"], { cwd, env });
	const last = stdout.trimEnd().split("\n").at(-1);
	assert.equal(last, `Firmware: ${file}, 511,992 of the 1,023,984 bytes there are for it (50 %)`);
});

suite("what is missing is said, with what to type", () => {
	const cases: Record<string, [options: string[], env: NodeJS.ProcessEnv, says: RegExp]> = {
		"no SDK": [["build"], { MODDABLE: "" }, /MODDABLE is not set\.\nInstall it: \.\/build\.sh setup/],
		"an SDK that is not built": [["sim"], { MODDABLE: "/nowhere" }, /is not built/],
		"no toolchain": [["build"], { ESP_BASE: "/nowhere" }, /ESP_BASE\.\nInstall it: \.\/build\.sh setup/],
		"a port that is not there": [["flash", "--port", "/dev/nowhere"], {}, /no serial port \/dev\/nowhere/],
	};
	for (const [what, [options, more, says]] of Object.entries(cases))
		test(what, async (t) => {
			const { cwd, env } = project(t);
			const { status, stderr } = await command("sdk", options, { cwd, env: { ...env, ...more } });
			assert.notEqual(status, 0);
			assert.match(stderr, says);
		});
});

test("each has a help, and none takes another's options", async (t) => {
	const { cwd, env } = project(t);
	for (const name of ["sim", "build", "flash", "monitor", "setup"]) {
		const { status, stdout } = await command("sdk", [name, "--help"], { cwd, env });
		assert.equal(status, 0);
		assert.ok(stdout.startsWith(`./build.sh ${name}`));
	}
	assert.equal((await command("sdk", ["sim", "--port", "/dev/null"], { cwd, env })).status, 64);
});
