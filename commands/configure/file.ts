/** Writes manifest_local.json. */
import type { X509Certificate } from "node:crypto";
import { forgetAuthorities, withAuthorities, writeAuthorities } from "../authorities.js";
import { replaceFile } from "../replace.js";
import { readManifest, type Values } from "../settings.js";

/**
 * Writes the values as a manifest that includes the app's and lays them over it, readable by its owner only. What else
 * stands in the file stays. A crash leaves either the old configuration or the new one, with its authorities.
 * @param authorities to be trusted; undefined: the app needs no TLS
 */
export function writeLocal(path: string, values: Values, authorities: readonly X509Certificate[] | undefined): void {
	const before = readManifest(path);
	const files = writeAuthorities(authorities ?? []);
	const manifest = withAuthorities(before, files, authorities !== undefined);
	replaceFile(path, `${JSON.stringify({ ...manifest, config: values }, null, "\t")}\n`);
	forgetAuthorities(files);
}
