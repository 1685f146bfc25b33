/** What the tests need beside Node.js and a compiler: Debian's packages, brought or asked for before the first test begins. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { missingForLX106 } from "../../hardware/virtual/build-engine.js";

const run = promisify(execFile);

interface Need {
	/** Paths of the tests that need it, below tests/. */
	files: RegExp;
	missing(): Promise<string[]> | string[];
	/** Who is not root has no use for it. */
	rootOnly?: boolean;
}

/** Packages, each with a program that it brings. */
const programs = (packages: Record<string, string>) => () =>
	Object.keys(packages).filter((name) => !isThere(packages[name] as string));

/** sbin is not on everyone's PATH. */
function isThere(program: string): boolean {
	if (program.startsWith("/")) return existsSync(program);
	const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
	return folders.some((folder) => existsSync(`${folder}/${program}`));
}

/** Postfix and Dovecot, by Debian's names, each with a file that it brings. */
export const mailServers = {
	postfix: "/usr/sbin/postfix",
	"dovecot-core": "/usr/sbin/dovecot",
	"dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
};

const needs: readonly Need[] = [
	{ files: /lx106|^bench\/(bench|profile)/, missing: missingForLX106 },
	{ files: /^interop\//, missing: programs(mailServers), rootOnly: true },
	{ files: /^faults\/crowd/, missing: programs({ postfix: mailServers.postfix }), rootOnly: true },
	{ files: /^interop\/|^faults\/crowd|tls|authorities|login/, missing: programs({ openssl: "openssl" }) },
	{ files: /^interop\/|^bench\/compare|^modules\/mail/, missing: programs({ python3: "python3" }) },
	{ files: /^bench\/compare/, missing: programs({ msmtp: "msmtp" }) },
];

/**
 * Sees to it that what these tests need is there: as root, on Debian, it is installed; else it is said, once, what to type.
 * The tests that miss something all the same are skipped, each with its reason.
 * @param files paths of tests, below tests/ @param tell is given lines for the person who waits
 */
export async function providePackages(files: readonly string[], tell: (line: string) => void): Promise<void> {
	if (!existsSync("/usr/bin/apt-get")) return;
	const isRoot = process.getuid?.() === 0;
	const wanted = needs.filter((need) => (isRoot || !need.rootOnly) && files.some((file) => need.files.test(file)));
	const find = async () => [...new Set((await Promise.all(wanted.map((need) => need.missing()))).flat())];
	let missing = await find();
	if (missing.length === 0) return;
	if (!isRoot) return tell(`Some tests are skipped; for them all: sudo apt-get install ${missing.join(" ")}`);
	tell(`Installing ${missing.join(" ")}`);
	for (const names of [missing, ...missing.map((name) => [name])]) {
		await install(names); // all at once or, where one of them is not to be had, one by one
		missing = await find();
		if (missing.length === 0) return;
	}
	tell(`Not to be had here: ${missing.join(" ")}. The tests that need them are skipped.`);
}

/** Installs packages without starting a service or asking a question, if that is possible. */
async function install(names: string[]): Promise<void> {
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	await run("sh", ["-c", script, "sh", ...names], { env, maxBuffer: 1 << 24 }).catch(() => {});
}

/** policy-rc.d is asked by Debian's package scripts before they start a service; 101 forbids it. */
const script = `
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	trap 'rm -f $policy' EXIT
	printf '#!/bin/sh\\nexit 101\\n' >$policy
	chmod 755 $policy
fi
echo postfix postfix/main_mailer_type select No configuration | debconf-set-selections
apt="apt-get -q -y -o DPkg::Lock::Timeout=600"
$apt install --no-install-recommends "$@" && exit
$apt update
$apt install --no-install-recommends "$@"
`;
