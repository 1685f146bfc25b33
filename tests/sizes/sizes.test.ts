import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryUsage, noSDK } from "./firmware.js";

/** What firmware may take, in bytes, with flash read as the chip reads it: a little above what it takes today. */
const limits: Record<string, [manifest: string, flash: number, ram: number]> = {
	"the SMTP client alone": ["tests/sizes/smtp/manifest.json", 552_000, 38_800],
	"the SMTP client with TLS": ["tests/sizes/tls/manifest.json", 708_000, 39_800],
	"the composer with sources of all kinds": ["tests/modules/mail/sdk/xs/manifest.json", 605_000, 38_900],
	"the app": ["manifest.json", 687_000, 39_300],
	"the app with TLS": ["manifest_tls.json", 829_000, 40_250],
};

for (const [name, [manifest, mostFlash, mostRAM]] of Object.entries(limits))
	test(`${name} takes at most ${mostFlash.toLocaleString("en")} bytes of Flash and ${mostRAM.toLocaleString("en")} of static RAM`, {
		skip: noSDK,
	}, (context) => {
		const { ram, flash } = memoryUsage(manifest);
		context.diagnostic(`RAM ${ram}, Flash ${flash}`);
		assert.ok(ram <= mostRAM, `RAM ${ram}`);
		assert.ok(flash <= mostFlash, `Flash ${flash}`);
	});
