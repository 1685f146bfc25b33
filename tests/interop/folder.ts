/** A folder for a server that is started by a test: its configuration, queue and data. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** Paths of Unix sockets within the folder must not have more than 107 characters. */
const LONGEST_PATH = 60;

/** Makes one under build/, or, where servers that have given up their rights could not reach it, among temporary files. */
export function makeFolder(): string {
	const own = resolve("build/interop");
	mkdirSync(own, { recursive: true });
	const folder = mkdtempSync(join(own.length <= LONGEST_PATH && isOpen(own) ? own : tmpdir(), "s-"));
	chmodSync(folder, 0o755);
	return folder;
}

export function deleteFolder(path: string): void {
	rmSync(path, { recursive: true, force: true });
}

/** Whether everyone can get there. */
function isOpen(path: string): boolean {
	return (statSync(path).mode & 0o001) !== 0 && (path === "/" || isOpen(dirname(path)));
}
