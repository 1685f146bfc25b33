/** The servers these tests talk to, as Debian packages them: `./build.sh test` brings them before it begins. */
import { existsSync } from "node:fs";
import { mailServers } from "../../commands/test/packages.js";

/** Debian's packages, and a file that each brings. */
const files = { ...mailServers, openssl: "/usr/bin/openssl" };

/** Why the tests that need these packages must be skipped, or false. */
export function missingPackages(...names: (keyof typeof files)[]): false | string {
	if (process.getuid?.() !== 0) return "mail servers like these can be started by root only";
	const absent = names.filter((name) => !existsSync(files[name]));
	return absent.length > 0 && `not here: ${absent.join(", ")}`;
}
