/** F12: smtplib needs more stack than the SDK gives: its manifest says how much, and its tests run with that. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { writeManifest } from "../../../run-xs.js";

/** Slots that the SDK gives to an app on the ESP8266. */
const SDK_STACK = 256;

const folder = "tests/modules/smtp/smtplib";
const stackOf = (path: string) => {
	const { creation, platforms } = JSON.parse(readFileSync(path, "utf8"));
	return (creation ?? platforms.esp.creation).stack;
};

test("F12: each test of smtplib runs with the stack that its manifest asks for", () => {
	const stack = stackOf("modules/smtp/manifest_smtplib.json");
	assert.ok(stack > SDK_STACK && stack < 640, `${stack}`);
	const files = readdirSync(folder).filter((name) => name.endsWith(".xs.ts"));
	assert.ok(files.length > 5);
	for (const file of files) assert.equal(stackOf(writeManifest(`${folder}/${file}`)), stack, file);
});
