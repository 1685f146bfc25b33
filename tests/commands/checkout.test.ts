/** The project in a folder whose name has every sign, used by somebody who is not root, without npm and without the SDK. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Result } from "./command.js";
import { startInbox } from "./send-json.js";

/** What a shell, make, a URL or a pattern could take for something; a backslash and an asterisk are refused (setup.test.ts). */
const name = `my app (1) & 'it's' "so" $HOME \`x\`: 100% %41 #1 ? [a] {b} ~;!^=,@+-|<> é 日\t`;
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

suite("a checkout in a folder of every sign, without root", () => {
	let root = "";
	let project = "";

	before(() => {
		root = mkdtempSync(join(tmpdir(), "alert-mail-"));
		project = join(root, name);
		mkdirSync(join(project, "build"), { recursive: true });
		const made = ["build", ".git", "manifest_local.json", "authorities_local"];
		const parts = readdirSync(".").filter((entry) => !made.includes(entry));
		copy(parts, project);
		// what is compiled of the engine is the same; what is linked, and one of its files, is made anew
		copy(["build/engine"], join(project, "build"));
		for (const target of readdirSync(join(project, "build", "engine")))
			for (const file of ["engine", "frames.o"])
				rmSync(join(project, "build", "engine", target, file), { force: true });
		mkdirSync(join(root, "programs"));
		for (const program of ["npm", "npx", "apt-get", "sudo"]) noProgram(program);
		chmodSync(root, 0o755);
		if (isRoot) spawnSync("chown", ["-R", `${NOBODY}:${NOBODY}`, root]);
	});
	after(() => rmSync(root, { recursive: true, force: true }));

	/** With their times, which make goes by. */
	function copy(paths: string[], folder: string): void {
		const { status, stderr } = spawnSync("cp", ["-Rp", ...paths, folder], { encoding: "utf8" });
		assert.equal(status, 0, stderr);
	}

	/** Whoever calls it has tried to reach a network, or to become root. */
	function noProgram(program: string): void {
		const path = join(root, "programs", program);
		writeFileSync(path, `#!/bin/sh\necho "${program} was called: $*" >&2\nexit 99\n`);
		chmodSync(path, 0o755);
	}

	function build(...options: string[]): Promise<Result> {
		const env = { ...process.env, PATH: `${join(root, "programs")}:${process.env.PATH}`, HOME: root };
		const child = spawn("./build.sh", options, {
			cwd: project,
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...env, NODE_TEST_CONTEXT: undefined, CALLED_FROM: undefined, MODDABLE: "", ESP_BASE: "" },
			...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
		});
		const result: Result = { status: null, stdout: "", stderr: "" };
		child.stdout.on("data", (text) => {
			result.stdout += text;
		});
		child.stderr.on("data", (text) => {
			result.stderr += text;
		});
		return new Promise((settle) => child.once("close", (status) => settle({ ...result, status })));
	}

	test("the virtual board is built, and its alert arrives", async () => {
		const { status, stdout, stderr } = await build("--timeout", "300");
		assert.equal(status, 0, stdout + stderr);
		assert.match(stdout, /^board {2}alert \S+: sent$/m);
	});

	test("a mail is sent, with a file of the folder", async (t) => {
		const inbox = await startInbox(t);
		const account = ["--host", inbox.host, "--port", String(inbox.port), "--tls", "none", "--from", "a@b.example"];
		const mail = ["--to", "c@d.example", "--subject", "x", "--text", "y", "--attach", "LICENSE"];
		const { status, stdout, stderr } = await build("send", ...account, ...mail);
		assert.equal(status, 0, stdout + stderr);
		assert.equal(inbox.mails[0]?.parsed.attachments[0]?.filename, "LICENSE");
	});

	test("it is configured, with authorities, and the doctor finds what is there", async () => {
		const account = ["--ssid", "Home", "--from", "me@gmail.com", "--to", "you@example.org"];
		const mail = ["--smtp-host", "smtp.gmail.com", "--smtp-security", "implicit"];
		const configured = await build("configure", ...account, ...mail);
		assert.equal(configured.status, 0, configured.stderr);
		assert.match((await build("configure", "--show")).stdout, /^authorities +GTS Root R1/m);
		const { status, stdout } = await build("doctor");
		assert.equal(status, 0, stdout);
		assert.match(stdout, /^ {2}ok +configuration/m);
		assert.match(stdout, /^ {2}problem +folder +the Moddable SDK cannot work in a folder with a blank in its name/m);
	});

	test("tests are run", async () => {
		const { status, stdout, stderr } = await build("test", "commands/report");
		assert.equal(status, 0, stdout + stderr);
		assert.match(stdout, /^\d+ passed, 0 failed$/m);
	});

	test("the SDK's commands are refused, or say what is missing", async () => {
		for (const command of ["build", "flash", "sim", "monitor"]) {
			const { status, stderr } = await build(command);
			assert.equal(status, 69, `${command}: ${stderr}`);
			assert.doesNotMatch(stderr, /was called|^\s+at /m);
		}
	});

	test("nothing was written beside it", () => {
		assert.deepEqual(readdirSync(root).sort(), [name, "programs"].sort());
	});

	test("clean deletes what was built", async () => {
		const { status } = await build("clean");
		assert.equal(status, 0);
		assert.ok(!existsSync(join(project, "build")));
		assert.ok(existsSync(join(project, "node_modules")));
	});
});
