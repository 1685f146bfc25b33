/** What the firmware cannot do with a configuration that is right in itself. */
import { type Config, type ConfigProblem, readConfig } from "../config.js";

/** Whether main.ts hands the client a TLS. */
const hasTLS: boolean = false;

/**
 * What keeps the app, as it is built for this platform, from sending with this configuration.
 * @param platform as mcconfig's -p has it: "esp/nodemcu"
 */
export function firmwareProblems(config: Config, platform: string): ConfigProblem[] {
	if (hasTLS || config.smtpSecurity === "none") return [];
	const problem = `${config.smtpSecurity} takes TLS, which the firmware for ${platform} does not have yet`;
	return [{ key: "smtpSecurity", problem }];
}

/** What can be done about it, as a line for a person. */
export const firmwareAdvice =
	"With a server in your own network that takes mail without TLS: ./build.sh configure --smtp-security none";

/** {@link firmwareProblems} of values as they stand in a file, for the board that is the default. */
export function firmwareProblemsOf(values: Record<string, unknown>): ConfigProblem[] {
	return firmwareProblems(readConfig(values).config, "esp/nodemcu");
}
