import { isRecipientTemporary, isTemporary, type SMTPRefusal, type SMTPReply } from "./error";
import { replyOf } from "./reply";
import type { SMTPRecipient } from "./types";

/** Digits of a reply code, and the space after it. */
const CODE_LENGTH = 4;

/**
 * A recipient that was refused. There may be many, so each is what it takes: a place among the recipients and the server's
 * words in one string, from which all else is told when it is asked for.
 */
export class Refusal implements SMTPRefusal {
	readonly index: number;
	private to: string | readonly (string | SMTPRecipient)[];
	private said: string;
	/** It was refused after the message (LMTP), where 552 is no matter of how many recipients there are. */
	declare private isFinal?: boolean;

	constructor(to: string | readonly (string | SMTPRecipient)[], index: number, reply: SMTPReply, isFinal: boolean) {
		const { code, enhanced, text } = reply;
		this.to = to;
		this.index = index;
		this.said = enhanced ? `${code} ${enhanced} ${text}` : `${code} ${text}`;
		if (isFinal) this.isFinal = true;
	}

	get address(): string {
		const { to, index } = this;
		const recipient = typeof to === "string" ? to : (to[index] as string | SMTPRecipient);
		return typeof recipient === "string" ? recipient : recipient.address;
	}

	get code(): number {
		return Number(this.said.slice(0, CODE_LENGTH));
	}

	get enhanced(): string | undefined {
		return this.reply.enhanced;
	}

	get text(): string {
		return this.reply.text;
	}

	get temporary(): boolean {
		return this.isFinal ? isTemporary(this.code) : isRecipientTemporary(this.reply);
	}

	private get reply(): SMTPReply {
		return replyOf(this.code, this.said.slice(CODE_LENGTH));
	}
}
