/** Who may know whom: a module can be taken out and used alone only as long as it knows no more than this. */
import { posix } from "node:path";
import { type Rule, specifierOf, textOf, walk } from "./syntax.js";

/** What each module may import besides its own folder; a name ending in "/" stands for all that begins with it. */
const mayImport: Record<string, readonly string[]> = {
	smtp: ["timer"],
	mail: [],
	alert: ["timer", "smtp/client", "smtp/send", "smtp/error", "mail/"],
	network: ["timer", "time", "net", "embedded:"],
};

export const whoMayKnowWhom: Rule = {
	name: "who-may-know-whom",
	appliesTo: (path) => path.startsWith("modules/") || path.startsWith("hardware/") || path === "config.ts",
	check(source, path, report) {
		walk(source, (node) => {
			const specifier = specifierOf(node);
			if (!specifier) return;
			const problem = problemOf(path, textOf(specifier));
			if (problem) report(specifier, problem);
		});
	},
};

function problemOf(path: string, specifier: string): string | undefined {
	const [room = "", module = ""] = path.split("/");
	const target = specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier;
	if (target === "mc/config") return "only main.ts reads mc/config";
	if (path === "config.ts") return "config.ts imports nothing: the app and the commands both read it";
	if (room === "hardware")
		return target.startsWith("modules/") ? "hardware/ offers what the SDK offers and knows no module" : undefined;
	if (target.startsWith(`modules/${module}/`) || target.startsWith(`${module}/`)) return undefined;
	const bare = target.startsWith("modules/") ? target.slice("modules/".length) : target;
	const allowed = mayImport[module] ?? [];
	if (allowed.some((name) => bare === name || (/[/:]$/.test(name) && bare.startsWith(name)))) return undefined;
	const list = allowed.length > 0 ? `its own folder and ${allowed.join(", ")}` : "its own folder only";
	return `modules/${module} may import ${list}, not ${specifier}`;
}
