import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryUsage, noSDK } from "./firmware.js";

/** What firmware may take, in bytes. The client's limits are goals; the app's are a little above what it takes today. */
const limits: Record<string, [manifest: string, flash: number, ram: number]> = {
	"the SMTP client alone": ["tests/sizes/smtp/manifest.json", 520_000, 39_400],
	"the SMTP client with TLS": ["tests/sizes/tls/manifest.json", 720_000, 40_800],
	"the composer with sources of all kinds": ["tests/modules/mail/sdk/xs/manifest.json", 575_000, 39_400],
	"the app": ["manifest.json", 648_000, 39_200],
	"the app with TLS": ["manifest_tls.json", 786_000, 40_150],
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
