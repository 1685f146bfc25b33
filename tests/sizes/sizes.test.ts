import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryUsage, noSDK } from "./firmware.js";

test("the SMTP client alone takes at most 520,000 bytes of Flash and 39,400 of static RAM", {
	skip: noSDK,
}, (context) => {
	const { ram, flash } = memoryUsage("tests/sizes/smtp");
	context.diagnostic(`RAM ${ram}, Flash ${flash}`);
	assert.ok(ram <= 39_400, `RAM ${ram}`);
	assert.ok(flash <= 520_000, `Flash ${flash}`);
});
