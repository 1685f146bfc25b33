/** A machine for build.sh that has only what a test gives it: programs that are stand-ins, and a project without its commands. */
import { spawnSync } from "node:child_process";
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { folder } from "./command.js";

/** What every system has. */
const everywhere = [
	...[
		"bash",
		"sh",
		"awk",
		"cat",
		"chmod",
		"cmp",
		"cp",
		"cut",
		"df",
		"dirname",
		"env",
		"grep",
		"head",
		"iconv",
		"ln",
		"ls",
	],
	...["mkdir", "rm", "sed", "sleep", "touch", "uname"],
];

/** To root, no folder is read-only. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export class Machine {
	/** The project's folder. */
	readonly project: string;
	readonly #root: string;
	readonly #programs: string;
	#isRoot = true;

	/** @param name of the project's folder */
	constructor(test: TestContext, name = "project") {
		const root = folder(test);
		this.#root = root;
		chmodSync(root, 0o755); // for everyone
		this.project = join(root, name);
		this.#programs = join(root, "programs");
		mkdirSync(join(this.project, "commands", "node"), { recursive: true });
		mkdirSync(this.#programs);
		for (const file of ["build.sh", "package-lock.json"]) copyFileSync(file, join(this.project, file));
		for (const program of everywhere) {
			const path = (process.env.PATH ?? "")
				.split(":")
				.map((place) => join(place, program))
				.find(existsSync);
			if (path) symlinkSync(path, join(this.#programs, program));
		}
		this.has("id", "echo 1000");
	}

	/** Puts a shell script on PATH; it is noted down each time that it runs. */
	has(program: string, script = ":"): this {
		this.#script(join(this.#programs, program), this.#noted(program, script));
		return this;
	}

	/** A Node.js of that version, which says what it would run. */
	hasNode(version: string): this {
		return this.has("node", nodeScript(version));
	}

	/** An npm that brings packages and, in commands/node, a Node.js that is this script; without it, none. */
	hasNPM(node?: string): this {
		return this.has("npm", this.#npm(node));
	}

	/** apt-get that brings a Node.js that is this script, and an npm as {@link hasNPM}, to root. */
	hasApt(node: string, npmBrings: string): this {
		this.#store("node", node);
		this.#store("npm", this.#npm(npmBrings));
		const brings = `cp '${this.#root}/store/node' '${this.#root}/store/npm' '${this.#programs}'`;
		return this.has("id", "echo 0").has("apt-get", `case "$*" in install*) ${brings} ;; esac`);
	}

	/** Writes a file of the project. */
	writes(path: string, text: string): void {
		writeFileSync(join(this.project, path), text);
	}

	/** Makes a folder of the project read-only, and the one who runs build.sh somebody who has to keep to that. */
	mayNotWrite(path: string): void {
		mkdirSync(join(this.project, path), { recursive: true });
		chmodSync(join(this.project, path), 0o555);
		this.#isRoot = false;
	}

	/** What is in the folder of the project's folder. */
	get beside(): string[] {
		return readdirSync(this.#root).sort();
	}

	/** Runs `./build.sh`; options as for a shell. */
	build(options: string, env: NodeJS.ProcessEnv = {}) {
		const { status, stdout, stderr } = spawnSync("bash", ["-c", `./build.sh ${options}`], {
			cwd: this.project,
			...(this.#isRoot ? {} : nobody),
			env: { HOME: dirname(this.project), USER: "ada", PATH: this.#programs, ...env },
			encoding: "utf8",
		});
		return { status, stdout, stderr };
	}

	/** How its programs were called, but for questions of their version. */
	calls(program: string): string[] {
		const log = join(this.#root, "log");
		const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
		return lines.filter((line) => line.startsWith(`${program} `) && !line.endsWith("--version"));
	}

	#npm(node?: string): string {
		if (node !== undefined) this.#store("brought", node);
		return `mkdir -p node_modules
			case $PWD in */commands/node)
				folder=node_modules/node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/bin
				mkdir -p $folder
				${node === undefined ? "" : `cp '${this.#root}/store/brought' $folder/node`}
			esac`;
	}

	/** Keeps a program, noted down like the others, for a stand-in to bring. */
	#store(name: string, script: string): void {
		this.#script(join(this.#root, "store", name), this.#noted(name, script));
	}

	#noted(name: string, script: string): string {
		return `echo "${name} $*" >> '${this.#root}/log' 2>/dev/null\n${script}`;
	}

	#script(path: string, text: string): void {
		mkdirSync(dirname(path), { recursive: true });
		rmSync(path, { force: true }); // a link: what it leads to is the system's
		writeFileSync(path, `#!/bin/sh\n${text}\n`, { flag: "wx" });
		chmodSync(path, 0o755);
	}
}

/** A stand-in that says which version it is, and what it runs: the compiler says nothing. */
export function nodeScript(version: string): string {
	return `case $1 in --version) echo v${version} ;; --enable*) shift; echo "Node.js ${version} runs $*" ;; esac`;
}
