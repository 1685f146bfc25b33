/** `./build.sh try-fresh`: README's two commands on a Debian on which nothing is installed. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CommandLine, type Given, readCommandLine, runCommand, UnavailableError } from "./options.js";
import { describeRun, installedSince, type Run, tail } from "./try-fresh/report.js";
import { BareRoot } from "./try-fresh/root.js";

type Option = "user" | "mirror" | "overlay" | "env" | "cache" | "keep";

const line: CommandLine<Option> = {
	usage: "./build.sh try-fresh [SUITE] [--user] [--mirror URL] [--overlay FOLDER] [--env NAME=VALUE]",
	about: `Makes a root with nothing but Debian's base system, copies the project into it and runs ./build.sh and ./build.sh test there.
SUITE is a release, such as bookworm (12) or trixie (13, the default). It takes root, on Debian, and some minutes; this machine stays as it is.`,
	options: {
		user: { help: "install a compiler and Node.js first, and run the commands as a user who is not root" },
		mirror: { value: "URL", help: "where the packages come from (default: Debian's own address)" },
		overlay: {
			value: "FOLDER",
			help: "files that are laid over the root first, such as etc/apt/apt.conf.d/proxy: what the machine needs to reach the mirror and npm's registry",
		},
		env: { value: "NAME=VALUE", repeatable: true, help: "a variable for the commands; again for more" },
		cache: {
			value: "FOLDER",
			help: "where base systems are kept, and roots made (default: /var/tmp/alert-mail-fresh)",
		},
		keep: { help: "do not delete the root afterwards" },
	},
	notes: "Exit code: 0 both commands have succeeded, 1 one has not; 69 it cannot be tried here.",
	arguments: 1,
};

/** What someone has who develops here without being root. */
const developer = ["nodejs", "npm", "gcc", "make", "libc6-dev"];

const USER = "ada";
const PROJECT = `/home/${USER}/alert-mail`;

async function tryFresh(argv: string[]): Promise<number> {
	const given = readCommandLine(line, argv);
	if (process.getuid?.() !== 0) throw new UnavailableError("A root of its own can be made by root only.");
	const suite = given.arguments[0] ?? "trixie";
	const cache = given.value("cache") ?? "/var/tmp/alert-mail-fresh";
	mkdirSync(cache, { recursive: true });
	const folder = mkdtempSync(join(cache, `${suite}-`));
	try {
		return await runIn(await prepare(folder, suite, cache, given), suite, given.flag("user"));
	} finally {
		if (given.flag("keep")) process.stdout.write(`The root stays: ${folder}\n`);
		else rmSync(folder, { recursive: true, force: true });
	}
}

async function prepare(folder: string, suite: string, cache: string, given: Given<Option>): Promise<BareRoot> {
	const root = new BareRoot(folder, given.values("env"));
	say(`Making a root of Debian's ${suite}`);
	await root.make({ suite, cache, mirror: given.value("mirror"), overlay: given.value("overlay") });
	root.addUser(USER);
	root.copyProject(PROJECT);
	if (!given.flag("user")) return root;
	say(`Installing ${developer.join(" ")}`);
	await root.install(developer);
	root.giveTo(USER, PROJECT);
	return root;
}

async function runIn(root: BareRoot, suite: string, asUser: boolean): Promise<number> {
	const before = root.packages();
	const runs: Run[] = [];
	for (const command of ["./build.sh", "./build.sh test"]) {
		say(`Running ${command} as ${asUser ? USER : "root"}`);
		const log = join(root.folder, "log");
		const begun = performance.now();
		const status = await root.run(command, { cwd: PROJECT, user: asUser ? USER : undefined, log });
		const output = readFileSync(log, "utf8");
		writeFileSync(join(root.folder, `log-${runs.length + 1}`), output);
		process.stdout.write(`${tail(output)}\n`);
		runs.push({ command, status, seconds: (performance.now() - begun) / 1000, output });
	}
	process.stdout.write(`\nDebian's ${suite}, as ${asUser ? "a user" : "root"}: ${root.versions()}\n`);
	process.stdout.write(`installed: ${installedSince(before, root.packages())}\n`);
	for (const run of runs) process.stdout.write(`${describeRun(run)}\n`);
	return runs.every(({ status }) => status === 0) ? 0 : 1;
}

function say(text: string): void {
	process.stderr.write(`${text}\n`);
}

await runCommand("try-fresh", tryFresh);
