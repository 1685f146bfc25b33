import { isTemporary, SMTPError, type SMTPErrorKind, type SMTPPhase, type SMTPReply } from "./error";
import { type ReplyParser, replyOf } from "./reply";
import { masked, type Secrets } from "./secrets";
import { decodeText, inOneLine } from "./text";

/** In flash: a literal in a preloaded function would be a chunk of the heap each time. */
const NOTHING = "";

/** Octets of UTF-8 that are kept in one session of all that the server says in refusals. */
const TOLD_BYTES = 2048;
/** What part of the rest is for one message, or for what comes before the first. */
const MESSAGES = 4;
/** What part of a message's rest is for one reply. */
const REPLIES = 3;

/**
 * What a session tells of what the server says, without the secrets in it. However many refusals there are, and whatever is in
 * them, their texts take `TOLD_BYTES` in all: a message's may have a quarter of what is left, and each of them a third of
 * that. One that is the same as the one before takes nothing.
 */
export class Told {
	private secrets: Secrets;
	private left = TOLD_BYTES;
	private share = TOLD_BYTES / MESSAGES;
	private last = NOTHING;
	private lastEnhanced: string | undefined;

	constructor(secrets: Secrets) {
		this.secrets = secrets;
	}

	/** Another message begins. */
	begin(): void {
		this.share = (this.left / MESSAGES) | 0;
		this.last = NOTHING;
	}

	/** The reply that the parser holds, as a refusal: in one line. */
	refused({ code, octets }: ReplyParser): SMTPReply {
		const most = (this.share / REPLIES) | 0;
		const { enhanced, text } = replyOf(code, decodeText(masked(octets, this.secrets), most));
		const line = inOneLine(text);
		if (line !== this.last) {
			const bytes = ArrayBuffer.fromString(line).byteLength;
			this.last = line;
			this.left -= bytes;
			this.share -= bytes;
		}
		if (enhanced !== this.lastEnhanced) this.lastEnhanced = enhanced;
		return { code, enhanced: this.lastEnhanced, text: this.last };
	}

	/** The same as the error that it is. */
	refusal(
		parser: ReplyParser,
		kind: SMTPErrorKind,
		phase: SMTPPhase,
		problem: string,
		temporary = isTemporary(parser.code),
	): SMTPError {
		return new SMTPError(kind, phase, problem, temporary, this.refused(parser));
	}

	/** The same for who asked for it: with its lines, and for itself alone. */
	answer({ code, octets }: ReplyParser): SMTPReply {
		return replyOf(code, decodeText(masked(octets, this.secrets), octets.length));
	}

	/** What a server sent, a character an octet, as it may be shown. */
	shown(octets: string): string {
		return decodeText(masked(octets, this.secrets));
	}
}
