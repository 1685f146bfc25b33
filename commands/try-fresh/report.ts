/** What became of the commands in a bare root, in lines for a person. */

export interface Run {
	command: string;
	status: number;
	seconds: number;
	output: string;
}

const LINES = 25;

/** The end of what a command has said. */
export function tail(output: string): string {
	return output.trimEnd().split("\n").slice(-LINES).join("\n");
}

/** What was asked for, and how many packages came with it. @param before, after the names; those asked for have a * */
export function installedSince(before: ReadonlySet<string>, after: ReadonlySet<string>): string {
	const added = [...after].filter((name) => !before.has(name));
	const asked = added.filter((name) => name.startsWith("*")).map((name) => name.slice(1));
	if (added.length === 0) return "nothing";
	return `${asked.join(" ")} (${added.length - asked.length} packages in all)`;
}

/** How a command went: its exit code, its time, and how many tests; the reasons of those that were skipped, each with its number. */
export function describeRun({ command, status, seconds, output }: Run): string {
	const counts = /^\d+ passed, .*$/m.exec(output)?.[0];
	const how = `${command}: exit code ${status} after ${Math.round(seconds)} s${counts ? `: ${counts}` : ""}`;
	const reasons = new Map<string, number>();
	for (const [, reason = ""] of output.matchAll(/^skipped .*? \((.*)\)$/gm))
		reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
	return [how, ...[...reasons].map(([reason, count]) => `  ${count} skipped: ${reason}`)].join("\n");
}
