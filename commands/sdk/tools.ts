/** The SDK's tools, and the environment they are run in. */
import { UnavailableError } from "../options.js";
import { espCompiler, moddableSDK, pathProblem, sdkEnvironment } from "../toolchain.js";
import { flashSafe } from "./flash-loads.js";

export interface Tools {
	root: string;
	bin: string;
	env: NodeJS.ProcessEnv;
}

/** @throws UnavailableError where there is no SDK, or its tools are not built */
export function findTools(): Tools {
	const sdk = moddableSDK();
	if (!sdk)
		throw new UnavailableError("The Moddable SDK is not here: MODDABLE is not set.\nInstall it: ./build.sh setup");
	const { root, bin, built } = sdk;
	if (!built) throw new UnavailableError(`The Moddable SDK at ${root} is not built: there is no mcconfig in ${bin}.`);
	for (const folder of [process.cwd(), root, process.env.ESP_BASE ?? ""]) {
		const problem = pathProblem(folder);
		if (problem) throw new UnavailableError(`Nothing was built: ${problem}\nMove it to a folder with a plain name.`);
	}
	return { root, bin, env: sdkEnvironment(sdk) };
}

/** The tools for the chip: with a compiler whose code can read its flash. @throws UnavailableError */
export function findChipTools(): Tools {
	const tools = findTools();
	if (!espCompiler())
		throw new UnavailableError(
			"The ESP8266 toolchain is not here: there is no compiler below ESP_BASE.\nInstall it: ./build.sh setup",
		);
	return { ...tools, env: flashSafe(tools.env) };
}
