/** The commands for the Moddable SDK, with a stand-in for the SDK. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { command } from "./command.js";
import { configured, project } from "./stand-in-sdk.js";

test("build names its target, so that mcconfig ends no one's simulator", async (t) => {
	const { cwd, env, calls } = project(t);
	const { status, stderr } = await command("sdk", ["build"], { cwd, env });
	assert.equal(status, 0, stderr);
	const out = join(cwd, "build", "sdk");
	assert.deepEqual(calls(), [
		`mcconfig -m -p esp/nodemcu -o ${out} -t build manifest_local.json built=1795996800 port=`,
	]);
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
		`mcconfig -d -m -p esp/moddable_zero -o ${out} -t build manifest_local.json built=1795996800 port=`,
		`mcconfig -d -m -p esp/moddable_zero -o ${out} -t deploy manifest_local.json built=1795996800 port=/dev/null`,
	]);
});

test("monitor connects the debugger's log", async (t) => {
	const { cwd, env, calls } = project(t);
	await command("sdk", ["monitor", "--port", "/dev/null"], { cwd, env });
	assert.match(
		calls()[0] ?? "",
		/^mcconfig -dl -m -p esp\/nodemcu .* -t xsbug manifest_local\.json built=1795996800 port=\/dev\/null$/,
	);
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
	// in a folder of its own: the SDK would link what is left of it into a plain firmware
	assert.match(calls()[0] ?? "", /\/build\/sdk\/tls -t build manifest_local\.json/);
});

/** What mcconfig says, as a part of a shell script: much, and in the end what the firmware takes. */
const talk = (warning: string) => `
	echo "# xsc main.xsb"
	echo "${warning}: warning: cannot optimize" >&2
	echo "Total resource size: 0 bytes"
	mkdir -p build/sdk/bin/esp/nodemcu/release/$(basename $PWD)
	echo firmware > build/sdk/bin/esp/nodemcu/release/$(basename $PWD)/main.bin
	echo "# Memory usage"
	echo "#  Ram:    39180 bytes"
	echo "#  Flash: 511992 bytes"`;

test("build says what is under way, what compilers warn of, where the firmware is and what it takes", async (t) => {
	const { cwd, env } = project(t, configured, talk("/home/me/app.js:7"));
	const { status, stdout, stderr } = await command("sdk", ["build"], { cwd, env });
	assert.equal(status, 0, stderr);
	assert.deepEqual(stdout.split("\n"), [
		"Building the app for esp/nodemcu with the Moddable SDK 8.2.3",
		"/home/me/app.js:7: warning: cannot optimize",
		"",
		`Firmware: ${join("build", "sdk", "bin", "esp", "nodemcu", "release", basename(cwd), "main.bin")}`,
		"Flash: 511,992 of 1,023,984 bytes (50 %)",
		"RAM: 39,180 of 81,920 bytes (48 %), before it starts",
		"",
	]);
	assert.equal(stderr, "");
	const { stdout: all } = await command("sdk", ["build", "--verbose"], { cwd, env });
	assert.match(all, /^# xsc main\.xsb$/m);
	assert.match(all, /^Total resource size: 0 bytes$/m);
});

test("build, flash and sim name a release that nobody has tried", async (t) => {
	const { cwd, env, sdk } = project(t, configured, "", "10.0.2");
	const says = (release: string): RegExp =>
		new RegExp(
			`^Building the app for \\S+ with the Moddable SDK ${release}, which this was not tested with \\(8\\.2\\.3 was\\)$`,
			"m",
		);
	for (const options of [["build"], ["flash", "--port", "/dev/null"], ["sim"]]) {
		const { status, stdout } = await command("sdk", options, { cwd, env });
		assert.equal(status, 0);
		assert.match(stdout, says("10\\.0\\.2"));
	}
	writeFileSync(join(sdk, "tools", "VERSION"), "\u001b[31m9\n");
	assert.doesNotMatch((await command("sdk", ["build"], { cwd, env })).stdout, /\p{Cc}(?<!\n)/u);
	rmSync(join(sdk, "tools"), { recursive: true });
	assert.match((await command("sdk", ["build"], { cwd, env })).stdout, says("of an unknown release"));
});

test("warnings of the SDK's own files are not the user's", async (t) => {
	const { cwd, env } = project(t, configured, talk("$MODDABLE/xs/sources/xsum.c:277:55"));
	const { stdout } = await command("sdk", ["build"], { cwd, env });
	assert.doesNotMatch(stdout, /warning/);
});

for (const name of ["build", "flash", "sim"])
	test(`${name}: a build that fails shows all that was said, and its exit code is that of the build`, async (t) => {
		const says = 'echo "# tsc main.ts"; echo "main.ts(3,5): error TS2322: no"; echo "ld: overflow" >&2; exit 3';
		const { cwd, env, calls } = project(t, configured, says);
		const port = name === "flash" ? ["--port", "/dev/null"] : [];
		const { status, stderr } = await command("sdk", [name, ...port], { cwd, env });
		assert.equal(status, 3);
		for (const line of ["# tsc main.ts", "main.ts(3,5): error TS2322: no", "ld: overflow"])
			assert.ok(stderr.split("\n").includes(line), stderr);
		assert.ok(stderr.endsWith("\nThe build failed. What was said is above.\nmain.ts(3,5): error TS2322: no\n"), stderr);
		assert.equal(calls().length, 1);
	});

test("a board that the SDK does not have is wrong usage, and those that it has are named", async (t) => {
	const { cwd, env, calls } = project(t);
	for (const name of ["build", "flash", "monitor"])
		for (const board of ["nonsuch", "esp/nonsuch", "esp32/moddable_two", ".."]) {
			const { status, stderr } = await command("sdk", [name, "--board", board], { cwd, env });
			assert.equal(status, 64);
			assert.match(stderr, /There is no board "[^"]+"\. .*: moddable_zero, nodemcu\.$/m);
		}
	assert.throws(calls, /ENOENT/);
	for (const board of ["esp", "esp/Nodemcu"]) {
		await command("sdk", ["build", "--board", board], { cwd, env });
		assert.match(calls().at(-1) ?? "", new RegExp(` -p ${board.toLowerCase()} `));
	}
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
			assert.equal(status, 69);
			assert.match(stderr, says);
		});
});

test("each has a help, and none takes another's options", async (t) => {
	const { cwd, env } = project(t);
	for (const name of ["sim", "build", "flash", "monitor", "setup"]) {
		for (const help of ["--help", "-h"]) {
			const { status, stdout } = await command("sdk", [name, help], { cwd, env });
			assert.equal(status, 0);
			assert.ok(stdout.startsWith(`./build.sh ${name}`));
		}
	}
	assert.equal((await command("sdk", ["sim", "--port", "/dev/null"], { cwd, env })).status, 64);
});
