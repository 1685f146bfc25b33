/** A message that cannot be rendered as described: what it says would break the header, or is no address. */
export class MailError extends Error {
	/** The member of the dictionary at fault, such as `"subject"`, or the name of an own header field. */
	readonly field: string;

	constructor(field: string, reason: string) {
		super(`${field}: ${reason}`);
		this.field = field;
	}

	override get name(): string {
		return "MailError";
	}
}
