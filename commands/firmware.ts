/** What the firmware cannot do with a configuration that is right in itself. */
import { type Config, type ConfigProblem, needsTLS, readConfig } from "../config.js";
import { authorityProblem, configuredAuthorities, includesTLS, nameOf } from "./authorities.js";
import { localManifest, type Manifest, readManifest, tlsManifest } from "./settings.js";

/**
 * What keeps the app, as it would be built, from sending with this configuration.
 * @param manifest of the app: it says whether there is TLS, and whom it trusts
 * @throws ConfigurationError where an authority's file is missing
 */
export function firmwareProblems(config: Config, manifest: Manifest = readManifest(localManifest)): ConfigProblem[] {
	const { smtpSecurity, smtpHost, fallbackSecurity } = config;
	if (!needsTLS(config)) return [];
	if (!includesTLS(manifest)) {
		const problem = `${smtpSecurity === "none" ? fallbackSecurity : smtpSecurity} takes TLS, and ${localManifest} does not include ${tlsManifest}`;
		return [{ key: smtpSecurity === "none" ? "fallbackSecurity" : "smtpSecurity", problem }];
	}
	const authorities = configuredAuthorities(manifest);
	if (authorities.length === 0)
		return [{ key: "smtpHost", problem: `there is no authority that vouches for ${smtpHost}` }];
	const problems = authorities.map((authority) => ({ name: nameOf(authority), problem: authorityProblem(authority) }));
	const [first] = problems;
	if (!first?.problem || problems.some(({ problem }) => !problem)) return [];
	return [{ key: "smtpHost", problem: `the authority ${first.name} ${first.problem}` }];
}

/** What can be done about it, as a line for a person. */
export const firmwareAdvice =
	"./build.sh configure --ask-server finds the authority of the server, --ca FILE takes one from a file.";

/** {@link firmwareProblems} of values as they stand in a file. @throws ConfigurationError */
export function firmwareProblemsOf(values: Record<string, unknown>): ConfigProblem[] {
	return firmwareProblems(readConfig(values).config);
}
