/** Files that are never half written. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { reasonOf } from "./reason.js";

/**
 * Writes a file for its owner's eyes only. A crash leaves either the old one or the new one.
 * @throws Error that says why it cannot be written; the old one is as it was
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
	const temporary = `${path}.${process.pid}.new`;
	try {
		rmSync(temporary, { force: true });
		write(temporary, content);
		renameSync(temporary, path);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw new Error(`${path} cannot be written: ${reasonOf(error)}.`);
	}
}

function write(path: string, content: string | Uint8Array): void {
	const file = openSync(path, "wx", 0o600);
	try {
		writeFileSync(file, content);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}
