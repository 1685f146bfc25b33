/** The file of a board's preferences, as anyone may have left it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Preference } from "../../../hardware/virtual/devices/preference.js";

const text = Buffer.from("home\0").toString("base64");
const entry = { domain: "wifi", key: "ssid", type: "s", value: text, size: 20 };

test("a file that is none of a board's preferences is a clear error, whatever it is", (t) => {
	const folder = mkdtempSync(join(tmpdir(), "flash-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const open = (content: string) => {
		writeFileSync(join(folder, "preferences.json"), content);
		return new Preference(folder);
	};
	const wrong: unknown[] = [
		...[{}, null, true, 7, "", "x", [null], [[]], [7], [{}], { length: 1 }, [entry, undefined]],
		...[{ domain: 1 }, { domain: "x".repeat(32) }, { domain: "a\0b" }, { key: undefined }, { key: "é".repeat(16) }],
		...[{ type: "x" }, { type: "toString" }, { type: ["s"] }, { type: 7 }, { type: "i" }, { type: "b" }],
		...[{ value: 7 }, { value: "not base64!" }, { value: "" }, { value: Buffer.from("no end").toString("base64") }],
		...[{ value: Buffer.from("a\0b\0").toString("base64") }, { value: Buffer.alloc(64, 1).toString("base64") }],
		...[{ size: "20" }, { size: -1 }, { size: 0 }, { size: 1.5 }, { size: 129 }, { size: null }],
	].map((value, i) => (i < 12 ? value : [{ ...entry, ...(value as object) }]));
	for (const value of wrong)
		assert.throws(
			() => open(JSON.stringify(value)),
			/preferences\.json does not hold a board's preferences/,
			JSON.stringify(value),
		);
	for (const broken of ["", "{", "[1,", '{"password":"secret', "\0", "nul"])
		assert.throws(
			() => open(broken),
			(error: Error) =>
				error.message.includes("does not hold a board's preferences") && !error.message.includes("secret"),
		);
	const device = open(JSON.stringify([entry]));
	const call = { what: "", resource: 0, details: [], data: Buffer.from("wifi\0ssid\0") };
	assert.equal(device.ask("get", call).toString(), "shome\0");
});
