/** What is wrong with a manifest: the file, where in it, and why. */
export class ManifestError extends Error {
	override readonly name = "ManifestError";

	constructor(
		readonly file: string,
		/** The way to the value, such as "modules.smtp/*"; empty for the whole file. */
		readonly key: string,
		problem: string,
	) {
		super(`${file}: ${key ? `${key}: ` : ""}${problem}`);
	}
}
