import type { ProfileEntry } from "../../hardware/virtual/board.js";
import { boardFor } from "./measure.js";
import type { Scenario } from "./scenarios.js";

/** Who executes the instructions of a scenario, those with most of them first. */
export async function profile(scenario: Scenario): Promise<ProfileEntry[]> {
	const { board, sent } = await boardFor(scenario, "profile", { creation: { static: 32_768, stack: 512 } });
	const entries: ProfileEntry[] = [];
	board.on("profile", (entry) => entries.push(entry));
	await sent;
	return entries.sort((a, b) => b.instructions - a.instructions);
}
