/** Files that are never half written. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Writes a file for its owner's eyes only. A crash leaves either the old one or the new one. */
export function replaceFile(path: string, content: string | Uint8Array): void {
	const temporary = `${path}.${process.pid}.new`;
	rmSync(temporary, { force: true });
	const file = openSync(temporary, "wx", 0o600);
	try {
		writeFileSync(file, content);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(temporary, path);
}
