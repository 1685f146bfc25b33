import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultPort, durationOf, needsTLS, readConfig } from "../../config.js";

const least = {
	ssid: "home",
	smtpHost: "mx.example.net",
	from: "board@example.org",
	to: "ada@example.org",
};

const read = (values: Record<string, unknown>) => readConfig({ ...least, ...values });

/** What is wrong with values laid over the least that works. */
const problemsOf = (values: Record<string, unknown>) =>
	read(values).problems.map(({ key, problem }) => `${key} ${problem}`);

const accepted = (key: string, ...values: unknown[]) => {
	for (const value of values) assert.deepEqual(problemsOf({ [key]: value }), [], `${key} ${JSON.stringify(value)}`);
};

const refused = (key: string, ...values: unknown[]) => {
	for (const value of values) {
		const problems = read({ [key]: value }).problems;
		assert.equal(problems.length > 0, true, `${key} ${JSON.stringify(value)} was accepted`);
		assert.equal(problems[0]?.key, key);
	}
};

test("the least that works, and what it is filled up with", () => {
	const { config, problems } = readConfig(least);
	assert.deepEqual(problems, []);
	assert.deepEqual(config, {
		...least,
		to: ["ada@example.org"],
		password: undefined,
		smtpPort: 587,
		smtpSecurity: "required",
		smtpUser: undefined,
		smtpPassword: undefined,
		allowCleartextAuth: false,
		hostname: undefined,
		device: "alert",
		event: undefined,
		language: "en",
		sntp: "pool.ntp.org",
		buttonPin: undefined,
		buttonInvert: true,
		ledPin: undefined,
		ledInvert: true,
		debounceMs: 50,
		networkTimeoutMs: 60_000,
		smtpTimeoutMs: 30_000,
		giveUpAfter: 3 * 86_400_000,
		fallbackHost: undefined,
		fallbackPort: 587,
		fallbackSecurity: "required",
		fallbackUser: undefined,
		fallbackPassword: undefined,
		fallbackFrom: "board@example.org",
		built: 1_767_225_600,
	});
});

test("what is missing is named, all of it, in order", () => {
	const problems = readConfig({}).problems.map(({ key, problem }) => `${key} ${problem}`);
	assert.deepEqual(problems, ["ssid is missing", "smtpHost is missing", "from is missing", "to is missing"]);
});

test("an empty string is as good as nothing", () => {
	for (const key of Object.keys(least)) assert.deepEqual(problemsOf({ [key]: "" }), [`${key} is missing`]);
	const { config } = read({ smtpPort: "", language: "", hostname: "", buttonPin: "", ledInvert: "" });
	assert.deepEqual(
		[config.smtpPort, config.language, config.hostname, config.buttonPin, config.ledInvert],
		[587, "en", undefined, undefined, true],
	);
});

test("mcconfig's strings become numbers and booleans, strictly", () => {
	const { config, problems } = read({
		smtpPort: "2525",
		allowCleartextAuth: "true",
		buttonInvert: "false",
		ledInvert: false,
		debounceMs: "100",
		buttonPin: "4",
	});
	assert.deepEqual(problems, []);
	assert.deepEqual(
		[
			config.smtpPort,
			config.allowCleartextAuth,
			config.buttonInvert,
			config.ledInvert,
			config.debounceMs,
			config.buttonPin,
		],
		[2525, true, false, false, 100, 4],
	);
	refused("allowCleartextAuth", "yes", "1", "TRUE", 1, 0, "no", {});
	refused(
		"smtpPort",
		"0x19",
		"25.0",
		"2e1",
		" 25",
		"25 ",
		"+25",
		"-1",
		"0",
		0,
		65536,
		2.5,
		NaN,
		Infinity,
		true,
		[25],
		{},
	);
});

test("the port follows the security", () => {
	assert.deepEqual([defaultPort("required"), defaultPort("implicit"), defaultPort("none")], [587, 465, 25]);
	assert.equal(read({ smtpSecurity: "implicit" }).config.smtpPort, 465);
	assert.equal(read({ smtpSecurity: "none" }).config.smtpPort, 25);
	assert.equal(read({ smtpSecurity: "none", smtpPort: 2525 }).config.smtpPort, 2525);
	refused("smtpSecurity", "tls", "NONE", false, "opportunistic");
});

test("C10: a Wi-Fi name has up to 32 bytes, whatever they are", () => {
	for (let code = 1; code < 0x100; code++) accepted("ssid", String.fromCharCode(code));
	for (const ssid of [" ", " x", "x ", "  x  ", " ".repeat(32)]) assert.equal(read({ ssid }).config.ssid, ssid);
	accepted("ssid", "x", "x".repeat(32), "Café du coin", "家里的无线网", "🦆".repeat(8), 'with "quotes" and spaces ');
	refused("ssid", "x".repeat(33), "é".repeat(17), "家".repeat(11), "🦆".repeat(9), "a\0b", 12345678);
});

test("a Wi-Fi password has 8 to 63 characters, or is a key of 64 hexadecimal digits", () => {
	accepted(
		"password",
		"12345678",
		"x".repeat(63),
		"with spaces & signs!",
		" spaces at its ends ",
		" ".repeat(8),
		...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i).repeat(8)),
		"0123456789abcdefABCDEF0123456789".repeat(2),
	);
	refused("password", "1234567", "x".repeat(64), "x".repeat(65), "pässword", "1234\n5678", 12345678);
});

test("a host is a name or an address, not more", () => {
	accepted("smtpHost", "localhost", "mx", "mx.example.net", "192.0.2.25", "xn--bcher-kva.example", "my_host.lan");
	refused(
		"smtpHost",
		"mx example",
		"mx.",
		".mx",
		"mx..net",
		"-mx.net",
		"mx-.net",
		"a\r\nb",
		"bücher.example",
		"mx:25",
		"http://mx",
		"[::1]",
	);
	refused("smtpHost", "x".repeat(254), 25, ["mx"]);
});

test("C9: user and password have the protocol's limits, 255 bytes (RFC 4616, 2)", () => {
	const account = (smtpUser: string, smtpPassword: string) => problemsOf({ smtpUser, smtpPassword });
	for (const length of [80, 81, 85, 90, 128, 254, 255])
		assert.deepEqual(account("u".repeat(length), "p".repeat(length)), []);
	assert.deepEqual(account("ü".repeat(127), "水".repeat(85)), []);
	assert.deepEqual(account("u".repeat(256), "p"), ["smtpUser must have at most 255 bytes"]);
	assert.deepEqual(account("u", "ü".repeat(128)), ["smtpPassword must have at most 255 bytes"]);
	assert.equal(read({ smtpUser: "u", smtpPassword: " p " }).config.smtpPassword, " p ");
});

test("user and password go together, and not in the clear by accident", () => {
	assert.deepEqual(problemsOf({ smtpUser: "ada", smtpPassword: "secret" }), []);
	assert.deepEqual(problemsOf({ smtpUser: "ada" }), ["smtpPassword is missing"]);
	assert.deepEqual(problemsOf({ smtpPassword: "secret" }), ["smtpUser is missing"]);
	const clear = { smtpSecurity: "none", smtpUser: "ada", smtpPassword: "secret" };
	assert.deepEqual(problemsOf(clear), [
		"smtpSecurity must be required or implicit: without TLS everyone on the way can read the password",
	]);
	assert.deepEqual(problemsOf({ ...clear, allowCleartextAuth: "false" }).length, 1);
	assert.deepEqual(problemsOf({ ...clear, allowCleartextAuth: "true" }), []);
	assert.deepEqual(problemsOf({ smtpUser: "ädä", smtpPassword: "päss wörd" }), []);
	assert.deepEqual(problemsOf({ smtpUser: "a\0b", smtpPassword: "x" }), ["smtpUser must not have control characters"]);
});

test("addresses are local@domain", () => {
	const quoted = [
		"a..b@docomo.example",
		'"a..b"@docomo.example',
		".ada@b",
		"ada.@b",
		'"a, b"@b',
		'"a\\"\\\\b"@b',
		'"a@b"@c',
	];
	const good = [
		...quoted,
		"a@b",
		"ada.lovelace+alerts@mail.example.org",
		"o'brien@example.org",
		`${"x".repeat(64)}@example.org`,
	];
	const bad = [
		"ada",
		"@example.org",
		"ada@",
		"ada@@example.org",
		"a b@example.org",
		"ada@exa mple.org",
		"<ada@example.org>",
		"Ada <ada@example.org>",
		"ada@example.org\r\nRSET",
		"ada\u{760d}\u{760a}@example.org",
		'"a"b"@example.org',
		'"a\\"@example.org',
		'""@example.org',
		'"a\u0007"@example.org',
		'"ä"@example.org',
		'x"a"@example.org',
		"ada@example..org",
		"ada@[192.0.2.1]",
		`${"x".repeat(65)}@example.org`,
		`a@${"x.".repeat(130)}org`,
	];
	accepted("from", ...good);
	accepted("to", ...good);
	refused("from", ...bad, 5, ["a@b"]);
	refused("to", ...bad, 5, {});
});

test("recipients come as a list, or as one string with commas", () => {
	assert.deepEqual(read({ to: ["a@x", "b@x"] }).config.to, ["a@x", "b@x"]);
	assert.deepEqual(read({ to: 'a..b@x, "c, d\\", e"@x' }).config.to, ["a..b@x", '"c, d\\", e"@x'], "C2");
	assert.deepEqual(read({ to: "a@x, b@x ,c@x" }).config.to, ["a@x", "b@x", "c@x"]);
	const ten = Array.from({ length: 10 }, (_, i) => `a${i}@x`);
	accepted("to", ten, ten.join());
	refused("to", [], [...ten, "b@x"], "a@x,", ",a@x", ["a@x", 5], ["a@x", "b"], [[]]);
});

test("what the board calls itself must say something", () => {
	accepted("hostname", "alert.example.org", "[192.0.2.7]", "sensor-1");
	refused(
		"hostname",
		"localhost",
		"127.0.0.1",
		"[127.0.0.1]",
		"192.0.2.7",
		"[alert]",
		"x\ny",
		"x y",
		"[]",
		"[192.0.2.7",
		"a\u{760a}b",
	);
});

test("texts have no control characters and some length", () => {
	accepted("device", "Keller links", "地下室", "x".repeat(80));
	refused("device", "a\rb", "a\u0085b", "x".repeat(81), 5);
	accepted("event", "Water!");
	refused("event", "a\tb", "x".repeat(81));
	accepted("language", "en", "de", "es", "fr", "zh");
	refused("language", "EN", "it", 5);
});

test("the clock may be left alone, but not with TLS", () => {
	assert.equal(read({ sntp: "time.example.net" }).config.sntp, "time.example.net");
	assert.equal(read({ sntp: "off", smtpSecurity: "none" }).config.sntp, undefined);
	refused("sntp", "off", "a b");
});

test("pins are those that there are, and free", () => {
	accepted("buttonPin", 0, 4, 5, 12, 15, "14");
	refused("buttonPin", 16, 17, -1, 6, 11, "D3", 1.5);
	accepted("ledPin", 0, 2, 16);
	refused("ledPin", 17, 8, true);
	assert.deepEqual(problemsOf({ buttonPin: 4, ledPin: "4" }), ["ledPin must not be the button's pin"]);
	assert.deepEqual(problemsOf({ buttonPin: 4, ledPin: 5 }), []);
	assert.deepEqual(problemsOf({ buttonPin: 4 }), []);
});

test("times are within reason", () => {
	accepted("debounceMs", 10, 5_000);
	refused("debounceMs", 9, 5_001);
	accepted("networkTimeoutMs", 1_000, 600_000);
	refused("networkTimeoutMs", 999, 600_001);
	accepted("smtpTimeoutMs", "30000");
	refused("smtpTimeoutMs", 0);
});

test("durations are texts with a unit", () => {
	const ms = { "200ms": 200, "0s": 0, "30s": 30_000, "5min": 300_000, "1h": 3_600_000, "3d": 259_200_000 };
	for (const [text, expected] of Object.entries(ms)) assert.equal(durationOf(text), expected, text);
	for (const text of ["", "3", "d", "3 d", "-3d", "3.5d", "3D", "3days", "3m", "3d ", "1h30min", "1e3s", "9999999999s"])
		assert.equal(durationOf(text), undefined, text);
});

test("how old an alert may become is a duration", () => {
	assert.equal(read({ giveUpAfter: "36h" }).config.giveUpAfter, 36 * 3_600_000);
	accepted("giveUpAfter", "1h", "20d", "60min");
	refused("giveUpAfter", "59min", "21d", "3", 3, "259200000", "0d", true, "three days");
});

test("a second account has rules of its own, and goes with its server", () => {
	const { config, problems } = read({
		smtpSecurity: "implicit",
		fallbackHost: "mail.example.com",
		fallbackUser: "spare",
		fallbackPassword: "secret",
		fallbackFrom: "spare@example.com",
		fallbackSecurity: "implicit",
	});
	assert.deepEqual(problems, []);
	assert.deepEqual([config.fallbackPort, config.fallbackFrom], [465, "spare@example.com"]);
	refused("fallbackHost", "mail example");
	refused("fallbackPort", 0);
	refused("fallbackSecurity", "tls");
	refused("fallbackFrom", "nobody");
	const host = { fallbackHost: "mail.example.com" };
	assert.deepEqual(problemsOf({ ...host, fallbackUser: "spare" }), ["fallbackPassword is missing"]);
	assert.deepEqual(problemsOf({ ...host, fallbackPassword: "x" }), ["fallbackUser is missing"]);
	for (const lone of [{ fallbackUser: "spare", fallbackPassword: "x" }, { fallbackFrom: "a@b" }])
		assert.deepEqual(problemsOf(lone), ["fallbackHost is missing"]);
	const clear = { ...host, fallbackSecurity: "none", fallbackUser: "spare", fallbackPassword: "x" };
	assert.deepEqual(problemsOf(clear), [
		"fallbackSecurity must be required or implicit: without TLS everyone on the way can read the password",
	]);
	assert.deepEqual(problemsOf({ ...clear, allowCleartextAuth: true }), []);
	assert.deepEqual(problemsOf({ ...host, smtpSecurity: "none", sntp: "off" }), [
		"sntp must not be off with TLS: certificates have dates",
	]);
	const none = { ...host, fallbackSecurity: "none", smtpSecurity: "none" };
	assert.deepEqual(
		[needsTLS(read(none).config), needsTLS(read({ ...none, fallbackSecurity: "implicit" }).config)],
		[false, true],
	);
});

test("when the firmware was built is a time", () => {
	assert.equal(read({ built: "1795996800" }).config.built, 1_795_996_800);
	refused("built", "2026-11-30", 0, 1_700_000_000, 9_999_999_999);
});

test("a wrong configuration yields one problem for each thing that is wrong", () => {
	assert.deepEqual(problemsOf({ ssid: "x".repeat(40), smtpPort: "x", from: "y", smtpUser: "only" }), [
		"ssid must have at most 32 bytes",
		"smtpPort must be a whole number from 1 to 65535",
		"from must be an address like name@example.org",
	]);
});
