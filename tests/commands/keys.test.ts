/** Keys and pins of a configuration that are not what one means. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { nearest } from "../../commands/nearest.js";
import { pinWarnings } from "../../commands/pins.js";
import { unknownKeys } from "../../commands/unknown-keys.js";
import { readConfig } from "../../config.js";
import { command, folder } from "./command.js";

const app = { "manifest.json": '{ "config": { "device": "alert", "ownKey": 1 } }' };
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

suite("keys that nobody reads are named, with the one that is meant", () => {
	const cases: Record<string, [manifest: object, clauses: string[]]> = {
		"letters that have changed places": [
			{ config: { smptPort: 465 } },
			["config.smptPort is read by nobody; smtpPort is meant?"],
		],
		"a letter too few, a letter too many, another one": [
			{ config: { smtpPasword: "x", smtpHosts: "x", sntq: "x" } },
			[
				"config.smtpPasword is read by nobody; smtpPassword is meant?",
				"config.smtpHosts is read by nobody; smtpHost is meant?",
				"config.sntq is read by nobody; sntp is meant?",
			],
		],
		"as others write it": [
			{ config: { smtp_host: "x", "smtp-user": "x", SSID: "x", "LED pin": 2 } },
			[
				"config.smtp_host is read by nobody; smtpHost is meant?",
				"config.smtp-user is read by nobody; smtpUser is meant?",
				"config.SSID is read by nobody; ssid is meant?",
				"config.LED pin is read by nobody; ledPin is meant?",
			],
		],
		"a part of it, or more": [
			{ config: { port: 1, wifiPassword: "x" } },
			[
				"config.port is read by nobody; smtpPort is meant?",
				"config.wifiPassword is read by nobody; password is meant?",
			],
		],
		"in groups": [
			{ config: { smtp: { host: "x", prot: 1 }, config: { ssid: "x" } } },
			[
				"config.smtp.host is read by nobody; smtpHost is meant?",
				"config.smtp.prot is read by nobody; smtpPort is meant?",
				"config.config.ssid is read by nobody; ssid is meant?",
			],
		],
		"beside config": [
			{ include: "./manifest.json", smtpHost: "x", config: {} },
			["smtpHost is read by nobody; config.smtpHost is meant?"],
		],
		"of the manifest": [
			{ incldue: "./manifest.json", Config: {}, platform: {} },
			[
				"incldue is read by nobody; include is meant?",
				"Config is read by nobody; config is meant?",
				"platform is read by nobody; platforms is meant?",
			],
		],
		"of a platform": [
			{ platforms: { "esp/nodemcu": { config: { sssid: "x" }, define: {} }, "...": { error: "no" } } },
			[
				"platforms.esp/nodemcu.config.sssid is read by nobody; ssid is meant?",
				"platforms.esp/nodemcu.define is read by nobody; defines is meant?",
			],
		],
		"nothing like it": [
			{ config: { colour: "red" }, zzz: 1 },
			["config.colour is read by nobody", "zzz is read by nobody"],
		],
		"what is read, and comments": [
			{
				include: [],
				resources: {},
				creation: { static: 1 },
				"//": "x",
				config: { ssid: "x", "//": "x", _why: {}, ownKey: 2 },
			},
			[],
		],
	};
	for (const [what, [manifest, clauses]] of Object.entries(cases))
		test(what, () => assert.deepEqual(unknownKeys(manifest as Record<string, unknown>, ["ownKey"]), clauses));

	test("every key is its own nearest", () => {
		const known = Object.keys(readConfig({}).config);
		for (const key of known) assert.equal(nearest(key, known), key);
	});

	test("they are never taken for nothing: no command goes on with them", async (t) => {
		const local = '{ "include": "./manifest.json", "config": { "smptPort": 465, "ssid": "Home" } }';
		const says =
			/manifest_local\.json: config\.smptPort is read by nobody; smtpPort is meant\?\. Mend it; .*manifest\.json, too\.\n/;
		const commands: Record<string, [options: string[], status: number]> = {
			configure: [["--to", "b@example.org"], 78],
			"configure ": [["--show"], 78],
			send: [["--configured"], 64],
		};
		for (const [name, [options, status]] of Object.entries(commands)) {
			const cwd = folder(t, { ...app, "manifest_local.json": local });
			const result = await command(name.trim(), options, { cwd });
			assert.equal(result.status, status, name);
			assert.match(result.stderr, says);
		}
		const cwd = folder(t, { ...app, "manifest_local.json": local });
		assert.match(
			(await command("doctor", [], { cwd })).stdout,
			/problem +configuration +manifest_local\.json: config\.smptPort/,
		);
	});
});

suite("pins that do more than one expects", () => {
	const cases: Record<string, [options: string[], says: RegExp]> = {
		"a button on GPIO15": [
			["--button-pin", "15"],
			/^buttonPin: GPIO15 has to be low when the chip starts, .*button to GND/m,
		],
		"a button on GPIO1": [["--button-pin", "1"], /^buttonPin: GPIO1 is the serial port's output \(TX\)/m],
		"a button on GPIO3": [["--button-pin", "3"], /^buttonPin: GPIO3 is the serial port's input \(RX\)/m],
		"a button on GPIO2": [["--button-pin", "2"], /^buttonPin: GPIO2 has to be high when the chip starts/m],
		"a LED on GPIO1": [["--led-pin", "1"], /^ledPin: GPIO1 .*LED flickers/m],
		"a LED on GPIO3": [["--led-pin", "3"], /^ledPin: GPIO3 .*flashing may fail/m],
		"a LED from GPIO2 to GND": [
			["--led-pin", "2", "--led-invert", "false"],
			/^ledPin: GPIO2 .*LED to GND can hold it low/m,
		],
		"a LED from 3V3 to GPIO15": [["--led-pin", "15"], /^ledPin: GPIO15 .*LED to 3V3 can hold it high/m],
	};
	for (const [what, [options, says]] of Object.entries(cases))
		test(`${what}: said, and written all the same`, async (t) => {
			const cwd = folder(t, app);
			const { stderr } = await command("configure", [...needed, "--smtp-security", "none", ...options], { cwd });
			assert.match(stderr, says);
			assert.ok(existsSync(join(cwd, "manifest_local.json")));
			assert.match((await command("configure", ["--show"], { cwd })).stderr, says);
		});

	test("the others are free", () => {
		const warned = (values: object) => pinWarnings(readConfig({ ledPin: 16, ...values }).config);
		for (const buttonPin of [0, 4, 5, 12, 13, 14])
			assert.deepEqual(warned({ buttonPin }), [], `button on ${buttonPin}`);
		for (const ledPin of [0, 2, 4, 5, 12, 13, 14, 16]) assert.deepEqual(warned({ ledPin }), [], `LED on ${ledPin}`);
		assert.deepEqual(warned({ ledPin: 15, ledInvert: false }), []);
	});
});
