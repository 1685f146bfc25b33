import { Extension } from "./capabilities";
import { Flushed } from "./connection";
import { CONTENT_ROOM, Content, ContentState } from "./content";
import { checkEnvelope, isRejected, obstacleTo, recipientsOf, without, writeRecipient, writeSender } from "./envelope";
import { isIntermediate, isPositive, SMTPError, type SMTPPhase, type SMTPRefusal, type SMTPReply } from "./error";
import { Refusal } from "./refusal";
import type { Dialogue, Session, Writer } from "./session";
import type { Told } from "./told";
import type { SMTPMessage, SMTPResult } from "./types";

/** How commands go. */
const enum Flight {
	/** One after the other. */
	Alone,
	/** All that come before the message at once (PIPELINING). */
	Envelope,
	/** The message with them, in chunks (CHUNKING). */
	Message,
}

const nobody: readonly SMTPRefusal[] = Object.freeze([]);

/** In the place of a reply that did not come any more (RFC 3463, 3.5: bad connection). */
const LOST = Object.freeze({ code: 451, enhanced: "4.4.2", text: "no reply came for this recipient" });

/**
 * One mail transaction (RFC 5321, 3.3): MAIL, RCPT for each recipient, DATA or BDAT, the message. Commands written and
 * replies received are counted apart, so that a server that offers PIPELINING (RFC 2920) gets them in one flight.
 */
export class Transaction implements Dialogue, Writer {
	private session: Session;
	private message: SMTPMessage;
	private recipients: number;
	private flight = Flight.Alone;
	/** Commands written, replies received: 0 is MAIL, 1 to n are the recipients, n + 1 is DATA. */
	private written = 0;
	private answered = 0;
	declare private content?: Content;
	/** The next reply to the message is for this recipient, or the first accepted one after it (LMTP). */
	declare private recipient?: number;
	declare private rejected?: SMTPRefusal[];
	/** Why the message will not be taken. */
	declare error?: SMTPError;

	/**
	 * Checks the whole envelope, unless that has been done.
	 * @throws SMTPError (argument); nothing has been sent then
	 */
	constructor(session: Session, message: SMTPMessage, checked = false) {
		this.session = session;
		this.message = message;
		this.recipients = recipientsOf(message);
		if (!checked) checkEnvelope(message, session.connection.output);
	}

	/** Sends what may be sent now; an error if the server cannot take the message. */
	start(): void {
		const { session, message } = this;
		const { capabilities, options, connection } = session;
		const obstacle = obstacleTo(message, capabilities);
		if (obstacle) return session.onTransaction(undefined, obstacle, nobody);
		if (options.pipelining !== false && capabilities.has(Extension.PIPELINING)) {
			const isChunked = options.chunking && capabilities.has(Extension.CHUNKING);
			this.flight = isChunked ? Flight.Message : Flight.Envelope;
		}
		connection.beginMessage();
		connection.writer = this;
		this.advance();
	}

	/** Takes the reply that the connection holds. */
	onReply(unread: number): void {
		const step = this.answered;
		if (this.isInMessage()) return this.onMessageReply();
		this.answered = step + 1;
		if (step === 0) this.onMail();
		else if (step <= this.recipients) this.onRecipient(step - 1);
		else this.onData(unread);
	}

	/** The reply that the connection holds ends the session (421): what it is for is refused, and the rest comes to nothing. */
	abandon(): void {
		const step = this.answered;
		const phase = this.isInMessage() ? "message" : this.phase();
		if (phase === "RCPT" && !this.error) this.reject(step - 1, false);
		if (phase === "message" && this.delivering()) {
			this.rejectRest();
			if (this.accepted > 0) return this.finish();
		}
		this.error ??= this.refusal(phase, "the server ended the session");
		this.finish();
	}

	/**
	 * The connection has failed. What was answered before stands: who has the message has it (LMTP), and a refusal is the reason
	 * that a person must know.
	 */
	onLost(error: SMTPError): SMTPResult | undefined {
		if (this.error) return undefined;
		const answered = this.rejected?.length ?? 0;
		if (!this.isInMessage()) {
			if (answered > 0 && answered === this.answered - 1) this.error = this.allRefused("RCPT", true);
		} else if (this.recipient !== undefined) {
			const refusal = answered > 0 ? this.allRefused("message", true) : error;
			this.rejectRest(LOST);
			if (this.accepted === 0) this.error = refusal;
		}
		error.rejected = this.rejected;
		return this.recipient !== undefined && this.accepted > 0 ? this.result() : undefined;
	}

	/** The socket has room: for commands, and for what is left of a message that was given up; any other sees to itself. */
	onWritable(): void {
		this.content?.onWritable();
		if (this.session.connection.flush() !== Flushed.Waiting) this.advance();
	}

	/** How many recipients are accepted, once all have been answered. */
	private get accepted(): number {
		return this.recipients - (this.rejected?.length ?? 0);
	}

	/** Writes the commands that may go now, and the message behind them if it may. */
	private advance(): void {
		const { connection } = this.session;
		const { flight, error } = this;
		const commands = this.recipients + (flight === Flight.Message ? 1 : 2);
		while (!error && this.written < commands && (flight !== Flight.Alone || this.written === this.answered)) {
			if (!this.write(this.written)) break;
			this.written++;
		}
		if (error && this.answered === this.written && this.contentAnswered()) return this.finish();
		if (this.content) return;
		const isNext = flight === Flight.Message && !error && this.written === commands;
		const { committed, capacity } = connection.output;
		if (isNext && committed + CONTENT_ROOM <= capacity) return this.sendContent();
		connection.deadline(this.phase(), "command");
		if (connection.flush() !== Flushed.Waiting && isNext) this.sendContent();
	}

	/** Whether nothing of the message waits for its reply. */
	private contentAnswered(): boolean {
		const content = this.content;
		return !content || (content.state === ContentState.Sent && content.answered === content.replies);
	}

	/** Whether all commands before the message have been answered. */
	private isInMessage(): boolean {
		return this.answered > this.recipients + (this.flight === Flight.Message ? 0 : 1);
	}

	/** Whether the server answers for one recipient after the other (LMTP). */
	private delivering(): boolean {
		return this.session.lmtp && !this.error && this.content !== undefined && this.contentAnswered();
	}

	private phase(): SMTPPhase {
		if (this.answered === 0) return "MAIL";
		return this.answered <= this.recipients ? "RCPT" : "DATA";
	}

	/** Formats the command of a step; false if the output has no room for it now. */
	private write(step: number): boolean {
		const { connection, capabilities } = this.session;
		const { extensions } = capabilities;
		const { output } = connection;
		if (step === 0) return writeSender(output, this.message, extensions);
		if (step <= this.recipients) return writeRecipient(output, this.message, step - 1, extensions);
		output.begin("DATA");
		output.text("DATA");
		return output.end();
	}

	private onMail(): void {
		if (!isPositive(this.session.connection.reply.code)) this.stop(this.refusal("MAIL", "the sender was refused"));
		this.advance();
	}

	/** After a refusal of the sender, those of the recipients only follow from it. */
	private onRecipient(index: number): void {
		if (!this.error) {
			if (!isPositive(this.session.connection.reply.code)) this.reject(index, false);
			if (index === this.recipients - 1 && this.accepted === 0) this.stop(this.allRefused("RCPT"));
		}
		this.advance();
	}

	private onData(unread: number): void {
		const { connection } = this.session;
		if (!isIntermediate(connection.reply.code)) {
			this.error ??= this.refusal("DATA", "the message was refused");
			return this.advance();
		}
		// What came with the invitation would be taken for the reply to the message.
		if (unread > 0 && unread > connection.reply.skipBlank())
			return connection.fail("protocol", "the server answers more than it was asked", true);
		// Refused and yet invited: an empty message, whose reply is of no consequence (RFC 2920, 3.1).
		this.sendContent(this.error !== undefined);
	}

	/** There is no point in going on; what has been written is still answered. */
	private stop(error: SMTPError): void {
		const content = this.content;
		this.error = error;
		error.rejected = this.rejected;
		// LMTP: how many replies the last chunk will get now, for each recipient or for none, nobody can tell.
		if (this.session.lmtp && content && content.state !== ContentState.Sending)
			return this.session.connection.failWith(error);
		if (!content) return;
		content.abort();
		// A server may refuse a chunk that has not gone yet: no reply comes then to go on with.
		if (content.state !== ContentState.Sent) this.session.connection.writer = this;
	}

	private sendContent(empty = false): void {
		const { session, message } = this;
		this.content = new Content(session.connection, empty ? undefined : message.body, this.flight === Flight.Message);
		if (this.isSevenBit()) this.content.isSevenBit = true;
		this.content.onWritable();
	}

	/** Whether bytes beyond ASCII must be looked for: the server does not take them, and nobody says that there are none. */
	private isSevenBit(): boolean {
		const { utf8, eightBit } = this.message;
		return !utf8 && eightBit === undefined && !this.session.capabilities.has(Extension.EightBitMIME);
	}

	/** A reply to the message: to all of it, to a chunk of it (BDAT), or for one of its recipients (LMTP). */
	private onMessageReply(): void {
		const { connection, lmtp } = this.session;
		const content = this.content;
		const isTaken = isPositive(connection.reply.code);
		if (content && content.answered < content.replies) {
			if (this.flight !== Flight.Message && content.state !== ContentState.Sent)
				return connection.failWith(this.refusal("message", "the server gave up in the middle of the message"));
			content.answered++;
			if (isTaken && !this.error && content.state === ContentState.Sending) return content.onWritable();
		} else if (!lmtp || !content) return connection.fail("protocol", "the server answers more than it was asked", true);
		if (this.delivering()) return this.onDelivery();
		if (!isTaken && !this.error) this.stop(this.contentRefusal());
		if (this.contentAnswered()) this.finish();
	}

	/** LMTP (RFC 2033, 4.2): the message's reply for the next of the recipients that were accepted. */
	private onDelivery(): void {
		const { connection } = this.session;
		const recipient = this.nextAccepted(this.recipient);
		if (!isPositive(connection.reply.code)) this.reject(recipient, true);
		this.recipient = this.nextAccepted(recipient + 1);
		// When one is through, the others do not take as long as the message did; some servers answer once for all.
		if (this.recipient < this.recipients) return connection.deadline("message", "command");
		if (this.accepted === 0) this.error = this.allRefused("message");
		this.finish();
	}

	/** The first recipient from `index` on that RCPT has not refused. */
	private nextAccepted(index = 0): number {
		while (isRejected(this.rejected ?? nobody, index)) index++;
		return index;
	}

	/** LMTP: who has been delivered to stays delivered to, the others are refused. */
	private rejectRest(reply?: SMTPReply): void {
		for (let i = this.nextAccepted(this.recipient); i < this.recipients; i = this.nextAccepted(i + 1))
			this.reject(i, true, reply);
	}

	private reject(
		index: number,
		isFinal: boolean,
		reply: SMTPReply = this.told.refused(this.session.connection.reply),
	): void {
		this.rejected ??= [];
		this.rejected.push(new Refusal(this.message.to, index, reply, isFinal));
	}

	/** @param isCut there may be more that were not refused */
	private allRefused(phase: SMTPPhase, isCut = false): SMTPError {
		const rejected = this.rejected as SMTPRefusal[];
		let again: SMTPRefusal | undefined;
		for (let i = rejected.length; i-- > 0; ) if ((rejected[i] as SMTPRefusal).temporary) again = rejected[i];
		const message = rejected.length > 1 ? "all recipients were refused" : "the recipient was refused";
		const reply = isCut ? rejected[rejected.length - 1] : (again ?? rejected[0]);
		const error = new SMTPError("refused", phase, message, isCut || again !== undefined, reply);
		error.rejected = rejected;
		return error;
	}

	private get told(): Told {
		return this.session.connection.told;
	}

	private refusal(phase: SMTPPhase, message: string): SMTPError {
		return this.told.refusal(this.session.connection.reply, "refused", phase, message);
	}

	/** A server may offer chunks and not know their command: that is not the message's fault, and the next goes by DATA. */
	private contentRefusal(): SMTPError {
		const { capabilities, connection } = this.session;
		const { code } = connection.reply;
		if (this.flight !== Flight.Message || code < 500 || code > 504)
			return this.refusal("message", "the message was refused");
		capabilities.extensions &= ~Extension.CHUNKING;
		const problem = "the server does not take the chunks that it offers";
		return new SMTPError("refused", "BDAT", problem, true, this.told.refused(connection.reply));
	}

	private result(): SMTPResult {
		const { message, rejected = nobody } = this;
		return { accepted: without(message, rejected), rejected };
	}

	private finish(): void {
		const { session, error, rejected = nobody } = this;
		session.connection.writer = undefined;
		if (error) return session.onTransaction(undefined, error, rejected);
		session.onTransaction(this.result(), undefined, rejected);
	}
}
