import { Extension } from "./capabilities";
import { Content, ContentState } from "./content";
import { Envelope, isRejected } from "./envelope";
import { isTemporary, SMTPError, type SMTPPhase, type SMTPRefusal } from "./error";
import type { Dialogue, Session } from "./session";
import type { SMTPMessage } from "./types";

/** Room that a chunk must find behind the envelope to go with it. */
const CHUNK_BYTES = 64;

const nobody: readonly SMTPRefusal[] = Object.freeze([]);

/**
 * One mail transaction (RFC 5321, 3.3): MAIL, RCPT for each recipient, DATA or BDAT, the message. Commands written and
 * replies received are counted apart, so that a server that offers PIPELINING (RFC 2920) gets them in one flight.
 */
export class Transaction implements Dialogue {
	private session: Session;
	private envelope: Envelope;
	private pipelining = false;
	private chunking = false;
	/** Commands written, replies received: 0 is MAIL, 1 to n are the recipients, n + 1 is DATA. */
	private written = 0;
	private answered = 0;
	/** Replies received to the message: one, or one a chunk (BDAT), or one a recipient (LMTP). */
	private finals = 0;
	/** How many recipients are accepted. */
	private accepted = 0;
	/** The next reply to the message is for this recipient, or the first accepted one after it (LMTP). */
	private recipient = 0;
	private rejected: SMTPRefusal[] | undefined;
	/** Why the message will not be taken. */
	error: SMTPError | undefined;
	private content: Content | undefined;

	/**
	 * Checks the whole envelope, unless that has been done.
	 * @throws SMTPError (argument); nothing has been sent then
	 */
	constructor(session: Session, message: SMTPMessage, checked = false) {
		this.session = session;
		this.envelope = new Envelope(message);
		if (!checked) this.envelope.check(session.connection.output);
	}

	/** Sends what may be sent now; an error if the server cannot take the message. */
	start(): void {
		const { capabilities, options } = this.session;
		const obstacle = this.envelope.obstacle(capabilities);
		if (obstacle) return this.session.onTransaction(undefined, obstacle, nobody);
		this.pipelining = options.pipelining !== false && capabilities.has(Extension.PIPELINING);
		this.chunking = this.pipelining && options.chunking !== false && capabilities.has(Extension.CHUNKING);
		this.advance();
	}

	/** Takes the reply that the connection holds. */
	onReply(): void {
		const step = this.answered;
		const last = this.envelope.to.length;
		if (this.isInMessage()) return this.onMessageReply();
		this.answered++;
		if (step === 0) this.onMail();
		else if (step <= last) this.onRecipient(step - 1);
		else this.onData();
	}

	/** The reply that the connection holds ends the session (421): what it is for is refused, and the rest comes to nothing. */
	abandon(): void {
		const step = this.answered;
		const phase = this.isInMessage() ? "message" : this.phase();
		if (phase === "RCPT") this.reject(step - 1);
		// LMTP: who has been delivered to stays delivered to.
		if (phase === "message" && this.delivering()) {
			for (let i = this.nextAccepted(this.recipient); i < this.envelope.to.length; i = this.nextAccepted(i + 1)) {
				this.accepted--;
				this.reject(i);
			}
			if (this.accepted > 0) return this.finish();
		}
		this.error ??= this.refusal(phase, "the server ended the session");
		this.finish();
	}

	/** The socket has room. */
	onDrained(): void {
		const content = this.content;
		if (content) content.send(this.finals);
		else this.advance();
	}

	/** Writes the commands that may go now, and the message behind them if it may. */
	private advance(): void {
		const { connection } = this.session;
		const commands = this.envelope.to.length + (this.chunking ? 1 : 2);
		while (!this.error && this.written < commands && (this.pipelining || this.written === this.answered)) {
			if (!this.write(this.written)) break;
			this.written++;
		}
		if (this.error && this.answered === this.written && this.contentAnswered()) return this.finish();
		if (this.content) return;
		connection.deadline(this.phase(), "command");
		const chunks = this.chunking && !this.error && this.written === commands;
		const { committed, capacity } = connection.output;
		if (chunks && committed + CHUNK_BYTES <= capacity) this.sendContent();
		else if (connection.flush() && chunks) this.sendContent();
	}

	/** Whether nothing of the message waits for its reply. */
	private contentAnswered(): boolean {
		const content = this.content;
		return !content || (content.state === ContentState.Sent && this.finals === this.chunks());
	}

	/** Replies that the message gets, but for LMTP's. */
	private chunks(): number {
		return this.chunking ? (this.content?.chunks ?? 0) : 1;
	}

	/** Whether all commands before the message have been answered. */
	private isInMessage(): boolean {
		return this.answered > this.envelope.to.length + (this.chunking ? 0 : 1);
	}

	/** Whether the server answers for one recipient after the other (LMTP). */
	private delivering(): boolean {
		return (
			this.session.lmtp && !this.error && this.content?.state === ContentState.Sent && this.finals === this.chunks()
		);
	}

	private phase(): SMTPPhase {
		if (this.answered === 0) return "MAIL";
		return this.answered <= this.envelope.to.length ? "RCPT" : "DATA";
	}

	/** Formats the command of a step; false if the output has no room for it now. */
	private write(step: number): boolean {
		const { connection, capabilities } = this.session;
		const { output } = connection;
		if (step === 0) return this.envelope.writeSender(output, capabilities.extensions);
		if (step <= this.envelope.to.length) return this.envelope.writeRecipient(output, step - 1, capabilities.extensions);
		output.begin("DATA");
		output.text("DATA");
		return output.end();
	}

	private onMail(): void {
		if (this.session.connection.reply.code !== 250) this.stop(this.refusal("MAIL", "the sender was refused"));
		this.advance();
	}

	private onRecipient(index: number): void {
		const { code } = this.session.connection.reply;
		if (code === 250 || code === 251) this.accepted++;
		else this.reject(index);
		if (index === this.envelope.to.length - 1 && this.accepted === 0 && !this.error) this.stop(this.allRefused("RCPT"));
		this.advance();
	}

	private onData(): void {
		if (this.session.connection.reply.code !== 354) {
			this.error ??= this.refusal("DATA", "the message was refused");
			return this.advance();
		}
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
		content?.abort();
	}

	private sendContent(empty = false): void {
		this.content ??= new Content(this.session, empty ? undefined : this.envelope.message.body, this.chunking);
		this.content.send(this.finals);
	}

	/** A reply to the message: to all of it, to a chunk of it (BDAT), or for one of its recipients (LMTP). */
	private onMessageReply(): void {
		const { connection, lmtp } = this.session;
		const content = this.content;
		const isTaken = connection.reply.code === 250;
		if (isTaken && !this.error && content?.state === ContentState.Sending && this.finals < content.chunks)
			return content.send(++this.finals); // as nearly every chunk's reply
		if (!this.chunking && content?.state !== ContentState.Sent)
			return connection.failWith(this.refusal("message", "the server gave up in the middle of the message"));
		if (this.finals < this.chunks()) this.finals++;
		else if (!lmtp) return connection.fail("protocol", "the server answers more than it was asked", true);
		if (this.delivering()) return this.onDelivery();
		if (!isTaken && !this.error) this.stop(this.refusal("message", "the message was refused"));
		if (this.contentAnswered()) this.finish();
	}

	/** LMTP (RFC 2033, 4.2): the message's reply for the next of the recipients that were accepted. */
	private onDelivery(): void {
		const count = this.envelope.to.length;
		const recipient = this.nextAccepted(this.recipient);
		if (this.session.connection.reply.code !== 250) {
			this.accepted--;
			this.reject(recipient);
		}
		this.recipient = this.nextAccepted(recipient + 1);
		if (this.recipient < count) return;
		if (this.accepted === 0) this.error = this.allRefused("message");
		this.finish();
	}

	/** The first recipient from `index` on that RCPT has not refused. */
	private nextAccepted(index: number): number {
		while (isRejected(this.rejected ?? nobody, index)) index++;
		return index;
	}

	private reject(index: number): void {
		const { reply } = this.session.connection.reply;
		this.rejected ??= [];
		this.rejected.push({
			address: this.envelope.address(index),
			index,
			code: reply.code,
			enhanced: reply.enhanced,
			text: reply.text,
		});
	}

	private allRefused(phase: SMTPPhase): SMTPError {
		const rejected = this.rejected as SMTPRefusal[];
		let again: SMTPRefusal | undefined;
		for (let i = rejected.length; i-- > 0; ) if (isTemporary((rejected[i] as SMTPRefusal).code)) again = rejected[i];
		const message = rejected.length > 1 ? "all recipients were refused" : "the recipient was refused";
		return new SMTPError("refused", phase, message, again !== undefined, again ?? rejected[0]);
	}

	private refusal(phase: SMTPPhase, message: string): SMTPError {
		const { reply } = this.session.connection.reply;
		return new SMTPError("refused", phase, message, isTemporary(reply.code), reply);
	}

	private finish(): void {
		const rejected = this.rejected ?? nobody;
		if (this.error) return this.session.onTransaction(undefined, this.error, rejected);
		this.session.onTransaction({ accepted: this.envelope.without(rejected), rejected }, undefined, rejected);
	}
}
