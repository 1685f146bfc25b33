/** A message of text, rendered piece by piece (RFC 5322). */

import { type AddressList, addressList, type Mailbox } from "./address";
import { TextBody } from "./body";
import { dateTime } from "./date";
import { MailError } from "./error";
import { StringSource } from "./source";
import { unstructured } from "./unstructured";
import { ROOM, Writer } from "./writer";

/** What a message says. Strings may be of any script; no field may hold a line end or another control character. */
export interface MessageOptions {
	readonly from: AddressList;
	/** Who sent it, if that is not its author. */
	readonly sender?: Mailbox | undefined;
	readonly replyTo?: AddressList | undefined;
	readonly to?: AddressList | undefined;
	readonly cc?: AddressList | undefined;
	readonly subject?: string | undefined;
	/** Left out when the clock is not set: a date is never invented. */
	readonly date?: Date | undefined;
	/** Unique in the world, without its brackets: `"7.42.5ccf7f012345@board.example.org"`. */
	readonly messageId?: string | undefined;
	/** Fields of your own, in order: `[["X-Board", "cellar"]]`. */
	readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
	/** The body, with any line ends. */
	readonly text: string;
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
	HEADERS,
	MIME_VERSION,
	CONTENT_TYPE,
	ENCODING,
	BLANK,
	BODY,
	END,
}

/**
 * A source of the bytes of a message, with CRLF at the end of every line.
 * @throws MailError from the constructor, for a field that cannot be rendered.
 */
export class Message {
	#options: MessageOptions;
	#writer = new Writer();
	#body: TextBody;
	#step = Step.FROM;
	#header = 0;
	#begun = false;
	#spare: Uint8Array | undefined;
	#spareFrom = 0;
	#spareTo = 0;

	constructor(options: MessageOptions) {
		this.#options = options;
		this.#body = new TextBody(new StringSource(options.text));
		this.#checkHeader();
	}

	/** Starts again: what is read then is the same, byte for byte. */
	reset(): void {
		this.#step = Step.FROM;
		this.#header = 0;
		this.#begun = false;
		this.#spareFrom = this.#spareTo = 0;
		this.#body.reset();
	}

	/** Writes the next bytes at the start of `buffer`, of any size, and returns how many; 0 at the end. */
	read(buffer: Uint8Array): number {
		let at = this.#readSpare(buffer, 0);
		this.#writer.target = buffer;
		this.#writer.at = at;
		while (this.#step !== Step.END && buffer.length - this.#writer.at >= ROOM)
			this.#render();
		at = this.#writer.at;
		while (!at && buffer.length && this.#step !== Step.END) {
			this.#renderSpare();
			at = this.#readSpare(buffer, 0);
		}
		return at;
	}

	/** Renders the header once for its errors alone. */
	#checkHeader(): void {
		const writer = this.#writer;
		writer.target = new Uint8Array(ROOM);
		for (; this.#step < Step.BODY; writer.at = 0)
			this.#render();
		this.reset();
	}

	/** A buffer with less room than a piece may need is served from a spare one. */
	#renderSpare(): void {
		this.#spare ??= new Uint8Array(ROOM);
		this.#writer.target = this.#spare;
		this.#writer.at = 0;
		this.#render();
		this.#spareFrom = 0;
		this.#spareTo = this.#writer.at;
	}

	#readSpare(buffer: Uint8Array, at: number): number {
		while (this.#spareFrom < this.#spareTo && at < buffer.length)
			buffer[at++] = this.#spare![this.#spareFrom++]!;
		return at;
	}

	/** Renders the next piece, of at most ROOM bytes. */
	#render(): void {
		const writer = this.#writer;
		const options = this.#options;
		if (writer.continue())
			return;
		switch (this.#step) {
			case Step.FROM:
				return this.#field("From", options.from, addressList);
			case Step.SENDER:
				return this.#field("Sender", options.sender, addressList);
			case Step.REPLY_TO:
				return this.#field("Reply-To", options.replyTo, addressList);
			case Step.TO:
				return this.#field("To", options.to, addressList);
			case Step.CC:
				return this.#field("Cc", options.cc, addressList);
			case Step.SUBJECT:
				return this.#field("Subject", options.subject, unstructured);
			case Step.DATE:
				return this.#field("Date", options.date, dateTime);
			case Step.MESSAGE_ID:
				return this.#field("Message-ID", options.messageId, messageId);
			case Step.HEADERS:
				return this.#ownField();
			case Step.MIME_VERSION:
				return this.#field("MIME-Version", "1.0", unstructured);
			case Step.CONTENT_TYPE:
				return this.#field("Content-Type", "text/plain; charset=utf-8", unstructured);
			case Step.ENCODING:
				return this.#field("Content-Transfer-Encoding", this.#body.encoding, unstructured);
			case Step.BLANK:
				writer.endLine();
				this.#step += 1;
				return;
			default:
				if (this.#body.render(writer))
					this.#step = Step.END;
		}
	}

	#field<Value>(name: string, value: Value | undefined, render: (writer: Writer, value: Value) => boolean): void {
		if (this.#piece(name, value, render))
			this.#step += 1;
	}

	#ownField(): void {
		const own = this.#options.headers?.[this.#header];
		if (own === undefined)
			this.#step += 1;
		else {
			if (!this.#begun)
				checkName(own[0]);
			if (this.#piece(own[0], own[1], unstructured))
				this.#header += 1;
		}
	}

	/** Writes a field's name, or some of its value; true when the field is complete, or left out. */
	#piece<Value>(name: string, value: Value | undefined, render: (writer: Writer, value: Value) => boolean): boolean {
		if (value === undefined)
			return true;
		if (!this.#begun) {
			this.#writer.begin(name);
			this.#begun = true;
			return false;
		}
		if (!render(this.#writer, value))
			return false;
		this.#begun = false;
		return true;
	}
}

const enum MessageIdPhase {
	OPEN,
	CLOSE,
}

/** RFC 5322 3.6.4. */
function messageId(writer: Writer, id: string): boolean {
	if (writer.phase === MessageIdPhase.OPEN) {
		checkId(writer.field, id);
		writer.byte(0x3c);
		writer.run(id, 0, id.length);
		writer.phase = MessageIdPhase.CLOSE;
		return false;
	}
	writer.byte(0x3e);
	writer.endLine();
	return true;
}

function checkId(field: string, id: string): void {
	let at = 0;
	for (let i = 0; i < id.length; i++) {
		const code = id.charCodeAt(i);
		if (code <= 0x20 || code >= 0x7f || code === 0x3c || code === 0x3e)
			throw new MailError(field, "not a message identifier");
		if (code === 0x40)
			at++;
	}
	if (at !== 1 || id.startsWith("@") || id.endsWith("@") || id.length > 250)
		throw new MailError(field, "not a message identifier");
}

/** Fields that the composer writes itself, or never writes. */
const RESERVED = Object.freeze([
	"from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "mime-version",
	"content-type", "content-transfer-encoding", "content-disposition", "content-id",
]);

/** A field's name is printable ASCII without a colon (RFC 5322 2.2). */
function checkName(name: string): void {
	for (let i = 0; i < name.length; i++) {
		const code = name.charCodeAt(i);
		if (code <= 0x20 || code >= 0x7f || code === 0x3a)
			throw new MailError(name, "not a header field name");
	}
	if (!name.length || name.length > 64 || RESERVED.includes(name.toLowerCase()))
		throw new MailError(name, "not a header field of your own");
}
