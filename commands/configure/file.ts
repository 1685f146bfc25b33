/** Reads and writes manifest_local.json. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";

export type Values = Record<string, unknown>;

interface Manifest {
	include?: string | string[];
	config?: Values;
	[key: string]: unknown;
}

/** @throws Error where there is a file that is no JSON object: it is left for a person to look at */
export function readLocal(path: string): Manifest {
	if (!existsSync(path)) return {};
	let manifest: unknown;
	try {
		manifest = JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : error}. Mend or delete it.`);
	}
	if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest))
		throw new Error(`${path} is not a manifest. Mend or delete it.`);
	return manifest as Manifest;
}

/**
 * Writes the values as a manifest that includes the app's and lays them over it, readable by its owner only. What else
 * stands in the file stays. A crash leaves either the old file or the new one.
 */
export function writeLocal(path: string, values: Values): void {
	const text = `${JSON.stringify({ include: "./manifest.json", ...readLocal(path), config: values }, null, "\t")}\n`;
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
