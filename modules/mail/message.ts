import { type AddressList, addressList, type Mailbox, some } from "./address";
import { dateTime } from "./date";
import { checkName, FIELDS, type Instant, isStructured, levelOf, millisecondsOf, type Priority } from "./fields";
import { type Identifiers, identifiers } from "./identifier";
import type { Part } from "./part";
import { TextPart } from "./text";
import { plain, unstructured } from "./unstructured";
import { encodedWord } from "./words";
import { EMPTY, ROOM, Writer } from "./writer";

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
	/** Nobody wrote it, so no out-of-office note is to answer it (RFC 3834, 5). */
	readonly autoSubmitted?: "auto-generated" | "auto-replied" | undefined;
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
	/** Called after every read with the bytes rendered since the start. */
	readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** MIME's. In flash, where a literal in a function is not. */
const VERSION = "1.0";

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
	AUTO_SUBMITTED,
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
	private options: MessageOptions;
	private writer = new Writer();
	private step = Step.FROM;
	/** Octets of the header, but for what the content says of itself. */
	private headerSize = 0;
	/** What renders the text, where there is no other content. What is declared has no slot where it is not needed. */
	declare private text?: TextPart;
	/** Index in the fields of one's own. */
	declare private own?: number;
	/** Bytes rendered, for who wants to be told of them. */
	declare private count?: number;
	/** What a piece had more than the reader's buffer could take. */
	declare private spare?: Spare;

	/** @throws MailError for what cannot be rendered as it is described */
	constructor(options: MessageOptions) {
		this.options = options;
		if (!options.content) this.text = new TextPart(options.text ?? EMPTY, options.eightBit);
		if (options.utf8) this.writer.utf8 = true;
		// the header is rendered once for its errors, and to know its length
		while (this.step < Step.CONTENT) this.header();
		this.headerSize = this.writer.at;
		this.reset();
	}

	/** Every line ends in CRLF, the last one too, and none begins with a dot. */
	get canonical(): boolean {
		return true;
	}

	/** Octets of all of it, or a close guess, rather too much than too little; undefined where nobody knows. */
	get size(): number | undefined {
		const { size } = this.content();
		return size === undefined ? undefined : this.headerSize + size + 2;
	}

	/** There are bytes beyond ASCII in its body: the server must take them (8BITMIME). */
	get eightBit(): boolean {
		return this.content().eightBit ?? false;
	}

	/** Starts again: what is read then is the same, byte for byte. */
	reset(): void {
		this.content().reset();
		this.step = Step.FROM;
		if (this.own) this.own = 0;
		if (this.count) this.count = 0;
		if (this.spare) this.spare.from = this.spare.to = 0;
		this.writer.restart();
	}

	private content(): Part {
		return this.text ?? this.options.content!;
	}

	/** Writes the next bytes at the start of `buffer`, of any size, and returns how many; 0 at the end. */
	read(buffer: Uint8Array): number {
		const writer = this.writer;
		const { spare } = this;
		if (buffer !== writer.target && (buffer.length < ROOM || (spare && spare.from < spare.to)))
			return this.readLittle(buffer);
		writer.aim(buffer);
		const { limit } = writer;
		for (; writer.at <= limit && this.step < Step.CONTENT; writer.ease()) this.header();
		for (; writer.at <= limit && this.step === Step.CONTENT; writer.ease())
			if (this.content().render(writer)) this.step = Step.LAST_LINE;
		if (writer.at <= limit && this.step === Step.LAST_LINE) this.lastLine();
		writer.flush();
		if (this.options.onProgress) {
			this.count = (this.count ?? 0) + writer.at;
			this.options.onProgress(this.count);
		}
		return writer.at;
	}

	/** A reader whose buffer has less room than a piece may need gets what has been read to a buffer that has it. */
	private readLittle(buffer: Uint8Array): number {
		const spare = (this.spare ??= new Spare());
		const room = buffer.length;
		let at = 0;
		if (room && spare.from === spare.to) {
			spare.from = spare.to = 0;
			spare.to = this.read(spare.bytes);
		}
		while (spare.from < spare.to && at < room) buffer[at++] = spare.bytes[spare.from++]!;
		return at;
	}

	private lastLine(): void {
		if (this.writer.column) this.writer.endLine();
		this.step = Step.END;
	}

	/** Renders the next piece of the header: of most fields all of it. */
	private header(): void {
		const writer = this.writer;
		if (writer.runTo) return writer.goOn();
		if (writer.encoding) return encodedWord(writer);
		let step = this.step;
		if (step === Step.OWN) return this.ownField();
		let value = this.value(step);
		while (value === undefined && ++step < Step.OWN) value = this.value(step);
		this.step = step;
		if (value === undefined) return;
		if (!writer.field) writer.begin(FIELDS[step]!);
		if (
			step <= Step.CC
				? addressList(writer, value as AddressList)
				: typeof value === "number"
					? dateTime(writer, value)
					: step >= Step.MESSAGE_ID && step <= Step.REFERENCES
						? identifiers(writer, value as Identifiers)
						: unstructured(writer, value as string)
		) {
			writer.field = EMPTY;
			this.step = step + 1;
		}
	}

	/** What stands in a field; undefined if it is left out. */
	private value(step: Step): AddressList | Identifiers | number | undefined {
		const options = this.options;
		switch (step) {
			case Step.FROM:
				return options.from;
			case Step.SENDER:
				return options.sender;
			case Step.REPLY_TO:
				return some(options.replyTo);
			case Step.TO:
				return some(options.to);
			case Step.CC:
				return some(options.cc);
			case Step.SUBJECT:
				return options.subject;
			case Step.DATE:
				return millisecondsOf(options.date);
			case Step.MESSAGE_ID:
				return options.messageId;
			case Step.IN_REPLY_TO:
				return some(options.inReplyTo);
			case Step.REFERENCES:
				return some(options.references);
			case Step.IMPORTANCE:
				return options.priority;
			case Step.PRIORITY:
				return levelOf(options.priority);
			case Step.AUTO_SUBMITTED:
				return options.autoSubmitted;
			default:
				return VERSION;
		}
	}

	private ownField(): void {
		const index = this.own ?? 0;
		const own = this.options.headers?.[index];
		if (own === undefined) {
			this.step += 1;
			return;
		}
		if (!this.writer.field) {
			checkName(own[0]);
			this.writer.begin(own[0]);
		} else if (ownValue(this.writer, own)) {
			this.writer.field = EMPTY;
			this.own = index + 1;
		}
	}
}

/** Most values fit in the line; only of others it matters which field it is. */
const ownValue = (writer: Writer, own: readonly [name: string, value: string]): boolean =>
	(!writer.phase && plain(writer, own[1])) || unstructured(writer, own[1], isStructured(own[0]));

/** A piece for a reader whose buffer has less room. */
class Spare {
	readonly bytes = new Uint8Array(ROOM);
	from = 0;
	to = 0;
}
