/** A message that cannot be rendered as it is described. */
export class MailError extends Error {
	/** The header field at fault, such as `"Subject"`, or the name of a field of your own. */
	readonly field: string;

	constructor(field: string, reason: string) {
		super(`${field}: ${reason}`);
		this.field = field;
	}

	override get name(): string {
		return "MailError";
	}
}
