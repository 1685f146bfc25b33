/** The app's configuration as it stands in the project's files. */
import { existsSync, readFileSync } from "node:fs";
import { type ConfigProblem, readConfig } from "../config.js";

export const appManifest = "manifest.json";

/** What `./build.sh configure` writes; git ignores it, for it holds secrets. */
export const localManifest = "manifest_local.json";

type Values = Record<string, unknown>;

/** The manifest to build: the local one, which includes the app's, where there is one. */
export function manifestPath(): string {
	return existsSync(localManifest) ? localManifest : appManifest;
}

/**
 * The `config` of a manifest file, without those that it includes; empty where there is no such file.
 * @throws Error where the file is no JSON
 */
export function configOf(path: string): Values {
	if (!existsSync(path)) return {};
	try {
		return (JSON.parse(readFileSync(path, "utf8")) as { config?: Values }).config ?? {};
	} catch (error) {
		throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
	}
}

/** The app's defaults with the local values over them. */
export function configuredValues(): Values {
	return { ...configOf(appManifest), ...configOf(localManifest) };
}

/**
 * Says on standard error what is missing or nonsensical, by the app's own rules.
 * @param laidOver values that go before those configured @param laidUnder values that stand in where there are none
 * @returns whether all is well
 */
export function checkConfiguration(laidOver: Values = {}, laidUnder: Values = {}): boolean {
	const [first] = readConfig({ ...laidUnder, ...configuredValues(), ...laidOver }).problems;
	if (!first) return true;
	process.stderr.write(`The configuration is not complete. ${first.key}: ${first.problem}\n`);
	process.stderr.write("Set it: ./build.sh configure\n");
	return false;
}

/** The first thing that is missing or nonsensical, for those who only want to mention it. */
export function configurationProblem(): ConfigProblem | undefined {
	return readConfig(configuredValues()).problems[0];
}
