/** A copy of the project to run build.sh in, as it is after a clone and a first run. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Result } from "./command.js";

const NOBODY = 65_534;

export class Checkout {
	/** The folder of its folder. */
	readonly root = mkdtempSync(join(tmpdir(), "alert-mail-"));
	readonly project: string;
	/** Stand-ins that come first on PATH. */
	readonly #programs = join(this.root, "programs");
	#user: { uid?: number; gid?: number } = {};

	/** @param name of its folder */
	constructor(name: string) {
		this.project = join(this.root, name);
		mkdirSync(this.#programs);
		mkdirSync(join(this.project, "build"), { recursive: true });
		const made = ["build", ".git", "manifest_local.json", "authorities_local"];
		this.#copy(
			readdirSync(".").filter((entry) => !made.includes(entry)),
			this.project,
		);
		rmSync(join(this.project, "commands", "node", "node_modules"), { recursive: true, force: true });
		// what is compiled of the engine is the same; what is linked, and one of its files, is made anew
		this.#copy(["build/engine"], join(this.project, "build"));
		for (const target of readdirSync(join(this.project, "build", "engine")))
			for (const file of ["engine", "frames.o"])
				rmSync(join(this.project, "build", "engine", target, file), { force: true });
	}

	has(program: string, script: string): void {
		const path = join(this.#programs, program);
		writeFileSync(path, `#!/bin/sh\n${script}\n`, { flag: "wx" });
		chmodSync(path, 0o755);
	}

	/** Gives it to somebody who is not root, for root may do what others may not. */
	withoutRoot(): void {
		if (process.getuid?.() !== 0) return;
		chmodSync(this.root, 0o755);
		const { status } = spawnSync("chown", ["-R", `${NOBODY}:${NOBODY}`, this.root]);
		assert.equal(status, 0);
		this.#user = { uid: NOBODY, gid: NOBODY };
	}

	/** Runs `./build.sh`, without the SDK. @param env more of it */
	build(options: string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
		const path = `${this.#programs}:${process.env.PATH}`;
		const child = spawn("./build.sh", options, {
			cwd: this.project,
			stdio: ["ignore", "pipe", "pipe"],
			env: {
				...process.env,
				NODE_TEST_CONTEXT: undefined,
				CALLED_FROM: undefined,
				MODDABLE: "",
				ESP_BASE: "",
				PATH: path,
				...env,
			},
			...this.#user,
		});
		const result: Result = { status: null, stdout: "", stderr: "" };
		child.stdout.on("data", (text) => {
			result.stdout += text;
		});
		child.stderr.on("data", (text) => {
			result.stderr += text;
		});
		return new Promise((settle, reject) => {
			child.once("error", reject);
			child.once("close", (status) => settle({ ...result, status }));
		});
	}

	delete(): void {
		rmSync(this.root, { recursive: true, force: true });
	}

	/** With their times, which make goes by. */
	#copy(paths: string[], folder: string): void {
		const { status, stderr } = spawnSync("cp", ["-Rp", ...paths, folder], { encoding: "utf8" });
		assert.equal(status, 0, stderr);
	}
}
