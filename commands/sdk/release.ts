/** Which release of the Moddable SDK is here, and whether it is one that this project was tested with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { printable } from "../terminal.js";

/** Releases that all tests have passed with; the last is the one that setup brings. It is a tag of the SDK's repository, too. */
const tested = ["8.2.3"] as const;

export const testedRelease = tested[tested.length - 1] as string;

/** What the SDK says that it is; undefined where it does not. @param root of the SDK */
export function releaseOf(root: string): string | undefined {
	try {
		const [line = ""] = readFileSync(join(root, "tools", "VERSION"), "utf8")
			.trim()
			.split("\n");
		return printable(line).slice(0, 40) || undefined;
	} catch {
		return undefined;
	}
}

/** "8.2.3", or "10.0.2, which this was not tested with (8.2.3 was)" */
export function describeRelease(root: string): string {
	const release = releaseOf(root);
	if ((tested as readonly (string | undefined)[]).includes(release)) return release as string;
	return `${release ?? "of an unknown release"}, which this was not tested with (${tested.join(", ")} was)`;
}
