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
const STRING = "string";

const isString = (value: unknown): value is string => typeof value === STRING;

/**
 * How many recipients a message has.
 * @throws SMTPError (argument) for none, or too many
 */
export const recipientsOf = ({ to }: SMTPMessage): number => {
	if (isString(to)) return 1;
	const { length } = to;
	if (length === 0) throw argumentError("RCPT", "RCPT: there is no recipient");
	if (length > RECIPIENT_LIMIT) throw argumentError("RCPT", `RCPT: more than ${RECIPIENT_LIMIT} recipients`);
	return length;
};

const recipientOf = ({ to }: SMTPMessage, index: number): string | SMTPRecipient =>
	isString(to) ? to : (to[index] as string | SMTPRecipient);

/** A recipient's address as given. */
export const addressOf = (message: SMTPMessage, index: number): string => {
	const recipient = recipientOf(message, index);
	return isString(recipient) ? recipient : recipient.address;
};

/** The addresses of the recipients who are not among `rejected`. */
export const without = (message: SMTPMessage, rejected: readonly SMTPRefusal[]): readonly string[] => {
	const count = recipientsOf(message);
	const addresses: string[] = [];
	for (let i = 0; i < count; i++) if (!isRejected(rejected, i)) addresses.push(addressOf(message, i));
	return addresses;
};

/**
 * Formats every command of an envelope once, as far as the server can want it, so that what cannot be sent is found before
 * anything is.
 * @throws SMTPError (argument)
 */
export const checkEnvelope = (message: SMTPMessage, output: Output): void => {
	const count = recipientsOf(message);
	output.check(true);
	try {
		writeSender(output, message, EVERY_EXTENSION);
		for (let i = 0; i < count; i++) writeRecipient(output, message, i, EVERY_EXTENSION);
	} finally {
		output.rollback();
		output.check(false);
	}
};

/**
 * What a message needs and the server does not offer, known before MAIL: UTF-8 addresses (RFC 6531), notifications (RFC 3461),
 * or a size beyond the server's limit (RFC 1870, 6.1).
 */
export const obstacleTo = (message: SMTPMessage, { extensions, sizeLimit }: Capabilities): SMTPError | undefined => {
	const { utf8, body, size = body.size, dsn } = message;
	if (isEightBit(message) && !(extensions & Extension.EightBitMIME))
		return unsupported("the message needs 8BITMIME, which the server does not offer");
	if (utf8 && !(extensions & Extension.SMTPUTF8))
		return unsupported("the message needs SMTPUTF8, which the server does not offer");
	if (dsn?.required && !(extensions & Extension.DSN))
		return unsupported("the message asks for delivery reports (DSN), which the server does not offer");
	if (size && sizeLimit && size > sizeLimit)
		return unsupported(`the message has ${size} bytes, the server takes ${sizeLimit}`);
	return undefined;
};

/** Whether it is known to have bytes beyond ASCII. */
const isEightBit = ({ eightBit, body }: SMTPMessage): boolean => (eightBit || body.eightBit) ?? false;

const unsupported = (message: string): SMTPError => new SMTPError("unsupported", "MAIL", message, false);

/** MAIL (RFC 5321, 4.1.1.2) with those parameters that belong to `extensions` (bits); false if the output has no room now. */
export const writeSender = (output: Output, message: SMTPMessage, extensions: number): boolean => {
	const { from, body, size = body.size, utf8, dsn, parameters } = message;
	const address = envelopeAddress(from, MAIL);
	output.begin(MAIL, utf8);
	let command = MAIL_FROM + address + CLOSING;
	if (size !== undefined && extensions & Extension.SIZE) {
		if (!(size >= 0 && size - (size % 1) === size))
			throw argumentError("MAIL", `MAIL: size ${size} is not a number of bytes`);
		command += SIZE + size;
	}
	if (extensions & Extension.EightBitMIME && (utf8 || isEightBit(message))) command += " BODY=8BITMIME";
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
};

/** RCPT (RFC 5321, 4.1.1.3) for a recipient; false if the output has no room now. */
export const writeRecipient = (output: Output, message: SMTPMessage, index: number, extensions: number): boolean => {
	const recipient = recipientOf(message, index);
	const options = isString(recipient) ? undefined : recipient;
	const address = envelopeAddress(addressOf(message, index), RCPT);
	if (!address) throw argumentError("RCPT", "RCPT: a recipient's address is empty");
	output.begin(RCPT, message.utf8);
	let command = RCPT_TO + address + CLOSING;
	if (extensions & Extension.DSN) {
		const notify = options?.notify ?? message.dsn?.notify;
		if (notify) command += notifyParameter(notify);
		if (options?.originalRecipient !== undefined) {
			output.text(`${command} ORCPT=rfc822;`);
			output.xtext(options.originalRecipient);
			command = "";
		}
	}
	output.text(options?.parameters ? command + written(options.parameters) : command);
	return output.end();
};

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
