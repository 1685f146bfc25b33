/** Runs a command of the project as a person would, in a folder of its own where it may write. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";

export interface Result {
	status: number | null;
	stdout: string;
	stderr: string;
}

interface Options {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	input?: string | Uint8Array;
	/** Where standard output goes; without it, into the result. */
	output?: number;
}

/** Runs `./build.sh NAME OPTIONS` without its set-up, which has been done for the tests. */
export function command(
	name: string,
	options: string[] = [],
	{ cwd, env, input, output }: Options = {},
): Promise<Result> {
	const program = resolve("build/node/commands", `${name}.js`);
	const child = spawn(process.execPath, ["--enable-source-maps", program, ...options], {
		cwd,
		stdio: ["pipe", output ?? "pipe", "pipe"],
		env: { ...process.env, NODE_TEST_CONTEXT: undefined, CALLED_FROM: undefined, ...env },
	});
	const result: Result = { status: null, stdout: "", stderr: "" };
	child.stdout?.setEncoding("utf8").on("data", (text) => {
		result.stdout += text;
	});
	child.stderr?.setEncoding("utf8").on("data", (text) => {
		result.stderr += text;
	});
	child.stdin?.on("error", () => {}); // a command need not read what it is given
	child.stdin?.end(input);
	return new Promise((settle, reject) => {
		child.once("error", reject);
		child.once("close", (status) => settle({ ...result, status }));
	});
}

/** A folder that is deleted when the test is over, with files of these texts. */
export function folder(test: TestContext, files: Record<string, string> = {}): string {
	const path = mkdtempSync(join(tmpdir(), "alert-mail-"));
	test.after(() => rmSync(path, { recursive: true, force: true }));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
	return path;
}
