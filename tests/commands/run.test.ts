/** `./build.sh run` without a terminal: the app from the press of the button to the inbox. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { PATIENCE_MS, patience } from "../patience.js";
import { command, folder } from "./command.js";

/** However busy the machine is. */
const patient = ["--timeout", String(PATIENCE_MS / 1000)];

/** A project folder that is configured like this. */
function project(local: object = {}): Record<string, string> {
	const app = { include: resolve("manifest.json"), config: { device: "alert", smtpSecurity: "required" } };
	return {
		"manifest.json": JSON.stringify(app),
		"manifest_local.json": JSON.stringify({ include: "./manifest.json", ...local }),
	};
}

test("a press, a mail, exit code 0", async (t) => {
	const cwd = folder(t, project({ config: { device: "Keller", language: "de", to: "ada@example.org" } }));
	const { status, stdout, stderr } = await command("run", patient, { cwd });
	assert.equal(status, 0, stdout + stderr);
	assert.match(stdout, /^│ To {6}ada@example\.org$/m);
	assert.match(stdout, /^│ Subject Keller: Taste gedrückt$/m);
	assert.match(stdout, /^│ Gerät: Keller$/m);
	assert.match(stdout, /^board {2}alert \S+: sent$/m);
	assert.ok(!stdout.includes("\x1b"), "colours without a terminal");
});

test("what is configured for a real account is not used, nor asked for", async (t) => {
	const config = { ssid: "Home", password: "wifi secret", smtpHost: "mail.example.org", smtpSecurity: "implicit" };
	const account = { smtpUser: "me", smtpPassword: "mail secret", from: "me@example.org", to: "you@example.org" };
	const cwd = folder(t, project({ config: { ...config, ...account } }));
	const { status, stdout, stderr } = await command("run", patient, { cwd });
	assert.equal(status, 0, stdout + stderr);
	assert.match(stdout, /^smtp {3}C: MAIL FROM:<me@example\.org>/m);
	assert.doesNotMatch(stdout, /AUTH (PLAIN|LOGIN)\b.*secured|secret/);
});

test("a configuration with TLS and its authorities is run as well", async (t) => {
	const cwd = folder(t, {
		"manifest.json": "{}",
		"manifest_tls.json": JSON.stringify({ include: resolve("manifest_tls.json") }),
	});
	const account = ["--ssid", "Home", "--from", "me@gmail.com", "--to", "you@example.org"];
	const mail = ["--smtp-host", "smtp.gmail.com", "--smtp-security", "implicit"];
	assert.equal((await command("configure", [...account, ...mail], { cwd })).status, 0);
	const { status, stdout, stderr } = await command("run", patient, { cwd });
	assert.equal(status, 0, stdout + stderr);
	assert.match(stdout, /^board {2}alert \S+: sent$/m);
});

test("a configuration that makes no sense is one message with its key", async (t) => {
	const cwd = folder(t, project({ config: { language: "tlh" } }));
	const { status, stdout, stderr } = await command("run", patient, { cwd });
	assert.equal(status, 78);
	assert.equal(stdout, "");
	assert.match(stderr, /language: must be one of/);
});

test("a configuration that cannot be read does not stop the demo", async (t) => {
	const cwd = folder(t, { ...project(), "manifest_local.json": "{ mine" });
	const { status, stderr } = await command("run", patient, { cwd });
	assert.equal(status, 0, stderr);
	assert.match(stderr, /manifest_local\.json cannot be read.*Mend or delete it\./);
});

test("too little memory ends the run with a clear message, not with silence", async (t) => {
	const cwd = folder(t, project({ creation: { static: 10_000 } }));
	const { status, stderr } = await command("run", patient, { cwd });
	assert.equal(status, 1);
	assert.match(stderr, /the board has stopped: memory full/);
});

/** `script` gives it a terminal; of the several that there are this takes that of Linux. */
const noTerminal = spawnSync("script", ["--version"]).stdout?.includes("util-linux")
	? false
	: "takes util-linux's script";

/** For a shell. */
function quoted(path: string): string {
	return `'${path.replaceAll("'", "'\\''")}'`;
}

/** The command at a terminal, and someone who types there and reads. */
function terminal(t: TestContext, cwd: string) {
	const run = [process.execPath, resolve("build/node/commands/run.js")].map(quoted).join(" ");
	const child = spawn("script", ["-qec", run, "/dev/null"], {
		cwd,
		env: { ...process.env, NODE_TEST_CONTEXT: undefined, TERM: "xterm", NO_COLOR: "1" },
	});
	const ended = new Promise<number | null>((done) => child.on("close", done));
	t.after(() => child.kill());
	let shown = "";
	let read = 0;
	let wake = () => {};
	child.stdout.on("data", (text) => {
		shown += text;
		wake();
	});
	return {
		ended,
		type: (keys: string) => child.stdin.write(keys),
		/** Waits for what has not been read yet. */
		async reads(text: string) {
			for (let at: number; ; ) {
				at = shown.indexOf(text, read);
				if (at >= 0) {
					read = at + text.length;
					return;
				}
				await Promise.race([
					new Promise<void>((done) => {
						wake = done;
					}),
					ended.then(() => assert.fail(`ended before "${text}": ${shown}`)),
				]);
			}
		},
	};
}

test("at a terminal: an alert that waits for Wi-Fi is sent though the power is taken away", {
	skip: noTerminal,
	...patience,
}, async (t) => {
	const { type, reads, ended } = terminal(t, folder(t, project()));
	await reads("clock set");
	type("w");
	await reads("network: connecting");
	type(" ");
	await reads("waiting for the network");
	type("pw");
	await reads("take the power away");
	await reads("switch the access point on");
	await reads("Subject alert: Button pressed");
	await reads(": sent");
	type("q");
	assert.equal(await ended, 0);
});
