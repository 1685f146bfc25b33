import { type AddressList, addressList, type Mailbox, some } from "./address";
import type { AddressedMessage, RenderedMessage } from "./addressed";
import { dateTime } from "./date";
import { addressesOf, type Envelope, envelope, isASCII } from "./envelope";
import { MailError } from "./error";
import { type Instant, millisecondsOf } from "./fields";
import { identifiers } from "./identifier";
import { encodedWord } from "./words";
import { EMPTY, ROOM, Writer } from "./writer";

/** Who sends on what they got, when, and to whom. */
export interface Resending {
	readonly from: AddressList;
	/** Who sends it on, if not `from`; required where those are several. */
	readonly sender?: Mailbox | undefined;
	readonly to?: AddressList | undefined;
	readonly cc?: AddressList | undefined;
	/** For the envelope: never rendered. */
	readonly bcc?: AddressList | undefined;
	readonly date: Instant;
	/** Of this resending, not of the message; without its brackets. */
	readonly messageId?: string | undefined;
}

const enum Step {
	DATE,
	FROM,
	SENDER,
	TO,
	CC,
	MESSAGE_ID,
	END,
}

const FIELDS: readonly string[] = Object.freeze(
	["Resent-Date", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Message-ID"],
	true,
);

/**
 * A message sent on as it was, to others than those it was for: Resent fields stand before its own (RFC 5322, 3.6.6), and
 * the envelope is that of the resending.
 */
export class ResentMessage implements AddressedMessage {
	private resending: Resending;
	private message: AddressedMessage;

	/** @throws MailError for a message that has been resent already: which block is the latest, nobody could tell */
	constructor(resending: Resending, message: AddressedMessage) {
		if (message instanceof ResentMessage) throw new MailError("Resent-Date", "resent already");
		this.resending = resending;
		this.message = message;
	}

	get envelope(): Envelope {
		return envelope(this.resending);
	}

	get utf8(): boolean {
		const { from, sender, to, cc } = this.resending;
		return this.message.utf8 || !isASCII(addressesOf(from, sender, to, cc));
	}

	source(utf8 = this.utf8, eightBit = false): RenderedMessage {
		return new ResentSource(this.resending, this.message.source(utf8, eightBit), utf8);
	}
}

/** The Resent fields, and then the message. */
class ResentSource implements RenderedMessage {
	private resending: Resending;
	private message: RenderedMessage;
	private writer = new Writer();
	private step = Step.DATE;
	/** Octets of the Resent fields. */
	private headerSize = 0;
	/** A piece of them, of which the reader has taken those before `#from`. */
	private piece = new Uint8Array(ROOM);
	private from = 0;

	/** @throws MailError for what cannot be rendered as it is described */
	constructor(resending: Resending, message: RenderedMessage, utf8: boolean) {
		this.resending = resending;
		this.message = message;
		if (utf8) this.writer.utf8 = true;
		while (this.step < Step.END) this.render();
		this.headerSize = this.writer.at;
		this.restart();
	}

	get canonical(): boolean {
		return this.message.canonical;
	}

	get eightBit(): boolean {
		return this.message.eightBit;
	}

	get size(): number | undefined {
		const { size } = this.message;
		return size === undefined ? undefined : this.headerSize + size;
	}

	reset(): void {
		this.message.reset();
		this.restart();
	}

	private restart(): void {
		const writer = this.writer;
		this.step = Step.DATE;
		this.from = 0;
		writer.restart();
		writer.aim(this.piece);
	}

	read(buffer: Uint8Array): number {
		const writer = this.writer;
		const piece = this.piece;
		const room = buffer.length;
		let at = 0;
		while (at < room) {
			for (; at < room && this.from < writer.at; this.from += 1) buffer[at++] = piece[this.from]!;
			if (at === room || this.step === Step.END) break;
			this.from = 0;
			writer.aim(piece);
			this.render();
			writer.flush();
		}
		return at || this.message.read(buffer);
	}

	/** Renders the next piece of the fields: of most all of it. */
	private render(): void {
		const writer = this.writer;
		if (writer.runTo) return writer.goOn();
		if (writer.encoding) return encodedWord(writer);
		const value = this.value();
		if (value === undefined) {
			this.step += 1;
			return;
		}
		if (!writer.field) writer.begin(FIELDS[this.step]!);
		if (
			typeof value === "number"
				? dateTime(writer, value)
				: this.step === Step.MESSAGE_ID
					? identifiers(writer, value as string)
					: addressList(writer, value)
		) {
			writer.field = EMPTY;
			this.step += 1;
		}
	}

	/** What stands in a field; undefined if it is left out. */
	private value(): AddressList | number | undefined {
		const resending = this.resending;
		switch (this.step) {
			case Step.DATE:
				return millisecondsOf(resending.date ?? NaN, "Resent-Date");
			case Step.FROM:
				return resending.from;
			case Step.SENDER:
				return resending.sender;
			case Step.TO:
				return some(resending.to);
			case Step.CC:
				return some(resending.cc);
			default:
				return resending.messageId;
		}
	}
}
