/** What the commands for the Moddable SDK look at before they begin: its folders, its tools, and what brings it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { command, folder } from "./command.js";
import { configured, program, project } from "./stand-in-sdk.js";

test("the project's own tsc is the one that mcconfig finds, also for the sizes of the firmware", async (t) => {
	const says =
		'case $(command -v tsc) in */node_modules/.bin/tsc) echo "#  Ram: 1 bytes"; echo "#  Flash: 2 bytes" ;; esac';
	const { cwd, env } = project(t, configured, says);
	const { stdout } = await command("sdk", ["build", "--verbose"], { cwd, env: { ...env, PATH: "/usr/bin:/bin" } });
	assert.doesNotMatch(stdout, /Ram/); // there is none in that folder
	const program = `import { memoryUsage } from "./build/node/tests/sizes/firmware.js"; console.log(memoryUsage("manifest.json"));`;
	const { stdout: usage, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
		env: { ...process.env, ...env, PATH: "/usr/bin:/bin" },
		encoding: "utf8",
	});
	assert.equal(usage, "{ flash: 2, ram: 1 }\n", stderr);
});

suite("a folder that the SDK's make cannot bear is told before anything is written", () => {
	const cases = {
		"my app (1)": "a blank",
		"it's": "a '",
		"a&b": "a &",
		$HOME: "a $",
		"a:b": "a :",
		"100%": "a %",
		"a=b": "a =",
	};
	for (const [name, wrong] of Object.entries(cases))
		for (const place of ["the project", "the SDK", "the toolchain"])
			test(`${place} in ${name}`, async (t) => {
				const { cwd, env, calls, sdk } = project(t);
				const odd = join(folder(t), name);
				cpSync(place === "the project" ? cwd : sdk, odd, { recursive: true });
				const options =
					place === "the project"
						? { cwd: odd, env }
						: { cwd, env: { ...env, [place === "the SDK" ? "MODDABLE" : "ESP_BASE"]: odd } };
				const { status, stderr } = await command("sdk", ["build"], options);
				assert.equal(status, 69);
				const says = `build: Nothing was built: the Moddable SDK cannot work in a folder with ${wrong} in its name: `;
				assert.equal(stderr, `${says}${odd}\nMove it to a folder with a plain name.\n`);
				assert.throws(calls, /ENOENT/);
				assert.ok(!existsSync(join(options.cwd, "build")));
			});
});

suite("setup says what is missing before it begins", {
	skip: process.platform !== "linux" && "xs-dev takes Homebrew",
}, () => {
	/** Programs of these names on PATH, and no others; each is a script. */
	async function setup(
		t: TestContext,
		programs: Record<string, string>,
		env: NodeJS.ProcessEnv = {},
		options: string[] = [],
	) {
		const path = folder(t);
		for (const [name, script] of Object.entries(programs)) program(join(path, name), script);
		return command("sdk", ["setup", ...options], { env: { PATH: path, HOME: path, ...env } });
	}
	const good = { npx: 'echo "xs-dev $*"', "apt-get": ":", sudo: ":" };
	const { sudo: _, ...noSudo } = good;
	const { "apt-get": _apt, ...noApt } = good;
	const offline = "echo 'npm error code EAI_AGAIN' >&2; echo 'npm error at async' >&2; exit 1";
	const cases: Record<string, [programs: Record<string, string>, says: RegExp]> = {
		"no sudo": [
			noSudo,
			/^setup: xs-dev installs packages with sudo, which is not here\.\nInstall it \(.*apt-get install sudo.*\)\. Or /,
		],
		"a sudo that asks": [
			{ ...good, sudo: "exit 1" },
			/^setup: sudo does not let you install packages without a password\.\nOr install/,
		],
		"no apt-get": [noApt, /^setup: xs-dev takes a Debian or Ubuntu: there is no apt-get here\.\nOr install the SDK/],
		"no npx": [{ "apt-get": ":", sudo: ":" }, /^setup: npx is missing; it comes with npm\.\n/],
		"no network": [
			{ ...good, npx: offline },
			/^setup: xs-dev@[\d.]+ cannot be fetched\. The network cannot be reached\.\n$/,
		],
	};
	for (const [what, [programs, says]] of Object.entries(cases))
		test(what, async (t) => {
			const { status, stdout, stderr } = await setup(t, programs);
			assert.equal(status, 69);
			assert.match(stderr, says);
			assert.equal(stdout, "");
		});

	test("a home that the SDK's make cannot bear", async (t) => {
		const { status, stderr } = await setup(t, good, { HOME: "/home/Ada Lovelace" });
		assert.equal(status, 69);
		assert.match(
			stderr,
			/^setup: The SDK would be in your home folder, and .* a blank in its name: \/home\/Ada Lovelace\nOr install/,
		);
	});

	test("nothing: xs-dev brings the release that was tested, then the toolchain, and what comes next is said", async (t) => {
		const { status, stdout, stderr } = await setup(t, good);
		assert.equal(status, 0, stderr);
		assert.match(
			stdout,
			/^xs-dev --yes xs-dev@[\d.]+ setup --target-branch 8\.2\.3\nxs-dev .* setup --device esp8266\n\nDone\. Next: /,
		);
	});

	test("with --latest, whatever is newest", async (t) => {
		const { status, stdout, stderr } = await setup(t, good, {}, ["--latest"]);
		assert.equal(status, 0, stderr);
		assert.match(stdout, /^xs-dev --yes xs-dev@[\d.]+ setup\nxs-dev .* setup --device esp8266\n\nDone\. Next: /);
	});

	test("the toolchain that fails ends it likewise", async (t) => {
		const npx = 'echo "xs-dev $*"; case "$*" in *esp8266) exit 5 ;; esac';
		const { status, stdout, stderr } = await setup(t, { ...good, npx });
		assert.equal(status, 5);
		assert.doesNotMatch(stdout, /Done/);
		assert.match(stderr, /^\nsetup: xs-dev has failed; what it said is above\. /);
	});

	test("xs-dev that fails ends it, with its exit code", async (t) => {
		const npx = 'case "$*" in *version) ;; *) echo oops >&2; exit 3 ;; esac';
		const { status, stderr } = await setup(t, { ...good, npx });
		assert.equal(status, 3);
		assert.match(stderr, /^oops\n\nsetup: xs-dev has failed; what it said is above\. .*\.\/build\.sh setup again\.\n$/);
	});
});
