/** The app's configuration as it stands in the project's files. */
import { existsSync, readFileSync } from "node:fs";
import { type ConfigProblem, readConfig } from "../config.js";
import { parseJSON } from "../hardware/virtual/manifest/json.js";
import { ConfigurationError } from "./options.js";
import { reasonOf } from "./reason.js";
import { unknownKeys } from "./unknown-keys.js";

export const appManifest = "manifest.json";

/** The same with TLS. */
export const tlsManifest = "manifest_tls.json";

/** What `./build.sh configure` writes; git ignores it, for it holds secrets. */
export const localManifest = "manifest_local.json";

export type Values = Record<string, unknown>;

/** What the commands read of a manifest; the rest stays as it is. */
export interface Manifest {
	include?: string | string[];
	config?: Values;
	[key: string]: unknown;
}

/** A NodeMCU's button and LED, which count where none are configured. */
const boardPins = { buttonPin: 0, ledPin: 16 };

/** The manifest to build: the local one, which includes the app's, where there is one. */
export function manifestPath(): string {
	return existsSync(localManifest) ? localManifest : appManifest;
}

/**
 * A manifest file as it stands there, without those that it includes; empty where there is no such file.
 * @throws ConfigurationError where the file is no manifest: it is left for a person to look at
 */
export function readManifest(path: string): Manifest {
	if (!existsSync(path)) return {};
	let manifest: unknown;
	try {
		manifest = parseJSON(readFileSync(path, "utf8"));
	} catch (error) {
		throw new ConfigurationError(`${path} cannot be read: ${reasonOf(error)}. Mend or delete it.`);
	}
	if (!isObject(manifest) || !isObject(manifest.config ?? {}))
		throw new ConfigurationError(`${path} is not a manifest. Mend or delete it.`);
	return manifest;
}

function isObject(value: unknown): value is Values {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The `config` of a manifest file; empty where there is none. @throws ConfigurationError */
export function configOf(path: string): Values {
	return readManifest(path).config ?? {};
}

/**
 * The app's defaults with the local values over them.
 * @throws ConfigurationError also where there are values that nobody reads: they were meant for something
 */
export function configuredValues(): Values {
	const app = configOf(appManifest);
	const local = readManifest(localManifest);
	const unread = unknownKeys(local, Object.keys(app));
	if (unread.length > 0)
		throw new ConfigurationError(`${localManifest}: ${unread.join(", ")}. Mend it; ${unreadAdvice}`);
	return { ...app, ...local.config };
}

const unreadAdvice =
	"./build.sh configure --help names the keys, and one that a module of your own reads has to stand in manifest.json, too.";

/** What is wrong with values by the app's own rules, on a NodeMCU. */
export function problemsOf(values: Values): ConfigProblem[] {
	return readConfig({ ...boardPins, ...values }).problems;
}

/** Says on standard error what is missing or nonsensical. @returns whether all is well */
export function checkConfiguration(values: Values): boolean {
	const [first] = problemsOf(values);
	if (!first) return true;
	process.stderr.write(`The configuration is not complete. ${first.key}: ${first.problem}\n`);
	process.stderr.write("Set it: ./build.sh configure\n");
	return false;
}
