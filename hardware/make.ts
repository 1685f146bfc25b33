import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Runs make in a folder, one at a time for each `out`, whichever process asks.
 * @param out where it builds @param options make's, and variables @param what is built, for people: "the engine"
 * @throws Error which says what is in the way, or all that was said
 */
export async function makeIn(folder: string, out: string, options: readonly string[], what: string): Promise<void> {
	mkdirSync(out, { recursive: true });
	try {
		await run("flock", [out, "make", "-s", "-j2", "-C", folder, ...options], { maxBuffer: 1 << 24 });
	} catch (error) {
		throw new Error(`${what} cannot be built: ${reasonFor(error)}`);
	}
}

/** What a person can do something about, in a few words; else all that was said. */
function reasonFor(error: unknown): string {
	const { code, path, stderr = "", message } = error as NodeJS.ErrnoException & { stderr?: string };
	const [, missing] =
		/(?:flock: failed to execute|make: ) *(\S+?):? *(?:No such file|command not found)/.exec(stderr) ?? [];
	if (code === "ENOENT" || missing) return `there is no ${missing ?? path} on PATH`;
	if (/No space left on device|quota exceeded/i.test(stderr)) return "the disk is full";
	if (/Read-only file system/.test(stderr)) return "the disk is read-only";
	const [, closed] = /^.*?(\S*build\/\S+?):? .*Permission denied$/m.exec(stderr) ?? [];
	return closed ? `${closed} may not be written; another user may have made it` : `\n${stderr.trim() || message}`;
}
