import { charCodeAt, slice } from "./strings";

/**
 * An identifier for a message that no other message has, whatever was sent before the last reset: by the clock, if it is
 * set, and by 62 random bits, which on an ESP8266 are the radio's noise. Keep it with what is to be sent, so that a retry
 * says the same.
 * @param domain may have characters beyond ASCII: an identifier has their codes instead, as servers without SMTPUTF8 want it
 * @param milliseconds since 1970
 */
export const uniqueId = (domain: string, milliseconds?: number): string => {
	const time = milliseconds === undefined ? "" : `${milliseconds.toString(36)}.`;
	return `${time}${random()}${random()}@${asciiOf(domain)}`;
};

const asciiOf = (domain: string): string => {
	let text = "";
	for (let i = 0, code: number; (code = charCodeAt.call(domain, i)) >= 0; i++)
		text += code < 0x80 ? slice.call(domain, i, i + 1) : code.toString(16);
	return text;
};

const random = (): string => Math.floor(Math.random() * 0x7fffffff).toString(36);
