/** The servers these tests talk to, as Debian packages them: installed where that can be done without asking. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian's packages, and a file that each brings. */
const files: Record<string, string> = {
	postfix: "/usr/sbin/postfix",
	"dovecot-core": "/usr/sbin/dovecot",
	"dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
	openssl: "/usr/bin/openssl",
};

const lock = join(tmpdir(), "alert-mail-packages.lock");

/**
 * Sees to it that the packages are there.
 * @returns false, or why the tests that need them must be skipped, which is also said aloud
 */
export function missingPackages(...names: string[]): false | string {
	const problem = findProblem(names);
	if (problem) process.stderr.write(`\nSKIPPED: tests with real mail servers: ${problem}\n\n`);
	return problem;
}

function findProblem(names: string[]): false | string {
	if (process.getuid?.() !== 0) return "mail servers like these can be started by root only";
	if (existsSync("/usr/bin/flock")) execFileSync("flock", [lock, "true"]); // another test may be at it
	const absent = names.filter((name) => !existsSync(files[name] as string));
	if (absent.length === 0) return false;
	if (!existsSync("/usr/bin/apt-get")) return `${absent.join(", ")} missing, and this is no Debian`;
	try {
		install(Object.keys(files));
	} catch (error) {
		return `${absent.join(", ")} missing, and cannot be installed: ${(error as Error).message.split("\n")[0]}`;
	}
	return absent.some((name) => !existsSync(files[name] as string)) && `${absent.join(", ")} missing after installation`;
}

/** Installs packages without starting a service or asking a question; one test at a time. */
function install(names: string[]): void {
	process.stderr.write(`Installing ${names.join(" ")}\n`);
	const present = names.map((name) => `[ -e ${files[name]} ]`).join(" && ");
	execFileSync("flock", [lock, "sh", "-e", "-c", `${present} && exit 0\n${script}`, "sh", ...names], {
		stdio: ["ignore", "ignore", "pipe"],
		env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
	});
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
apt="apt-get -q -y -o DPkg::Lock::Timeout=200"
$apt update
$apt install --no-install-recommends "$@"
`;
