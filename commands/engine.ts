/** `--engine NAME`: the virtual board's processor. */
import { type EngineTarget, engineTargets } from "../hardware/virtual/build-engine.js";
import { UsageError } from "./options.js";

export const engineOption = {
	value: "NAME",
	help: `the virtual board's engine: ${engineTargets.join(", ")}; lx106 is the chip's\nprocessor, emulated (default: m32, or m64 where there is no 32-bit compiler)`,
};

/** @throws UsageError on a name that no engine has */
export function chosenEngine(name: string | undefined): EngineTarget | undefined {
	const engine = engineTargets.find((target) => target === name);
	if (name !== undefined && !engine)
		throw new UsageError(`--engine must be one of ${engineTargets.join(", ")}, not "${name}".`);
	return engine;
}

/** The same as an option of `VirtualBoard.start`. */
export function boardEngine(name: string | undefined): { engine?: EngineTarget } {
	const engine = chosenEngine(name);
	return engine ? { engine } : {};
}
