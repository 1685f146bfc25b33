import type { Envelope } from "./envelope";
import type { Source } from "./source";

/** A message that knows who sends it and who gets it, and is rendered when it is known what the server takes. */
export interface AddressedMessage {
	readonly envelope: Envelope;
	/** Its header has addresses beyond ASCII: the server must take them (SMTPUTF8). */
	readonly utf8: boolean;
	/**
	 * Its bytes, from the beginning; one at a time may be read.
	 * @param utf8 the server takes UTF-8 in addresses (SMTPUTF8)
	 * @param eightBit the server takes 8bit (8BITMIME)
	 * @throws MailError for what cannot be rendered as it is described
	 */
	source(utf8?: boolean, eightBit?: boolean): RenderedMessage;
}

/** The bytes of a message. */
export interface RenderedMessage extends Source {
	/** Every line ends in CRLF, the last one too, and none begins with a dot. */
	readonly canonical: boolean;
	/** There are bytes beyond ASCII in its body. */
	readonly eightBit: boolean;
}
