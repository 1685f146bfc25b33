import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
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
	assert.match(stderr, /manifest_local\.json cannot be read: line 1, column 3: this is not JSON\. Mend or delete it\./);
	assert.equal(readFileSync(join(cwd, "manifest_local.json"), "utf8"), "{ mine");
});

test("without a terminal and without flags it says what to do", async (t) => {
	const { status, stderr } = await command("configure", [], { cwd: folder(t, app) });
	assert.equal(status, 64);
	assert.match(stderr, /no terminal/);
});

test("C1, C2: domains are written as every server takes them, and dots are taken where an atom has none", async (t) => {
	const cwd = folder(t, app);
	const options = [
		...["--ssid", "Home", "--smtp-host", "bücher.example", "--hostname", "büro.example", "--sntp", "zeit.例え.テスト"],
		...["--from", "a..b@bücher.example", "--to", '"c, d"@münchen.example, e.@b'],
	];
	const { status, stderr } = await command("configure", options, { cwd });
	assert.equal(status, 69, stderr);
	const { config } = JSON.parse(readFileSync(join(cwd, "manifest_local.json"), "utf8"));
	assert.deepEqual(config, {
		ssid: "Home",
		smtpHost: "xn--bcher-kva.example",
		hostname: "xn--bro-hoa.example",
		sntp: "zeit.xn--r8jz45g.xn--zckzah",
		from: "a..b@xn--bcher-kva.example",
		to: '"c, d"@xn--mnchen-3ya.example, e.@b',
	});
});

test("C9: a provider's key of 90 characters, and a user name in three parts of 85", async (t) => {
	const cwd = folder(t, app);
	const [user, key] = ["u".repeat(85), "k".repeat(90)];
	const options = [...needed, "--smtp-user", user, "--smtp-password-env", "KEY"];
	const { status, stderr } = await command("configure", options, { cwd, env: { KEY: key } });
	assert.equal(status, 69, stderr);
	const { config } = JSON.parse(readFileSync(join(cwd, "manifest_local.json"), "utf8"));
	assert.deepEqual([config.smtpUser, config.smtpPassword], [user, key]);
});

test("C10: a network's name and its password keep their spaces", async (t) => {
	const cwd = folder(t, app);
	const options = [...needed.slice(2), "--ssid", " Home ", "--password-env", "WIFI"];
	await command("configure", options, { cwd, env: { WIFI: " pass word " } });
	const { config } = JSON.parse(readFileSync(join(cwd, "manifest_local.json"), "utf8"));
	assert.deepEqual([config.ssid, config.password], [" Home ", " pass word "]);
	assert.match((await command("configure", ["--show"], { cwd })).stdout, /^ssid +" Home "$/m);
});

test("E8: of a file that is no JSON the place is told, and nothing that is in it", async (t) => {
	const cwd = folder(t, { ...app, "manifest_local.json": '{\n\t"config": { "smtpPassword": "hunter2" "x" }\n}' });
	for (const [name, options] of [
		["configure", needed],
		["configure", ["--show"]],
		["send", ["--configured", "--to", "b@example.org"]],
		["run", ["--configured"]],
		["flash", []],
	] as const) {
		const { status, stdout, stderr } = await command(name, [...options], { cwd });
		assert.notEqual(status, 0);
		assert.doesNotMatch(stdout + stderr, /hunt|er2/, name);
		if (name !== "flash" && name !== "run")
			assert.match(
				stderr,
				/manifest_local\.json cannot be read: line 2, column 40: this is not JSON\. Mend or delete it\./,
				name,
			);
	}
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

test("a second account is written as the first, its password not shown, and its server trusted, too", async (t) => {
	const cwd = folder(t, app);
	const fallback = ["--fallback-host", "smtp.gmail.com", "--fallback-security", "implicit", "--fallback-user", "spare"];
	const more = [
		...fallback,
		"--fallback-password-env",
		"SPARE",
		"--fallback-from",
		"c@gmail.com",
		"--give-up-after",
		"36h",
	];
	const first = ["--smtp-security", "none"];
	const { status, stdout } = await command("configure", [...needed, ...first, ...more], {
		cwd,
		env: { SPARE: "secret word" },
	});
	assert.equal(status, 0);
	assert.match(stdout, /The board will trust GTS Root R1, GTS Root R4, as Gmail has them today/);
	const { config, include } = JSON.parse(readFileSync(join(cwd, "manifest_local.json"), "utf8"));
	assert.equal(include, "./manifest_tls.json");
	assert.deepEqual(
		[config.fallbackHost, config.fallbackPassword, config.giveUpAfter],
		["smtp.gmail.com", "secret word", "36h"],
	);
	const { stdout: shown } = await command("configure", ["--show"], { cwd });
	assert.match(shown, /^fallbackPassword +\(set, not shown\)$/m);
	assert.ok(!shown.includes("secret word"));
	const wrong: [string[], RegExp][] = [
		[["--give-up-after", "3"], /^giveUpAfter: must be a time with its unit/],
		[["--fallback-from", "nobody"], /^fallbackFrom: must be an address like name@example\.org, not "nobody"/],
		[["--fallback-host", ""], /^fallbackHost: is missing/],
		[["--fallback-password", ""], /^fallbackPassword: is missing/],
	];
	for (const [options, says] of wrong) {
		const { status, stderr } = await command("configure", options, { cwd });
		assert.equal(status, 78, options.join(" "));
		assert.match(stderr, says);
	}
});

test("two servers are vouched for by the authorities of both", async (t) => {
	const cwd = folder(t, app);
	const first = needed.map((option) => (option === "mail.example.org" ? "mail.gmx.net" : option));
	const second = ["--fallback-host", "smtp.gmail.com", "--fallback-security", "implicit"];
	const { stdout } = await command("configure", [...first, ...second], { cwd });
	assert.match(stdout, /GTS Root R4, as GMX has them today and as Gmail has them today\./);
	assert.match(stdout, /Telekom Security TLS RSA Root 2023/);
});
