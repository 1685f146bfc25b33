/** All scenarios, or some. */
import type { EngineTarget } from "../../hardware/virtual/board.js";
import { measureApp } from "./app.js";
import type { Results } from "./baseline.js";
import { measure } from "./measure.js";
import { scenarios } from "./scenarios.js";

/** @param filter a part of their names @param onResult called as they are done, in order */
export async function runBench(
	engine: EngineTarget,
	filter = "",
	onResult: (name: string, costs: Results[string]) => void = () => {},
): Promise<Results> {
	const results: Results = {};
	const add = (name: string, costs: Results[string]) => {
		results[name] = costs;
		onResult(name, costs);
	};
	for (const scenario of scenarios)
		if (scenario.name.includes(filter)) add(scenario.name, await measure(scenario, engine));
	if (filter === "" || filter.startsWith("app")) for (const [name, costs] of await measureApp(engine)) add(name, costs);
	return results;
}
