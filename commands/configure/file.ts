/** Writes manifest_local.json. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { readManifest, type Values } from "../settings.js";

/**
 * Writes the values as a manifest that includes the app's and lays them over it, readable by its owner only. What else
 * stands in the file stays. A crash leaves either the old file or the new one.
 */
export function writeLocal(path: string, values: Values): void {
	const text = `${JSON.stringify({ include: "./manifest.json", ...readManifest(path), config: values }, null, "\t")}\n`;
	const temporary = `${path}.${process.pid}.new`;
	rmSync(temporary, { force: true });
	const file = openSync(temporary, "wx", 0o600);
	try {
		writeSync(file, text);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(temporary, path);
}
