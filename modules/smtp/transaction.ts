import { envelopeAddress } from "./address";
import { DataEncoder } from "./encoder";
import { argumentError, SMTPError, type SMTPPhase, type SMTPRefusal } from "./error";
import type { Session } from "./session";
import type { SMTPMessage } from "./types";

/** Recipients of one message; servers take 100 at least (RFC 5321, 4.5.3.1.8). */
const RECIPIENT_LIMIT = 100;

const nobody: readonly SMTPRefusal[] = Object.freeze([]);

/** Where the message itself is. */
const enum Content {
	/** The server has not asked for it yet. */
	Waiting,
	/** It is on its way. */
	Sending,
	/** All of it, and the end of it, is in the output. */
	Written,
	/** All of it has gone; the server has the word. */
	Sent,
}

/**
 * One mail transaction (RFC 5321, 3.3): MAIL, RCPT for each recipient, DATA, the message. Commands and replies are
 * counted apart, so that several commands may be under way at once (RFC 2920).
 */
export class Transaction {
	#session: Session;
	#message: SMTPMessage;
	#to: readonly string[];
	/** Commands written, replies received: 0 is MAIL, 1 to n are the recipients, n + 1 is DATA. */
	#written = 0;
	#answered = 0;
	#accepted = 0;
	#rejected: SMTPRefusal[] | undefined;
	#error: SMTPError | undefined;
	#content: Content = Content.Waiting;
	#encoder: DataEncoder | undefined;
	#inputStart = 0;
	#inputEnd = 0;
	#sourceEnded = false;

	/**
	 * Checks the whole envelope.
	 * @throws SMTPError (argument); nothing has been sent then
	 */
	constructor(session: Session, message: SMTPMessage) {
		this.#session = session;
		this.#message = message;
		this.#to = typeof message.to === "string" ? Object.freeze([message.to]) : message.to;
		const count = this.#to.length;
		if (count === 0) throw argumentError("RCPT", "RCPT: there is no recipient");
		if (count > RECIPIENT_LIMIT) throw argumentError("RCPT", `RCPT: more than ${RECIPIENT_LIMIT} recipients`);
		const output = session.connection.output;
		output.checking = true;
		try {
			for (let step = 0; step <= count; step++) this.#write(step);
		} finally {
			output.rollback();
			output.checking = false;
		}
	}

	/** Sends what may be sent now. */
	start(): void {
		this.#advance();
	}

	/** Takes the reply that the connection holds. */
	onReply(): void {
		const count = this.#to.length;
		const step = this.#answered;
		if (this.#content === Content.Sending || this.#content === Content.Written)
			return this.#session.connection.failWith(
				this.#refusal("message", "the server gave up in the middle of the message"),
			);
		if (this.#content === Content.Sent) return this.#onFinal();
		this.#answered++;
		if (step === 0) this.#onMail();
		else if (step <= count) this.#onRecipient(this.#to[step - 1] as string);
		else this.#onData();
	}

	/** The socket has room. */
	onDrained(): void {
		if (this.#content === Content.Waiting) this.#advance();
		else if (this.#content !== Content.Sent) this.#send();
	}

	#onMail(): void {
		const { code } = this.#session.connection.reply;
		if (code !== 250) this.#error = this.#refusal("MAIL", "the sender was refused");
		this.#advance();
	}

	#onRecipient(address: string): void {
		const { code, reply } = this.#session.connection.reply;
		if (code === 250 || code === 251) this.#accepted++;
		else {
			this.#rejected ??= [];
			this.#rejected.push({ address, code, enhanced: reply.enhanced, text: reply.text });
		}
		if (this.#answered === this.#to.length + 1 && this.#accepted === 0) this.#error ??= this.#allRefused();
		this.#advance();
	}

	#onData(): void {
		if (this.#session.connection.reply.code !== 354) {
			this.#error ??= this.#refusal("DATA", "the message was refused");
			return this.#finish();
		}
		this.#content = Content.Sending;
		this.#encoder = new DataEncoder();
		// All recipients refused and yet invited: an empty message, whose reply is of no consequence (RFC 2920, 3.1).
		if (this.#error) this.#sourceEnded = true;
		this.#session.connection.deadline("message", this.#session.timeout("block"));
		this.#send();
	}

	#onFinal(): void {
		if (this.#session.connection.reply.code !== 250)
			this.#error ??= this.#refusal("message", "the message was refused");
		this.#finish();
	}

	/** Writes the commands that may go now. */
	#advance(): void {
		const { connection } = this.#session;
		if (this.#error && this.#answered === this.#written) return this.#finish();
		while (!this.#error && this.#written <= this.#to.length + 1 && this.#written === this.#answered) {
			if (!this.#write(this.#written)) break;
			this.#written++;
			connection.deadline(this.#phase(), this.#session.timeout("command"));
		}
		connection.flush(true);
	}

	#phase(): SMTPPhase {
		if (this.#answered === 0) return "MAIL";
		return this.#answered <= this.#to.length ? "RCPT" : "DATA";
	}

	/** Formats the command of a step; false if the output has no room for it now. */
	#write(step: number): boolean {
		const { output } = this.#session.connection;
		if (step > this.#to.length) {
			output.begin("DATA");
			output.text("DATA");
		} else {
			const phase = step ? "RCPT" : "MAIL";
			output.begin(phase);
			output.text(step ? "RCPT TO:<" : "MAIL FROM:<");
			const address = envelopeAddress(step ? (this.#to[step - 1] as string) : this.#message.from, phase);
			if (step && !address) throw argumentError("RCPT", "RCPT: a recipient's address is empty");
			output.text(address);
			output.text(">");
		}
		return output.end();
	}

	/** Fills the output from the message's source and hands it to the socket, until the one has no more room or the other no more bytes. */
	#send(): void {
		const { connection } = this.#session;
		const output = connection.output;
		while (connection.open) {
			while (this.#content === Content.Sending && output.length < output.capacity) if (!this.#fill()) return;
			if (!connection.flush(this.#content === Content.Written)) break;
			if (this.#content !== Content.Written) continue;
			this.#content = Content.Sent;
			return connection.deadline("message", this.#session.timeout("final"));
		}
		connection.deadline("message", this.#session.timeout("block"));
	}

	/** Encodes a piece of the message into the output; false if its source has failed. */
	#fill(): boolean {
		const { output, input } = this.#session.connection;
		const encoder = this.#encoder as DataEncoder;
		if (this.#inputStart === this.#inputEnd && !this.#sourceEnded && !this.#read(input)) return false;
		if (this.#sourceEnded) {
			output.length = encoder.finish(output.bytes, output.length);
			this.#content = Content.Written;
			return true;
		}
		output.length = encoder.encode(
			output.bytes,
			output.limit + this.#inputStart,
			output.limit + this.#inputEnd,
			output.length,
			output.limit,
		);
		this.#inputStart = encoder.position - output.limit;
		return true;
	}

	#read(input: Uint8Array): boolean {
		const { connection } = this.#session;
		try {
			const count = this.#message.body.read(input);
			if (!(count >= 0 && count <= input.length)) throw new Error(`read returned ${count}`);
			this.#inputStart = 0;
			this.#inputEnd = count;
			this.#sourceEnded = count === 0;
			return true;
		} catch (e) {
			// The message is cut off in the middle: only closing keeps the server from taking it for whole.
			connection.fail("body", `the message's source failed: ${e instanceof Error ? e.message : e}`, false);
			return false;
		}
	}

	#allRefused(): SMTPError {
		const rejected = this.#rejected as SMTPRefusal[];
		const again = rejected.find((refusal) => refusal.code < 500);
		return new SMTPError(
			"refused",
			"RCPT",
			rejected.length > 1 ? "all recipients were refused" : "the recipient was refused",
			again !== undefined,
			again ?? rejected[0],
		);
	}

	#refusal(phase: SMTPPhase, message: string): SMTPError {
		const { reply } = this.#session.connection.reply;
		return new SMTPError("refused", phase, message, reply.code < 500, reply);
	}

	#finish(): void {
		const rejected = this.#rejected ?? nobody;
		if (this.#error) return this.#session.onTransaction(undefined, this.#error, rejected);
		const refused = (address: string) => rejected.some((refusal) => refusal.address === address);
		const accepted = rejected.length ? this.#to.filter((address) => !refused(address)) : this.#to;
		this.#session.onTransaction({ accepted, rejected }, undefined, rejected);
	}
}
