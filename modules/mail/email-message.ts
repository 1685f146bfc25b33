import type { AddressedMessage } from "./addressed";
import { addressesOf, type Envelope, envelope, isASCII } from "./envelope";
import { Message, type MessageOptions } from "./message";

/** What a message says; what the server takes is found out when it is sent. */
export type EmailOptions = Omit<MessageOptions, "eightBit" | "utf8">;

/** A message with its envelope, for a client that finds out by itself what the server takes. It can be sent again. */
export class EmailMessage implements AddressedMessage {
	private options: EmailOptions;

	constructor(options: EmailOptions) {
		this.options = options;
	}

	/** The sender, or else the first author; all of To, Cc and Bcc. */
	get envelope(): Envelope {
		return envelope(this.options);
	}

	get utf8(): boolean {
		const { from, sender, replyTo, to, cc } = this.options;
		return !isASCII(addressesOf(from, sender, replyTo, to, cc));
	}

	source(utf8 = this.utf8, eightBit = false): Message {
		return new Message({ ...this.options, utf8, eightBit });
	}
}
