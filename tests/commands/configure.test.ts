import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { providerOf } from "../../commands/configure/providers.js";
import { ask } from "../../commands/configure/questions.js";
import { command, folder } from "./command.js";

const app = { "manifest.json": '{ "config": { "device": "alert", "smtpSecurity": "required" } }' };
const needed = [
	"--ssid",
	"Home",
	"--smtp-host",
	"mail.example.org",
	"--from",
	"a@example.org",
	"--to",
	"b@example.org",
];

test("flags are written as a manifest that includes the app's, for its owner's eyes only", async (t) => {
	const cwd = folder(t, app);
	const options = [...needed, "--password-env", "WIFI", "--smtp-port", "2525", "--button-invert", "false"];
	const { status } = await command("configure", options, { cwd, env: { WIFI: "pass word" } });
	assert.equal(status, 69, "there is no authority yet");
	const path = join(cwd, "manifest_local.json");
	assert.equal(statSync(path).mode & 0o777, 0o600);
	assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), {
		include: "./manifest_tls.json",
		config: {
			ssid: "Home",
			password: "pass word",
			smtpHost: "mail.example.org",
			smtpPort: 2525,
			from: "a@example.org",
			to: "b@example.org",
			buttonInvert: false,
		},
	});
	assert.deepEqual(readdirSync(cwd).sort(), ["manifest.json", "manifest_local.json"]);
});

test("later flags change what they name, an empty value removes it, the rest of the file stays", async (t) => {
	const cwd = folder(t, {
		...app,
		"manifest_local.json": `{ "include": ["./manifest.json", "./mine.json"], "creation": { "stack": 300 },
			"config": { "ssid": "Old", "smtpHost": "h.example", "from": "a@b.example", "to": "c@d.example", "device": "Cellar" } }`,
	});
	const { status } = await command("configure", ["--ssid", "New", "--device", ""], { cwd });
	assert.equal(status, 69, "there is no authority yet");
	assert.deepEqual(JSON.parse(readFileSync(join(cwd, "manifest_local.json"), "utf8")), {
		include: ["./manifest_tls.json", "./mine.json"],
		creation: { stack: 300 },
		config: { ssid: "New", smtpHost: "h.example", from: "a@b.example", to: "c@d.example" },
	});
});

test("what does not make sense is named with its key, and nothing is written", async (t) => {
	const cwd = folder(t, app);
	const { status, stderr } = await command("configure", [...needed, "--smtp-port", "99999"], { cwd });
	assert.equal(status, 78);
	assert.match(stderr, /^smtpPort: must be a whole number from 1 to 65535$/m);
	assert.equal(existsSync(join(cwd, "manifest_local.json")), false);
});

test("of several addresses the wrong one is named", async (t) => {
	const { stderr } = await command("configure", [...needed.slice(0, -1), "a@b.example, nobody"], {
		cwd: folder(t, app),
	});
	assert.match(stderr, /^to: must be an address like name@example\.org, not "nobody"$/m);
});

test("what is missing is named with its key", async (t) => {
	const { status, stderr } = await command("configure", ["--ssid", "Home"], { cwd: folder(t, app) });
	assert.equal(status, 78);
	assert.match(stderr, /^smtpHost: is missing$/m);
});

test("a file that is no JSON is left alone", async (t) => {
	const cwd = folder(t, { ...app, "manifest_local.json": "{ mine" });
	const { status, stderr } = await command("configure", needed, { cwd });
	assert.notEqual(status, 0);
	assert.match(stderr, /manifest_local\.json cannot be read.*Mend or delete it\./);
	assert.equal(readFileSync(join(cwd, "manifest_local.json"), "utf8"), "{ mine");
});

test("without a terminal and without flags it says what to do", async (t) => {
	const { status, stderr } = await command("configure", [], { cwd: folder(t, app) });
	assert.equal(status, 64);
	assert.match(stderr, /no terminal/);
});

test("--show shows everything but secrets", async (t) => {
	const cwd = folder(t, app);
	await command("configure", [...needed, "--smtp-user", "me", "--smtp-password", "hunter2hunter2"], { cwd });
	const { status, stdout } = await command("configure", ["--show"], { cwd });
	assert.equal(status, 0);
	assert.match(stdout, /^ssid +Home$/m);
	assert.match(stdout, /^smtpPassword +\(set, not shown\)$/m);
	assert.match(stdout, /^device +alert \(default\)$/m);
	assert.match(stdout, /^smtpPort +587 \(default\)$/m);
	assert.match(stdout, /^buttonPin +the board's own \(default\)$/m);
	assert.match(stdout, /^smtpTimeoutMs +30000 \(default\)$/m);
	assert.doesNotMatch(stdout, /hunter2/);
});

for (const [what, options, says] of [
	["the board's own button", ["--led-pin", "0"], /^ledPin: must not be the button's pin$/m],
	["a button", ["--button-pin", "2", "--led-pin", "2"], /^ledPin: must not be the button's pin$/m],
] as const)
	test(`a pin has one use: ${what}`, async (t) => {
		const { status, stderr } = await command("configure", [...needed, ...options], { cwd: folder(t, app) });
		assert.equal(status, 78);
		assert.match(stderr, says);
	});

test("what a board cannot do with it is said, and it is written all the same", async (t) => {
	const cwd = folder(t, app);
	const { status, stderr } = await command("configure", needed, { cwd });
	assert.equal(status, 69);
	assert.match(stderr, /cannot send.*smtpHost: there is no authority that vouches for mail\.example\.org/);
	assert.match(stderr, /configure --ask-server/);
	assert.ok(existsSync(join(cwd, "manifest_local.json")));
	assert.equal((await command("configure", ["--smtp-security", "none"], { cwd })).stderr, "");
});

/** Answers each question in turn and returns what the person saw. */
async function dialogue(answers: string[], current: Record<string, unknown> = {}) {
	const input = new PassThrough();
	const output = new PassThrough();
	let seen = "";
	output.on("data", (chunk) => {
		const shown = stripVTControlCharacters(String(chunk));
		seen += shown;
		if (!shown.startsWith("  ") || !shown.endsWith(": ")) return; // no question
		const answer = answers.shift();
		setImmediate(() => (answer === undefined ? input.end() : input.write(`${answer}\r`)));
	});
	const values = await ask({ input, output }, current);
	return { values, seen };
}

test("the questions: a known provider fills in the server, a wrong answer is asked again", async () => {
	const { values, seen } = await dialogue([
		...["Home", "short", "long enough", "me@gmail.com", "", "", "app password", "", ""],
		...["nobody", "you@example.org", "Cellar", "de"],
	]);
	assert.deepEqual(values, {
		ssid: "Home",
		password: "long enough",
		from: "me@gmail.com",
		smtpHost: "smtp.gmail.com",
		smtpSecurity: "implicit",
		smtpUser: "me@gmail.com",
		smtpPassword: "app password",
		to: "you@example.org",
		device: "Cellar",
		language: "de",
	});
	assert.match(seen, /^ {2}Password must have 8 to 63/m);
	assert.match(seen, /^ {2}"nobody" must be an address like/m);
	assert.match(seen, /^ {2}Port \[465\]: /m);
	assert.match(seen, /^ {2}Name of this device \[alert\]: /m);
	assert.match(seen, /app password, not the one you log in with/);
});

test("the questions: secrets are not echoed", async () => {
	const secrets = ["wifi secret", "mail secret"];
	const { values, seen } = await dialogue([
		...["Home", "wifi secret", "me@example.org", "mail.example.org", "", "mail secret", "", ""],
		...["you@example.org", "", ""],
	]);
	assert.equal(values.password, secrets[0]);
	assert.equal(values.smtpPassword, secrets[1]);
	for (const secret of secrets) assert.ok(!seen.includes(secret), `${secret} was shown`);
});

test("the questions: Enter keeps what is there, - removes it", async () => {
	const current = {
		...{ ssid: "Home", password: "long enough", from: "a@example.org", smtpHost: "h.example", smtpSecurity: "none" },
		...{ smtpUser: "me", smtpPassword: "secret", allowCleartextAuth: true, to: "b@example.org", device: "Cellar" },
	};
	const { values } = await dialogue(["", "", "", "", "-", "", "", "", "-", ""], current);
	const { smtpUser, smtpPassword, allowCleartextAuth, device, ...rest } = current;
	assert.deepEqual(values, rest);
});

test("the questions: without TLS the password needs a yes in so many words", async () => {
	const { values, seen } = await dialogue([
		...["Home", "", "a@example.org", "h.example", "me", "secret", "none", "no", "none", "yes"],
		...["", "b@example.org", "", ""],
	]);
	assert.match(seen, /everyone on the way can read the password/);
	assert.equal(values.allowCleartextAuth, true);
});

test("the questions: what was allowed before is offered again", async () => {
	const current = {
		...{ ssid: "Home", from: "a@example.org", smtpHost: "h.example", smtpSecurity: "none", smtpUser: "me" },
		...{ smtpPassword: "secret", allowCleartextAuth: true, to: "b@example.org" },
	};
	const { values, seen } = await dialogue(Array(12).fill(""), current);
	assert.match(seen, /Send it all the same, yes or no \[yes\]: /);
	assert.deepEqual(values, current);
});

test("the questions: Enter never leads in a circle", async () => {
	const { values, seen } = await dialogue([
		...["Home", "", "a@example.org", "h.example", "me", "", "secret", "none", "", ""],
		...["", "a@example.org, nobody", "b@example.org", "", ""],
	]);
	assert.match(seen, /Password is missing/);
	assert.match(seen, /Then choose TLS, or start again and give no user name/);
	assert.match(seen, /"nobody" must be/);
	assert.deepEqual([values.smtpSecurity, values.allowCleartextAuth], [undefined, undefined]);
});

test("the questions: whoever gives up gets an error", async () => {
	await assert.rejects(dialogue(["Home"]), /Nothing was written/);
});

test("providers are found by the address", () => {
	assert.equal(providerOf("Me@GMAIL.com")?.name, "Gmail");
	assert.equal(providerOf("me@example.org"), undefined);
});
