import { type AddressList, addressList, type Mailbox } from "./address";
import { dateTime } from "./date";
import { MailError } from "./error";
import { type Identifiers, identifiers } from "./identifier";
import type { Part } from "./part";
import { charCodeAt, sameWord } from "./strings";
import { TextPart } from "./text";
import { unstructured } from "./unstructured";
import { ROOM, Writer } from "./writer";

/** A date, or milliseconds since 1970. */
export type Instant = number | { valueOf(): number };

/** How urgent it is; shown by most readers. */
export type Priority = "high" | "normal" | "low";

/** What a message says. Texts and names may be of any script; no header field may hold a line end. */
export interface MessageOptions {
	readonly from: AddressList;
	/** Who sends it, if not its author; required where there are several authors. */
	readonly sender?: Mailbox | undefined;
	readonly replyTo?: AddressList | undefined;
	readonly to?: AddressList | undefined;
	readonly cc?: AddressList | undefined;
	/** For the envelope: never rendered. */
	readonly bcc?: AddressList | undefined;
	readonly subject?: string | undefined;
	/** Left out while the clock is not set: a date is never invented. */
	readonly date?: Instant | undefined;
	/** Unique in the world and the same in every retry, without its brackets: `"7.42.5ccf7f012345@example.org"`. */
	readonly messageId?: string | undefined;
	readonly inReplyTo?: Identifiers | undefined;
	readonly references?: Identifiers | undefined;
	readonly priority?: Priority | undefined;
	/** Fields of your own, in order: `[["X-Board", "cellar"]]`. */
	readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
	/** The body, with any line ends. */
	readonly text?: string | undefined;
	/** A body that is more than text; then there is no `text`. */
	readonly content?: Part | undefined;
	/** The server takes 8bit (8BITMIME). */
	readonly eightBit?: boolean | undefined;
	/** The server takes UTF-8 in addresses (SMTPUTF8). */
	readonly utf8?: boolean | undefined;
	/** Called after every read with the bytes read since the start. */
	readonly onProgress?: ((bytes: number) => void) | undefined;
}

const enum Step {
	FROM,
	SENDER,
	REPLY_TO,
	TO,
	CC,
	SUBJECT,
	DATE,
	MESSAGE_ID,
	IN_REPLY_TO,
	REFERENCES,
	IMPORTANCE,
	PRIORITY,
	OWN,
	VERSION,
	CONTENT,
	LAST_LINE,
	END,
}

/**
 * A message (RFC 5322) as a source of its bytes. It renders into its reader's buffer and holds no more than the
 * description it was given.
 */
export class Message {
	#options: MessageOptions;
	#content: Part;
	#writer = new Writer();
	#step = Step.FROM;
	/** Index in the fields of one's own. */
	#own = 0;
	#count = 0;
	/** Octets of the header, but for what the content says of itself. */
	#headerSize = 0;
	/** What a piece had more than the reader's buffer could take. */
	#spare: Spare | undefined;

	/** @throws MailError for what cannot be rendered as it is described */
	constructor(options: MessageOptions) {
		this.#options = options;
		this.#content = options.content ?? new TextPart(options.text ?? "", options.eightBit);
		this.#writer.utf8 = options.utf8 ?? false;
		// the header is rendered once for its errors, and to know its length
		const writer = this.#writer;
		for (; this.#step < Step.CONTENT; this.#headerSize += writer.at) {
			writer.rewind();
			this.render();
		}
		this.reset();
	}

	/** Every line ends in CRLF, the last one too, and none begins with a dot. */
	get canonical(): boolean {
		return true;
	}

	/** Octets of all of it, or a close guess, rather too much than too little; undefined where nobody knows. */
	get size(): number | undefined {
		const { size } = this.#content;
		return size === undefined ? undefined : this.#headerSize + size + 2;
	}

	/** Starts again: what is read then is the same, byte for byte. */
	reset(): void {
		const writer = this.#writer;
		this.#content.reset();
		this.#step = Step.FROM;
		this.#own = this.#count = 0;
		this.#spare = undefined;
		writer.field = "";
		writer.runTo = 0;
		writer.lineStart = writer.at;
	}

	/** Writes the next bytes at the start of `buffer`, of any size, and returns how many; 0 at the end. */
	read(buffer: Uint8Array): number {
		const writer = this.#writer;
		writer.aim(buffer);
		if (this.#spare) this.readSpare(buffer);
		while (writer.at <= writer.limit && this.#step !== Step.END) this.render();
		while (!writer.at && this.#step !== Step.END && buffer.length) {
			const spare = (this.#spare ??= new Spare());
			writer.aim(spare.bytes);
			this.render();
			spare.to = writer.at;
			this.readSpare(buffer);
		}
		const { at } = writer;
		this.#count += at;
		this.#options.onProgress?.(this.#count);
		return at;
	}

	/** A reader with little room gets a piece in parts. */
	private readSpare(buffer: Uint8Array): void {
		const spare = this.#spare!;
		const room = buffer.length;
		let at = 0;
		while (spare.from < spare.to && at < room) buffer[at++] = spare.bytes[spare.from++]!;
		if (spare.from === spare.to) spare.from = spare.to = 0;
		this.#writer.aim(buffer, at);
	}

	/** Renders the next piece. */
	private render(): void {
		const writer = this.#writer;
		const options = this.#options;
		if (this.#step === Step.CONTENT) {
			if (this.#content.render(writer)) this.#step += 1;
			return;
		}
		if (writer.running()) return;
		switch (this.#step) {
			case Step.FROM:
				return this.field("From", options.from, addressList);
			case Step.SENDER:
				return this.field("Sender", options.sender, addressList);
			case Step.REPLY_TO:
				return this.field("Reply-To", options.replyTo, addressList);
			case Step.TO:
				return this.field("To", options.to, addressList);
			case Step.CC:
				return this.field("Cc", options.cc, addressList);
			case Step.SUBJECT:
				return this.field("Subject", options.subject, unstructured);
			case Step.DATE:
				return this.field("Date", millisecondsOf(options.date), dateTime);
			case Step.MESSAGE_ID:
				return this.field("Message-ID", options.messageId, identifiers);
			case Step.IN_REPLY_TO:
				return this.field("In-Reply-To", options.inReplyTo, identifiers);
			case Step.REFERENCES:
				return this.field("References", options.references, identifiers);
			case Step.IMPORTANCE:
				return this.field("Importance", options.priority, unstructured);
			case Step.PRIORITY:
				return this.field("X-Priority", levelOf(options.priority), unstructured);
			case Step.OWN:
				return this.ownField();
			case Step.VERSION:
				return this.field("MIME-Version", "1.0", unstructured);
			default:
				if (writer.column) writer.endLine();
				this.#step = Step.END;
		}
	}

	/** Writes the name or the next piece of a field; once it is complete, or if there is none, the next field is up. */
	private field<Value>(
		name: string,
		value: Value | undefined,
		render: (writer: Writer, value: Value) => boolean,
	): void {
		const writer = this.#writer;
		if (value === undefined) this.#step += 1;
		else if (!writer.field) writer.begin(name);
		else if (render(writer, value)) {
			writer.field = "";
			this.#step += 1;
		}
	}

	private ownField(): void {
		const own = this.#options.headers?.[this.#own];
		if (own === undefined) {
			this.#step += 1;
			return;
		}
		const writer = this.#writer;
		if (!writer.field) {
			checkName(own[0]);
			writer.begin(own[0]);
		} else if (unstructured(writer, own[1])) {
			writer.field = "";
			this.#own += 1;
		}
	}
}

/** A piece for a reader whose buffer has less room. */
class Spare {
	readonly bytes = new Uint8Array(ROOM);
	from = 0;
	to = 0;
}

const millisecondsOf = (date: Instant | undefined): number | undefined => {
	if (date === undefined) return undefined;
	const milliseconds = Number(date.valueOf());
	if (!(milliseconds >= 0 && milliseconds < LATEST)) throw new MailError("Date", "not a date from 1970 to 9999");
	return milliseconds;
};

const levelOf = (priority: Priority | undefined): string | undefined => {
	if (priority === undefined) return undefined;
	return priority === "high" ? "1" : priority === "low" ? "5" : "3";
};

/** The year 10000, which has no place in a date. */
const LATEST = 253_402_300_800_000;

/** Fields that the composer writes itself, or that it never writes. */
const RESERVED: readonly string[] = Object.freeze(
	[
		"from",
		"sender",
		"reply-to",
		"to",
		"cc",
		"bcc",
		"subject",
		"date",
		"message-id",
		"in-reply-to",
		"references",
		"importance",
		"x-priority",
		"mime-version",
		"content-type",
		"content-transfer-encoding",
		"content-disposition",
		"content-id",
		"resent-bcc",
	],
	true,
);

const LONGEST_NAME = 60;

/**
 * A field's name is printable ASCII without a colon (RFC 5322, 2.2).
 * @throws MailError
 */
const checkName = (name: string): void => {
	let length = 0;
	for (let code: number; (code = charCodeAt.call(name, length)) >= 0; length++)
		if (code <= 0x20 || code >= 0x7f || code === 0x3a) throw new MailError(name, "not a name for a field");
	if (!length || length > LONGEST_NAME) throw new MailError(name, "not a name for a field");
	for (let i = 0; i < RESERVED.length; i++)
		if (sameWord(name, RESERVED[i]!)) throw new MailError(name, "not a field of your own");
};
