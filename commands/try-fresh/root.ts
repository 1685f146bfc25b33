/** A bare Debian in a folder, in which programs run as if there were nothing else. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UnavailableError } from "../options.js";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

interface Source {
	suite: string;
	/** Where base systems are kept. */
	cache: string;
	/** Default: debootstrap's own. */
	mirror: string | undefined;
	/** A folder with files that are laid over the root. */
	overlay: string | undefined;
}

interface RunOptions {
	cwd?: string;
	/** Default: root. */
	user?: string;
	/** The file that takes all it says; default: nothing is kept. */
	log?: string;
}

export class BareRoot {
	readonly folder: string;
	readonly #variables: string[];

	/** @param folder an empty one @param variables for all that runs in it, as NAME=VALUE */
	constructor(folder: string, variables: string[]) {
		this.folder = folder;
		this.#variables = variables;
	}

	/** Unpacks a release's base system, which debootstrap makes once. */
	async make({ suite, cache, mirror, overlay }: Source): Promise<void> {
		const archive = join(cache, `${suite}.tar`);
		if (existsSync(archive)) must("tar", ["-xf", archive, "-C", this.folder]);
		else {
			if (spawnSync("debootstrap", ["--version"]).status !== 0)
				throw new UnavailableError("debootstrap is missing: apt-get install debootstrap");
			must("debootstrap", ["--variant=minbase", suite, this.folder, ...(mirror ? [mirror] : [])]);
			must("tar", ["-cf", archive, "-C", this.folder, "."]);
		}
		cpSync("/etc/resolv.conf", join(this.folder, "etc/resolv.conf"), { dereference: true });
		if (overlay) cpSync(overlay, this.folder, { recursive: true });
	}

	addUser(name: string): void {
		must("chroot", [this.folder, "useradd", "--create-home", "--shell", "/bin/bash", name]);
	}

	/** The project's files, without what was built, installed or configured: as a clone would have them. */
	copyProject(path: string): void {
		const { stdout } = must("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
		for (const file of stdout.split("\0")) {
			if (!file || !existsSync(file)) continue;
			const target = join(this.folder, path, file);
			mkdirSync(dirname(target), { recursive: true });
			cpSync(file, target);
		}
	}

	giveTo(user: string, path: string): void {
		must("chroot", [this.folder, "chown", "-R", `${user}:${user}`, path]);
	}

	async install(names: string[]): Promise<void> {
		const log = join(this.folder, "log");
		const command = `apt-get update && apt-get install -y --no-install-recommends ${names.join(" ")}`;
		const status = await this.run(command, { log });
		if (status !== 0) throw new UnavailableError(`these packages cannot be installed:\n${readFileSync(log, "utf8")}`);
	}

	/**
	 * Runs a command of the shell; all that it has started ends with it. Its /dev is the machine's, its /proc its own.
	 * @returns its exit code
	 */
	async run(command: string, { cwd = "/", user, log }: RunOptions = {}): Promise<number> {
		const output = log === undefined ? "ignore" : openSync(log, "w");
		const home = user ? `/home/${user}` : "/root";
		const environment = [`PATH=${PATH}`, `HOME=${home}`, "LANG=C.UTF-8", "TERM=dumb", ...this.#variables];
		const inside = ["chroot", ...(user ? [`--userspec=${user}:${user}`] : []), this.folder];
		const shell = ["env", "-i", ...environment, "sh", "-c", `cd '${cwd}' && ${command}`];
		const script = 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec "$@"';
		const alone = ["--mount", "--pid", "--fork", "--kill-child"];
		const child = spawn("unshare", [...alone, "sh", "-c", script, this.folder, ...inside, ...shell], {
			stdio: ["ignore", output, output],
		});
		return new Promise((done, failed) => {
			child.once("error", failed);
			child.once("close", (code) => done(code ?? 1));
		});
	}

	/** The names of the packages that are installed; those that someone asked for are marked with *. */
	packages(): Set<string> {
		const names = (...command: string[]) => must("chroot", [this.folder, ...command]).stdout.split("\n");
		const all = names("dpkg-query", "-W").map((line) => line.split("\t", 1)[0] ?? "");
		return new Set([...all, ...names("apt-mark", "showmanual").map((name) => name && `*${name}`)].filter(Boolean));
	}

	/** Which compiler and which Node.js there are. */
	versions(): string {
		const script = "gcc -dumpfullversion; node --version";
		const { stdout } = spawnSync("chroot", [this.folder, "sh", "-c", script], { encoding: "utf8" });
		const [gcc = "none", node = "none"] = stdout.trim().split("\n");
		return `gcc ${gcc}, Node.js ${node}`;
	}
}

function must(program: string, options: string[]): { stdout: string } {
	const { status, stdout, stderr, error } = spawnSync(program, options, { encoding: "utf8", maxBuffer: 1 << 28 });
	if (status === 0) return { stdout };
	const said = `${stdout ?? ""}${stderr ?? ""}`.trim().split("\n").slice(-10).join("\n");
	throw new UnavailableError(`${program} failed: ${error?.message ?? said}`);
}
