/** `./build.sh setup`: xs-dev brings the SDK. What it needs is looked for first: it meets what is missing with a stack trace. */
import { spawnSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { homedir } from "node:os";
import { UnavailableError } from "../options.js";
import { onPath, pathProblem } from "../toolchain.js";

export const xsDev = "xs-dev@0.30.3";

/** What the SDK, the toolchain and their packages take, roughly. */
const GIGABYTES = 4;

const byHand = "Or install the SDK as Moddable describes it, and set MODDABLE and ESP_BASE.";

interface Obstacle {
	problem: string;
	remedy: string;
}

/** The first thing that keeps xs-dev from its work; undefined where nothing does that can be known before. */
export function setupObstacle(): Obstacle | undefined {
	const home = homedir();
	const path = pathProblem(home);
	if (path) return { problem: `The SDK would be in your home folder, and ${path}`, remedy: byHand };
	if (!onPath("npx"))
		return { problem: "npx is missing; it comes with npm.", remedy: "On Debian: sudo apt-get install npm" };
	const { bavail, bsize } = statfsSync(home);
	const free = (bavail * bsize) / 1e9;
	if (free < GIGABYTES)
		return {
			problem: `It takes ${GIGABYTES} GB in ${home}, and ${free.toFixed(1)} are left.`,
			remedy: "Make room there.",
		};
	return process.platform === "linux" ? withoutSudo() : undefined;
}

/** xs-dev installs Debian's packages, always with sudo. */
function withoutSudo(): Obstacle | undefined {
	if (!onPath("apt-get"))
		return { problem: "xs-dev takes a Debian or Ubuntu: there is no apt-get here.", remedy: byHand };
	if (!onPath("sudo")) {
		const remedy =
			process.getuid?.() === 0 ? "apt-get install sudo" : "as root: apt-get install sudo, and adduser YOU sudo";
		return {
			problem: "xs-dev installs packages with sudo, which is not here.",
			remedy: `Install it (${remedy}). ${byHand}`,
		};
	}
	return undefined;
}

/** xs-dev takes sudo without a password: a person is asked for it here, once. @throws UnavailableError */
export function askForSudo(): void {
	if (process.platform !== "linux" || spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0) return;
	const asked = process.stdin.isTTY && spawnSync("sudo", ["-v"], { stdio: "inherit" }).status === 0;
	if (!asked)
		throw new UnavailableError(
			`sudo does not let you install packages${process.stdin.isTTY ? "" : " without a password"}.\n${byHand}`,
		);
}

/** Brings xs-dev itself. @throws UnavailableError that says why it cannot be had */
export function fetchXSDev(): void {
	const { status, stderr } = spawnSync("npx", ["--yes", xsDev, "--version"], {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
	});
	if (status === 0) return;
	const isOffline = /EAI_AGAIN|ENOTFOUND|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED/.test(stderr);
	const reason = isOffline ? "The network cannot be reached." : stderr.trim();
	throw new UnavailableError(`${xsDev} cannot be fetched. ${reason}`);
}
