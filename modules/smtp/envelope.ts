import { envelopeAddress } from "./address";
import { type Capabilities, Extension } from "./capabilities";
import { argumentError, SMTPError, type SMTPRefusal } from "./error";
import type { Output } from "./output";
import type { SMTPMessage, SMTPNotify, SMTPRecipient } from "./types";

/** Recipients of one message; servers take 100 at least (RFC 5321, 4.5.3.1.8). */
const RECIPIENT_LIMIT = 100;

/** Octets of an envelope identifier (RFC 3461, 4.4). */
const ENVID_LIMIT = 100;

const EVERY_EXTENSION = -1;

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const MAIL = "MAIL";
const RCPT = "RCPT";
const MAIL_FROM = "MAIL FROM:<";
const RCPT_TO = "RCPT TO:<";
const CLOSING = ">";
const SIZE = " SIZE=";

/** Who sends a message and who gets it, as the commands that say so. */
export class Envelope {
	readonly to: readonly (string | SMTPRecipient)[];
	readonly message: SMTPMessage;

	/** @throws SMTPError (argument) for no recipient, or too many */
	constructor(message: SMTPMessage) {
		const { to } = message;
		this.message = message;
		this.to = typeof to === "string" ? Object.freeze([to]) : (to as readonly (string | SMTPRecipient)[]);
		if (this.to.length === 0) throw argumentError("RCPT", "RCPT: there is no recipient");
		if (this.to.length > RECIPIENT_LIMIT) throw argumentError("RCPT", `RCPT: more than ${RECIPIENT_LIMIT} recipients`);
	}

	/** The recipient's address as given. */
	address(index: number): string {
		const recipient = this.to[index] as string | SMTPRecipient;
		return typeof recipient === "string" ? recipient : recipient.address;
	}

	/** The addresses of those who are not among `rejected`. */
	without(rejected: readonly SMTPRefusal[]): readonly string[] {
		const addresses: string[] = [];
		for (let i = 0; i < this.to.length; i++) if (!isRejected(rejected, i)) addresses.push(this.address(i));
		return addresses;
	}

	/**
	 * Formats every command once, as far as the server can want it, so that what cannot be sent is found before anything is.
	 * @throws SMTPError (argument)
	 */
	check(output: Output): void {
		output.checking = true;
		try {
			this.writeSender(output, EVERY_EXTENSION);
			for (let i = 0; i < this.to.length; i++) this.writeRecipient(output, i, EVERY_EXTENSION);
		} finally {
			output.rollback();
			output.checking = false;
		}
	}

	/**
	 * What the message needs and the server does not offer, known before MAIL: UTF-8 addresses (RFC 6531), or a size
	 * beyond the server's limit (RFC 1870, 6.1).
	 */
	obstacle(capabilities: Capabilities): SMTPError | undefined {
		const { utf8, eightBit, body, size = body.size } = this.message;
		if (eightBit && !capabilities.has(Extension.EightBitMIME))
			return new SMTPError("unsupported", "MAIL", "the message needs 8BITMIME, which the server does not offer", false);
		if (utf8 && !capabilities.has(Extension.SMTPUTF8))
			return new SMTPError("unsupported", "MAIL", "the message needs SMTPUTF8, which the server does not offer", false);
		if (size && capabilities.sizeLimit && size > capabilities.sizeLimit)
			return new SMTPError(
				"unsupported",
				"MAIL",
				`the message has ${size} bytes, the server takes ${capabilities.sizeLimit}`,
				false,
			);
		return undefined;
	}

	/** MAIL (RFC 5321, 4.1.1.2) with those parameters that belong to `extensions` (bits); false if the output has no room now. */
	writeSender(output: Output, extensions: number): boolean {
		const { from, body, size = body.size, eightBit, utf8, dsn, parameters } = this.message;
		const address = envelopeAddress(from, MAIL);
		output.begin(MAIL, utf8);
		let command = MAIL_FROM + address + CLOSING;
		if (size !== undefined && extensions & Extension.SIZE) {
			if (!(size >= 0 && size - (size % 1) === size))
				throw argumentError("MAIL", `MAIL: size ${size} is not a number of bytes`);
			command += SIZE + size;
		}
		if ((eightBit || utf8) && extensions & Extension.EightBitMIME) command += " BODY=8BITMIME";
		if (utf8) command += " SMTPUTF8";
		if (dsn && extensions & Extension.DSN) {
			if (dsn.return) command += dsn.return === "full" ? " RET=FULL" : " RET=HDRS";
			if (dsn.envelopeId !== undefined) {
				if (dsn.envelopeId === "" || dsn.envelopeId.length > ENVID_LIMIT)
					throw argumentError("MAIL", `MAIL: the envelope identifier does not have 1 to ${ENVID_LIMIT} characters`);
				output.text(`${command} ENVID=`);
				output.xtext(dsn.envelopeId);
				command = "";
			}
		}
		output.text(parameters ? command + written(parameters) : command);
		return output.end();
	}

	/** RCPT (RFC 5321, 4.1.1.3) for a recipient; false if the output has no room now. */
	writeRecipient(output: Output, index: number, extensions: number): boolean {
		const recipient = this.to[index] as string | SMTPRecipient;
		const options = typeof recipient === "string" ? undefined : recipient;
		const address = envelopeAddress(this.address(index), RCPT);
		if (!address) throw argumentError("RCPT", "RCPT: a recipient's address is empty");
		output.begin(RCPT, this.message.utf8);
		let command = RCPT_TO + address + CLOSING;
		const notify = options?.notify ?? this.message.dsn?.notify;
		if (extensions & Extension.DSN) {
			if (notify) command += notifyParameter(notify);
			if (options?.originalRecipient !== undefined) {
				output.text(`${command} ORCPT=rfc822;`);
				output.xtext(options.originalRecipient);
				command = "";
			}
		}
		output.text(options?.parameters ? command + written(options.parameters) : command);
		return output.end();
	}
}

/** NOTIFY (RFC 3461, 4.1): NEVER, or a list of occasions. */
const notifyParameter = (notify: SMTPNotify): string => {
	if (notify === "never" || notify.length === 0) return " NOTIFY=NEVER";
	let parameter = " NOTIFY=";
	for (let i = 0; i < notify.length; i++) parameter += (i ? "," : "") + notifyKeyword(notify[i] as string);
	return parameter;
};

const notifyKeyword = (occasion: string): string => {
	if (occasion === "success") return "SUCCESS";
	if (occasion === "failure") return "FAILURE";
	if (occasion === "delay") return "DELAY";
	throw argumentError("RCPT", `RCPT: "${occasion}" is no occasion to notify of`);
};

/** Parameters as they stand, for extensions that have no option of their own. */
const written = (parameters: readonly string[]): string => {
	let text = "";
	for (let i = 0; i < parameters.length; i++) text += ` ${parameters[i]}`;
	return text;
};

/** Whether the recipient at this place is among those. */
export const isRejected = (rejected: readonly SMTPRefusal[], index: number): boolean => {
	for (let i = 0; i < rejected.length; i++) if (rejected[i]?.index === index) return true;
	return false;
};
