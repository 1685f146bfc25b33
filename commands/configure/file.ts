/** Writes manifest_local.json. */
import type { X509Certificate } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { forgetAuthorities, withAuthorities, writeAuthorities } from "../authorities.js";
import { readManifest, type Values } from "../settings.js";

/**
 * Writes the values as a manifest that includes the app's and lays them over it, readable by its owner only. What else
 * stands in the file stays. A crash leaves either the old file or the new one.
 * @param authorities to be trusted; undefined: the app needs no TLS
 */
export function writeLocal(path: string, values: Values, authorities: readonly X509Certificate[] | undefined): void {
	const count = authorities?.length ?? 0;
	const manifest = withAuthorities(readManifest(path), count, authorities !== undefined);
	writeAuthorities(authorities ?? []);
	replace(path, `${JSON.stringify({ ...manifest, config: values }, null, "\t")}\n`);
	forgetAuthorities(count);
}

function replace(path: string, text: string): void {
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
