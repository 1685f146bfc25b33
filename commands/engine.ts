/** `--engine NAME`: the virtual board's processor. */
import { type EngineTarget, engineTargets } from "../hardware/virtual/build-engine.js";
import { UsageError } from "./options.js";

export const engineOption = {
	value: "NAME",
	help: "what runs the board's engine: lx106, the chip's processor, emulated; or this machine's, with 32 or 64 bits: m32, m64 (default: m32 where there is a compiler for it); l32, profile and aligned are for measurements, sanitized looks for faults of the engine",
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
